#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A source that goes on where it was, in partitions that are read side by side: the store does not depend on how
# many threads read it, nor on whether partitions were known before; and all of them are kept, or none.
. "$SOURCE_DIRECTORY/tests/support/plugins.sh"
mkdir -p project/rules before lacking project/topic
plugins=so
flaw=

# run [OPTION...]: leaves $events, of how many people who are there
run()
{
    carpel run -p project --as-of 2026-02-01 "$@"
    events=$(sed -n 's/^\([0-9,]*\) pe[a-z]*, \([0-9,]*\) events.*/\1 \2/p' said | tr -d ,)
}

# is CODE EVENTS CURSOR: what the store and the source say
is()
{
    [ "$code" -eq "$1" ] && [ "$events" = "$2" ] && [ "$(position)" = "$3" ] && [ "$(cat project/topic/kept)" = "$3" ]
}

position()
{
    cat project/.carpel/store/manifest* | sed -n 's/^position //; t p; d; :p; s/%20/ /g; p'
}

for way in so before lacking; do
    case $way in so) define=SHARDS ;; before) define=WHOLE ;; lacking) define=NO_JOIN ;; esac
    ${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -Wno-unused-function -D$define -fPIC -shared -I"$SOURCE_DIRECTORY/include" -o $way/source_shards.so "$here/shards_source.c" >said 2>&1
    report $? "the source builds ($way)"
done
echo 'segment buyers when did buy' >project/rules/all.seg
cat >project/carpel.yaml <<'END'
name: shards
time_zone: UTC
events: {buy: {}}
sources:
  - {name: orders, plugin: shards, folder: topic, person: person, time: time, event: buy, retry: {attempts: 3, longest_wait: 0}}
END

# rows PARTITION FROM TO: some people have rows of one second in several partitions, and some rows do not fit
rows()
{
    awk -v p="$1" -v from="$2" -v to="$3" 'BEGIN { for (i = from; i < to; i++)
        printf "p%d %s\n", (i * 7 + p) % 501, i % 1000 == 999 ? "never" : sprintf("2026-01-01T00:%02d:%02d", i / 60 % 60, i % 60) }' >>"project/topic/$1"
}

rows 0 0 150000 && rows 1 0 20 && rows 2 0 90000 && : >project/topic/3 && rows 4 0 5000

# ---- the same store ------------------------------------------------------------------------------

# digest: of all that a load left but when it was, and of what it said
digest()
{
    (cd project/.carpel/store && for file in *; do [ "$file" = manifest ] || cksum "$file"; done)
    sed 's/, [0-9.]* seconds$//' said
}

rm -rf project/.carpel && plugins=before && run --threads 1 && is 0 '501 244775' '0=150000 1=20 2=90000 4=5000'
report $? "one stream after the other, as before there were partitions"
digest >wanted
plugins=so
for threads in 1 2 4; do
    rm -rf project/.carpel project/topic/kept
    run --threads $threads && is 0 '501 244775' '0=150000 1=20 2=90000 4=5000' && digest >got && cmp wanted got >>said
    report $? "side by side with $threads threads, the store has the same bytes"
done

# With an id the first row that has it counts, also when it is of another partition.
sed 's/person: person,/person: person, id: time,/' project/carpel.yaml >with_ids && cp project/carpel.yaml without_ids && cp with_ids project/carpel.yaml
for way in before so; do
    for threads in 1 4; do
        rm -rf project/.carpel
        plugins=$way
        run --threads $threads && digest >got
        [ "$way $threads" != 'before 1' ] || cp got wanted
        [ "$code" -eq 0 ] && grep -q '^501 people, 3,600 events' said && cmp wanted got >>said
        report $? "rows with an id are taken once, from the first partition that has it ($way, $threads threads)"
    done
done
cp without_ids project/carpel.yaml
sed 's/^name: shards/name: shards\nstore: none/' without_ids >project/carpel.yaml
rm -rf project/.carpel project/topic/kept
run && [ "$code" -eq 0 ] && [ "$events" = '501 244775' ] && [ ! -e project/topic/kept ]
report $? "without a store nothing is acknowledged"
sed 's/retry:/isolation: process, retry:/' without_ids >project/carpel.yaml
flaw='tells which'
run && is 0 '501 244775' '0=150000 1=20 2=90000 4=5000' && grep -q ': read one after the other$' said
report $? "in a process of its own they are read one after the other"
cp without_ids project/carpel.yaml
rm -rf project/.carpel
run && [ "$code" -eq 0 ] && grep -q ': read side by side$' said
report $? "and otherwise side by side"
flaw=

# ---- going on ------------------------------------------------------------------------------------

