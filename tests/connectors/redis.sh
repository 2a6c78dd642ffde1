#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The connectors of Redis against a real server: values, names and values made to do harm
# (redis_values.c), the contract of plugins, and ways to the server that break when some bytes have gone
# to it or come from it. A run that was hit by that and is repeated has lost nothing and counted nothing
# twice, and keys aside are gone or expire.
#
# CARPEL_SEED repeats the moments of a run; CARPEL_MOMENTS says how many of each kind are tried.
set -u
: "${CARPEL:?is the command to test}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
build=$(dirname "$CARPEL")
. "$SOURCE_DIRECTORY/tests/support/redis.sh"

if ! "$CARPEL" plugins redis >/dev/null 2>&1 || ! redis_is_here || ! command -v python3 >/dev/null 2>&1; then
    echo "1..0 # SKIP needs hiredis, redis-server, redis-cli and python3"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
trap 'way_end; redis_end; rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"
. "$SOURCE_DIRECTORY/tests/support/way.sh"
way_listen=$scratch/way

: >"$scratch/said"
redis_begin || { cat "$redis_folder/log" >"$scratch/said"; report 1 "a server starts"; echo "1..1"; exit 1; }

# ---- values -----------------------------------------------------------------------------

CMOCKA_MESSAGE_OUTPUT=STDOUT "$build/tests/connectors/redis_values" >"$scratch/said" 2>&1
report $? "fields of every type, where loads end, hostile names and values, stopping"
grep 'CARPEL_SEED' "$scratch/said"

# ---- the contract -----------------------------------------------------------------------

printf 'host: %s\nstreams: one\ngroup: g\nperson: n\ntime: entry_time\nevent: {from: entry_stream}\n' "$REDIS" >"$scratch/source.yaml"
"$CARPEL" plugins test "$build/plugins/source_redis.so" --options "$scratch/source.yaml" >"$scratch/said" 2>&1
report $? "the source keeps the contract"
sed '/group/d' "$scratch/source.yaml" >"$scratch/alone.yaml"
"$CARPEL" plugins test "$build/plugins/source_redis.so" --options "$scratch/alone.yaml" >"$scratch/said" 2>&1
report $? "and without a group"
printf 'host: %s\nprefix: "kit:"\n' "$REDIS" >"$scratch/output.yaml"
"$CARPEL" plugins test "$build/plugins/output_redis.so" --options "$scratch/output.yaml" >"$scratch/said" 2>&1
report $? "the output keeps the contract"
redis KEYS '*(new)*' >"$scratch/said"
report "$(grep -c . "$scratch/said")" "and leaves nothing aside"

# ---- many streams -----------------------------------------------------------------------

long=$(printf '%0150d' 0)
streams=$(for n in $(seq 30); do printf 'stream-%s-%s, ' "$long" "$n"; done)
for n in $(seq 30); do echo "XADD stream-$long-$n 1767225600000-0 n p$((n % 7))"; done | redis-cli -s "$REDIS" --pipe >/dev/null
mkdir -p "$scratch/many/rules"
echo 'segment buyers when did purchase' >"$scratch/many/rules/rules.seg"
printf 'name: Many\nevents: {purchase: {}}\nsources:\n  - {name: orders, plugin: redis, host: "%s", streams: [%s], person: n, time: entry_time, event: purchase}\n' \
    "$REDIS" "${streams%, }" >"$scratch/many/carpel.yaml"
for day in 01 02; do
    "$CARPEL" run --project "$scratch/many" --as-of 2026-02-$day >"$scratch/said" 2>&1 && grep -q '^7 people, 30 events' "$scratch/said" &&
        [ "$(cat "$scratch/many/.carpel/store/"manifest* | sed -n 's/^position //p' | wc -c)" -gt 4096 ]
    report $? "where thirty streams with long names were is kept, on day $day"
done

# Entries of one second in all streams, of few people.
for n in $(seq 3000); do echo "XADD stream-$long-$((n % 30 + 1)) 1767225600001-$n n p$((n % 11))"; done | redis-cli -s "$REDIS" --pipe >/dev/null
# loaded OPTION THREADS: what a load of it all writes
loaded()
{
    rm -rf "$scratch/many/.carpel"
    sed "s/plugin: redis,/& $1,/" "$scratch/carpel.yaml" >"$scratch/many/carpel.yaml"
    "$CARPEL" load --threads "$2" --project "$scratch/many" >"$scratch/said" 2>&1 || return 1
    (cd "$scratch/many/.carpel/store" && grep -h '^position' manifest* && for file in *; do [ "$file" = manifest ] || cksum "$file"; done)
}

cp "$scratch/many/carpel.yaml" "$scratch/carpel.yaml"
loaded 'isolation: process' 4 >"$scratch/wanted"
report $? "streams one after the other, in a process of their own"
for threads in 1 2 4; do
    loaded "group: of-$threads" $threads >"$scratch/got" && cmp "$scratch/wanted" "$scratch/got" >>"$scratch/said"
    report $? "side by side with $threads threads they make the same store"
done

# ---- ways that break --------------------------------------------------------------------

way_seed redis.sh
mkdir -p "$scratch/project/rules"
cat >"$scratch/project/rules/rules.seg" <<END
segment buyers when did purchase
segment rich when spent >= 500
segment early when count(purchase) < 12
score spent = sum(purchase.amount)
score orders = count(purchase)
END

