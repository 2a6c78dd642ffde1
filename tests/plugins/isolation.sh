#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Sources in a process of their own: they give what they give without, and what crashes, hangs, ends
# the process or breaks the contract there is the failure of the source, with the signal named.
: "${ASAN_OPTIONS:=detect_leaks=1}"
. "$SOURCE_DIRECTORY/tests/support/plugins.sh"
mkdir -p project/rules

for name in evil queue_source pieces_source; do
    ${CC:-cc} -std=gnu11 -w -fPIC -shared -I"$SOURCE_DIRECTORY/include" -o "so/source_${name%_source}.so" "$here/$name.c" >said 2>&1
    report $? "$name builds"
done
echo 'segment buyers when did buy' >project/rules/all.seg

# carpel ARGUMENTS...: leaves said and $code
carpel()
{
    CARPEL_PLUGIN_PATH=$PWD/so:$build/plugins "$CARPEL" "$@" >said 2>&1
    code=$?
}

# ---- what breaks the contract ----------------------------------------------------------------

# run_breach NAME: leaves said and $code; yesterday's output is there
run_breach()
{
    cat >project/carpel.yaml <<END
name: three people
store: none
events: {buy: {}}
sources:
  - {name: people, plugin: evil, breach: "$1", person: id, time: at, event: buy, isolation: {kind: process, longest_silence: 1}}
outputs:
  - {plugin: csv, path: out.csv}
END
    echo yesterday >project/out.csv
    ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 carpel run -p project
}

run_breach none
[ "$code" -eq 0 ] && grep -q ann project/out.csv
report $? "without a breach all is well"
while IFS='|' read -r breach message; do
    run_breach "$breach"
    [ "$code" -eq 70 ] && grep -q "^carpel: plugin \"evil\" broke the contract: $message" said &&
        [ "$(cat project/out.csv)" = yesterday ] && [ "$(ls project)" = "$(printf 'carpel.yaml\nout.csv\nrules')" ]
    report $? "$breach"
done <<'END'
crash in open|it crashes in open (Segmentation fault)$
crash in get_schema|it crashes in get_schema (Segmentation fault)$
crash in get_next|it crashes in get_next (Segmentation fault)$
crash in release|it crashes in the release of its stream (Segmentation fault)$
overflow in get_next|it crashes in get_next (Segmentation fault)$
abort in get_next|it aborts in get_next (Aborted)$
exit in open|it ends the process in open (exit code 0)$
exit in get_next|it ends the process in get_next (exit code 0)$
exit in release|it ends the process in the release of its stream (exit code 0)$
_exit in get_next|it ends the process in get_next (exit code 0)$
quick_exit in get_next|it ends the process in get_next (exit code 0)$
exit in a thread|it ends the process in get_next (exit code 0)$
hang in open|it gives no sign of life for 1 seconds in open$
hang in get_next|it gives no sign of life for 1 seconds in get_next$
loop in release|it does not end within 2 seconds in the release of its stream$
scribble on memory|its process tells what cannot be read$
open fails silently|open failed with no message$
stream zeroed|its stream lacks release$
stream release does not reset|the release of its stream did not reset it$
schema of other columns|column 1 is "other" instead of "person"$
get_next fails with -1|get_next failed with the number -1$
no row for long|it gave 10000 batches without a row$
batch dropped|it took 3 rows and handed over 0$
batch length far|a batch has 9223372036854775807 rows from offset 0$
column missing|column "person" is not there$
column without values|column "time" lacks its buffer 1$
offsets unsorted|column "person" has text offsets that go backwards$
null_count lies|column "time" says that 1 values are missing where its bits say 3$
row begun twice|it begins a row before it ended the one before (line 4)$
rows never taken|it built 3 rows and never took them$
log nothing|it calls log without a message$
builder freed twice|it calls rows_free after rows_free$
END
run_breach scribble # what is met only where the parent sleeps at its socket just then
{ [ "$code" -eq 0 ] && grep -q ann project/out.csv; } ||
    { [ "$code" -eq 70 ] && grep -q 'broke the contract: its process tells what cannot be read$' said; }
