#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A table of PostgreSQL read by the source `postgres` alone, and by a run of carpel that loads and judges it,
# beside `psql \copy` of the same columns to a file, in turn in each round: from a server that is started for
# it, on a socket in a folder of its own. Of each the clock, and the processors of the client and of the server.
#
#     make carpel bench/source                                                         # in the build folder
#     CARPEL=$PWD/carpel SOURCE_DIRECTORY=.. sh ../bench/postgres.sh [ROWS [ROUNDS]]
#
# With `taskset -c 0` before it, client and server share one processor, and the clock tells of both.
set -eu
: "${CARPEL:?is the command to measure, as an absolute path}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
export CARPEL_PLUGIN_PATH="${CARPEL_PLUGIN_PATH:-$(dirname "$CARPEL")/plugins}"
. "$SOURCE_DIRECTORY/bench/measure.sh"
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
server=$(head -n 1 "$postgres_folder/data/postmaster.pid")
processes()
{
    wc -w <"/proc/$server/task/$server/children"
}
idle=$(processes)

# The milliseconds of the processors that those processes of the server used that have ended.
used()
{
    while [ "$(processes)" -gt "$idle" ]; do :; done
    awk -v ticks="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print int(($14 + $15) * 1000 / ticks) }' "/proc/$server/stat"
}

# with_server COMMAND...: the clock, the processors of the client and those of the server
with_server()
{
    before=$(used)
    measured=$(measure "$@")
    echo "$measured $(($(used) - before))"
}

columns="customer, placed, amount, quantity, sku"
round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    copy=$(with_server psql -qc "\\copy (select $columns from orders) to '$scratch/orders.csv' csv")
    plain=$(with_server psql -qc "\\copy (select $columns from orders) to '$scratch/orders.txt'")
    source=$(with_server "$(dirname "$CARPEL")/bench/source" "$scratch/p" orders 1)
    run=$(with_server "$CARPEL" run --quiet --project "$scratch/p" --as-of 2026-01-01)
    echo "$copy $plain $source $run"
done | awk '{ print $0, $7 / $1, $7 / $4, $10 / $1, ($8 + $9) / ($2 + $3), ($8 + $9) / ($5 + $6), ($11 + $12) / ($2 + $3) }' | medians |
    awk '
        function line(name, at) {
            printf "%-26s clock %5d ms, client %4d ms, server %4d ms\n", name, $at, $(at + 1), $(at + 2)
        }
        {
            line("\\copy, csv", 1); line("\\copy, text", 4); line("source postgres", 7); line("loading and judging", 10)
            printf "the source has %.2f times the clock of \\copy in csv, %.2f in text; %.2f and %.2f times the processors\n", $13, $14, $16, $17
            printf "with loading and judging %.2f times its clock in csv, %.2f times its processors\n", $15, $18
        }'