# entries FROM TO: commands that add these
entries()
{
    awk -v from="$1" -v to="$2" 'BEGIN { for (n = from; n < to; n++)
        printf "XADD %s 17672256%05d-%d customer p%d amount %d.50\n", n % 4 ? "orders" : "returns", n / 3, n % 3, n % 300, n % 1000 }'
}
entries 0 3000 >"$scratch/first"
entries 3000 9000 >"$scratch/second"
fill()
{
    redis-cli -s "$REDIS" --pipe <"$1" >/dev/null
}

# project WAIT ATTEMPTS: over $scratch/way, which leads to the server directly or not
project()
{
    where="host: \"$scratch/way\", wait: $1, retry: {attempts: $2, longest_wait: 0}"
    cat >"$scratch/project/carpel.yaml" <<END
name: Broken
events:
  purchase: {amount: decimal(2)}
sources:
  - {name: orders, plugin: redis, $where, streams: [orders, returns], group: carpel, person: customer, time: entry_time, event: purchase}
outputs:
  - {name: members, plugin: redis, $where}
  - {name: sums, plugin: redis, $where, prefix: "sum:", scores: [spent, orders]}
  - {name: told, plugin: redis, $where, prefix: "told:", changes: true}
END
}

run()
{
    "$CARPEL" run --quiet --project "$scratch/project" --as-of "$1" >"$scratch/said" 2>&1
}

# run_straight DAY: over nothing that breaks
run_straight()
{
    ln -sf "$REDIS" "$scratch/way"
    run "$1"
}

# What a run makes of what is there: all keys and what they hold, as one digest.
digest()
{
    for key in $(redis KEYS '*:*' | grep -v '(last)\|(new)' | sort); do
        echo "$key $(redis TTL "$key")"
        case $(redis TYPE "$key") in
        hash) redis HGETALL "$key" | paste - - | sort ;;
        *) redis SMEMBERS "$key" | sort ;;
        esac
    done >"$scratch/digest"
    for stream in orders returns; do
        redis XPENDING $stream carpel | head -n 1 >>"$scratch/digest"
        redis XINFO GROUPS $stream | paste - - | grep -e last-delivered-id >>"$scratch/digest"
    done
    cksum <"$scratch/digest"
}

# begin_again: the state behind a first run, without the second half of the entries
begin_again()
{
    redis FLUSHALL >/dev/null
    rm -rf "$scratch/project/.carpel"
    fill "$scratch/first"
    run_straight 2026-02-01 || return 1
    fill "$scratch/second"
}

project 10 1
begin_again && run_straight 2026-02-02
report $? "a run without harm"
right=$(digest)
begin_again
way_measure "$REDIS" run 2026-02-02
report $? "and over another way"
echo "# $way_to_server bytes go to the server, $way_to_client to the client"
[ "$(digest)" = "$right" ]
report $? "which makes the same"

# What is aside and would stay for ever.
aside()
{
    for key in $(redis KEYS '*(new)*'); do
        [ "$(redis TTL "$key")" -gt 0 ] || echo "$key stays"
    done
}

# broken FAULT SIDE: a run that is hit by it, and one more
broken()
{
    begin_again || return 1
    way_over "$REDIS" "$1" "$2" run 2026-02-02
    status=$?
    cp "$scratch/said" "$scratch/hit"
    if [ "$1" = kill ]; then
        redis_kill
        redis_start || { cp "$redis_folder/log" "$scratch/said"; return 1; }
    fi
    [ "$status" -ne 0 ] || echo "# the run withstood $1 after $way_bytes bytes to the $2"
    [ "$status" -eq 0 ] || grep -q '^carpel: ' "$scratch/hit" || { echo "a failure without a message" >"$scratch/said"; return 1; }
    ! grep -q "broke the contract" "$scratch/hit" || { cp "$scratch/hit" "$scratch/said"; return 1; }
    run_straight 2026-02-02 || return 1
    aside >"$scratch/said"
    [ ! -s "$scratch/said" ] || return 1
    case $1 in
    kill | stall) ;;
    *) [ -z "$(redis KEYS '*(new)*')" ] || { redis KEYS '*(new)*' >"$scratch/said"; cat "$scratch/hit" >>"$scratch/said"; return 1; } ;;
    esac
    [ "$(digest)" = "$right" ] && return 0
    { echo "not what it was to be, after:"; cat "$scratch/hit" "$scratch/digest"; } >"$scratch/said"
    return 1
}

for fault in kill reset garbage half pieces stall; do
    moments=${CARPEL_MOMENTS-1}
    wait=10
    [ $fault != stall ] || wait=2
    while [ "$moments" -gt 0 ]; do
        moments=$((moments - 1))
        for side in server client; do
            project $wait $((way_seed / 65536 % 2 * 3 + 1))
            way_kill="kill -9 $REDIS_PROCESS"
            broken $fault $side
            report $? "$fault when $way_bytes bytes have gone to the $side"
        done
    done
done

# stopped SIDE: a run that is stopped while nothing comes, and one more
stopped()
{
    begin_again || return 1
    way_stop "$REDIS" "$1" "$CARPEL" run --quiet --project "$scratch/project" --as-of 2026-02-02
    [ $? -eq 75 ] && grep -q "stopped by SIGTERM" "$scratch/said" || return 1
    run_straight 2026-02-02 && [ "$(digest)" = "$right" ]
}

project 10 1
for side in server client; do
    stopped $side
    report $? "stopped when nothing comes behind $way_bytes bytes to the $side"
done
echo "1..$number"
