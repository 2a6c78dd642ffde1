#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What compiling costs grows with the size of the rules and of the project file, and no
# faster, and its stack does not grow at all; so does what reading a long line costs. Each case makes some construct many times and
# compiles it under a limit on processor time that is far above what it takes (a tenth of a
# second, or a few) and far below what it would take if the cost were the square of the size.
#
#     tests/cost.sh [NAME...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
export TZ=UTC LC_ALL=C.UTF-8 COLUMNS=100
unset NO_COLOR FORCE_COLOR
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
limit=20 # seconds of processor time
number=0
only=" $* "

# project LINES [TRAITS [PROPERTIES]]: carpel.yaml with what stands in LINES, and data
project()
{
    {
        printf 'rules: [rules/*.seg]\ntraits: {plan: string, n: int%s}\n' "${2-}"
        printf 'events: {buy: {amount: int%s}}\n' "${3-}"
        printf 'sources:\n  - {plugin: csv, files: buy.csv, person: id, time: at, event: buy}\n'
        printf '%s' "$1"
    } >carpel.yaml
    printf 'id,at,amount\nann,2026-01-02,5\n' >buy.csv
}

# many COUNT TEXT: the text so often, with 1, 2, ... for @ and the number before it for ~
many()
{
    awk -v count="$1" -v form="$2" 'BEGIN {
        varies = index(form, "@") || index(form, "~")
        for (i = 1; i <= count; i++) {
            text = form
            if (varies) {
                gsub(/@/, i, text)
                gsub(/~/, i - 1, text)
            }
            printf "%s", text
        }
    }'
}

# compile WANTED COMMAND...: exit code and, in "out", what was said
compile()
{
    wanted=$1
    shift
    (
        ulimit -t $limit
        "$CARPEL" "$@"
    ) >out 2>&1
    code=$?
    [ $code -eq "$wanted" ] && return
    echo "# carpel $*: exit code $code, wanted $wanted"
    tail -n 4 out | cut -c 1-200 | sed 's/^/# /'
    return 1
}

# begin NAME: an empty project, unless other cases are asked for
begin()
{
    case $only in '  ' | *" $1 "*) ;; *) return 1 ;; esac
    name=$1
    rm -rf "$scratch/p"
    mkdir -p "$scratch/p/rules"
    cd "$scratch/p" || exit 70
    project ''
}

# verdict WORD...: the words are a command that holds
verdict()
{
    number=$((number + 1))
    if "$@"; then echo "ok $number - $name"; else echo "not ok $number - $name"; fi
}

says()
{
    grep -q -- "$1" out
}

# ---- chains, in both orders --------------------------------------------------------------

all_commands()
{
    for command in fmt check graph run; do
        compile 0 $command || return 1
    done
}

# chain NAME FIRST FORMAT LAST COUNT: each declaration uses the one before
chain()
{
    begin "$1" || return
    { echo "$2"; many "$5" "$3\n"; echo "$4"; } >rules/r.seg
    verdict all_commands
    name="$1, the last one first"
    awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' rules/r.seg >turned
    mv turned rules/r.seg
    verdict all_commands
}

chain lets 'let s0 = count(buy)' 'let s@ = s~ + 1' 'segment x when s10000 > 3' 10000
chain segments 'segment s0 when did buy' 'segment s@ when in s~ and user.n > 1' '' 5000
chain among 'segment s0 when did buy' 'segment s@ among s~ when user.n > 1' '' 5000
chain as_of 'let s0 = count(buy)' 'let s@ = s~ as of 1 day ago' 'segment x when s5000 > 3' 5000
chain branches 'segment s0 when did buy' \
    'segment s@ when in s~ as of 3 days ago or in s~ as of 5 days ago' '' 60

# ---- what explodes ------------------------------------------------------------------------

begin explodes && {
    echo 'segment s0 when did buy' >rules/r.seg
    many 40 'segment s@ when in s~ as of 1 month ago or in s~ as of 2 months ago\n' >>rules/r.seg
    compile 1 check
    verdict says 'E0130: the rules become more than 500000 nodes: s[0-9]* -> s'
}

begin circle && {
    many 5000 'let s@ = s~ + 1\n' >rules/r.seg
    echo 'let s0 = s5000' >>rules/r.seg
    compile 1 check
    verdict says 'E0111: .* leans on itself: .* -> '
}

# ---- many of one kind --------------------------------------------------------------------

# rules NAME COUNT FORMAT [BEFORE [AFTER]]: compiled, good and run
rules()
{
    begin "$1" || return
    { printf "${4-}"; many "$2" "$3"; printf "${5-}"; } >rules/r.seg
    verdict compile 0 check -q
}

