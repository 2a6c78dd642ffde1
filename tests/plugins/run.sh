#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Plugins that break the contract of <carpel/plugin.h> while they work, through `carpel
# run`: each ends the run with exit code 70 and a line that names the plugin and what it
# did, and the outputs stay as they were.
set -u
: "${ASAN_OPTIONS:=detect_leaks=1}"
: "${CARPEL:?is the command to test, as an absolute path}"
here=$SOURCE_DIRECTORY/tests/plugins
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
project=$scratch/project
mkdir -p "$scratch/so" "$project/rules" || exit 70
. "$SOURCE_DIRECTORY/tests/support/tap.sh"

# build NAME FILE FLAGS...: a plugin in $scratch/so
build()
{
    name=$1 file=$2
    shift 2
    ${CC:-cc} -std=gnu11 -w -fPIC -shared -I"$SOURCE_DIRECTORY/include" "$@" \
        -o "$scratch/so/$name.so" "$file" >"$scratch/said" 2>&1
}

# run_breach NAME: leaves $scratch/said and $code; yesterday's output is there
run_breach()
{
    cat >"$project/carpel.yaml" <<END
name: three people
events: {buy: {}}
sources:
  - {name: people, plugin: evil, breach: "$1", person: id, time: at, event: buy}
outputs:
  - {plugin: csv, path: out.csv}
END
    echo yesterday >"$project/out.csv"
    case $1 in
        "batch not releasable" | "column released") leaks=0 ;; # the plugin lost its memory
        *) leaks=1 ;;
    esac
    ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=$leaks \
        CARPEL_PLUGIN_PATH=$scratch/so:$CARPEL_PLUGIN_PATH "$CARPEL" run -p "$project" \
        >"$scratch/out" 2>"$scratch/said"
    code=$?
}

# is_untouched: yesterday's output, and nothing beside it
is_untouched()
{
    [ "$(cat "$project/out.csv")" = yesterday ] &&
        [ "$(ls "$project")" = "$(printf 'carpel.yaml\nout.csv\nrules')" ]
}

# expect CODE PATTERN: of the last run
expect()
{
    [ "$code" -eq "$1" ] && grep -q -e "$2" "$scratch/said" &&
        ! grep -q -e Sanitizer -e 'runtime error' "$scratch/said"
}

echo 'segment buyers when did buy' >"$project/rules/all.seg"
build source_evil "$here/evil.c"
report $? "the evil plugin builds"

run_breach none
[ "$code" -eq 0 ] && grep -q "ann" "$project/out.csv"
report $? "without a breach all is well"

while IFS='|' read -r breach message; do
    run_breach "$breach"
    expect 70 "^carpel: plugin \"evil\" broke the contract: $message" && is_untouched
    report $? "$breach"
