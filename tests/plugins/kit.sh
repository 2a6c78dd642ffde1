#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The kit for writing a plugin: what `carpel plugins new` writes builds and passes at once, carpel's own
# plugins keep the contract, and those that do not are told what is wrong.
. "$SOURCE_DIRECTORY/tests/support/plugins.sh"
mkdir bin

# try FILE OPTIONS...: leaves said and $code
try()
{
    "$CARPEL" plugins test "$@" >said 2>&1
    code=$?
}

# expect CODE PATTERN
expect()
{
    [ "$code" -eq "$1" ] && grep -q -e "$2" said
}

# is_clean: nothing that a sanitizer found was said
is_clean()
{
    ! grep -q -e Sanitizer -e 'runtime error' said
}

# ---- what keeps the contract ----------------------------------------------------------------

printf 'person,time,event,amount\nann,2026-01-01,buy,1\nbob,2026-01-02,buy,2\n"c\nd",2026-01-03,see,\n' >in.csv
cat >in.jsonl <<'END'
{"person":"ann","time":"2026-01-01","event":"buy","amount":1}
{"person":"bob","time":"2026-01-02","event":"buy"}
{"person":"cid","time":"2026-01-02","event":"buy","amount":2.5}
END
fields='person: person
time: time
event: {from: event}
properties: {amount: amount}'
printf 'files: in.csv\n%s\n' "$fields" >source_csv.yaml
printf 'files: in.jsonl\n%s\n' "$fields" >source_jsonl.yaml
printf 'people: 30\ndays: 20\n' >source_synthetic.yaml
printf 'path: out\n' >output_csv.yaml
cp output_csv.yaml output_jsonl.yaml
for kind in source output; do
    sed "s/@NAME@/template/" "$SOURCE_DIRECTORY/plugins/template/kit/$kind.yaml" >"${kind}_template.yaml"
done
for plugin in source_csv source_jsonl source_synthetic source_template output_csv output_jsonl output_template; do
    try "$build/plugins/$plugin.so" --options $plugin.yaml
    expect 0 ' 0 failed' && is_clean
    report $? "$plugin keeps the contract"
done
[ "$(ls)" = "$(printf '%s\n' bin in.csv in.jsonl output_csv.yaml output_jsonl.yaml output_template.yaml said so \
    source_csv.yaml source_jsonl.yaml source_synthetic.yaml source_template.yaml)" ]
report $? "outputs that are tried leave no file of the host behind"

mkdir many && awk 'BEGIN { print "person,time"; for (i = 0; i < 20500; i++) print "p" i ",2026-01-01" }' >many/in.csv
printf 'files: in.csv\nperson: person\ntime: time\n' >many/csv.yaml
try "$build/plugins/source_csv.so" --options many/csv.yaml
expect 0 ' 0 failed' && is_clean
report $? "of many rows the first are looked at, in batches of one row as well"

try "$build/plugins/output_jsonl.so" --options output_jsonl.yaml 3</dev/null 4</dev/null 5</dev/null 6</dev/null 7</dev/null
expect 0 ' 0 failed' && is_clean
report $? "whatever files are open where it is tried"

# One that connects to something, and goes on where it was.
if [ -e "$build/plugins/source_sqlite.so" ] && command -v sqlite3 >/dev/null; then
    mkdir base
    sqlite3 base/in.db "create table e(id integer primary key, person text, time text, event text, amount real);
        insert into e values (1, 'ann', '2026-01-01', 'buy', 1.5), (2, 'bob', '2026-01-02', 'see', null), (3, 'cid', '2026-01-03', 'buy', 7);"
    printf 'file: in.db\ntable: e\ngrowing: id\n%s\n' "$fields" >base/source.yaml
    printf 'file: out.db\ntable: members\n' >base/output.yaml
    for kind in source output; do
        try "$build/plugins/${kind}_sqlite.so" --options base/$kind.yaml
        expect 0 ' 0 failed' && is_clean
        report $? "${kind}_sqlite keeps the contract"
    done
else
    skip "source_sqlite and output_sqlite keep the contract" "no plugin, or no sqlite3"
fi

