#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every example of the documentation, tried. A page is a README.md or docs/*.md; what is done
# with a fenced block depends on the words behind its ```:
#
#   seg                 rules: compiled with the events and traits of the example shop, and
#                       judged over a few people of it; their scenarios hold
#   seg shared          likewise, and later blocks of the page may use its names
#   seg conditions      each line is a condition, compiled by itself
#   seg values          each line is a value, compiled by itself
#   seg refused         each line is a condition, or a declaration, refused with E0112
#   seg corpus          rules that stand so in rules/corpus
#   seg cookbook        rules, compiled together with those of rules/corpus
#   yaml                with events and sources in it, a whole project: checked
#   ANY file=NAME       written into that file, for the commands that follow
#   lua file=NAME       likewise, and for the rules that follow, which call its functions
#   console             commands behind "$ ", run one after the other in one shell; their
#                       output must be what stands below them. A line "..." stands for any
#                       lines. Seconds are made equal.
#   console needs=NAME  likewise, where that connector, and what the commands need, is there; of
#                       postgres a server is started, which libpq finds by itself, of redis one
#                       whose socket is $REDIS; of fit, where NLopt is; of data, the files that
#                       $CARPEL_DATA names
#
# A page's commands run in a copy of what a checkout has: build/carpel, and rules/.
# docs/errors.md, whose examples are wrong on purpose, has a test of its own.
#
#     tests/docs/run.sh [PAGE...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export TZ=UTC LC_ALL=C.UTF-8 COLUMNS=80
unset NO_COLOR FORCE_COLOR
scratch=$(mktemp -d) || exit 70
. "$root/tests/support/postgres.sh"
. "$root/tests/support/redis.sh"
trap 'postgres_end; redis_end; rm -rf "$scratch"' EXIT
number=0

# report GOOD NAME [FILE]: one line of TAP, with the file as the reason when it is not good
report()
{
    number=$((number + 1))
    if [ "$1" = true ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        [ $# -lt 3 ] || sed 's/^/# /' "$3"
    fi
}

# split_page PAGE: each block becomes $blocks/NNN (its text) and NNN.is ("LINE WORDS...")
split_page()
{
    rm -rf "$blocks"
    mkdir -p "$blocks"
    awk -v folder="$blocks" '
        !inside && /^```[a-z]/ {
            inside = 1; name = sprintf("%s/%03d", folder, ++count)
            print NR, substr($0, 4) >(name ".is"); close(name ".is")
            printf "" >name; next
        }
        inside && /^```$/ { inside = 0; close(name); next }
        inside { print >name }' "$1"
}

# ---- rules ------------------------------------------------------------------------------

# note_warnings: of what was just said. Examples stand beside others by chance: that nothing uses one (W0201),
# or that two are alike (W0209), is no matter.
note_warnings()
{
    sed -n 's/.*: warning \(W[0-9]*: .*\)/\1/p' "$scratch/said" | grep -v '^W020[19]' |
        sed "s|^|$page: |" >>"$scratch/warned"
}

# try_warnings PAGE: no rule of it draws a warning that tests/docs/warnings does not list
try_warnings()
{
    grep "^$1: " "$here/warnings" >"$scratch/known"
    sort -u "$scratch/warned" | diff "$scratch/known" - >"$scratch/said"
    good=true
    [ ! -s "$scratch/said" ] || good=false
    report $good "$1: no warning but those of tests/docs/warnings" "$scratch/said"
}

# compile FILE: with the schema of the shop; what is said goes into $scratch/said
compile()
{
    cat "$shared" "$1" >"$shop/rules/example.seg"
    "$CARPEL" check --project "$shop" >"$scratch/said" 2>&1 || return
    note_warnings
    "$CARPEL" test --quiet --project "$shop" >"$scratch/said" 2>&1 &&
        "$CARPEL" run --project "$shop" --as-of 2026-01-01 >"$scratch/said" 2>&1 &&
        ! grep -q 'failed:' "$scratch/said"
}

# as_rules WORD FILE: each line as a declaration, each in a file $scratch/lines/NNN
as_rules()
{
    rm -rf "$scratch/lines"
    mkdir "$scratch/lines"
    awk -v word="$1" -v folder="$scratch/lines" '
        /^$/ || /^#/ { next }
        word == "values" { $0 = "let example_value_" NR " = " $0 }
        word != "values" && !/^(segment|event|list|let|groups|occasion|split|scenario|score) / {
            $0 = "segment example_segment_" NR " when " $0
        }
        { name = sprintf("%s/%03d", folder, NR); print >name; close(name) }' "$2"
}

# each_line WORD FILE: leaves in $scratch/bad what is said of lines that do not do what they
# should. They are compiled together, and only when that fails one by one.
each_line()
{
    : >"$scratch/bad"
    as_rules "$1" "$2"
    if [ "$1" != refused ]; then
        cat "$scratch"/lines/* >"$scratch/all.seg"
        ! compile "$scratch/all.seg" || return 0
    fi
    for line in "$scratch"/lines/*; do
        if [ "$1" = refused ]; then
            compile "$line"
            grep -q 'error E0112' "$scratch/said" && continue
            [ -s "$scratch/said" ] || echo "this is not refused: $(cat "$line")" >>"$scratch/bad"
        else
            compile "$line" && continue
        fi
        cat "$scratch/said" >>"$scratch/bad"
    done
    ! [ -s "$scratch/bad" ]
}

# in_corpus BLOCK: its lines stand one below the other in the rules of rules/corpus
in_corpus()
{
    awk 'FNR == NR { wanted = wanted "\n" $0; next } { found = found "\n" $0 }
        END { exit index(found "\n", wanted "\n") == 0 }' "$1" "$root"/rules/corpus/rules/*.seg
}

# compile_cookbook BLOCK: with files of data that have nothing in them
compile_cookbook()
{
    rm -rf "$scratch/cookbook"
    mkdir "$scratch/cookbook"
    cp -R "$root/rules/corpus/carpel.yaml" "$root/rules/corpus/rules" "$scratch/cookbook/"
    chmod -R u+w "$scratch/cookbook"
    for folder in "$root"/rules/corpus/data/*; do
        mkdir -p "$scratch/cookbook/data/${folder##*/}"
        : >"$scratch/cookbook/data/${folder##*/}/none.jsonl"
    done
    cp "$1" "$scratch/cookbook/rules/example.seg"
    "$CARPEL" check --project "$scratch/cookbook" >"$scratch/said" 2>&1 || return
    note_warnings
}

# try_rules NAME WORD BLOCK
try_rules()
{
    case $2 in
        corpus)
            good=true
            in_corpus "$3" || good=false
            echo "this does not stand so in rules/corpus" >"$scratch/said"
            report $good "$1" "$scratch/said"
            ;;
        cookbook)
            good=true
            compile_cookbook "$3" || good=false
            report $good "$1" "$scratch/said"
            ;;
        conditions | values | refused)
            good=true
            each_line "$2" "$3" || good=false
            report $good "$1" "$scratch/bad"
            ;;
        *)
            good=true
            compile "$3" || good=false
            report $good "$1" "$scratch/said"
            ;;
    esac
    [ "$2" != shared ] || cat "$3" >>"$shared"
}

