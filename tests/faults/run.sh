#!/bin/sh
# SPDX-License-Identifier: MIT
#
# tests/faults/walk.c: calls for files or memory fail, each in a run of its own. All calls for
# files; and of those for memory every fourth, or, where sanitizers make a run slow, every
# twentieth. `make check-long` lets each of them fail.
set -u
build=$(dirname "$CARPEL")
every=4
! grep -q '^SANITIZER_CFLAGS = .*sanitize' "$build/Makefile" || every=20
exec "$build/tests/faults/walk" --every $every --jobs 2