report $? "scribble on sockets"
run_breach "open fails well"
[ "$code" -eq 1 ] && grep -q '^carpel: source "people" (evil): there is no such table$' said
report $? "a message of open"
run_breach "get_next fails well"
[ "$code" -eq 1 ] && grep -q '^carpel: source "people" (evil): the database is away$' said
report $? "a message of get_last_error"
run_breach "log very often"
[ "$code" -eq 0 ] && grep -q '^note: source "people" (evil): 19900 more messages$' said
report $? "messages without an end are counted"

# ---- stopping --------------------------------------------------------------------------------

sed 's/breach: "[^"]*"/breach: "hang in get_next"/; s/longest_silence: 1/longest_silence: 900/' project/carpel.yaml >new && mv new project/carpel.yaml
CARPEL_PLUGIN_PATH=$PWD/so:$build/plugins "$CARPEL" run -p project >said 2>&1 &
carpel=$!
child=
while [ -z "$child" ] && kill -0 "$carpel" 2>/dev/null; do
    child=$(cat /proc/$carpel/task/$carpel/children 2>/dev/null | tr -d ' ')
done
kill -TERM "$carpel"
wait "$carpel"
code=$?
[ "$code" -eq 75 ] && ! kill -0 "$child" 2>/dev/null
report $? "who stops the command stops the child"

# ---- going on --------------------------------------------------------------------------------

cat >project/carpel.yaml <<'END'
name: queue
time_zone: UTC
events: {buy: {}}
sources:
  - {name: orders, plugin: queue, file: queue, person: person, time: time, event: buy, isolation: process, retry: {longest_wait: 0}}
END
awk 'BEGIN { for (i = 1; i <= 40000; i++) print "p" i % 1000, i % 10000 == 77 ? "never" : "2026-01-" sprintf("%02d", i % 28 + 1) }' >project/queue
carpel run -p project
[ "$code" -eq 0 ] && grep -q '^1,000 people, 39,996 events read, 4 rows refused' said && [ "$(cat project/queue.kept)" = 40000 ]
report $? "cursors, refused rows and acknowledging"
echo "p1 2026-01-01" >>project/queue
carpel run -p project
[ "$code" -eq 0 ] && grep -q ': read from 40000$' said && grep -q '39,997 events' said && [ "$(cat project/queue.kept)" = 40001 ]
report $? "it goes on where it was"
sed 's/isolation: process/address: here, isolation: none/' project/carpel.yaml >new && mv new project/carpel.yaml
carpel run -p project
[ "$code" -eq 0 ] && grep -q ': read from 40001$' said
report $? "without isolation it goes on, too, and from another address"
sed 's/address: here, isolation: none/address: there, isolation: process/' project/carpel.yaml >new && mv new project/carpel.yaml
carpel run -p project
[ "$code" -eq 0 ] && grep -q ': read from 40001$' said
report $? "and back in a process of its own"
rm -rf project/.carpel project/queue.kept
FLAW='later get_next 2' carpel run -p project
[ "$code" -eq 74 ] && [ "$(grep -c ': read from 32768$' said)" -eq 3 ] && grep -q 'busy (tried 4 times)$' said
report $? "what says later is tried again behind the last cursor, in a new process"
FLAW=denied carpel check --connect -p project
[ "$code" -eq 74 ] && grep -q 'at fault: the password of "orders" is wrong$' said
report $? "whether it is reached"
FLAW='endless cursor' carpel run -p project
[ "$code" -eq 70 ] && grep -q 'its cursor has no end within 262144 bytes$' said
report $? "a cursor without an end"

# ---- rows of every kind ------------------------------------------------------------------------

