#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every rule of rules/corpus, with people on both sides of each of its edges. A file here has
# the name of a segment (or of a set of groups), and says who is in at an instant, and why:
#
#     at 2026-03-31T10:00:00Z
#     in   left_cart/over_just_now   # the 24 hours are over at this very instant
#     out  left_cart/still_open      # a microsecond is left in which to order
#
# For groups, the first word is the group's name, or - for none. The histories are
# rules/corpus/data/*/NAME.jsonl. Each rule is judged with its own people alone, who must all
# be listed, and once more among those of all other rules, unless it compares people.
#
#     tests/corpus/run.sh [NAME...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export TZ=UTC LC_ALL=C.UTF-8
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
number=0
compares_people='big_baskets champions rfm vip_early_access'

# report NAME FILE: good when the file is empty, and else the reason
report()
{
    number=$((number + 1))
    if [ -s "$2" ]; then
        echo "not ok $number - $1"
        sed 's/^/# /' "$2"
    else
        echo "ok $number - $1"
    fi
}

# new_project FOLDER PATTERN: with the histories that fit the pattern
new_project()
{
    rm -rf "$1"
    mkdir -p "$1/data"
    cp -R "$root/rules/corpus/carpel.yaml" "$root/rules/corpus/rules" "$1/"
    for folder in "$root"/rules/corpus/data/*; do
        mkdir "$1/data/${folder##*/}"
        for file in "$folder"/$2; do
            [ ! -f "$file" ] || cp "$file" "$1/data/${folder##*/}/"
        done
        [ -n "$(ls "$1/data/${folder##*/}")" ] || : >"$1/data/${folder##*/}/none.jsonl"
    done
    chmod -R u+w "$1"
}

# judge FOLDER INSTANT: leaves FOLDER/out/members.csv, or what is wrong in $scratch/said
judge()
{
    "$CARPEL" run --quiet --project "$1" --as-of "$2" --strict >/dev/null 2>"$scratch/said"
}

# wanted FILE INSTANT: "WORD PERSON" by the file
wanted()
{
    awk -v at="$2" '$1 == "at" { is_it = $2 == at; next }
        is_it && NF > 1 && $1 !~ /^#/ { print $1, $2 }' "$1" | sort
}

# everyone FOLDER NAME: the people of the rule, or the accounts
everyone()
{
    key=person
    ! grep -q "^segment $2 .*for each account" "$root"/rules/corpus/rules/*.seg || key=company
    cat "$1"/data/*/"$2.jsonl" 2>"$scratch/nothing" |
        sed -n -E "s/.*\"$key\": \"([^\"]*)\".*/\1/p" | sort -u
}

# found FOLDER NAME: "WORD PERSON" by the last judgement, for all people of the rule
found()
{
    everyone "$1" "$2" |
        awk -F, -v name="$2" '
            FNR == NR && $1 == name { word[$2] = "in"; next }
            FNR == NR && index($1, name ".") == 1 { word[$2] = substr($1, length(name) + 2); next }
            FNR == NR { next }
            { print ($1 in word ? word[$1] : (groups ? "-" : "out")), $1 }
            ' groups="$is_groups" "$1/out/members.csv" - | sort
}

# compare FOLDER NAME INSTANT: differences, with the reasons that the file gives
compare()
{
    wanted "$here/$2" "$3" >"$scratch/wanted"
    found "$1" "$2" >"$scratch/found"
    diff "$scratch/wanted" "$scratch/found" | grep '^[<>]' | while read -r side word person; do
        why=$(awk -v at="$3" -v person="$person" '$1 == "at" { is_it = $2 == at }
            is_it && $2 == person { sub(/^[^#]*/, ""); print }' "$here/$2")
        [ "$side" = "<" ] && echo "$3: $person should be \"$word\" $why" ||
            echo "$3: $person is \"$word\"; ${why:-not listed}"
    done
}

# try_rule NAME
try_rule()
{
    is_groups=
    ! grep -q "^groups $1 " "$root"/rules/corpus/rules/*.seg || is_groups=true
    new_project "$scratch/alone" "$1.jsonl"
    : >"$scratch/differs"
    for instant in $(sed -n 's/^at //p' "$here/$1"); do
        if judge "$scratch/alone" "$instant"; then
            compare "$scratch/alone" "$1" "$instant" >>"$scratch/differs"
        else
            cat "$scratch/said" >>"$scratch/differs"
        fi
    done
    report "corpus $1: $(grep -c "^[^#a].* $1/\|^[^#].* $1/" "$here/$1") people" "$scratch/differs"
}

# try_together NAME INSTANT: among the people of all rules
try_together()
{
    is_groups=
    ! grep -q "^groups $1 " "$root"/rules/corpus/rules/*.seg || is_groups=true
    compare "$scratch/all" "$1" "$2" >>"$scratch/differs"
}

# members FOLDER: "SEGMENT,PERSON" by the last judgement, but for accounts, which are whose
# they are at the instant of the run
members()
{
    sed -n -E '1d; /^quiet_accounts,/d; s/^([^,]*),([^,]*),.*/\1,\2/p' "$1/out/members.csv"
}

# try_as_of THEN: each rule judged then, and now `as of` then, for the people of then
try_as_of()
{
    echo "segment judged_then when true" >"$scratch/all/rules/then.seg"
    judge "$scratch/all" "$1" || cat "$scratch/said" >>"$scratch/differs"
    members "$scratch/all" | sed -n 's/^judged_then,//p' >"$scratch/people"
    members "$scratch/all" | sed '/^judged_then,/d' | sort >"$scratch/wanted"
    [ -s "$scratch/wanted" ] || echo "nobody was in anything at $1" >>"$scratch/differs"
    awk -v then="$1" '
        /^[a-z]/ { set = "" }
        /^segment / && !/for each account/ { print "segment then_" $2 " when in " $2 " as of " then }
        /^groups / { set = $2 }
        set && $2 ~ /^(when|otherwise)$/ {
            print "segment then_" set "__" $1 " when in " set "." $1 " as of " then }
        ' "$root"/rules/corpus/rules/*.seg >"$scratch/all/rules/then.seg"
    judge "$scratch/all" "$instant" || cat "$scratch/said" >>"$scratch/differs"
    members "$scratch/all" | sed -n 's/^then_//p' | sed 's/__/./' |
        awk -F, 'FNR == NR { is_known[$1] = 1; next } $2 in is_known' "$scratch/people" - |
        sort | diff "$scratch/wanted" - >>"$scratch/differs"
}

if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046 # names of rules are words
    set -- $(cd "$here" && ls | grep -v '\.sh$')
    is_all=true
fi
for name in "$@"; do
    try_rule "$name"
done

if [ "${is_all-}" = true ]; then
    # no rule without people and a note
    sed -n -E 's/^(segment|groups) ([a-z_0-9]+).*/\2/p' "$root"/rules/corpus/rules/*.seg |
        while read -r name; do
            [ -f "$here/$name" ] || echo "no file here for \"$name\""
            grep -q -E "^(segment|groups) $name( |\$)" "$root/docs/cookbook.md" ||
                echo "docs/cookbook.md has nothing on \"$name\""
        done >"$scratch/differs"
    report "corpus: every rule has people, and a place in the cookbook" "$scratch/differs"

    # the rules are those of the collection that they come from
    corpus=${CARPEL_SHARED:-$root/../shared}/cases/corpus.seg
    if [ -f "$corpus" ]; then
        "$CARPEL" fmt - <"$corpus" 2>&1 | diff - "$root/rules/corpus/rules/corpus.seg" >"$scratch/differs"
        report "corpus: the rules as they were written" "$scratch/differs"
    fi

    new_project "$scratch/all" '*.jsonl'
    "$CARPEL" check --project "$scratch/all" 2>&1 | grep 'warning W' >"$scratch/differs"
    report "corpus: no rule draws a warning" "$scratch/differs"
    instant=$(sed -n 's/^at //p' "$here/customers")
    : >"$scratch/differs"
    judge "$scratch/all" "$instant" || cat "$scratch/said" >>"$scratch/differs"
    for name in "$@"; do
        case " $compares_people " in *" $name "*) continue ;; esac
        ! grep -q "^at $instant" "$here/$name" || try_together "$name" "$instant"
    done
    report "corpus: all rules and people together" "$scratch/differs"

    # a microsecond before now, the start of that day, either side of a month's start, long ago
    for then in 2026-03-31T09:59:59.999999Z 2026-03-30T22:00:00Z 2026-02-28T22:59:59.999999Z \
        2026-02-28T23:00:00Z 2024-05-01T00:00:00Z; do
        : >"$scratch/differs"
        try_as_of $then
        report "corpus: all rules as of $then" "$scratch/differs"
    done
fi
echo "1..$number"