done <<'END'
open fails silently|open failed with no message$
open fails without an end|open failed with a message that does not end$
open fails with another code|open failed with an unknown code$
stream zeroed|its stream lacks release$
stream without get_schema|its stream lacks get_schema$
stream without get_next|its stream lacks get_next$
stream without get_last_error|its stream lacks get_last_error$
stream without release|its stream lacks release$
stream release does not reset|the release of its stream did not reset it$
get_schema fails silently|get_schema failed without a message (Input/output error)$
schema zeroed|get_schema gave no schema$
schema without children|it brings 0 columns where 2 are wanted$
schema with too many children|it brings 9223372036854775807 columns where 2 are wanted
schema without a format|column "person" has no format$
schema of other columns|column 1 is "other" instead of "person"$
get_next fails silently|get_next failed without a message (Input/output error)$
get_next fails with -1|get_next failed with the number -1$
no row for long|it gave 10000 batches without a row$
batch not releasable|a batch of 3 rows cannot be released$
batch release does not reset|the release of a batch did not reset it$
batch dropped|it took 3 rows and handed over 0$
batch offset far|a batch has 3 rows from offset 9223372036854775807$
batch length far|a batch has 9223372036854775807 rows from offset 0$
batch length negative|a batch has -1 rows from offset 0$
batch without children|a batch has 0 columns where its schema has 4$
batch with fewer children|a batch has 3 columns where its schema has 4$
batch without buffers|a batch has 0 buffers instead of 1$
column missing|column "person" is not there$
column offset far|column "person" has 3 rows from the offset 9223372036854775807$
column offset long|column "time" has a buffer 1 that is too short$
column offset negative|column "person" has 3 rows from the offset -3$
column short|column "person" has 1 rows where the batch needs 3$
column released|column "time" is released already$
column without buffers|column "person" has 0 buffers instead of 2$
column without values|column "time" lacks its buffer 1$
offsets unsorted|column "person" has text offsets that go backwards$
null_count lies|column "time" says that 1 values are missing where its bits say 3$
null_count without bits|column "time" says that 99 of 3 values are missing$
row begun twice|it begins a row before it ended the one before (line 4)$
row never ended|its last row was never ended (line 4)$
row open in rows_take|it takes the rows while one is open (line 4)$
rows never taken|it built 3 rows and never took them$
log nothing|it calls log without a message$
log without a host|it calls log without an object$
no builder|it calls row_begin without an object$
item outside|it calls item_begin outside of a row$
cell outside|it calls row_set_text outside of a row$
builder freed twice|it calls rows_free after rows_free$
too many columns|it calls rows_new with columns that cannot be$
exit in open|it ends the process in open$
exit in get_schema|it ends the process in get_schema$
exit in get_next|it ends the process in get_next$
exit in release|it ends the process in the release of its stream$
_exit in get_next|it ends the process in get_next$
_Exit in get_next|it ends the process in get_next$
quick_exit in get_next|it ends the process in get_next$
abort in get_next|it aborts in get_next$
crash in get_next|it crashes in get_next$
overflow in get_next|it crashes in get_next$
END

# Whose thread it is cannot be told.
for how in exit _exit; do
    run_breach "$how in a thread"
    expect 70 '^carpel: a plugin broke the contract: it ends the process in a thread of its own$' &&
        is_untouched
    report $? "$how in a thread of a plugin"
done

# What keeps to the contract is told with the source's name before it.
run_breach "open fails well"
expect 1 '^carpel: source "people" (evil): there is no such table$' && is_untouched
report $? "a message of open"
run_breach "get_next fails well"
expect 1 '^carpel: source "people" (evil): the database is away$' && is_untouched
report $? "a message of get_last_error"
run_breach "get_next fails without an end"
expect 1 '^carpel: source "people" (evil): x\{300\}' && is_untouched
report $? "a message of get_last_error that is too long is cut"
run_breach "log well"
expect 0 '^note: source "people" (evil): people$'
report $? "a logged message, and the name of the source"
run_breach "log very often"
expect 0 '^note: source "people" (evil): 19900 more messages$' &&
    [ "$(grep -c '^note: ' "$scratch/said")" -eq 101 ]
report $? "messages without an end are counted"

# ---- outputs -----------------------------------------------------------------------------

# run_output WHERE WHAT: an output that does this there
run_output()
{
    build output_ending "$here/ending_output.c" -DWHERE="\"$1\"" -DWHAT="$2"
    run_breach none >/dev/null 2>&1
    sed -i 's/plugin: csv/plugin: ending/' "$project/carpel.yaml"
    echo yesterday >"$project/out.csv"
    CARPEL_PLUGIN_PATH=$scratch/so:$CARPEL_PLUGIN_PATH "$CARPEL" run -p "$project" \
        >"$scratch/out" 2>"$scratch/said"
    code=$?
}

for where in begin write prepare; do
    run_output $where 'exit(0), 1'
    expect 70 "^carpel: plugin \"ending\" broke the contract: it ends the process in $where$" &&
        is_untouched
    report $? "exit in $where of an output"
