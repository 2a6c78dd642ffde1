#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A source that goes on where it was: its rows are counted once whatever fails, its cursor is kept with
# them or not at all, and it is told of what is kept afterwards only.
. "$SOURCE_DIRECTORY/tests/support/plugins.sh"
mkdir -p project/rules

# run: leaves $events, of how many people who are there
run()
{
    carpel run -p project
    events=$(sed -n 's/^\([0-9]*\) pe[a-z]*, \([0-9]*\) events.*/\1 \2/p' said)
}

kept()
{
    cat project/queue.kept 2>/dev/null
}

${CC:-cc} -std=gnu11 -Wall -fPIC -shared -I"$SOURCE_DIRECTORY/include" -o so/source_queue.so "$here/queue_source.c" >said 2>&1
report $? "the queue builds"
echo 'segment buyers when did buy' >project/rules/all.seg
cat >project/carpel.yaml <<'END'
name: queue
time_zone: UTC
events: {buy: {}}
sources:
  - {name: orders, plugin: queue, file: queue, person: person, time: time, event: buy}
END
printf 'ann 2026-01-01\nbob 2026-01-02\n' >project/queue

run
[ "$code" -eq 0 ] && [ "$events" = '2 2' ] && [ "$(kept)" = 2 ] && grep -q ': read from the beginning$' said
report $? "at first all is read, kept and acknowledged"
grep -q '^position 2$' project/.carpel/store/manifest* && grep -q '^carpel store 3$' project/.carpel/store/manifest*
report $? "the cursor stands in the manifest"
run
[ "$code" -eq 0 ] && [ "$events" = '2 2' ] && grep -q ': read from 2$' said
report $? "then it goes on where it was"
printf 'cid 2026-01-03\nann 2026-01-04\n' >>project/queue
run
[ "$code" -eq 0 ] && [ "$events" = '3 4' ] && [ "$(kept)" = 4 ]
report $? "what is new is put beside what there is"
carpel run -p project --no-load
[ "$code" -eq 0 ] && ! grep -q 'read from' said && grep -q '^3 people, 4 events' said
report $? "without loading nothing is asked"

for flaw in get_next cursor; do
    echo "dan 2026-01-05" >>project/queue
    run
    [ "$code" -eq 74 ] && [ "$(kept)" = 4 ] && grep -q '^position 4$' project/.carpel/store/manifest*
    report $? "$flaw fails: nothing is kept, and nothing acknowledged"
done
flaw='endless cursor'
run
[ "$code" -eq 70 ] && grep -q 'broke the contract: its cursor has no end within 262144 bytes$' said && [ "$(kept)" = 4 ]
report $? "a cursor without an end breaks the contract"
flaw=acknowledge
run
[ "$code" -eq 0 ] && [ "$events" = '4 6' ] && [ "$(kept)" = 4 ] &&
    grep -q 'has not heard that its rows are kept, and is told again at the next load: .*the queue is away$' said
report $? "what is not heard is noted, and the rows are there"
flaw=
run
[ "$code" -eq 0 ] && [ "$events" = '4 6' ] && [ "$(kept)" = 6 ] && grep -q ': read from 6$' said
report $? "it is told again, and no row is counted twice"

sed 's/event: buy/event: buy, skip: {person: bob}/' project/carpel.yaml >new && mv new project/carpel.yaml
run
[ "$code" -eq 1 ] && grep -q 'orders" is to be loaded again, since .* and may not have the rows any more that it knows to be kept' said &&
    ! grep -q 'read from' said && grep -q '^position 6$' project/.carpel/store/manifest*
report $? "rows that a queue may have forgotten are not given up"
carpel store drop orders -p project
rm project/queue.kept
run
[ "$code" -eq 0 ] && [ "$events" = '3 5' ] && grep -q ': read from the beginning$' said
report $? "a source whose rows were dropped is read from the beginning"

rm -r project/queue.kept project/.carpel
sed 's/^name: queue/name: queue\nstore: none/' project/carpel.yaml >new && mv new project/carpel.yaml
run
[ "$code" -eq 0 ] && [ "$events" = '3 5' ] && [ ! -e project/queue.kept ]
report $? "without a store nothing is acknowledged"

# ---- the kit ------------------------------------------------------------------------------------

cat >queue.yaml <<END
file: project/queue
person: person
time: time
END
carpel plugins test so/source_queue.so --options queue.yaml
[ "$code" -eq 0 ] && grep -q '  ok    goes on where it was, from the cursor behind each batch$' said && [ ! -e project/queue.kept ]
report $? "the kit starts again from each cursor"
flaw='cursor ahead'
carpel plugins test so/source_queue.so --options queue.yaml
[ "$code" -eq 1 ] && grep -q 'from the cursor "2", behind batch 1, it gives other rows$' said
report $? "and finds one that is ahead"

# ---- whether it is reached ----------------------------------------------------------------------------

flaw=
cat >>project/carpel.yaml <<'END'
outputs:
  - {name: sizes, plugin: careless, flaw: tells the run, path: sizes}
END
${CC:-cc} -std=gnu11 -Wall -fPIC -shared -I"$SOURCE_DIRECTORY/include" -o so/output_careless.so "$here/careless_output.c" >said 2>&1
report $? "an output builds"
carpel check --connect -p project
[ "$code" -eq 0 ] && grep -q '^source "orders" (queue): reached$' said &&
    grep -q '^output "sizes" (careless): has nothing to connect to$' said
report $? "what connectors say of what they connect to"
carpel check -p project
[ "$code" -eq 0 ] && ! grep -q reached said
report $? "nobody connects unless that is wanted"
while IFS='|' read -r flaw status message; do
    [ "$flaw" = nothing ] && mv project/queue project/away
    carpel check --connect -p project
    [ "$code" -eq "$status" ] && grep -q "^source \"orders\" (queue): $message" said
    report $? "$flaw"
done <<'END'
unreachable|74|the network or the server is at fault: nobody answers$
denied|74|the user, the password or the rights are at fault: the password of "orders" is wrong$
odd reach|70|the network or the server is at fault: plugin "queue" broke the contract: check answers 9$
nothing|74|what the options name is at fault: there is no queue "
END
mv project/away project/queue && flaw=
carpel check --connect --json -p project
[ "$code" -eq 64 ] && grep -q '^carpel: --connect prints lines for people, and no document$' said
report $? "with a document it is refused"

# ---- which run it is -----------------------------------------------------------------------------------

# run_at TIME: leaves $told
run_at()
{
    carpel run -p project --as-of "$1"
    told=$(sed -n 's/^note: output "sizes" (careless): //p' said)
}

run_at 2026-02-01 && first=$told
[ "$code" -eq 0 ] && echo "$first" | grep -q '^[0-9]*-[0-9a-f]\{16\}$'
report $? "an output is told which run it is"
run_at 2026-02-01
[ "$code" -eq 0 ] && [ "$told" = "$first" ]
report $? "the same run made again has the same name"
run_at 2026-01-02 && [ "$code" -eq 0 ] && [ "$told" != "$first" ]
report $? "another one has not"
echo 'keep_runs: none' >>project/carpel.yaml
run_at 2026-02-01
[ "$told" = 'no run' ]
report $? "runs that are not remembered have no name"

echo "1..$number"
