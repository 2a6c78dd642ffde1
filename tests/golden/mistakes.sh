#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Mistakes that people make, in the folder mistakes/ beside this script:
#
#   carpel.yaml      the project in which they are made, with its script churn.lua
#   NAME.seg         one mistake; its first line may be "# right: WORDS"
#   NAME.expected    what `carpel check` says about it: an error, or a warning
#   NAME.meant.seg   what was meant; with several, NAME.meant-2.seg and so on
#   rows.expected    what is said about the examples of src/lang/mistakes.def, and what
#                    becomes of them with the fix
#   without-fix      the names of those for which no fix is offered, a line each
#
# Each has one message and no followers. Where the first line says so, the hint has to hold
# WORDS: the right suggestion. At least 95 in 100 have one, or what was meant. The message offers a fix for each
# file of what was meant; applied, it has to become the same graph (mend.c).
#
#     make check                    compares
#     make golden                   records; then read the diff
#     tests/golden/mistakes.sh [--record] [NAME...]     with MEND set
set -u

folder=$(cd "$(dirname "$0")" && pwd)/mistakes
export TZ=UTC LC_ALL=C.UTF-8 COLUMNS=100
unset NO_COLOR FORCE_COLOR

: "${MEND:?is tests/golden/mend of the build folder, as an absolute path}"
is_recording=false
if [ "${1-}" = --record ]; then
    is_recording=true
    shift
fi
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/project" "$scratch/said" || exit 70
cp "$folder/carpel.yaml" "$folder/churn.lua" "$scratch/project" || exit 70

# check_rows: compares what is said about the examples of the rows; prints what is wrong
check_rows()
{
    "$MEND" "$scratch/project" --rows >"$scratch/rows"
    $is_recording && cp "$scratch/rows" "$folder/rows.expected"
    grep '^FAULT' "$scratch/rows"
    diff -u "$folder/rows.expected" "$scratch/rows"
}

if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # names are words
    set -- $(cd "$folder" && for file in $(ls -- *.seg | grep -v '[.]meant'); do echo "${file%.seg}"; done)
fi
$is_recording || echo "1..$(($# + 2))"
suggested=$("$MEND" "$scratch/project" --each "$folder" "$scratch/said" "$@") || exit 70
number=0
for name in "$@"; do
    number=$((number + 1))
    fault=$scratch/said/$name.fault
    $is_recording && cp "$scratch/said/$name.expected" "$folder"
    diff -u "$folder/$name.expected" "$scratch/said/$name.expected" >>"$fault" 2>&1
    if [ -s "$fault" ]; then
        $is_recording || echo "not ok $number - mistake $name"
        sed "s/^/# $name: /" "$fault"
        continue
    fi
    $is_recording || echo "ok $number - mistake $name"
done
echo "# $suggested of $number mistakes come with the right suggestion"
check_rows >"$scratch/fault" 2>&1
sed 's/^/# rows: /' "$scratch/fault"
$is_recording && exit 0
[ ! -s "$scratch/fault" ] || printf 'not '
echo "ok $((number + 1)) - rows of mistakes"
[ $((suggested * 100)) -ge $((number * 95)) ] || printf 'not '
echo "ok $((number + 2)) - at least 95 in 100 suggestions are right"
exit 0