done
for what in 'exit(0), 1' 'raise(11), 1'; do
    run_output commit "$what"
    expect 70 "^carpel: plugin \"ending\" broke the contract: it [a-z ]* in commit; files that were put in place are taken back by the next run, and whether other rows are there is not known$"
    report $? "$what in commit of an output"
    build output_ending "$here/ending_output.c" -DWHERE="\"write\"" -DWHAT=0
    CARPEL_PLUGIN_PATH=$scratch/so:$CARPEL_PLUGIN_PATH "$CARPEL" run -p "$project" >"$scratch/out" 2>"$scratch/said"
    code=$?
    expect 70 "write failed with no message$" && [ "$(cat "$project/out.csv")" = yesterday ]
    report $? "and the next run takes its file back"
    rm -rf "$project/.carpel"
done
for where in begin write prepare commit; do
    run_output $where 0
    expect 70 "^carpel: plugin \"ending\" broke the contract: $where failed with no message$" &&
        is_untouched
    report $? "$where of an output fails silently"
done

# ---- what loading runs, and files that are no plugins ----------------------------------

# build_loading NAME FLAGS...
build_loading()
{
    name=$1
    shift
    build "source_$name" "$here/loading.c" -DNAME="\"$name\"" "$@"
}

# list_plugins ARGUMENTS...: leaves $scratch/said (both streams) and $code
list_plugins()
{
    CARPEL_PLUGIN_PATH=$scratch/so:$CARPEL_PLUGIN_PATH "$CARPEL" plugins "$@" \
        >"$scratch/said" 2>&1
    code=$?
}

# says TITLE PATTERN...: each is a line of what was said, and the other plugins are there
says()
{
    title=$1 status=0
    shift
    for pattern; do
        grep -q -e "$pattern" "$scratch/said" || status=1
    done
    grep -q '^source  csv ' "$scratch/said" || status=1
    report $status "$title"
}

rm "$scratch"/so/*
build_loading quiet
build_loading builds -DAT_LOADING='(void)0'
list_plugins
says "a constructor is reported, and the compiler's own is not" \
    '^source  builds ' '^source  quiet ' \
    '^source builds runs 1 function of its own when it is loaded$'
[ "$(grep -c 'of its own' "$scratch/said")" -eq 1 ]
report $? "once"

rm "$scratch"/so/*
build_loading aborts -DAT_LOADING='abort()'
build_loading ends -DAT_LOADING='exit(0)'
build_loading hangs -DAT_LOADING='for (;;) pause()'
build_loading leaves -DAT_UNLOADING='abort()'
list_plugins
says "what crashes, ends or hangs while it is loaded stops no list" \
    'source_aborts.so": loading it crashes (Aborted)$' \
    'source_ends.so": loading it ends the process (exit code 0)$' \
    'source_hangs.so": loading it takes longer than 3 seconds$' \
    'source_leaves.so": loading it crashes (Aborted)$'
rm "$scratch/so/source_hangs.so"
list_plugins ends
[ "$code" -eq 69 ] && grep -q '^carpel: cannot load ".*source_ends.so": loading it ends' "$scratch/said"
report $? "carpel plugins NAME says why it is refused"
sed 's/plugin: evil, breach: "[^"]*"/plugin: ends/' "$project/carpel.yaml" >"$scratch/new" &&
    cp "$scratch/new" "$project/carpel.yaml"
CARPEL_PLUGIN_PATH=$scratch/so:$CARPEL_PLUGIN_PATH "$CARPEL" run -p "$project" >"$scratch/said" 2>&1
code=$?
expect 70 '^carpel: plugin "ends" broke the contract: it ends the process in its loading$'
report $? "a constructor that ends the process of a run"

rm "$scratch"/so/*
whole=$(echo "$CARPEL_PLUGIN_PATH" | sed 's/:.*//')/source_template.so
head -c 1000 "$whole" >"$scratch/so/source_cut.so"
cp "$whole" "$scratch/so/libmine.so"
mkfifo "$scratch/so/source_pipe.so"
mkdir "$scratch/so/source_folder.so"
cp "$whole" "$scratch/so/source_open.so" && chmod 666 "$scratch/so/source_open.so"
list_plugins
says "files that are no plugins are named, with the reason" \
    'source_cut.so": it is damaged or not copied whole' \
    'source_pipe.so" is a pipe, and a file is needed$' \
    'source_folder.so" is a folder, and a file is needed$' \
    'source_open.so" is not loaded: others can write the file (mode 0666); run: chmod go-w ".*source_open.so"$' \
    'libmine.so" is not named like a plugin: call it "source_mine.so" or "output_mine.so"$'