cat >project/carpel.yaml <<'END'
name: kinds
time_zone: UTC
store: none
events:
  buy: {amount: decimal(2), count: int, rate: number, gift: bool, day: date, took: duration, what: string, tags: [string], items: [{sku: string, price: decimal(2)}]}
sources:
  - {name: rows, plugin: jsonl, files: "rows*.jsonl", person: who, time: at, event: buy, isolation: none}
outputs:
  - {plugin: csv, path: out.csv, segments: [buyers, others, tagged, pairs, nameless], scores: [a, b, c, d, e], shape: wide}
END
awk 'BEGIN { for (i = 0; i < 30000; i++) {
    printf "{\"who\":\"p%d\",\"at\":\"2026-01-%02dT00:00:00Z\"", i % 700, i % 28 + 1
    if (i % 2) printf ",\"amount\":%d.%02d,\"count\":%d", i % 90, i % 100, i
    if (i % 3) printf ",\"rate\":0.%d,\"gift\":%s", i, i % 5 ? "true" : "false"
    if (i % 7) printf ",\"day\":\"2026-02-%02d\",\"took\":\"%d seconds\",\"what\":\"w\303\244%d\"", i % 28 + 1, i % 50, i % 11
    if (i % 4 == 0) printf ",\"items\":[{\"sku\":\"s%d\",\"price\":1.5},{\"price\":%d}]", i % 13, i % 8
    if (i % 4 == 1) printf ",\"items\":[]"
    if (i % 6) printf ",\"tags\":[\"t%d\",\"u\"]", i % 9
    print "}" } }' >project/rows1.jsonl
printf '{"who":"p1","at":"never"}\n{"who":"p2","at":"2026-01-01","count":1}' >project/rows2.jsonl
cat >project/rules/all.seg <<'END'
segment buyers when count(buy where (gift = true)) >= 2 and sum(buy.amount) > 100
segment others when did buy where (what = "wä3" and day > 2026-02-10)
segment tagged when did buy where ("t3" in tags)
score a = sum(buy.amount)
score b = count(buy where (gift = false))
score c = sum(buy.rate)
score d = sum(buy.count)
score e = count(buy where (took > 20 seconds))
segment pairs when count(buy where (count(items) > 1 and sum(items.price) > 7)) >= 3
segment nameless when count(buy where (count(items where (sku is missing)) = 1)) >= 4
END
carpel run -p project --as-of 2026-03-01
cp said first && cp project/out.csv first.csv 2>/dev/null
[ "$code" -eq 0 ] && [ "$(wc -l <first.csv)" -gt 700 ]
report $? "in carpel's own process"
sed 's/isolation: none/isolation: process/' project/carpel.yaml >new && mv new project/carpel.yaml
carpel run -p project --as-of 2026-03-01
[ "$code" -eq 0 ] && cmp -s project/out.csv first.csv
report $? "and in another, in pieces: the same"

# ---- many pieces -----------------------------------------------------------------------------------

cat >project/carpel.yaml <<'END'
name: pieces
store: none
events: {buy: {}}
sources:
  - {name: pieces, plugin: pieces, pieces: 1500, person: who, time: at, event: buy, isolation: process}
END
echo 'segment buyers when did buy' >project/rules/all.seg
carpel run -p project
[ "$code" -eq 0 ] && grep -q '^1 person, 1,500 events read' said
report $? "a piece is open once at a time, and leaves no stack behind"

cat >project/carpel.yaml <<'END'
name: pieces
store: none
events: {buy: {}}
sources:
  - {name: pieces, plugin: pieces, pieces: 20, person: who, time: at, event: buy}
END
printf '%0200d' 0 >project/two-hundred.bytes
while IFS='|' read -r place files message; do
    ${CC:-cc} -std=gnu11 -w -fPIC -shared -I"$SOURCE_DIRECTORY/include" -DPLACE="$place" -o so/source_pieces.so "$here/pieces_source.c"
    sed "s/pieces: 20/&$files/; s/store: none/store: kept/" project/carpel.yaml >project/new && cp project/new project/carpel.yaml
    rm -rf project/kept
    carpel run -p project
    [ "$code" -eq 70 ] && grep -q "^carpel: plugin \"pieces\" broke the contract: $message" said
    report $? "pieces: $place"
    sed "s/, files: two-hundred.bytes//" project/carpel.yaml >project/new && cp project/new project/carpel.yaml
