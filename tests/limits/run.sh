#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every limit in the tables of docs/limits.md, tried at its edge. A row is
#
#     | `NAME` what | value | set by | message | exit |
#
# and has a file rows/NAME.sh here, which is read with $n set, in an empty folder: it makes
# something of the size $n and gives it to carpel. With $n as in the row there is no message
# and the exit code is 0; with one more there are the message ("..." stands for anything)
# and the exit code of the row. Sizes are in bytes; words behind a number are for readers.
#
#     tests/limits/run.sh [NAME...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export TZ=UTC LC_ALL=C.UTF-8 COLUMNS=200
build=$(dirname "$CARPEL")
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
number=0

# report GOOD NAME [FILE]: one line of TAP, with the end of the file when it is not good
report()
{
    number=$((number + 1))
    if [ "$1" = true ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        [ $# -lt 3 ] || tail -n 20 "$3" | cut -c 1-400 | sed 's/^/# /'
    fi
}

# ---- what the files in rows share ------------------------------------------------------

# project LINE...: a carpel.yaml with people (a text "word") and events "buy" (a number
# "amount", a text "note"); then the lines. The data are in people.csv and buy.csv.
project()
{
    mkdir -p rules
    printf '%s\n' 'rules: [rules/*.seg]' 'traits: {word: string}' \
        'events: {buy: {amount: number, note: string}}' \
        'sources:' '  - {name: people, plugin: csv, files: people.csv, person: id, traits: [word]}' \
        '  - {name: buys, plugin: csv, files: buy.csv, person: id, time: at, event: buy}' >carpel.yaml
    [ $# -eq 0 ] || printf '%s\n' "$@" >>carpel.yaml
    printf 'id,word\nann,good\nbob,\n' >people.csv
    printf 'id,at,amount,note\nann,2026-01-02,5,good\n' >buy.csv
    echo 'segment all when count(buy) >= 0' >rules/all.seg
}

# repeat COUNT TEXT: the text so many times, without line ends
repeat()
{
    awk -v count="$1" -v text="$2" 'BEGIN { while (count-- > 0) printf "%s", text }'
}

# lines COUNT FORMAT: printf of each number from 1 to COUNT
lines()
{
    awk -v count="$1" -v format="$2\n" \
        'BEGIN { for (i = 1; i <= count; i++) printf format, i, i - 1 }'
}

# fill FILE SIZE: append spaces until the file has that size
fill()
{
    size=$(wc -c <"$1")
    head -c $(($2 - size)) /dev/zero | tr '\0' ' ' >>"$1"
}

# evil BREACH COUNT: run a source that does this so often (tests/plugins/evil.c)
evil()
{
    ${CC:-cc} -std=gnu11 -w -fPIC -shared -I"$root/include" -o source_evil.so \
        "$root/tests/plugins/evil.c" || return 70
    project
    sed -i '/plugin: csv/d' carpel.yaml
    printf '  - {plugin: evil, breach: %s, count: %d, person: id, time: at, event: buy}\n' \
        "$1" "$2" >>carpel.yaml
    CARPEL_PLUGIN_PATH=.:$CARPEL_PLUGIN_PATH run
}

check()
{
    "$CARPEL" check
}

run()
{
    "$CARPEL" run --as-of 2026-02-01 "$@"
}

# ---- the rows --------------------------------------------------------------------------

# The rows as "NAME;SIZE;MESSAGE;EXIT", the message between its backticks.
rows()
{
    awk -F'|' '/^\| `[a-z0-9-]+`/ {
        split($2, name, "`"); split($5, message, "`"); split($3, value, " ")
        gsub(/,/, "", value[1])
        size = value[1]
        if (value[2] == "KiB") size = size * 1024
        if (value[2] == "MiB") size = size * 1024 * 1024
        gsub(/ /, "", $6)
        printf "%s;%s;%s;%s\n", name[2], size, message[2], $6
    }' "$root/docs/limits.md"
}

# has_message MESSAGE FILE: do its parts between "..." stand in a line, one behind the other?
has_message()
{
    awk -v message="$1" '{
        count = split(message, part, /\.\.\./); rest = $0; good = 1
        for (i = 1; good && i <= count; i++) {
            place = index(rest, part[i])
            good = place > 0
            rest = substr(rest, place + length(part[i]))
        }
        if (good) found = 1
    } END { exit !found }' "$2"
}

# make_and_run NAME SIZE: leaves its output in $out, and its exit code in $status
make_and_run()
{
    rm -rf "$scratch/try"
    mkdir "$scratch/try"
    out=$scratch/out
    (
        cd "$scratch/try" || exit 70
        n=$2
        # shellcheck disable=SC1090 # one of rows
        . "$here/rows/$1.sh"
    ) >"$out" 2>&1 </dev/null
    status=$?
}

# try NAME SIZE MESSAGE EXIT
try()
{
    if [ ! -f "$here/rows/$1.sh" ]; then
        report false "$1 has no file in tests/limits/rows"
        return
    fi
    make_and_run "$1" "$2"
    good=true
    [ $status -eq 0 ] && ! has_message "$3" "$out" || good=false
    report $good "$1: $2 is taken (exit code $status)" "$out"
    make_and_run "$1" "$(expr "$2" + 1)"
    good=true
    { [ $status -eq "$4" ] && has_message "$3" "$out"; } || good=false
    report $good "$1: one more is not: $3 (exit code $status, wanted $4)" "$out"
}

rows >"$scratch/rows"
while IFS=';' read -r name size message code; do
    [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
    if [ -z "$message" ] || [ -z "$code" ] || [ -z "$size" ]; then
        report false "the row of $name has no value, message or exit code"
        continue
    fi
    try "$name" "$size" "$message" "$code"
done <"$scratch/rows"

[ -s "$scratch/rows" ] || report false "docs/limits.md has rows"
for file in "$here"/rows/*.sh; do
    name=$(basename "$file" .sh)
    grep -q "^$name;" "$scratch/rows" || report false "$name has a row in docs/limits.md"
done
echo "1..$number"