# The examples in the tables of language.md that come from the lists of the source.
try_tables()
{
    sed -nE '/<!-- reference (aggregates|functions|sequences|windows) -->/,/<!-- end -->/p' \
        "$root/docs/language.md" | grep '^| `' >"$scratch/table"
    cat >"$shared" <<END
use "lib/habit.lua"
let orders  = distinct(purchase.order_id)
let revenue = sum(purchase.amount)
occasion black_friday on fourth friday of november
END
    sed 's/.* `\([^`]*\)` |$/\1/' "$scratch/table" >"$scratch/examples"
    good=true
    each_line values "$scratch/examples" || good=false
    report $good "docs/language.md: examples in tables" "$scratch/bad"
}

# The right column of the phrase book: conditions and declarations.
try_phrases()
{
    page=docs/phrasebook.md
    : >"$scratch/warned"
    awk '/^\| `/ { count++; ours = $0; sub(/` \|$/, "", ours); sub(/.*` \| `/, "", ours)
        if (ours ~ /^(segment|score|list|let|split) /) print ours
        else print "segment phrase_" count " when " ours
    } END { print "segment vips when did purchase at least 10 times in last 1 year" }' \
        "$root/docs/phrasebook.md" >"$scratch/phrases"
    : >"$shared"
    good=true
    compile "$scratch/phrases" || good=false
    report $good "docs/phrasebook.md: what is said here" "$scratch/said"
    try_warnings $page
}

# The tables themselves are those of the lists.
try_reference()
{
    if ! command -v perl >/dev/null 2>&1; then
        number=$((number + 1))
        echo "ok $number - docs: tables # SKIP needs perl"
        return
    fi
    good=true
    "$root/scripts/reference" --check >"$scratch/said" 2>&1 || good=false
    report $good "docs: the tables are those of the lists" "$scratch/said"
}

# ---- projects ---------------------------------------------------------------------------

