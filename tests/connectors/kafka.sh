#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The connectors of Kafka against the cluster that librdkafka brings for tests: what is read and
# written, where reading goes on, and what follows when brokers, messages or carpel itself go away.
# Whatever happened, after a repetition no row is lost and none is counted twice.
#
# CARPEL_SEED repeats the moments of a run, CARPEL_MOMENTS says how many there are of each kind (1).
set -u
: "${CARPEL:?is the command to test}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
build=$(dirname "$CARPEL")
. "$SOURCE_DIRECTORY/tests/support/kafka.sh"
if ! kafka_is_here; then
    echo "1..0 # SKIP needs librdkafka"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
trap 'way_end; kafka_end; rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"
. "$SOURCE_DIRECTORY/tests/support/way.sh"
: >"$scratch/said"
kafka_begin || { report 1 "the cluster starts"; echo "1..1"; exit 1; }
seed=${CARPEL_SEED:-$(date +%s)}
moments=${CARPEL_MOMENTS:-1}
echo "# kafka.sh: CARPEL_SEED=$seed"

# moment LIMIT: leaves the next number of the seed's row in $request
moment()
{
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    request=$((seed / 7 % $1 + 1))
}

# project NAME SOURCE [OUTPUT]: a project that reads; the options that stand behind "plugin: kafka"
project()
{
    mkdir -p "$scratch/$1/rules"
    cat >"$scratch/$1/carpel.yaml" <<END
name: $1
events: {purchase: {amount: decimal(2)}}
sources:
  - {name: orders, plugin: kafka, brokers: "$KAFKA", $2, event: purchase}
END
    [ -z "${3-}" ] || printf 'outputs:\n  - {name: told, plugin: kafka, brokers: "%s", %s}\n' "$KAFKA" "$3" >>"$scratch/$1/carpel.yaml"
    echo 'segment buyers when did purchase' >"$scratch/$1/rules/rules.seg"
}
mapped='person: customer.id, time: {from: at, format: unix}, properties: {amount: amount}'

# run NAME [OPTION...]: leaves $scratch/said, $code and $events, of how many people who are there
run()
{
    name=$1
    shift
    "$CARPEL" run --project "$scratch/$name" --as-of 2026-02-01 "$@" >"$scratch/said" 2>&1
    code=$?
    events=$(sed -n 's/^\([0-9,]*\) pe[a-z]*, \([0-9,]*\) events* .*/\1 \2/p' "$scratch/said" | tr -d ,)
}

# is CODE EVENTS [PATTERN]
is()
{
    [ "$code" -eq "$1" ] && [ "$events" = "$2" ] && grep -q -e "${3-}" "$scratch/said"
}

# takes TOPIC: the messages that are there, sorted, in $scratch/taken
takes()
{
    kafka take "$1" "$scratch/all" && sort "$scratch/all" >"$scratch/taken"
}

# ---- reading ----------------------------------------------------------------------------

kafka topic orders 3 && kafka fill orders 3 900 60 50
project first "topics: orders, group: crm, $mapped"
run first
is 0 '50 900' ' 0 rows refused'
report $? "all partitions are read"
grep -q '^position [^ ]*%20orders%208c,8c,8c$' "$scratch/first/.carpel/store/"manifest* && kafka offsets crm orders 3 &&
    [ "$kafka_said" = 'offsets 300 300 300' ]
report $? "where they were read to stands in the store, and is told to the group"
run first
is 0 '50 900'
report $? "then nothing is new"
kafka fill orders 2 31 3600 7
run first
is 0 '50 931' && kafka offsets crm orders 3 && [ "$kafka_said" = 'offsets 316 315 300' ]
report $? "what has come since is put beside"
sed -i 's/group: crm/group: other, start: latest, wait: 20, settings: {client.id: mine}/' "$scratch/first/carpel.yaml"
run first
is 0 '50 931' && kafka offsets other orders 3 && [ "$kafka_said" = 'offsets 316 315 300' ]
report $? "how the messages are reached may change"

project late "topics: orders, start: latest, $mapped"
run late
[ "$code" -eq 0 ] && is 0 '0 0'
report $? "who begins with the latest reads nothing of what was there"
kafka fill orders 3 3 60 50
run late
is 0 '3 3'
report $? "but what comes then"

kafka topic again 2 && kafka fill again 2 10 60 5 && kafka fill orders 3 3 60 50
project two "topics: [again, orders], $mapped"
run two
is 0 '50 947' && grep -q '^position [^ ]*%20again%205,5%20orders%20' "$scratch/two/.carpel/store/"manifest*
report $? "two topics are one source"

