#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Small projects made from what people reported of segmentation tools, with the right answers:
# the folders of cases/faults, which are not part of carpel. They are looked for in
# CARPEL_SHARED and beside the checkout, and skipped when they are not there. A line of
# expected.txt is a segment, an instant and who is in:
#
#     tote_named --as-of 2026-02-01: a b
#
# Where the data tell what a project should have said, a run of it as it is names that line.
#
#     tests/reported.sh [NAME...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
root=$(cd "$(dirname "$0")/.." && pwd)
export TZ=UTC LC_ALL=C.UTF-8
for faults in "${CARPEL_SHARED:+$CARPEL_SHARED/cases/faults}" "$root/../shared/cases/faults"; do
    [ -z "$faults" ] || [ ! -d "$faults" ] || break
done
if [ ! -d "$faults" ]; then
    echo "1..0 # SKIP skipped: CARPEL_SHARED names no folder with cases/faults"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
number=0

# add NAME LINE: a line at the end of the project file
add()
{
    printf '%s\n' "$2" >>"$scratch/$1/carpel.yaml"
}

# change NAME: what a project has to say otherwise than it did
change()
{
    case $1 in
        # What docs/cleaning.md and docs/project.md name.
        data-01) sed -i 's/event: sale}/event: sale, clean: {thousands: ".", decimal: ","}}/' "$scratch/$1/carpel.yaml" ;;
        data-02) add "$1" 'clean: {missing: [""]}' ;;
        data-03) add "$1" 'clean: {person: {trim: true, case: fold}}' ;;
        data-05) sed -i 's/event: order}/event: order, id: message_id}/' "$scratch/$1/carpel.yaml" ;;
        data-06) add "$1" 'clean: {round: half_even}' ;;
        data-10) sed -i 's/format: unix_ms/format: [unix, unix_ms]/' "$scratch/$1/carpel.yaml" ;;
        data-11) add "$1" 'clean: {person: {whole: true}}' ;;
        data-12) add "$1" 'clean: {unicode: nfc}' ;;
        data-16) add "$1" 'clean: {missing: [NULL, "\\N"]}' ;;
        # Versions have a type of their own.
        rule-15) sed -i 's/version: string/version: version/' "$scratch/$1/carpel.yaml" ;;
        # What it asks of its output.
        output-13) printf 'person,phone,first,country\nann@g.example,+491700000001,Ann,de\n' >"$scratch/$1/expected.csv" ;;
        # The other id of a row is said to be one.
        identity-04) sed -i 's/traits: \[email\]/&, identities: {anonymous: cookie}/' "$scratch/$1/carpel.yaml" ;;
        # By the definition of ntile, the tile above those that are equal is empty.
        rule-09) sed -i 's/^\(fifth_5 .*\): .*/\1: (nobody)/' "$scratch/$1/expected.txt" ;;
    esac
}

# hint NAME: what a run of the project as it is says to write; nothing: the data do not tell
hint()
{
    case $1 in
        data-01) echo 'thousands: ".", decimal: ","' ;;
        data-02) echo 'missing: [""]' ;;
        data-03) echo 'clean: {person: {trim: true, case: fold}}' ;;
        data-05) echo '`id:` of the source' ;;
        data-06) echo 'round: half_even' ;;
        data-10) echo 'format: [unix, unix_ms]' ;;
        identity-04) echo 'identities: {anonymous: cookie}' ;;
        data-11) echo 'clean: {person: {whole: true}}' ;;
        data-12) echo 'unicode: nfc' ;;
        data-16) echo "missing: ['NULL']" ;;
    esac
}

# tell GOOD WHAT: the next check
tell()
{
    number=$((number + 1))
    if [ "$1" = yes ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}

# try_hint NAME: is it said?
try_hint()
{
    line=$(hint "$1")
    [ -n "$line" ] || return
    "$CARPEL" run --project "$scratch/$1" --as-of 2026-02-01 >"$scratch/said" 2>&1
    grep -qF "$line" "$scratch/said" && good=yes || good=no
    tell $good "$1, as it is: $line"
}

# written NAME: does its output have the columns that it names?
written()
{
    [ -s "$scratch/$1/expected.csv" ] || return
    "$CARPEL" run --project "$scratch/$1" --as-of 2026-02-01 >"$scratch/said" 2>&1
    cmp -s "$scratch/$1/expected.csv" "$scratch/$1/out/match.csv" && good=yes || good=no
    tell $good "$1: its output"
}

# members LINE: who is in, or what is wrong, on one line
members()
{
    ids=$("$CARPEL" members "${1%% *}" --project "$scratch/$name" --as-of "${1##* }" 2>"$scratch/said") ||
        ids=$(cat "$scratch/said")
    [ -n "$ids" ] || ids="(nobody)"
    printf '%s' "$ids" | tr '\n' ' '
}

[ $# -gt 0 ] || set -- data-01 data-02 data-03 data-05 data-06 data-10 data-11 data-12 data-14 data-16 \
    identity-04 output-13 rule-07 rule-08 rule-09 rule-15 rule-17
for name; do
    cp -R "$faults/$name" "$scratch/$name"
    chmod -R u+w "$scratch/$name"
    try_hint "$name"
    change "$name"
    while IFS= read -r line; do
        question=${line%%:*}
        case $line in *T[0-9]*) question=${line%: *} ;; esac
        [ -n "$line" ] || continue
        said=$(members "$question")
        [ "$question: $said" = "$line" ] && good=yes || good=no
        tell $good "$name: $question"
        [ $good = yes ] || printf '# wanted %s\n# got    %s\n' "$line" "$said"
    done <"$scratch/$name/expected.txt"
    written "$name"
done
echo "1..$number"