# try_project NAME BLOCK: files of data need not be there
try_project()
{
    rm -rf "$scratch/project"
    mkdir -p "$scratch/project/rules" "$scratch/project/data"
    cp "$2" "$scratch/project/carpel.yaml"
    echo 'segment everyone when 1 = 1' >"$scratch/project/rules/everyone.seg"
    CARPEL_DATA=$scratch/project/data "$CARPEL" check --project "$scratch/project" \
        >"$scratch/said" 2>&1
    grep 'error E' "$scratch/said" | grep -v 'error E0307' >"$scratch/mistakes"
    good=true
    [ ! -s "$scratch/mistakes" ] || good=false
    report $good "$1" "$scratch/said"
}

# The example in each manual of a plugin ("carpel plugins csv") is checked, with an event kind
# that has what they name.
try_manuals()
{
    for plugin in csv jsonl synthetic template exec sqlite postgres redis kafka adbc webhook; do
        "$CARPEL" plugins $plugin >/dev/null 2>&1 || continue
        rm -rf "$scratch/project"
        mkdir -p "$scratch/project/rules"
        {
            printf 'name: manual\nevents:\n  purchase: {amount: decimal(2)}\n'
            "$CARPEL" plugins $plugin | sed -n '/^sources:/,/^$/p; /^outputs:/,/^$/p'
        } >"$scratch/project/carpel.yaml"
        grep -q '^sources:' "$scratch/project/carpel.yaml" || # one that is an output alone
            printf 'sources:\n  - plugin: synthetic\n' >>"$scratch/project/carpel.yaml"
        echo 'segment everyone when 1 = 1' >"$scratch/project/rules/everyone.seg"
        REDIS_PASSWORD=x KAFKA_PASSWORD=x \
            "$CARPEL" check --project "$scratch/project" >"$scratch/said" 2>&1
        good=true
        grep -q '^    [a-z]' "$scratch/project/carpel.yaml" || good=false
        ! grep 'error E' "$scratch/said" | grep -qv 'error E0307' || good=false
        report $good "carpel plugins $plugin: the examples" "$scratch/said"
    done
}

# ---- commands ---------------------------------------------------------------------------

# Appends the block's commands to the script, each with a line that announces it, and what
# is expected of each to $scratch/wanted/NNN.
add_commands()
{
    awk -v folder="$scratch/wanted" -v first="$command_count" -v line="$2" -v page="$1" '
        /^\$ / { number = ++count + first; file = sprintf("%s/%03d", folder, number)
            printf "" >file
            print page ":" line + NR ": " substr($0, 3) >(file ".is")
            printf "status=$?; echo \"@@@ %03d\"; (exit $status)\n%s\n", number, substr($0, 3); next }
        /^> / && count { print substr($0, 3); next }
        { print >file }' "$3" >>"$scratch/script"
    command_count=$((command_count + $(grep -c '^\$ ' "$3")))
}

# add_file BLOCK NAME
add_file()
{
    echo "mkdir -p \"\$(dirname '$2')\" && cp '$1' '$2'" >>"$scratch/script"
}

same_seconds()
{
    sed -E -e 's/"seconds": [0-9.e+-]+/"seconds": 0/' -e 's/[0-9]+\.[0-9]+ seconds/0.00 seconds/' \
        -e 's/[ ]+$//' "$1"
}

# fits WANTED FOUND: equal, where a line "..." of the first stands for any lines
fits()
{
    awk '
        FNR == NR { wanted[++w] = $0; next }
        { found[++f] = $0 }
        function fits_from(i, j) {
            for (; i <= w && wanted[i] != "..."; i++)
                if (j > f || wanted[i] != found[j++]) return 0
            if (i > w) return j == f + 1
            for (; j <= f + 1; j++) if (fits_from(i + 1, j)) return 1
            return 0
        }
        END { exit !fits_from(1, 1) }' "$1" "$2"
}

# Run the script of a page, and compare what each command printed.
run_commands()
{
    [ "$command_count" -gt 0 ] || return 0
    mkdir -p "$scratch/checkout/build"
    ln -s "$CARPEL" "$scratch/checkout/build/carpel"
    for server in postgres redis; do
        ! grep -q "console needs=$server" "$blocks"/*.is || ! has_connector $server || ${server}_begin
    done
    [ -z "${CARPEL_DUCKDB-}" ] || ln -s "$CARPEL_DUCKDB" "$scratch/checkout/libduckdb.so"
    cp -R "$root/rules" "$scratch/checkout/rules"
    chmod -R u+w "$scratch/checkout/rules"
    (cd "$scratch/checkout" && PATH=$scratch/checkout/build:$PATH sh "$scratch/script") \
        >"$scratch/all" 2>&1 </dev/null
    postgres_end
    redis_end
    awk -v folder="$scratch/found" '/^@@@ [0-9]+$/ { file = folder "/" $2; printf "" >file; next }
        { print >file }' "$scratch/all"
    for is in "$scratch"/wanted/*.is; do
        wanted=${is%.is}
        found=$scratch/found/${wanted##*/}
        same_seconds "$wanted" >"$scratch/a"
        [ -f "$found" ] || : >"$found"
        same_seconds "$found" >"$scratch/b"
        good=true
        fits "$scratch/a" "$scratch/b" || good=false
        diff "$scratch/a" "$scratch/b" >"$scratch/said"
        report $good "$(cat "$is")" "$scratch/said"
    done
}