kafka topic wide 2500 && kafka fill wide 3 30 60 5
project wide "topics: wide, $mapped"
run wide
is 0 '5 30' && [ "$(cat "$scratch/wide/.carpel/store/"manifest* | sed -n 's/^position //p' | wc -c)" -gt 4096 ]
report $? "the offsets of some thousand partitions are kept"
run wide
is 0 '5 30'
report $? "and reading goes on from them"

kafka topic odd 2
printf '%s\n' 'k1	-' 'k2	no json' 'k3	{"customer": {"id": "ann"}, "at": 1} more' 'k4	{"customer": {"id": "ann"}, "at": "never"}' \
    'k5	[]' 'k6	\x00\x00\x00\x00\x07{"customer": {"id": "ann"}, "at": 1767225600, "amount": 1.50}' 'k7	\x00\x00\x00\x00\x07\x04ann' \
    'k8	{"customer": {"id": "bob"}, "at": 1767225600, "amount": 1.555}' 'k9	{"customer": {"id": "b\xff"}, "at": 1}' 'k0	' | sed 's/^/1	/' >"$scratch/odd.txt"
kafka put odd "$scratch/odd.txt"
project odd "topics: odd, $mapped"
run odd
is 0 '1 1' ' 9 rows refused'
report $? "messages that are no rows are refused"
"$CARPEL" refused --project "$scratch/odd" >"$scratch/said" 2>&1
for line in 'odd/1:0: it has no value (a tombstone)' 'odd/1:1: at character 1: a "{" is expected' \
    'odd/1:2: at character 38: there is text behind the object' 'odd/1:3: .*never' 'odd/1:4: at character 1: a "{" is' \
    'odd/1:6: its value is no JSON; it has the number of a schema in front' 'odd/1:7: .*1.555' 'odd/1:8: at character 23: bytes that are not UTF-8' 'odd/1:9: at character 1: a "{"'; do
    grep -q "$line" "$scratch/said" || { echo "missing: $line" >>"$scratch/said"; false; } || break
done
report $? "with the partition, the offset and the reason"

"$CARPEL" look --project "$scratch/odd" orders >"$scratch/said" 2>&1
[ $? -eq 0 ] && grep -q '^orders: kafka, 10 rows$' "$scratch/said" && grep -q '^7 of them cannot be read, the first in line 1: it has no value (a tombstone)$' "$scratch/said" &&
    grep -q '^customer\.id  *string ' "$scratch/said" && grep -q '^@time  *time  *100 %' "$scratch/said" && grep -q '^@offset  *int  *100 %  *3  *3 to 7 ' "$scratch/said"
report $? "a topic tells what there is"

printf '0\tann\t{"n": 1}\n0\t\\xff\t{"n": 2}\n0\t-\t{"n": 3, "who": "bob"}\n' >"$scratch/keys.txt"
kafka topic keys 1 && kafka put keys "$scratch/keys.txt"
project keys "topics: keys, person: [who, '@key'], time: '@time', properties: {amount: '@offset'}"
run keys --strict
[ "$code" -ne 0 ] && grep -q 'keys/0:1' "$scratch/said"
report $? "a key that is no text is told"
run keys
is 0 '2 2' ' 1 row refused'
report $? "key, time and offset of a message are fields"

kafka slow 400
project far "topics: again, $mapped"
run far
is 0 '5 10'
report $? "brokers that take longer for an answer than the first question waits"
kafka slow 0

# ---- conformance ------------------------------------------------------------------------

kafka topic few 3 && kafka fill few 3 20 60 5 && kafka topic out 2
printf 'brokers: "%s"\ntopics: few\nwait: 5\nperson: customer.id\ntime: {from: at, format: unix}\nproperties: {amount: amount}\n' "$KAFKA" >"$scratch/source.yaml"
printf 'brokers: "%s"\ntopic: out\nwait: 5\n' "$KAFKA" >"$scratch/output.yaml"
for kind in source output; do
    "$CARPEL" plugins test "$build/plugins/${kind}_kafka.so" --seconds 200 --options "$scratch/$kind.yaml" >"$scratch/said" 2>&1 &&
        grep -q ' 0 failed' "$scratch/said" && ! grep -q -e Sanitizer -e 'runtime error' "$scratch/said"
    report $? "the $kind keeps the contract"
done