done <<'END'
if (piece == 0) out->is_first = false||piece 0 says that it is not the first of its file$
if (piece == 7) out->begin += 3||piece 7 says that its rows begin at byte 73, where the one before ended at 70$
if (piece == 7) out->end = out->begin - 5||piece 7 says that its rows end at byte 65, before they begin at 70$
if (piece == 19) out->end += 5|, files: two-hundred.bytes|piece 19 says that its rows end at byte 205, behind the end of its file$
if (piece == 7) out->is_first = true|, files: two-hundred.bytes|piece 7 says that it is the first of one file more than the 1 that there are$
END
rm -rf project/kept

# ---- outputs ---------------------------------------------------------------------------------------

# output WHERE WHAT: an output that does this there beside one of csv; leaves said and $code
isolation='{kind: process, longest_silence: 1}'
output()
{
    ${CC:-cc} -std=gnu11 -w -fPIC -shared -I"$SOURCE_DIRECTORY/include" -DWHERE="\"$1\"" -DWHAT="$2" \
        -o so/output_ending.so "$here/ending_output.c" || return 1
    cat >project/carpel.yaml <<END
name: out
store: none
keep_runs: none
events: {buy: {}}
sources: [{name: people, plugin: csv, files: in.csv, person: id, time: at, event: buy}]
outputs:
  - {plugin: csv, path: out.csv}
  - {plugin: ending, path: ended, isolation: $isolation}
END
    echo yesterday >project/out.csv
    rm -f project/ended
    ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 carpel run -p project
}

awk 'BEGIN { print "id,at"; for (i = 0; i < 150000; i++) print "p" i "," "2026-01-01" }' >project/in.csv
output none 1
[ "$code" -eq 0 ] && [ "$(cat project/ended)" = today ] && [ "$(wc -l <project/out.csv)" -eq 150001 ]
report $? "an output puts a file of the host's in place"
while IFS='|' read -r where what message; do
    output "$where" "$what"
    [ "$code" -eq 70 ] && grep -q "^carpel: plugin \"ending\" broke the contract: $message" said &&
        [ "$(cat project/out.csv)" = yesterday ] && [ ! -e project/ended ]
    report $? "$what in $where of an output"
done <<'END'
begin|raise(11), 1|it crashes in begin (Segmentation fault)$
write|raise(11), 1|it crashes in write (Segmentation fault)$
prepare|abort(), 1|it aborts in prepare (Aborted)$
commit|raise(11), 1|it crashes in commit (Segmentation fault): whether its rows are there is not known$
commit|_exit(0), 1|it ends the process in commit (exit code 0): whether its rows are there is not known$
write|pause(), 1|it gives no sign of life for 1 seconds in write$
write|raise(9), 1|it is killed in write (Killed), as the system does when memory runs out$
prepare|raise(9), 1|it is killed in prepare (Killed), as the system does when memory runs out$
prepare|0|prepare failed with no message$
commit|0|commit failed with no message$
END
while IFS='|' read -r what message; do
    output close "$what"
    [ "$code" -eq 70 ] && grep -q "^carpel: plugin \"ending\" broke the contract: $message" said &&
        [ "$(wc -l <project/out.csv)" -eq 150001 ] && [ "$(cat project/ended)" = today ]
    report $? "$what in close of an output is told, and its rows are there"
