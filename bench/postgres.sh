#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A table of PostgreSQL read by carpel, beside `psql \copy` of the same columns to a file, in turn in each
# round: from a server that is started for it, on a socket in a folder of its own. Of both the seconds of the
# clock, and the processor seconds of the client alone.
#
#     CARPEL=$PWD/carpel SOURCE_DIRECTORY=.. sh ../bench/postgres.sh [ROWS [ROUNDS]]     # in the build folder
set -eu
: "${CARPEL:?is the command to measure, as an absolute path}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
. "$SOURCE_DIRECTORY/tests/support/postgres.sh"
rows=${1:-2000000} rounds=${2:-5}
scratch=$(mktemp -d)
trap 'postgres_end; rm -rf "$scratch"' EXIT
postgres_begin
psql -q <<END
create table orders as select 'p' || i * 7919 % 50000 as customer, timestamptz '2024-01-01 00:00:00Z' + i * 17 % 60000000 * interval '1 second' as placed,
    (i % 10000)::numeric(10, 2) / 100 as amount, i % 7 as quantity, 'sku-' || i * 31 % 2000 as sku from generate_series(1::bigint, $rows) i;
analyze orders;
END
mkdir -p "$scratch/p/rules"
echo 'segment buyers when sum(purchase.amount) > 100' >"$scratch/p/rules/rules.seg"
cat >"$scratch/p/carpel.yaml" <<END
name: Orders
store: none
time_zone: UTC
events: {purchase: {amount: decimal(2), quantity: int, sku: string}}
sources:
  - {name: orders, plugin: postgres, host: "$PGHOST", user: "$PGUSER", database: "$PGDATABASE", table: orders, person: customer, time: placed, event: purchase}
END
# measure COMMAND...: the milliseconds of the clock and of its processors
measure()
{
    python3 -c '
import resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
wall = time.monotonic() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.0f %.0f" % (wall * 1000, (used.ru_utime + used.ru_stime) * 1000))' "$@"
}
round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    copy=$(measure psql -qc "\\copy (select customer, placed, amount, quantity, sku from orders) to '$scratch/orders.csv' csv")
    ours=$(measure "$CARPEL" run --quiet --project "$scratch/p" --as-of 2026-01-01)
    echo "$copy $ours"
done | tee "$scratch/times" | awk '{ printf "\\copy %d ms (client %d ms), carpel with loading and judging %d ms (client %d ms): %.2f times\n", $1, $2, $3, $4, $3 / $1 }'
