#!/bin/sh
# SPDX-License-Identifier: MIT
#
# tests/faults/walk.c: each call for files or memory fails once. Here every call for files and
# some of those for memory; `make check-long` takes them all.
set -u
build=$(dirname "$CARPEL")
exec "$build/tests/faults/walk" --every 10 --jobs 2