done <<'END'
raise(11), 1|it crashes in close (Segmentation fault)$
raise(9), 1|it is killed in close (Killed), as the system does when memory runs out$
_exit(0), 1|it ends the process in close (exit code 0)$
pause(), 1|it gives no sign of life for 1 seconds in close$
END
isolation=none
output close 'raise(11), 1'
[ "$code" -eq 70 ] && grep -q '^carpel: plugin "ending" broke the contract: it crashes in close' said
report $? "as without isolation"

# ---- rows that an output cannot take ---------------------------------------------------------------

# starved DEFINITIONS...: leaves said and $code
starved()
{
    ${CC:-cc} -std=gnu11 -w -fPIC -shared -pthread -I"$SOURCE_DIRECTORY/include" "$@" -o so/output_starved.so "$here/starved_output.c" || return 1
    cat >project/carpel.yaml <<'END'
name: out
store: none
keep_runs: none
events: {buy: {}}
sources: [{name: people, plugin: csv, files: in.csv, person: id, time: at, event: buy}]
outputs: [{plugin: starved, isolation: {kind: process, longest_silence: 1}}]
END
    ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 CARPEL_PLUGIN_PATH=$PWD/so:$build/plugins timeout 60 "$CARPEL" run -p project >said 2>&1
    code=$?
}

# A batch is larger than what is sent at once, and the characters of the ids are orders, should anybody take them
# for such.
awk 'BEGIN { for (i = 0; i < 100; i++) orders = orders "acpq"; print "id,at"; for (i = 0; i < 20000; i++) print orders i ",2026-01-01" }' >project/in.csv
called='begin write abort close'
if ! nm "$CARPEL" 2>/dev/null | grep -q ' __[at]san_init'; then # which needs memory without a limit
    starved -DSTARVED=1 -DFROZEN=0 -DHEEDS=1
    [ "$code" -eq 74 ] && [ "$(grep -x '[a-z]*' said | xargs)" = "$called" ] &&
        grep -q '^carpel: output "starved" (starved): no rows: out of memory: ' said
    report $? "when there is no memory for its rows, it is aborted and closed, and nothing else"
    starved -DSTARVED=1 -DFROZEN=0 -DHEEDS=0
    [ "$code" -eq 74 ] && [ "$(grep -x '[a-z]*' said | xargs)" = "$called" ] && grep -q '^carpel: .*out of memory: ' said
    report $? "also when it does not heed that there are none"
fi
starved -DSTARVED=0 -DFROZEN=1 -DHEEDS=1
[ "$code" -eq 70 ] && grep -q '^carpel: plugin "starved" broke the contract: it gives no sign of life for 1 seconds in write$' said
report $? "one that stops in the middle of a batch is ended"

sed 's/longest_silence: 1/longest_silence: 900/' project/carpel.yaml >new && mv new project/carpel.yaml
CARPEL_PLUGIN_PATH=$PWD/so:$build/plugins "$CARPEL" run -p project >said 2>&1 &
carpel=$!
is_frozen=
while [ -z "$is_frozen" ] && kill -0 "$carpel" 2>/dev/null; do
    for child in $(cat /proc/$carpel/task/$carpel/children 2>/dev/null); do
        is_frozen=$(grep '^State:.*stopped' "/proc/$child/status" 2>/dev/null)
    done
done
kill -TERM "$carpel"
wait "$carpel"
code=$?
[ "$code" -eq 75 ] && ! kill -0 "$child" 2>/dev/null
report $? "or when the user stops"

awk 'BEGIN { for (i = 0; i < 4500; i++) printf "segment s%d when count(buy) >= %d\n", i, i % 3 }' >project/rules/all.seg
cat >project/carpel.yaml <<'END'
name: out
store: none
keep_runs: none
events: {buy: {}}
sources: [{name: people, plugin: csv, files: in.csv, person: id, time: at, event: buy}]
outputs:
  - {name: here, plugin: csv, path: here.csv, shape: wide}
  - {name: there, plugin: csv, path: there.csv, shape: wide, isolation: process}