# Of many partitions with little some are read together: these are three lots, and more.
kafka topic spread 450
for partition in 0 1 210 430 449; do
    for n in 1 2 3 4; do printf '%d\tk\t{"customer": {"id": "p%d"}, "at": 1767225600, "amount": %d}\n' $partition $n $n; done
done >"$scratch/spread.txt"
kafka put spread "$scratch/spread.txt"
sed 's/topics: few/topics: spread/' "$scratch/source.yaml" >"$scratch/spread.yaml"
"$CARPEL" plugins test "$build/plugins/source_kafka.so" --seconds 200 --options "$scratch/spread.yaml" >"$scratch/said" 2>&1 &&
    grep -q ' 0 failed' "$scratch/said" && grep -q '  ok    its partitions give' "$scratch/said" && ! grep -q -e Sanitizer -e 'runtime error' "$scratch/said"
report $? "and so do partitions side by side"

# loaded OPTION THREADS: what a load of a topic with three large partitions writes
loaded()
{
    rm -rf "$scratch/large"
    project large "$1, topics: large, $mapped"
    "$CARPEL" load --threads "$2" --project "$scratch/large" >"$scratch/said" 2>&1 || return 1
    (cd "$scratch/large/.carpel/store" && grep -h '^position' manifest* && for file in *; do [ "$file" = manifest ] || cksum "$file"; done)
}

kafka topic large 4 && kafka fill large 4 60000 0 300 && kafka fill large 1 10 0 300
loaded 'isolation: process' 2 >"$scratch/wanted"
report $? "partitions one after the other, in a process of their own"
for threads in 1 2 4; do
    loaded 'group: large' $threads >"$scratch/got" && cmp "$scratch/wanted" "$scratch/got" >>"$scratch/said" && kafka offsets large large 4 && [ "$kafka_said" = 'offsets 15010 15000 15000 15000' ]
    report $? "side by side with $threads threads they make the same store"
done

# ---- what is wrong ----------------------------------------------------------------------

# reach PATTERN OPTIONS: what a check says of a source
reach()
{
    project reach "wait: 2, $2, $mapped"
    "$CARPEL" check --quiet --connect --project "$scratch/reach" >"$scratch/said" 2>&1
    [ "$(grep -c '^source "orders" (kafka): ' "$scratch/said")" -eq 1 ] && grep -q "^source \"orders\" (kafka): $1" "$scratch/said"
    report $? "$1"
}

reach 'reached' 'topics: orders'
KAFKA_WAS=$KAFKA KAFKA=127.0.0.1:1
reach 'the network or the server is at fault: no broker can be reached: .*Connection refused' 'topics: orders'
KAFKA=$KAFKA_WAS
kafka topic-error forbidden 29
reach 'the user, the password or the rights are at fault: the user has not the right to describe the topic "forbidden"' 'topics: forbidden'
kafka topic-error missing 3
reach 'what the options name is at fault: the brokers have no topic "missing"' 'topics: missing'

project reach "topics: orders, $mapped" 'topic: out, key: persn'
"$CARPEL" check --quiet --connect --project "$scratch/reach" >"$scratch/said" 2>&1
[ $? -eq 74 ] && grep -q '^output "told" (kafka): what the options name is at fault: "key" names what the output has not: .* "persn"; did you mean "person"' "$scratch/said"
report $? "a key that no row will have is told before a run"

# refused PATTERN OPTIONS: what a run says
refused()
{
    project wrong "$2, $mapped"
    run wrong
    [ "$code" -ne 0 ] && grep -q "$1" "$scratch/said" && ! grep -q hush "$scratch/said"
    report $? "$1"
}

refused '"topics" names "orders" twice' 'topics: [orders, orders]'
refused 'is no name of a topic' 'topics: "a b"'
refused '"settings" may not have "sasl.kerberos.kinit.cmd"' 'topics: orders, settings: {sasl.kerberos.kinit.cmd: /x}'
refused '"settings" may not have "client.idd"; did you mean "client.id"?' 'topics: orders, settings: {client.idd: x}'
refused '"security: sasl_ssl" needs "user" and "password"' 'topics: orders, user: ann'
refused '"user" needs "security: sasl_ssl"' 'topics: orders, user: ann, password: hush, security: ssl'
refused 'orders" (kafka): \(no broker can be reached\|the brokers did not answer\)' 'topics: orders, user: ann, password: hush, wait: 1'
project wrong "topics: orders, person: customer.id, time: {from: '@time', format: unix}"
run wrong
[ "$code" -ne 0 ] && grep -q '"@time" is a time that says by itself' "$scratch/said"
report $? "the time of a message has no format"

