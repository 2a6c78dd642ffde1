#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What says that it may go well later is tried again, as often as the project says, and no row is
# counted twice or lost.
. "$SOURCE_DIRECTORY/tests/support/plugins.sh"
mkdir -p project/rules

# project SOURCE OUTPUT: with these lines more of the source, and this output
project()
{
    cat >project/carpel.yaml <<END
name: queue
time_zone: UTC
$store
events: {buy: {}}
sources:
  - {name: orders, plugin: queue, file: queue, person: person, time: time, event: buy, retry: {longest_wait: 0${1-}}}
outputs:
  - {plugin: csv, path: members.csv}
${2-}
END
}

# run: leaves said, $code, and $events, of how many people who are there
run()
{
    carpel run -p project --as-of 2026-02-01
    events=$(sed -n 's/^\([0-9,]*\) pe[a-z]*, \([0-9,]*\) events.*/\1 \2/p' said)
}

for file in source_queue:queue_source output_later:later_output; do
    ${CC:-cc} -std=gnu11 -Wall -fPIC -shared -I"$SOURCE_DIRECTORY/include" -o "so/${file%:*}.so" "$here/${file#*:}.c" >said 2>&1
    report $? "${file%:*} builds"
done
echo 'segment buyers when did buy' >project/rules/all.seg
# More than one batch; a row in each is refused.
awk 'BEGIN { for (i = 1; i <= 40000; i++) print "p" i % 1000, i % 10000 == 77 ? "never" : "2026-01-" sprintf("%02d", i % 28 + 1) }' >project/queue

# ---- sources ------------------------------------------------------------------------------------

for store in 'store: none' ''; do
    project
    rm -rf project/.carpel project/queue.kept
    flaw='later open 3'
    run
    [ "$code" -eq 0 ] && [ "$events" = '1,000 39,996' ] &&
        grep -q '^note: source "orders" (queue): the queue is busy; it is tried again (attempt 4 of 4)$' said
    report $? "open is tried four times (${store:-with a store})"
    rm -rf project/.carpel project/queue.kept
    flaw='later open 4'
    run
    [ "$code" -eq 74 ] && grep -q '^carpel: source "orders" (queue): the queue is busy (tried 4 times)$' said
    report $? "and not more often (${store:-with a store})"
done
project ', attempts: 5'
run
[ "$code" -eq 0 ] && [ "$(grep -c 'tried again' said)" -eq 4 ]
report $? "unless the project says so"

rm -rf project/.carpel project/queue.kept
flaw='later get_next 2'
run
[ "$code" -eq 0 ] && [ "$events" = '1,000 39,996' ] && grep -q ' 4 rows refused' said &&
    [ "$(grep -c ': read from 32768$' said)" -eq 2 ] && [ "$(cat project/queue.kept)" = 40000 ]
report $? "a failure among the rows goes on behind those that were taken, and counts none twice"
grep -q '^position 40000$' project/.carpel/store/manifest*
report $? "and the cursor is that of the end"
store='store: none'
project
rm -rf project/.carpel project/queue.kept
run
[ "$code" -eq 74 ] && ! grep -q 'tried again' said && grep -q ': the queue is busy$' said
report $? "without a store there is no cursor, so what has given rows is not tried again"
store=''
project
rm -rf project/.carpel project/queue.kept
flaw='later acknowledge 2'
run
[ "$code" -eq 0 ] && [ "$(grep -c 'tried again' said)" -eq 2 ] && [ "$(cat project/queue.kept)" = 40000 ]
report $? "acknowledge is tried again"
flaw='later open 1 hour'
run
[ "$code" -eq 74 ] && grep -q 'busy (it is to be tried again in 3600 seconds, which is longer than "longest_wait")$' said
report $? "nobody waits longer than the project allows"
flaw=

# ---- outputs -------------------------------------------------------------------------------------

# later WHERE TIMES OPTIONS: a run with such an output; leaves $calls
later()
{
    rm -f project/calls project/count.txt project/members.csv
    project '' "  - {name: crm, plugin: later, path: count.txt, calls: calls, where: $1, times: $2, retry: {longest_wait: 0}${3-}}"
    run
    calls=$(cat project/calls)
}

while IFS='|' read -r where expected; do
    later "$where" 2
    [ "$code" -eq 0 ] && [ "$calls" = "$expected " ] && [ "$(cat project/count.txt)" = '1000 rows' ] &&
        [ "$(wc -l <project/members.csv)" -eq 1001 ] &&
        grep -q '^note: output "crm" (later): the table is busy; it is tried again (attempt 3 of 4)$' said
    report $? "$where of an output is tried again"
done <<'END'
begin|begin begin begin write prepare commit close
write|begin write abort close begin write abort close begin write prepare commit close
prepare|begin write prepare abort close begin write prepare abort close begin write prepare commit close
commit|begin write prepare commit commit commit close
END
for where in begin write prepare commit; do
    later $where 9
    [ "$code" -eq 74 ] && grep -q 'the table is busy (tried 4 times)$' said && [ ! -e project/count.txt ] && [ ! -e project/members.csv ]
    report $? "$where that never goes well leaves nothing"
done
later write 1 ', segments: [buyers], changes: true'
[ "$code" -eq 0 ] && [ "$(grep -c 'tried again' said)" -eq 1 ] && [ -e project/count.txt ]
report $? "and so is an output of changes"
[ -z "$(find project -name '.carpel-*')" ]
report $? "no file is left aside"

# ---- what is told while it is waited -------------------------------------------------------------

# stopped: a run whose pipe `heard` is read up to the first note, and that is stopped then
stopped()
{
    rm -rf project/.carpel project/queue.kept project/calls project/count.txt project/members.csv heard
    mkfifo heard
    FLAW=$flaw CARPEL_PLUGIN_PATH=$PWD/so:$build/plugins "$CARPEL" run -p project --as-of 2026-02-01 >said 2>heard &
    exec 3<heard
    while read -r note <&3; do
        case $note in *'it is tried again'*) break ;; esac
    done
    kill $! 2>said
    wait $!
    code=$?
    exec 3<&-
}

for own in "" ", isolation: process"; do
    project ", attempts: 2}$own, properties: {"
    sed -i 's/longest_wait: 0/longest_wait: 60/' project/carpel.yaml
    flaw='later open 3'
    stopped
    [ "$code" -eq 75 ]
    report $? "a source is told before it is waited for (${own#, })"
done
flaw=
project '' "  - {name: crm, plugin: later, path: count.txt, calls: calls, where: write, times: 9, retry: {longest_wait: 60}}"
stopped
[ "$code" -eq 75 ] && [ ! -e project/count.txt ]
report $? "and so is an output"

# ---- the project file ------------------------------------------------------------------------------

project ', attempts: 0'
run
[ "$code" -eq 65 ] || [ "$code" -eq 1 ] && grep -q '"attempts" needs a whole number from 1 to 1000, not "0"' said
report $? "it is tried once at least"
project ', pause: 3'
run
grep -q 'E0302' said
report $? "a key that is not known"

echo "1..$number"
