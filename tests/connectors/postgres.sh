#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The connectors of PostgreSQL against a real server: values, names and values made to do harm
# (postgres_values.c), and ways to the server that break when some bytes have gone to it or come from
# it. A run that was hit by that and is repeated has lost nothing and counted nothing twice.
#
# CARPEL_SEED repeats the moments of a run; CARPEL_MOMENTS says how many of each kind are tried.
set -u
: "${CARPEL:?is the command to test}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
values=$(dirname "$CARPEL")/tests/connectors/postgres_values
. "$SOURCE_DIRECTORY/tests/support/postgres.sh"

if ! "$CARPEL" plugins postgres >/dev/null 2>&1 || ! postgres_is_here || ! command -v python3 >/dev/null 2>&1; then
    echo "1..0 # SKIP needs libpq, PostgreSQL's programs and python3"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
trap 'way_end; postgres_end; rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"
. "$SOURCE_DIRECTORY/tests/support/way.sh"
way_listen=$scratch/way/.s.PGSQL.5432

: >"$scratch/said"
postgres_begin || { cat "$postgres_folder/log" >"$scratch/said" 2>/dev/null; report 1 "a server starts"; echo "1..1"; exit 1; }

# ---- values -----------------------------------------------------------------------------

CMOCKA_MESSAGE_OUTPUT=STDOUT "$values" >"$scratch/said" 2>&1
report $? "values of every type, hostile names and values, stopping"
grep 'CARPEL_SEED' "$scratch/said"

# ---- ways that break --------------------------------------------------------------------

way_seed postgres.sh
server=$PGHOST/.s.PGSQL.5432
psql -q >/dev/null <<END
create table all_orders as select n, 'p' || n % 3000 as customer, timestamptz '2026-01-01' + n * interval '1 second' as placed,
    (n % 1000)::numeric / 10 as amount from generate_series(1, 30000) n;
create table orders as select * from all_orders limit 0;
END
mkdir -p "$scratch/project/rules" "$scratch/way"
if [ "$(id -u)" -eq 0 ]; then chmod 777 "$scratch" "$scratch/way"; fi
cat >"$scratch/project/rules/rules.seg" <<END
segment buyers when did purchase
segment rich when spent >= 50
score spent = sum(purchase.amount)
END

# project ATTEMPTS: over $scratch/way, which leads to the server directly or not
project()
{
    where="host: \"$scratch/way\", retry: {attempts: $1, longest_wait: 0}"
    cat >"$scratch/project/carpel.yaml" <<END
name: Broken
events:
  purchase: {amount: decimal(2)}
sources:
  - {name: orders, plugin: postgres, $where, table: orders, growing: n, person: customer, time: placed, event: purchase}
outputs:
  - {name: members, plugin: postgres, $where, table: members, segments: [buyers, rich]}
  - {name: sums, plugin: postgres, $where, table: sums, scores: [spent]}
END
}

run()
{
    "$CARPEL" run --quiet --project "$scratch/project" --as-of "$1" >"$scratch/said" 2>&1
}

# run_straight DAY: over nothing that breaks
run_straight()
{
    ln -sf "$server" "$way_listen"
    run "$1"
}

# What stands in the tables, as one digest; of one that is not there, nothing.
digest()
{
    for table in members sums; do
        psql -qAtc "select * from $table order by 1, 2" 2>/dev/null
    done | cksum
}

# begin_again: the state behind a first run, without the second half of the orders
begin_again()
{
    rm -rf "$scratch/project/.carpel"
    psql -q -c "drop table if exists members, sums" -c "truncate orders" \
        -c "insert into orders select * from all_orders where n <= 10000" 2>/dev/null
    run_straight 2026-02-01 || return 1
    psql -qc "insert into orders select * from all_orders where n > 10000"
}

project 1
begin_again && run_straight 2026-02-02
report $? "a run without harm"
right=$(digest)
begin_again
way_measure "$server" run 2026-02-02
report $? "and over another way"
echo "# $way_to_server bytes go to the server, $way_to_client to the client"
[ "$(digest)" = "$right" ]
report $? "which makes the same"
way_kill=". '$SOURCE_DIRECTORY/tests/support/postgres.sh'; postgres_folder=$postgres_folder; postgres_stop immediate"

# broken FAULT SIDE: a run that is hit by it, and one more
broken()
{
    begin_again || return 1
    way_over "$server" "$1" "$2" run 2026-02-02
    status=$?
    cp "$scratch/said" "$scratch/hit"
    if [ "$1" = kill ]; then
        postgres_stop immediate
        postgres_start || { cp "$postgres_folder/log" "$scratch/said"; return 1; }
    fi
    [ "$status" -ne 0 ] || echo "# the run withstood $1 after $way_bytes bytes to the $2"
    [ "$status" -eq 0 ] || grep -q '^carpel: ' "$scratch/hit" || { echo "a failure without a message" >"$scratch/said"; return 1; }
    run_straight 2026-02-02 || return 1
    [ "$(digest)" = "$right" ] && return 0
    { echo "not what it was to be, after:"; cat "$scratch/hit"; } >"$scratch/said"
    return 1
}

for fault in kill reset garbage half pieces; do
    moments=${CARPEL_MOMENTS-1}
    while [ "$moments" -gt 0 ]; do
        moments=$((moments - 1))
        for side in server client; do
            project $((way_seed / 65536 % 2 * 3 + 1))
            broken $fault $side
            report $? "$fault when $way_bytes bytes have gone to the $side"
        done
    done
done

# A server that goes while it is being asked who comes refuses nobody.
project 1
way_begin "$server" reset client 1
run 2026-02-02
status=$?
way_end
[ "$status" -ne 0 ] && grep -q 'cannot be reached' "$scratch/said"
report $? "a server that goes before it has let anybody in"

# stopped SIDE: a run that is stopped while nothing comes, and one more
stopped()
{
    begin_again || return 1
    way_stop "$server" "$1" "$CARPEL" run --quiet --project "$scratch/project" --as-of 2026-02-02
    [ $? -eq 75 ] && grep -q "stopped by SIGTERM" "$scratch/said" || return 1
    run_straight 2026-02-02 && [ "$(digest)" = "$right" ]
}

project 1
for round in $(seq "${CARPEL_MOMENTS-1}"); do
    for side in server client; do
        stopped $side
        report $? "stopped when nothing comes behind $way_bytes bytes to the $side"
    done
done
echo "1..$number"