# ---- gaps -------------------------------------------------------------------------------

# The cluster keeps 5 MB of a partition, and drops the oldest.
kafka topic short 1 && kafka fill short 1 10 60 5
project short "topics: short, $mapped"
run short
is 0 '5 10' && kafka fill short 1 60000 10 50
report $? "messages are deleted before they are read"
run short
[ "$code" -ne 0 ] && grep -q 'topic "short", partition 0: [0-9]* messages (offsets 10 to [0-9]*) were deleted before they were read; "gaps: warn" goes on' "$scratch/said"
report $? "they are missed"
lost=$(sed -n 's/.*partition 0: \([0-9]*\) messages.*/\1/p' "$scratch/said")
sed -i 's/topics: short/&, gaps: warn/' "$scratch/short/carpel.yaml"
run short
is 0 "50 $((60010 - lost))" 'messages (offsets 10 to '
report $? "who may go on without them is told of it"

# ---- writing ----------------------------------------------------------------------------

kafka topic told 2
project writes "topics: few, $mapped" 'topic: told'
run writes
[ "$code" -eq 0 ] && takes told && [ "$(wc -l <"$scratch/taken")" -eq 5 ] &&
    grep -q '	p0	carpel-run=1-[0-9a-f]*,carpel-row=1	{"segment":"buyers","person":"p0","as_of":"2026-02-01T00:00:00Z"}$' "$scratch/taken"
report $? "each row is a message, with the person as its key, and the run"
run writes
[ "$code" -eq 0 ] && takes told && [ "$(cut -f 4,5 "$scratch/taken" | sort -u | wc -l)" -eq 5 ]
report $? "the same run made again has the same heads"
kafka topic changes 1
project changed "topics: few, $mapped" 'topic: changes, changes: true, key: segment'
run changed
sed -i 's/purchase/& where (amount >= 16)/' "$scratch/changed/rules/rules.seg"
run changed
[ "$code" -eq 0 ] && takes changes && grep -q '	buyers	carpel-run=2-[^	]*	{[^	]*"change":"left"' "$scratch/taken"
report $? "changes are written as such, with another key"
project writes "topics: few, $mapped" 'topic: told, key: persn'
run writes
[ "$code" -ne 0 ] && grep -q '"key" names what the output has not: it has no column "persn"; did you mean "person"' "$scratch/said"
report $? "a key that is not there is told"

# ---- brokers in trouble -----------------------------------------------------------------

# The kinds of requests, and what they are answered: a leader that moved, a timeout, a connection that ends.
project calm "topics: few, $mapped"
for trouble in '1 6 3' '1 -195 3' '2 6 3' '3 -195 2'; do
    rm -rf "$scratch/calm/.carpel"
    # shellcheck disable=SC2086 # three words
    kafka error $trouble
    run calm
    is 0 '5 20'
    report $? "reading goes on after errors ($trouble)"
done
for trouble in '0 6 3' '0 -195 2' '22 15 2' '24 51 2' '26 -195 1'; do
    project writes "topics: few, $mapped" 'topic: told'
    # shellcheck disable=SC2086
    kafka error $trouble
    run writes
    [ "$code" -eq 0 ]
    report $? "writing goes on after errors ($trouble)"
done
project writes "topics: few, $mapped" 'topic: told'
kafka error 0 29 1
run writes
[ "$code" -ne 0 ] && grep -q 'output "told" (kafka): the user has not the right to take a message for "told"' "$scratch/said"
report $? "writing without the right fails"

# ---- ends in the middle -----------------------------------------------------------------

# killed NAME REQUEST: a run that is killed when the brokers get that request
killed()
{
    kafka at "$2" kill "$scratch/process"
    sh -c 'echo $$ >"$0"; exec "$@"' "$scratch/process" "$CARPEL" run --quiet --project "$scratch/$1" --as-of 2026-02-01 >"$scratch/said" 2>&1
    code=$?
    : >"$scratch/process"
    kafka disarm || echo "# the run was over before request $2"
}

# away NAME REQUEST: a run whose brokers go away then
away()
{
    kafka at "$2" down
    run "$1"
    kafka disarm || echo "# the run was over before request $2"
    kafka up -1
}

kafka topic many 3 && kafka fill many 3 30000 10 2000
kafka topic both 2
project both "topics: many, group: both, wait: 2, $mapped" 'topic: both, wait: 2'
# requests_of NAME: how many requests a run makes, in $requests
requests_of()
{
    kafka count
    before=$kafka_said
    run "$1"
    kafka count
    requests=$((kafka_said - before))
}