rules groups_of_texts 5000 '  g@ when user.plan = "p@"\n' 'groups g\n' '  rest otherwise\n'
rules groups_of_numbers 5000 '  g@ when user.n >= 9~\n' 'groups g\n' '  rest otherwise\n'
rules groups_of_windows 5000 '  g@ when did buy in last @ days\n' 'groups g\n'
rules groups_of_dates 5000 '  g@ when first buy >= 2026-01-01T00:00:00.~\n' 'groups g\n'
rules same_condition 10000 'segment s@ when did buy in last 3 days\n'
rules conditions 10000 'segment s@ when did buy where (amount > ~)\n'
rules alternatives 5000 'segment s@ when did (buy where (amount > @) or buy where (amount < ~))\n'
rules sequences 5000 'segment s@ when did (buy where (amount > @) then buy within 1 day)\n'
rules list 100000 '"p@", ' 'list l = ' '"x"\nsegment s when user.plan in l\n'
rules list_of_numbers 50000 '@, ' 'list l = ' '0\nsegment s when user.n in l\n'
rules and 20000 ' and count(buy in last @ days) > 3' 'segment s when did buy'
rules or 20000 ' or user.plan = "p@"' 'segment s when did buy'
rules scores 10000 'score s@ = count(buy) + ~\n'
rules plan_of_points 10000 '  plus @ when count(buy) > ~\n' 'score s\n'
rules rankings 5000 'segment s@ when count(buy) in top @\n'
rules memories 2000 'segment s@ judged every month when count(buy) > ~ stay while did buy\n'
rules scenarios 5000 'scenario "s@"\n  ann did buy at 2026-01-01T00:00\n  expect ann in b at 2026-01-02\n' \
    'segment b when did buy\n'
rules people 10000 '  ann@ did buy at 2026-01-01T00:00\n  expect ann@ in b at 2026-01-02\n' \
    'segment b when did buy\nscenario "s"\n'
rules nested_ends 40 'first ((buy then buy) since ' 'segment s when did (buy then buy) since ' \
    "now$(many 40 ')')\n"
rules doubled_events 60 'event e@ = (e~ or e~ where (amount > @))\n' \
    'event e0 = buy\n' 'segment s when did e60\n'

# ---- mistakes -----------------------------------------------------------------------------

# mistakes NAME COUNT FORMAT: refused, with few messages
mistakes()
{
    begin "$1" || return
    many "$2" "$3" >rules/r.seg
    compile 1 check
    verdict test "$(wc -c <out)" -lt 100000
}

mistakes bad_bytes 500000 '\001'
mistakes bad_utf8 500000 '\377'
mistakes foreign_signs 300000 '\342\202\254'
mistakes foreign_quotes 300000 "'"
mistakes curly_quotes 100000 '\342\200\234\342\200\235'
mistakes repeated_signs 500000 ';'
mistakes brackets 500000 '('
mistakes names_with_points 200000 'a.'
mistakes open_texts 50000 'segment a when "x\n'
mistakes lines 50000 'foo bar baz\n'
mistakes indented_heads 20000 ' segment x@ when did buy\n'
mistakes unknown_names 10000 'segment abcdefg@ when in abdefgh~\n'
mistakes unknown_events 10000 'segment s@ when did bay~\n'
mistakes twice_declared 10000 'segment s when did buy\n'
mistakes unfinished 10000 'segment s@ when when\nsegment t@ when in s@\n'

# ---- the project file ---------------------------------------------------------------------

# yaml NAME WANTED: the project as it stands
yaml()
{
    echo 'segment s when did buy' >rules/r.seg
    verdict compile "$1" check -q
}

begin properties && { project '' '' "$(many 40000 ', p@: int')"; yaml 0; }
begin traits && { project '' "$(many 40000 ', t@: int')"; yaml 0; }
begin records && { project '' '' "$(many 10000 ', p@: {a: int, b: int}')"; yaml 0; }
begin lists && { project '' '' "$(many 10000 ', p@: [{a: int}]')"; yaml 0; }
begin sources && {
    project "$(many 10000 '  - {name: s@, plugin: csv, files: buy.csv, person: id, time: at, event: buy}\n')
"
    yaml 0
}
begin outputs && {
    project "outputs:
$(many 10000 '  - {name: o@, plugin: csv, path: out/@.csv}\n')
"
    yaml 0
}
begin mapped && {
    project '' "$(many 10000 ', t@: int')"
    printf '  - {name: p, plugin: csv, files: buy.csv, person: id, traits: {%s}}\n' \
        "$(many 10000 't@: f@, ' | sed 's/, $//')" >>carpel.yaml
    yaml 0
}
begin unknown_keys && { project "$(many 10000 'key@: 1\n')
"; yaml 1; }
begin same_keys && { project "$(many 10000 'limits: 1\n')
"; yaml 1; }
begin named_segments && {
    many 10000 'segment s@ when count(buy) > ~\n' >rules/s.seg
    project "outputs:
  - {plugin: csv, path: out.csv, segments: [$(many 10000 's@, ' | sed 's/, $//')]}
"
    yaml 0
}
begin unknown_segments && {
    many 10000 'segment s@ when count(buy) > ~\n' >rules/s.seg
    project "outputs:
  - {plugin: csv, path: out.csv, segments: [$(many 10000 'x@, ' | sed 's/, $//')]}
"
    yaml 1
}

# ---- a line of data -----------------------------------------------------------------------

begin items && {
    printf 'rules: [rules/*.seg]\nstore: none\nevents: {buy: {amount: int}}\n' >carpel.yaml
    printf 'sources:\n  - {plugin: jsonl, files: buy.jsonl, each: items, person: who, time: items.at,' >>carpel.yaml
    printf ' event: buy, properties: {amount: items.amount}}\n' >>carpel.yaml
    echo 'segment s when count(buy) = 100001' >rules/r.seg
    printf '{"who":"ann","items":[%s{"amount":1,"at":"2026-01-02"}]}\n' \
        "$(many 100000 '{"amount":@,"at":"2026-01-02"},')" >buy.jsonl
    verdict compile 0 run --as-of 2026-02-01 && verdict grep -q '^s  *1 ' out
}

echo "1..$number"
