#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What `carpel look` drafts of exports that many people have. A case is a folder here:
#
#   a file of data     with the traps of its kind, about invented people
#   values             a line each: NAME EXPRESSION, the sum of which over all people is
#   compute            told by this script, another way: a line NAME VALUE each, with people and
#                      events, run beside the file
#   encoding           where the export is not UTF-8: it is made so of the file, which is
#   source             the lines that the draft has for its first source, where its format says the rest
#
# The draft has to be one that `carpel check` says nothing about, and so has the project that `carpel
# init --from` makes.
#
#     tests/look/run.sh [CASE...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
export TZ=UTC LC_ALL=C.UTF-8
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
number=0

# report RESULT NAME [FILE]: one line of TAP, with the file as the reason when it is not ok
report()
{
    number=$((number + 1))
    echo "$1 $number - look $2"
    [ "$1" = ok ] || sed 's/^/# /' "$3"
}

# draft CASE: makes a project of it in $project, with a score for each value
draft()
{
    project=$scratch/$1
    mkdir -p "$project/rules"
    cp "$here/$1"/*.* "$project"
    cd "$project" || return 1
    data=$(echo *.*)
    if [ -f "$here/$1/encoding" ]; then
        iconv -f UTF-8 -t "$(cat "$here/$1/encoding")" "$here/$1/$data" >"$data" || return 1
    fi
    "$CARPEL" look --yaml "$data" >"$scratch/carpel.yaml" 2>"$scratch/said" || return 1
    mv "$scratch/carpel.yaml" carpel.yaml
    sed 's/^\([^ ]*\) \(.*\)$/score value_\1 = \2/' "$here/$1/values" >rules/rules.seg
    "$CARPEL" check >"$scratch/said" 2>&1 && grep -q ': no errors$' "$scratch/said"
}

# judged CASE: what carpel says, as lines NAME VALUE
judged()
{
    "$CARPEL" run --quiet --json --as-of 2027-01-01 >"$scratch/run.json" || return 1
    sed -n 's/^ *"\(people\|events\)": \([0-9]*\),*$/\1 \2/p' "$scratch/run.json" | head -n 2
    while read -r name _; do
        "$CARPEL" members --quiet "value_$name" --as-of 2027-01-01 |
            awk -F'\t' -v name="$name" '{ sum += $2 } END { printf "%s %.2f\n", name, sum }'
    done <"$here/$1/values"
}

same_digits()
{
    awk '{ printf "%s %.2f\n", $1, $2 }' | sort
}

# try_source CASE: what the draft says of its source
try_source()
{
    [ -f "$here/$1/source" ] || return 0
    sed -n '/^sources:/,/^$/p' "$scratch/$1/carpel.yaml" | sed '1d;/^$/d' |
        diff "$here/$1/source" - >"$scratch/said" && report ok "$1: its source" ||
        report "not ok" "$1: its source" "$scratch/said"
}

# try CASE
try()
{
    if ! draft "$1"; then
        report "not ok" "$1: a draft that is good" "$scratch/said"
        return
    fi
    report ok "$1: a draft that is good"
    try_source "$1"
    if "$CARPEL" init "$scratch/new-$1" --from "$data" >"$scratch/said" 2>&1 &&
        "$CARPEL" check --project "$scratch/new-$1" >"$scratch/said" 2>&1 &&
        grep -q ': no errors$' "$scratch/said"; then
        report ok "$1: first rules"
    else
        report "not ok" "$1: first rules" "$scratch/said"
    fi
    judged "$1" 2>"$scratch/said" | same_digits >"$scratch/is"
    (cd "$here/$1" && sh ./compute) | same_digits >"$scratch/expected"
    if diff "$scratch/expected" "$scratch/is" >"$scratch/diff" && [ -s "$scratch/is" ]; then
        report ok "$1: people, events and sums"
    else
        cat "$scratch/said" >>"$scratch/diff"
        report "not ok" "$1: people, events and sums" "$scratch/diff"
    fi
}

perl -MJSON::PP -e 1 2>/dev/null || {
    echo "1..0 # SKIP perl with JSON::PP is not there"
    exit 0
}
[ $# -gt 0 ] || set -- $(cd "$here" && ls -d */ | tr -d /)
for name in "$@"; do
    try "$name"
done
echo "1..$number"
