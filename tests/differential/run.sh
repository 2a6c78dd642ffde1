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
: "${FORESEE:?is the program that tries horizons, as an absolute path}"
: "${PAST:?is the program that tries histories, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT

pairs=${PAIRS:-20000}

# try NUMBER WHAT PROGRAM ARGUMENT...: a line of TAP, with all that a program which fails has said
try()
{
    number=$1 what=$2
    shift 2
    "$@" --seed 1 --files "$here" >"$scratch/out" 2>"$scratch/err"
    status=$?
    last=$(tail -n 1 "$scratch/out")
    if [ $status -eq 0 ]; then
        echo "ok $number - $last"
    else
        echo "not ok $number - $what: ${last:-the program ended with $status}"
        sed 's/^/# /' "$scratch/out" "$scratch/err"
    fi
}

echo "1..4"
try 1 "engine and reference differ" "$DIFFER" --pairs "$pairs"
if [ "$pairs" -lt 20000 ]; then
    echo "ok 2 - the rules need every kind of node # SKIP too few rules for that"
elif ! grep -q '^# node kinds:' "$scratch/out" || grep -q 'never' "$scratch/out"; then
    echo "not ok 2 - the rules need every kind of node"
    grep '^#' "$scratch/out"
else
    echo "ok 2 - the rules need every kind of node"
fi
try 3 "horizons and explanations" "$FORESEE" --pairs $((pairs / 25))
try 4 "histories and runs" "$PAST" --worlds $((pairs / 50))
