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
#     tests/golden/mistakes.sh [--record] [NAME...]     with CARPEL and MEND set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
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
mkdir "$scratch/project" "$scratch/mended" || exit 70
for project in project mended; do
    cp "$folder/carpel.yaml" "$folder/churn.lua" "$scratch/$project" || exit 70
done

# check_mistake NAME: leaves what is said in $scratch/said, and the exit code in $code
check_mistake()
{
    rm -f "$scratch"/project/*.seg
    cp "$folder/$1.seg" "$scratch/project"
    (cd "$scratch/project" && "$CARPEL" check) 2>"$scratch/said" >/dev/null </dev/null
    code=$?
}

# find_fault NAME: prints what is wrong with the message, by rule; nothing when it is good
find_fault()
{
    messages=$(grep -c -E '^[^ ]*\.seg:[0-9]+:[0-9]+: (error|warning) [EW][0-9]' "$scratch/said")
    expected_code=$(grep -c -m 1 -E '^[^ ]*: error E' "$scratch/said")
    [ "$code" -eq "$expected_code" ] || echo "exit code $code instead of $expected_code"
    [ "$messages" -eq 1 ] || echo "$messages messages instead of 1"
    right=$(sed -n '1s/^# right: //p' "$folder/$1.seg")
    if [ -n "$right" ] && ! sed -n 's/^hint: //p' "$scratch/said" | grep -q -F -e "$right"; then
        echo "the hint does not say: $right"
    fi
    find_fault_of_fixes "$1"
}

# find_fault_of_fixes NAME: the same about the fixes
find_fault_of_fixes()
{
    meant=
    for file in "$folder/$1".meant.seg "$folder/$1".meant-*.seg; do
        [ ! -e "$file" ] || meant="$meant $file"
    done
    if grep -q -x -e "$1" "$folder/without-fix"; then
        [ -z "$meant" ] || echo "a file says what was meant, and without-fix names it"
    elif [ -z "$meant" ]; then
        echo "no file says what was meant, and without-fix does not name it"
    fi
    # shellcheck disable=SC2086 # names are words
    "$MEND" "$scratch/mended" "$folder/$1.seg" $meant
}

# check_rows: compares what is said about the examples of the rows; prints what is wrong
check_rows()
{
    "$MEND" "$scratch/mended" --rows >"$scratch/rows"
    $is_recording && cp "$scratch/rows" "$folder/rows.expected"
    grep '^FAULT' "$scratch/rows"
    diff -u "$folder/rows.expected" "$scratch/rows"
}

if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # names are words
    set -- $(cd "$folder" && for file in $(ls -- *.seg | grep -v '[.]meant'); do echo "${file%.seg}"; done)
fi
$is_recording || echo "1..$(($# + 2))"
number=0
suggested=0
for name in "$@"; do
    number=$((number + 1))
    check_mistake "$name"
    $is_recording && cp "$scratch/said" "$folder/$name.expected"
    find_fault "$name" >"$scratch/fault"
    diff -u "$folder/$name.expected" "$scratch/said" >>"$scratch/fault" 2>&1
    if [ -s "$scratch/fault" ]; then
        $is_recording || echo "not ok $number - mistake $name"
        sed "s/^/# $name: /" "$scratch/fault"
        continue
    fi
    if grep -q '^# right: ' "$folder/$name.seg" || [ -e "$folder/$name.meant.seg" ]; then
        suggested=$((suggested + 1))
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
