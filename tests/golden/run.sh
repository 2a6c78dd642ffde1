#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a user sees, case by case. A case is a folder here:
#
#   cmd            shell lines, run in a copy of the folder, with $CARPEL as the command
#   expected.out   its standard output       (no file: empty)
#   expected.err   its standard error        (no file: empty)
#   expected.code  its exit code             (no file: 0)
#   needs          optional shell line: when it fails, the case is skipped
#
# and whatever files the command reads. Only elapsed seconds are made equal.
#
#     make check                  compares
#     make golden                 records; then read the diff
#     tests/golden/run.sh [--record] [CASE...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
SOURCE_DIRECTORY=$(cd "$here/../.." && pwd)
export CARPEL SOURCE_DIRECTORY
export TZ=UTC LC_ALL=C.UTF-8 COLUMNS=100
unset NO_COLOR FORCE_COLOR

is_recording=false
if [ "${1-}" = --record ]; then
    is_recording=true
    shift
fi
scratch=$(mktemp -d) || exit 70
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT

# same_seconds FILE: a run takes longer here than there
same_seconds()
{
    sed -E -e 's/"seconds": [0-9.e+-]+/"seconds": 0/' -e 's/[0-9]+\.[0-9]+ seconds/0.00 seconds/' "$1"
}

# run_case CASE: leaves out, err and code in $scratch
run_case()
{
    rm -rf "$scratch/case"
    cp -R "$here/$1" "$scratch/case"
    chmod -R u+w "$scratch/case"
    rm -f "$scratch"/case/expected.*
    (cd "$scratch/case" && sh ./cmd) >"$scratch/raw.out" 2>"$scratch/raw.err" </dev/null
    echo $? >"$scratch/code"
    same_seconds "$scratch/raw.out" >"$scratch/out"
    same_seconds "$scratch/raw.err" >"$scratch/err"
}

# record_part CASE PART DEFAULT
record_part()
{
    if [ "$(cat "$scratch/$2")" = "$3" ]; then
        rm -f "$here/$1/expected.$2"
    else
        cp "$scratch/$2" "$here/$1/expected.$2"
    fi
}

# compare_part CASE PART DEFAULT: appends the difference to $scratch/differs
compare_part()
{
    wanted=$here/$1/expected.$2
    if [ ! -f "$wanted" ]; then
        wanted=$scratch/default
        printf '%s' "$3" >"$wanted"
        [ -z "$3" ] || echo >>"$wanted"
    fi
    diff -u "$wanted" "$scratch/$2" >>"$scratch/differs" || return 1
}

if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # case names are words
    set -- $(cd "$here" && for case in */cmd; do echo "${case%/cmd}"; done)
fi
$is_recording || echo "1..$#"
number=0
failed=0
for case in "$@"; do
    number=$((number + 1))
    if [ -f "$here/$case/needs" ] && ! (cd "$here/$case" && sh ./needs) >/dev/null 2>&1; then
        echo "ok $number - golden $case # SKIP needs: $(cat "$here/$case/needs")"
        continue
    fi
    run_case "$case"
    if $is_recording; then
        record_part "$case" out ""
        record_part "$case" err ""
        record_part "$case" code 0
        continue
    fi
    : >"$scratch/differs"
    good=true
    compare_part "$case" out "" || good=false
    compare_part "$case" err "" || good=false
    compare_part "$case" code 0 || good=false
    if $good; then
        echo "ok $number - golden $case"
    else
        failed=$((failed + 1))
        echo "not ok $number - golden $case"
        sed 's/^/# /' "$scratch/differs"
    fi
done
if [ $failed -gt 0 ]; then
    echo "# $failed of $number differ; when the change is right: make golden, and read the diff"
fi
exit 0
