#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The seeds of every fuzz target, played back: tests/fuzz/seeds/NAME to fuzz_NAME.
set -u
build=$(dirname "$CARPEL")
number=0
for seeds in "$SOURCE_DIRECTORY"/tests/fuzz/seeds/*; do
    name=$(basename "$seeds")
    number=$((number + 1))
    if out=$("$build/tests/fuzz/fuzz_$name" "$seeds" 2>&1); then
        echo "ok $number - fuzz $name: $out"
    else
        echo "not ok $number - fuzz $name"
        printf '%s\n' "$out" | tail -20 | sed 's/^/# /'
    fi
done
echo "1..$number"
