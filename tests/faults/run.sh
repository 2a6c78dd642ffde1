#!/bin/sh
# SPDX-License-Identifier: MIT
#
# tests/faults/walk.c: each call for files or memory fails once. All calls for files; and of
# those for memory all, or, where sanitizers make a run slow, every twentieth.
set -u
build=$(dirname "$CARPEL")
every=1
! grep -q '^SANITIZER_CFLAGS = .*sanitize' "$build/Makefile" || every=20
exec "$build/tests/faults/walk" --every $every --jobs 2
