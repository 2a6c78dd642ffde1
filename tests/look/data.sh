#!/bin/sh
# SPDX-License-Identifier: MIT
#
# From files that nobody has mapped to the first segment in three commands: init --from, check,
# run. The files are not part of carpel; they are looked for as in tests/data/run.sh, and the sizes below were got
# from them another way.
#
#     tests/look/data.sh     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
root=$(cd "$(dirname "$0")/../.." && pwd)
export TZ=UTC LC_ALL=C.UTF-8
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
number=0

# where FILE: the first place that has it
where()
{
    for folder in "${CARPEL_DATA:-}" "${CARPEL_SHARED:+$CARPEL_SHARED/data}" "$root/../shared/data" \
        "$root/../../shared/data"; do
        [ -n "$folder" ] && [ -e "$folder/$1" ] && echo "$folder/$1" && return
    done
}

# try NAME FILE AS_OF SEGMENT SIZE PEOPLE EVENTS
try()
{
    number=$((number + 1))
    file=$(where "$2")
    if [ -z "$file" ]; then
        echo "ok $number - $1 # SKIP $2 is not there"
        return
    fi
    is=$({
        "$CARPEL" init "$scratch/$1" --from "$file" >"$scratch/said" &&
            "$CARPEL" check --project "$scratch/$1" | grep -c ': no errors$' &&
            "$CARPEL" run --quiet --json --project "$scratch/$1" --as-of "$3" >"$scratch/run.json" &&
            sed -n 's/^ *"\(people\|events\)": \([0-9]*\),*$/\2/p' "$scratch/run.json" | head -n 2 &&
            "$CARPEL" members --quiet --project "$scratch/$1" "$4" --as-of "$3" | wc -l
    } 2>&1 | tr -s ' \n' ' ')
    if [ "$is" = "1 $6 $7 $5 " ]; then
        echo "ok $number - $1"
    else
        printf 'not ok %s - %s\n# wanted 1 %s %s %s, is %s\n' "$number" "$1" "$6" "$7" "$5" "$is"
    fi
}

try sparkify sparkify-log/events.ndjson.gz 2018-12-01 with_next_song 96 97 7770
try online-retail online-retail-7m/online_retail_2010-12_2011-06.csv.gz 2011-07-01 with_purchase 3002 3002 176889
try cdnow cdnow/CDNOW_master.txt.gz 1998-07-01 only_once 11908 23570 69659
try starbucks starbucks-offers/profile.ndjson.gz 2018-08-01 by_gender 8484 17000 0
echo "1..$number"