try "$build/plugins/source_csv.so" --options source_csv.yaml --tap --seed 7
expect 0 '^ok 20 - ' && grep -q '^1\.\.20$' said && ! grep -v -e '^ok ' -e '^1\.\.' -e '^#' said >/dev/null
report $? "the report as TAP"

# What somebody writes who has read docs/plugins.md.
printf '[ann]\ntime=2026-01-01\nevent=buy\n\n[bob]\ntime=2026-01-02\n\n[]\nno value\n' >a.ini
printf 'file: a.ini\nperson: section\ntime: time\nevent: {from: event}\n' >ini.yaml
${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -fPIC -shared -I"$SOURCE_DIRECTORY/include" -o so/source_ini.so "$here/ini_source.c" >said 2>&1 &&
    try so/source_ini.so --options ini.yaml && expect 0 ' 0 failed' && is_clean &&
    [ "$(sed '1,/\*\//d' "$here/ini_source.c" | grep -c .)" -lt 80 ]
report $? "a source of less than 80 lines keeps the contract"

# reads FILE: a run over such a file, whose amounts no section has
mkdir -p ini/rules
echo 'segment buyers when did buy' >ini/rules/all.seg
reads()
{
    cat >ini/carpel.yaml <<END
name: ini
store: none
events: {buy: {amount: int}}
sources: [{name: ini, plugin: ini, file: $1, person: section, time: time, event: buy, properties: {amount: amount}}]
END
    CARPEL_PLUGIN_PATH=$PWD/so "$CARPEL" run -p ini --as-of 2026-02-01 >said 2>&1
}
printf '[ann]\ntime=2026-01-01\n' >ini/one.ini
: >ini/none.ini
reads one.ini && grep -q 'no row has a field "amount"' said
report $? "a field that no row has is warned of"
reads none.ini && ! grep -q 'no row has' said
report $? "but not where there is no row"
rm so/*

# ---- a new one --------------------------------------------------------------------------------

ln -s "$CARPEL" bin/carpel
sed "s#^includedir=.*#includedir=$SOURCE_DIRECTORY/include#" "$build/carpel.pc" >carpel.pc
for kind in source output; do
    if command -v cc >/dev/null && command -v pkg-config >/dev/null; then
        "$CARPEL" plugins new "mine_$kind" --kind $kind >said 2>&1 &&
            MAKEFLAGS= PATH=$PWD/bin:$PATH PKG_CONFIG_PATH=$PWD make -C "mine_$kind" check >>said 2>&1 &&
            grep -q ' 0 failed' said && ! grep -qi warning said
        report $? "a new $kind builds and passes its check"
        ! grep -r -e '@[A-Z]' -e template "mine_$kind" --include='*[a-z]' -I >said
        report $? "and is called by its name all over"
    else
        skip "a new $kind builds and passes its check" "no cc or pkg-config"
    fi
done
"$CARPEL" plugins new mine_source >said 2>&1
[ $? -eq 64 ] && grep -q '^carpel: "mine_source" is there already$' said
report $? "what is there is left alone"
"$CARPEL" plugins new My-Thing >said 2>&1
[ $? -eq 64 ] && grep -q '^carpel: a plugin cannot be named "My-Thing" here$' said
report $? "a name that C has not is refused"

for name in carpel carpel_mine int new test csv; do
    "$CARPEL" plugins new $name >said 2>&1
    [ $? -eq 64 ] && grep -q "^carpel: a plugin cannot be named \"$name\"$" said && [ ! -e $name ]
    report $? "the name $name, which would not do, is refused"
done

# ---- what cannot be loaded -----------------------------------------------------------------------

for file in "$build"/tests/plugins/*.so; do
    [ -e "$file" ] || continue
    try "$file"
    expect 69 "^carpel: .*$(basename "$file")" && is_clean
    report $? "$(basename "$file") is refused with the reason"
done
try "$build/plugins/source_nothing.so"
expect 69 '^carpel: cannot open ".*source_nothing.so": it is not there$'
report $? "a file that is not there"
printf 'flies: in.csv\nperson: person\n' >wrong.yaml
try "$build/plugins/source_csv.so" --options wrong.yaml
expect 1 '^wrong.yaml:1:1: error E0302: ' && grep -q '^hint: Did you mean "files"?' said
report $? "options are told where they are wrong"
printf 'files: in.csv\n' >bare.yaml
try "$build/plugins/source_csv.so" --options bare.yaml
expect 1 'error E0304: no field is named that the source has$'
report $? "and that fields are missing"

# ---- what breaks the contract ---------------------------------------------------------------------

# build NAME FILE FLAGS...
build()
{
    name=$1 file=$2
    shift 2
    ${CC:-cc} -std=gnu11 -w -fPIC -shared -I"$SOURCE_DIRECTORY/include" "$@" -o "so/$name.so" \
        "$here/$file" >said 2>&1
}

build source_evil evil.c
report $? "the evil plugin builds"
while IFS='|' read -r breach message; do
    printf 'breach: "%s"\ncount: 50\nperson: id\n' "$breach" >evil.yaml
    try so/source_evil.so --options evil.yaml --seconds 5
    expect 1 "$message" && is_clean
    report $? "$breach"
done <<'END'
open fails silently|open failed with no message$
stream without get_next|its stream lacks get_next$
stream release does not reset|the release of its stream did not reset it$
get_schema fails silently|get_schema failed without a message
schema of other columns|column 1 is "other" instead of
batch release does not reset|the release of a batch did not reset it$
batch dropped|it took 3 rows and handed over 0$
batch length negative|a batch has -1 rows from offset 0$
column short|column "person" has 1 rows where the batch needs 3$
row begun twice|it begins a row before it ended the one before (line 4)$
row never ended|its last row was never ended (line 4)$
cell outside|it calls row_set_text outside of a row$
builder freed twice|it calls rows_free after rows_free$
exit in open|^        it ends the process in open$
_exit in get_next|^        it ends the process in get_next, batch 1$
abort in get_next|^        it crashes in get_next, batch 1 (Aborted)$
crash in get_next|^        it crashes in get_next, batch 1 (Segmentation fault)$
exit in release|^        it ends the process in the release of its stream$
END

# flaw KIND FLAW MESSAGE: the check with this message fails
flaw()
{
    printf 'flaw: "%s"\n' "$2" >careless.yaml
    [ "$1" = source ] && echo 'person: person' >>careless.yaml || echo 'path: out' >>careless.yaml
    try "so/${1}_careless.so" --options careless.yaml --seed 1 --seconds "${4-10}"
    if [ "$2" = none ]; then
        expect 0 ' 0 failed' && is_clean
    else
        expect 1 "^        $3" && is_clean
    fi
    report $? "$1 with the flaw: $2"
}

build source_careless careless_source.c && build output_careless careless_output.c
report $? "the careless ones build"
flaw source none ''
flaw source deaf 'get_next gives batch 1 although it is cancelled before$'
flaw source 'other rows' 'when it is opened again, row 1 is another one$'
flaw source 'shared place' 'of the second instance, row 1 is another one$'
flaw source 'no end' 'get_next after the end gives no end again$'
flaw source 'dumb about fields' 'a field that it does not have is neither an error nor a warning$'
flaw source 'batch size' 'in batches of one row, row 2 is another one$'
flaw source 'crash on a word' 'it crashes in open (Aborted)$'
flaw source 'open file' 'each time it leaves 1 files open$'
flaw source hang 'it does not come back from get_next, batch 2 within 1 seconds$' 1
flaw output none ''
mkdir empty && printf 'flaw: none\npath: out\n' >careless.yaml
(cd empty && try ../so/output_careless.so --options ../careless.yaml && cp said ../said && rm said && exit $code) && [ -z "$(ls -A empty)" ]
report $? "names that are drawn leave no files where it is tried"
flaw output 'keeps batches' 'write leaves 3 batches or schemas unreleased$'
flaw output deaf 'write takes all rows although it is cancelled at batch 1$'
flaw output 'blind to failures' 'write answers true although batch 1 could not be had$'
flaw output 'goes on without a file' 'begin answers true although its file could not be opened$'
flaw output 'counts runs' 'the second time its files have something else$'
flaw output 'counts batches' 'in batches of one row, and of none, its files have something else$'
flaw output 'crashes without rows' 'it crashes in write (Aborted)$'
flaw output 'fails late' 'columns that begin took are refused later: there are more columns than three$'
flaw output 'releases the stream' 'write releases the stream, which is the host'

# Options may make it wait for long, as long as it stops when it is asked to.
printf 'path: out\nwait: 0\n' >waiting.yaml
build output_waiting waiting_output.c -DIS_DEAF=false
try so/output_waiting.so --options waiting.yaml --seed 1 --seconds 60
expect 0 ' 0 failed' && is_clean
report $? "an output that waits for an hour until it is asked to stop"
build output_waiting waiting_output.c -DIS_DEAF=true
try so/output_waiting.so --options waiting.yaml --seed 1 --seconds 3
expect 1 '^        it does not come back from begin within 3 seconds$' && is_clean
report $? "and one that waits whatever it is asked"

if nm "$CARPEL" 2>/dev/null | grep -q ' __[at]san_init'; then
    skip "memory that a source and an output keep" "a sanitizer has the memory"
else
    flaw source leak 'each time it keeps [0-9]* bytes of memory$'
    flaw output leak 'each time it keeps [0-9]* bytes of memory$'
fi

# ---- secrets ---------------------------------------------------------------------------------------------

# tell COMMAND...: all that it says and keeps goes to said
tell()
{
    TOKEN=$token CARPEL_PLUGIN_PATH=$PWD/so:$build/plugins "$CARPEL" "$@" -p project >>said 2>&1
}

mkdir -p project/rules
echo 'segment everybody when did buy' >project/rules/all.seg
cat >project/carpel.yaml <<'END'
name: secrets
time_zone: UTC
events: {buy: {}}
sources:
  - {name: people, plugin: careless, flaw: none, person: person, time: time, event: buy, token: "${TOKEN}", refused: 100%}
outputs:
  - {plugin: csv, path: out.csv}
END
token=hunter2 && : >said
for command in check run 'run --json' load sources 'sources --explain --json' 'sources --json' plan store refused; do
    # shellcheck disable=SC2086 # are words
    tell $command
done
sed 's/flaw: none/flaw: [none]/' project/carpel.yaml >wrong && cp project/carpel.yaml right && cp wrong project/carpel.yaml
tell check
tell check --format json
cp right project/carpel.yaml
grep -q '4 people' said && grep -q 'option "flaw"' said && ! grep -q hunter2 said &&
    ! grep -rq hunter2 project
report $? "a secret is in nothing that is said or kept"
token=hunter3 && : >said
tell run
! grep -q 'loaded again' said && grep -q '4 people' said
report $? "another one is no other source"
printf 'hunter2\n' >project/token && chmod 600 project/token
sed 's/"${TOKEN}"/{file: token}/' right >project/carpel.yaml
token='' && : >said
tell check
! grep -q 'error E' said && [ -s said ]
report $? "it may stand in a file"
chmod 644 project/token && : >said
tell check
grep -q 'error E0307: ".*token" is not read: others have rights on it (mode 0644); run: chmod go= ' said
report $? "which nobody else can read"

# ---- a foreign folder ---------------------------------------------------------------------------------

rm so/*
build source_ends loading.c -DNAME='"ends"' -DAT_LOADING='abort()'
build libother loading.c -DNAME='"mine"'
build source_late source_newer_minor.c
build source_draft source_wrong_major.c
echo 'no library' >so/source_notes.so
"$CARPEL" plugins --scan so >said 2>&1
code=$?
expect 0 '^source_ends.so  *source  *ends  *1.0  *[0-9]*\.[0-9]*  *Wrong on purpose\.$' &&
    grep -q '^source_ends.so: runs 1 function of its own when it is loaded$' said
report $? "what files say of themselves is read, and nothing of theirs runs"
grep -q '^libother.so: its file would have to be called source_mine.so$' said &&
    grep -q '^source_late.so: is built for a newer interface than ' said &&
    grep -q '^source_draft.so: this carpel has interface 1\.[0-9]*: it has to be built anew$' said &&
    grep -q '^  cannot load "so/source_notes.so": it is no shared object$' said
report $? "and what hinders them from being loaded"
"$CARPEL" plugins --scan nowhere >said 2>&1
code=$?
expect 66 '^carpel: cannot open "nowhere": '
report $? "a folder that is not there"

echo "1..$number"