# ---- links ------------------------------------------------------------------------------

# Links to files of ours lead somewhere; the map names files that there are.
try_links()
{
    grep -o ']([^)]*)' "$root/$1" | sed -E 's/^..//; s/[#)].*//' | grep -v '^\(http\|$\)' \
        | sed "s#^#$(dirname "$1")/#" >"$scratch/paths"
    case $1 in
        docs/architecture.md | docs/decisions/* | CONTRIBUTING.md)
            grep -oE '`(src|grammar|include|plugins|tests|scripts|docs|rules)/[A-Za-z0-9_./-]+`' \
                "$root/$1" | tr -d '`' >>"$scratch/paths"
            ;;
    esac
    while read -r path; do
        case $path in *MODULE* | *NAME* | *.log) continue ;; esac
        [ -e "$root/$path" ] || echo "there is no $path"
    done <"$scratch/paths" >"$scratch/said"
    good=true
    [ ! -s "$scratch/said" ] || good=false
    report $good "$1: links" "$scratch/said"
}

# ---- pages ------------------------------------------------------------------------------

# has_connector NAME: was it built, and is its database here? Of fit: was carpel built with NLopt? Of data: are
# the files of others here that pages show?
has_connector()
{
    if [ "$1" = data ]; then
        [ -d "${CARPEL_DATA:-}/sparkify-log" ] && [ -d "$CARPEL_DATA/starbucks-offers" ] &&
            [ -d "$CARPEL_DATA/online-retail-7m" ] && [ -d "$CARPEL_DATA/cdnow" ]
        return
    fi
    if [ "$1" = fit ]; then
        ! "$CARPEL" fit 2>&1 | grep -q 'built without NLopt'
        return
    fi
    "$CARPEL" plugins "$1" >/dev/null 2>&1 || return 1
    case $1 in
        sqlite) command -v sqlite3 >/dev/null 2>&1 ;;
        postgres) postgres_is_here ;;
        redis) redis_is_here ;;
        adbc) [ -n "${CARPEL_DUCKDB-}" ] ;;
    esac
}

try_block()
{
    read -r line kind words <"$1.is"
    case "$kind $words" in
        *\ file=*)
            add_file "$1" "${words#file=}"
            [ "$kind" != lua ] || cp "$1" "$shop/${words#file=}"
            ;;
        seg\ *)
            try_rules "$page:$line" "$words" "$1"
            ;;
        yaml\ *)
            ! grep -q '^events:' "$1" || ! grep -q '^sources:' "$1" ||
                try_project "$page:$line" "$1"
            ;;
        console\ needs=*)
            if has_connector "${words#needs=}"; then
                add_commands "$page" "$line" "$1"
            else
                number=$((number + 1))
                echo "ok $number - $page:$line # SKIP needs ${words#needs=}"
            fi
            ;;
        console\ *)
            add_commands "$page" "$line" "$1"
            ;;
    esac
}

try_page()
{
    page=$1
    rm -rf "$scratch/wanted" "$scratch/found" "$scratch/checkout"
    mkdir -p "$scratch/wanted" "$scratch/found"
    : >"$shared"
    : >"$scratch/script"
    : >"$scratch/warned"
    command_count=0
    try_links "$page"
    [ "$page" != docs/errors.md ] || return 0
    split_page "$root/$page"
    for block in "$blocks"/*.is; do
        [ ! -f "$block" ] || try_block "${block%.is}"
    done
    ! grep -q '^```seg' "$root/$page" || try_warnings "$page"
    run_commands
}

blocks=$scratch/blocks
shared=$scratch/shared.seg
shop=$scratch/shop
page=docs/language.md
mkdir -p "$shop/rules"
sed 's/people: 5000/people: 20/; s/days: 730/days: 120/' "$root/rules/shop/carpel.yaml" >"$shop/carpel.yaml"
cp -R "$root/rules/shop/scores" "$shop/"
if [ $# -eq 0 ]; then
    try_reference
    try_tables
    try_phrases
    try_manuals
    # shellcheck disable=SC2046 # names of pages are words
    set -- $(cd "$root" && ls README.md CONTRIBUTING.md docs/*.md docs/decisions/*.md)
fi
for page in "$@"; do
    try_page "$page"
done
echo "1..$number"