list_plugins mine
[ "$code" -eq 69 ] && grep -q '^carpel: ".*libmine.so" is not named like a plugin' "$scratch/said"
report $? "carpel plugins NAME names the file with another name"

# What is loaded is what was judged: here the first loading, in a child, puts a file in the place of its own
# that everybody can write.
rm -r "$scratch"/so/*
mkdir "$scratch/other"
build_loading swaps
mv "$scratch/so/source_swaps.so" "$scratch/other/" && chmod 666 "$scratch/other/source_swaps.so"
build_loading swaps -DAT_LOADING="rename(\"$scratch/other/source_swaps.so\", \"$scratch/so/source_swaps.so\")"
build_loading quiet
list_plugins
says "a file that is replaced between the look and the loading" \
    'source_swaps.so" is not loaded: another file took its place while it was looked at; try again$' \
    '^source  quiet '

rm -r "$scratch"/so/*
build_loading quiet
chmod 777 "$scratch/so"
list_plugins
says "a folder that others can write" \
    'source_quiet.so" is not loaded: others can write its folder (mode 0777); run: chmod go-w ".*so"$'
chmod 1777 "$scratch/so"
list_plugins
says "a sticky one is fine" '^source  quiet '
chmod 755 "$scratch/so"

# ---- the page about plugins ---------------------------------------------------------------

# build_as_told KIND: the template of this kind, with the lines that docs/plugins.md gives
build_as_told()
{
    rm -rf "$scratch/mine"
    mkdir "$scratch/mine" "$scratch/mine/bin"
    ln -s "$CARPEL" "$scratch/mine/bin/carpel"
    sed "s#^includedir=.*#includedir=$SOURCE_DIRECTORY/include#" "$(dirname "$CARPEL")/carpel.pc" \
        >"$scratch/mine/carpel.pc"
    sed 's/\.name = "template"/.name = "mine"/' "$SOURCE_DIRECTORY/plugins/template/$1.c" \
        >"$scratch/mine/mine.c"
    awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' \
        "$SOURCE_DIRECTORY/docs/plugins.md" | sed "s/source_mine/$1_mine/" >"$scratch/mine/lines"
    grep -q '^cc ' "$scratch/mine/lines" &&
        (cd "$scratch/mine" && PATH=$PWD/bin:$PATH PKG_CONFIG_PATH=$PWD sh -e ./lines) \
            >"$scratch/said" 2>&1 &&
        grep -q "^$1 mine 1.0: " "$scratch/said"
}

if command -v cc >/dev/null && command -v pkg-config >/dev/null; then
    build_as_told source
    report $? "the line of the documentation builds a source that loads"
    cat >"$project/carpel.yaml" <<END
name: mine
plugins: $scratch/mine
events: {purchase: {}}
sources:
  - {plugin: mine, person: person, time: time, event: {from: event},
     rows: ["ann;2026-01-01;purchase", "bob;2026-01-02;purchase"]}
END
    echo 'segment buyers when did purchase' >"$project/rules/all.seg"
    "$CARPEL" run -p "$project" >"$scratch/said" 2>&1 && grep -q '^2 people, 2 events read' "$scratch/said"
    report $? "and works"
    build_as_told output
    report $? "and an output"
else
    skip "the line of the documentation" "no cc or pkg-config"
fi

# ---- people without traits ---------------------------------------------------------------

cat >"$project/carpel.yaml" <<END
name: made up
events: {purchase: {amount: decimal(2)}}
sources:
  - {plugin: synthetic, people: 50}
END
echo 'segment buyers when did purchase' >"$project/rules/all.seg"
"$CARPEL" run -p "$project" >"$scratch/said" 2>&1 && grep -q ' 0 rows refused' "$scratch/said"
report $? "synthetic makes no rows that nobody has a place for"

echo "1..$number"