rm -r project/.carpel project/topic && mkdir project/topic
rows 0 0 10 && rows 1 0 20
plugins=before
run && is 0 '30 30' '0=10 1=20'
report $? "a store of a version that knew no partitions"
plugins=so
rows 1 20 25 && rows 2 0 3
run && is 0 '38 38' '0=10 1=25 2=3'
report $? "is gone on from, a partition that is new among them"
plugins=before
rows 0 10 12
run && is 0 '40 40' '0=12 1=25 2=3'
report $? "and that version goes on from there"
plugins=so
mv project/topic/1 away && rows 2 3 5
run && is 0 '42 42' '0=12 1=25 2=5'
report $? "rows of a partition that has gone stay"
mv away project/topic/1 && rows 1 25 26
run && is 0 '43 43' '0=12 1=26 2=5'
report $? "and when it is there again, none is counted twice"
run && is 0 '43 43' '0=12 1=26 2=5'
report $? "then nothing is new"

# ---- failures ------------------------------------------------------------------------------------

rows 0 12 14 && rows 1 26 28 && rows 2 5 7
while IFS='|' read -r flaw status message; do
    run
    [ "$code" -eq "$status" ] && grep -q "$message" said && [ "$(position)" = '0=12 1=26 2=5' ] && [ "$(cat project/topic/kept)" = '0=12 1=26 2=5' ]
    report $? "$flaw: nothing of any partition is kept or acknowledged"
done <<'END'
fails|74|source "orders" (shards): the second partition is away$
does not join|74|source "orders" (shards): the places are not known$
far too many|70|broke the contract: it says that it has [0-9]* partitions$
END
flaw=
run && is 0 '49 49' '0=14 1=28 2=7'
report $? "the next load has all"

# The second partition fails behind a batch that was taken, and is read on there while the others wait.
rm -rf project/.carpel project/topic && mkdir project/topic
rows 0 0 3000 && rows 1 0 200000 && rows 2 0 70000
for function in open open_partition get_next; do
    flaw="later $function 2"
    for threads in 1 3; do
        rm -rf project/.carpel
        run --threads $threads && is 0 '501 272727' '0=3000 1=200000 2=70000' && [ "$(grep -c ' is busy; it is tried again' said)" -eq 2 ]
        report $? "when $function is tried again, each row is there once ($threads threads)"
    done
done
flaw='later get_next 5'
sed -i 's/attempts: 3/attempts: 2/' project/carpel.yaml
rm -rf project/.carpel project/topic/kept
run
[ "$code" -eq 74 ] && grep -q 'the second partition is busy (tried 2 times)$' said && [ ! -e project/topic/kept ]
report $? "and one that fails too often ends the load"
flaw=

# ---- the kit -------------------------------------------------------------------------------------

rm -r project/topic && mkdir project/topic
rows 0 0 10 && rows 1 990 1003 && : >project/topic/2 && rows 3 0 2
printf 'folder: project/topic\nperson: person\ntime: time\n' >shards.yaml
carpel plugins test so/source_shards.so --options shards.yaml
[ "$code" -eq 0 ] && grep -q '  ok    its partitions give the same rows, from each of their cursors, and side by side$' said
report $? "the kit tries partitions"
# The example of the page about plugins in its place.
mkdir told
awk '/^```c$/ { text = ""; inside = 1; next } /^```$/ { if (text ~ /static bool join/) printf "%s", text; inside = 0 } inside { text = text $0 "\n" }' \
    "$SOURCE_DIRECTORY/docs/plugins.md" >told/as_told.h
grep -q open_partition told/as_told.h &&
    ${CC:-cc} -std=gnu11 -Wall -Werror -Wno-unused-function -DAS_TOLD -fPIC -shared -I"$SOURCE_DIRECTORY/include" -Itold -o told/source_shards.so "$here/shards_source.c" >said 2>&1
report $? "the example of the documentation builds"
carpel plugins test told/source_shards.so --options shards.yaml
[ "$code" -eq 0 ] && grep -q '  ok    its partitions give the same rows, from each of their cursors, and side by side$' said
report $? "and keeps the contract"
while IFS='|' read -r flaw message; do
    carpel plugins test so/source_shards.so --options shards.yaml
    [ "$code" -eq 1 ] && [ "$(grep -c '^  FAIL' said)" -eq 1 ] && grep -q "^        $message$" said
    report $? "and finds what is wrong: $flaw"
done <<'END'
ahead|a partition that is opened from its cursor gives other rows
forgets|from a cursor that was joined, open gives other rows
other order|the rows of its partitions, in their order, are not those that open gives
one at a time|a partition gives other rows beside another one
stops all|a partition fails when another one is stopped: the work was stopped
does not join|.*the places are not known
END
plugins=lacking
carpel run -p project
[ "$code" -ne 0 ] && grep -q 'lacks its function partitions.join' said
report $? "one without a function is refused"
echo "1..$number"