END
printf 'id,at\nann,2026-01-01\nbob,2026-01-01\nbob,2026-01-02\n' >project/in.csv
carpel run -p project
[ "$code" -eq 0 ] && cmp -s project/here.csv project/there.csv && [ "$(head -1 project/there.csv | tr ',' '\n' | wc -l)" -gt 4500 ]
report $? "an output takes as many columns as there are"
echo 'segment buyers when did buy' >project/rules/all.seg
cat >project/carpel.yaml <<'END'
name: out
store: none
keep_runs: none
events: {buy: {amount: decimal(2)}}
sources: [{name: people, plugin: csv, files: in.csv, person: id, time: at, event: buy}]
traits: {country: string, born: date, seen: time, is_vip: bool, visits: int, weight: number}
outputs:
  - {name: here, plugin: csv, path: here.csv, columns: [person, country, born, seen, is_vip, visits, weight, buyers], shape: wide}
  - {name: there, plugin: csv, path: there.csv, columns: [person, country, born, seen, is_vip, visits, weight, buyers], shape: wide, isolation: process}
END
awk 'BEGIN { print "id,at,country,born,seen,is_vip,visits,weight"; for (i = 0; i < 150000; i++)
    print "p" i ",2026-01-01," (i % 3 ? "c\303\244" i % 50 : "") "," (i % 5 ? "1990-01-" sprintf("%02d", i % 28 + 1) : "") ",2026-01-01T00:00:" sprintf("%02d", i % 60) "Z," (i % 2 ? "true" : i % 7 ? "false" : "") "," i % 11 "," i / 8 }' >project/in.csv
sed -i 's/event: buy}]/event: buy, traits: [country, born, seen, is_vip, visits, weight]}]/' project/carpel.yaml
carpel run -p project
[ "$code" -eq 0 ] && cmp -s project/here.csv project/there.csv && [ "$(wc -l <project/there.csv)" -eq 150001 ]
report $? "values of every type are written as without isolation"
cat >project/carpel.yaml <<'END'
name: out
store: none
keep_runs: none
events: {buy: {}}
sources: [{name: people, plugin: csv, files: in.csv, person: id, time: at, event: buy}]
outputs: [{name: there, plugin: csv, path: in.csv, isolation: process}]
END
carpel run -p project
[ "$code" -ne 0 ] && grep -q 'in.csv' said && [ "$(wc -l <project/in.csv)" -eq 150001 ]
report $? "a place that may not be written is refused there, too"

# ---- rows that carpel cannot take ----------------------------------------------------------------------

if ! nm "$CARPEL" 2>/dev/null | grep -q ' __[at]san_init'; then # which needs memory without a limit
    ${CC:-cc} -std=gnu11 -w -fPIC -shared -I"$SOURCE_DIRECTORY/include" -DMEGABYTES=700 -o so/source_swollen.so "$here/swollen_source.c"
    cat >project/large.yaml <<'END'
name: large
store: none
events: {buy: {}}
sources: [{name: rows, plugin: swollen, person: id, time: at, event: buy, isolation: process}]
END
    cp project/carpel.yaml project/kept.yaml && mv project/large.yaml project/carpel.yaml
    CARPEL_PLUGIN_PATH=$PWD/so:$build/plugins sh -c 'ulimit -Sv 500000; exec "$@"' sh "$CARPEL" run -j 1 -p project >said 2>&1
    code=$?
    [ "$code" -eq 74 ] && grep -q '^carpel: source "rows" (swollen): out of memory: ' said && ! grep -q contract said
    report $? "when carpel has no memory for the rows of a source, the plugin is not to blame"
    mv project/kept.yaml project/carpel.yaml
fi

# ---- the project file ------------------------------------------------------------------------------

sed 's/isolation: process/isolation: thread/; s/in.csv, isolation/out2.csv, isolation/' project/carpel.yaml >new && mv new project/carpel.yaml
carpel check -p project
grep -q '"isolation" is process or none, not "thread"' said
report $? "another isolation is none"

echo "1..$number"
