#!/bin/sh
# SPDX-License-Identifier: MIT
#
# 20,000 (PAIRS) random rules on random histories: the engine and the slow reference agree on every
# person, and the rules need every kind of node that a graph can have. What differs is printed
# small, with the seed that makes it again.
#
# Then one in 25 as many pairs are foretold and explained (foresee.c), and some histories at past
# instants are held against runs at each (past.c).
#
#     tests/differential/run.sh     with DIFFER, FORESEE and PAST set, and PAIRS for another number
set -u

: "${DIFFER:?is the program that compares, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT

pairs=${PAIRS:-20000}
echo "1..4"
"$DIFFER" --pairs "$pairs" --seed 1 --files "$here" >"$scratch/out" 2>"$scratch/err"
status=$?
last=$(tail -n 1 "$scratch/out")
if [ $status -eq 0 ]; then
    echo "ok 1 - $last"
else
    echo "not ok 1 - engine and reference differ: ${last:-the program ended with $status}"
    sed 's/^/# /' "$scratch/out" "$scratch/err"
fi
if [ "$pairs" -lt 20000 ]; then
    echo "ok 2 - the rules need every kind of node # SKIP too few rules for that"
elif ! grep -q '^# node kinds:' "$scratch/out" || grep -q 'never' "$scratch/out"; then
    echo "not ok 2 - the rules need every kind of node"
    grep '^#' "$scratch/out"
else
    echo "ok 2 - the rules need every kind of node"
fi
"${FORESEE:?is the program that tries horizons, as an absolute path}" --pairs $((pairs / 25)) --seed 1 \
    --files "$here" >"$scratch/out" 2>"$scratch/err"
status=$?
last=$(tail -n 1 "$scratch/out")
if [ $status -eq 0 ]; then
    echo "ok 3 - $last"
else
    echo "not ok 3 - horizons and explanations: ${last:-the program ended with $status}"
    sed 's/^/# /' "$scratch/out" "$scratch/err"
fi
"${PAST:?is the program that tries histories, as an absolute path}" --worlds $((pairs / 50)) --seed 1 \
    --files "$here" >"$scratch/out" 2>"$scratch/err"
status=$?
last=$(tail -n 1 "$scratch/out")
if [ $status -eq 0 ]; then
    echo "ok 4 - $last"
else
    echo "not ok 4 - histories and runs: ${last:-the program ended with $status}"
    sed 's/^/# /' "$scratch/out" "$scratch/err"
fi