project reads "topics: many, group: both, wait: 2, $mapped"
requests_of reads
is 0 '2000 30000'
report $? "a run that only reads"
reading=$requests
requests_of both
is 0 '2000 30000'
report $? "a run without harm"
writing=$((requests - reading))
echo "# $reading requests read, $writing more write"

# is_whole: the run was hit, and now one more is made: all is there, and nothing twice
is_whole()
{
    [ "$first" -eq 0 ] || [ "$way" = killed ] || grep -q '^carpel: ' "$scratch/first_said" || return 1
    ! grep -q 'broke the contract' "$scratch/first_said" || return 1
    run both
    is 0 '2000 30000' && takes both &&
        [ "$(cut -f 4 "$scratch/taken" | grep -c "carpel-row=1$")" -ge 1 ] &&
        [ "$(cut -f 4,5 "$scratch/taken" | sed 's/carpel-run=[^,]*,//' | sort -u | wc -l)" -eq 2000 ]
}

for way in killed away; do
    for part in reading writing; do
        for round in $(seq "$moments"); do
            rm -rf "$scratch/both/.carpel"
            if [ $part = reading ]; then moment "$reading"; else moment "$writing"; fi
            at=$request
            [ $part = reading ] || at=$((at + reading))
            "$way" both "$at"
            first=$code
            cp "$scratch/said" "$scratch/first_said"
            is_whole
            report $? "$way while $part, at request $at of $requests (exit code $first): nothing is lost, nothing counted twice"
        done
    done
done

# ---- ways that break --------------------------------------------------------------------

# The brokers tell where they are, so a way to one of them is put in at the call of connect.
if nm "$CARPEL" 2>/dev/null | grep -q ' __[at]san_init' || ! command -v python3 >/dev/null 2>&1 ||
    ! ${CC:-cc} -std=gnu11 -fPIC -shared -o "$scratch/redirect.so" "$SOURCE_DIRECTORY/tests/connectors/redirect.c" -ldl >"$scratch/said" 2>&1; then
    skip "ways that break" "needs python3, a compiler, and a build without a sanitizer"
else
    # run_way: a run of "both" over the way to the broker
    run_way()
    {
        LD_PRELOAD=$scratch/redirect.so KAFKA_WAY="$broker $WAY" "$CARPEL" run --project "$scratch/both" --as-of 2026-02-01 >"$scratch/said" 2>&1
        code=$?
    }
    way_kill=:
    # measure_way: what goes over a way to a broker, the first behind a drawn one to which anything does: a run
    # need not talk to all of them
    measure_way()
    {
        for broker in $(echo "$KAFKA,$KAFKA" | tr ',' '\n' | sed -n "$request,$((request + 2))s/.*://p"); do
            rm -rf "$scratch/both/.carpel"
            way_measure "$broker" run_way
            [ "${way_to_server:-0}" -eq 0 ] || [ "${way_to_client:-0}" -eq 0 ] || return 0
        done
        return 1
    }
    for fault in reset garbage half pieces stall; do
        for round in $(seq "$moments"); do
            for side in server client; do
                moment 3
                broker=$(echo "$KAFKA" | tr ',' '\n' | sed -n "${request}s/.*://p")
                way_seed=$seed
                way=measured
                if [ "$round" -eq 1 ] && ! measure_way; then
                    report 1 "a run talks to some broker"
                    break 3
                fi
                rm -rf "$scratch/both/.carpel"
                way=$fault
                way_over "$broker" $fault $side run_way
                seed=$way_seed
                first=$code
                [ "$first" -ne 0 ] || echo "# the run withstood $fault"
                cp "$scratch/said" "$scratch/first_said"
                is_whole
                report $? "$fault when $way_bytes bytes have gone to the $side of a broker (exit code $first)"
            done
        done
    done
fi

# ---- stopping ---------------------------------------------------------------------------

kafka error 1 6 100000
project stopped "topics: many, wait: 600, $mapped"
"$CARPEL" run --quiet --project "$scratch/stopped" >"$scratch/said" 2>&1 &
process=$!
kafka at 12 kill "$scratch/nobody"
until kafka hit; do :; done
kill -TERM "$process"
wait "$process"
code=$?
[ "$code" -eq 75 ]
report $? "a stop is heard while the brokers send nothing"
echo "1..$number"
