#!/bin/sh
# SPDX-License-Identifier: MIT
#
# How many rows of DuckDB the source `adbc` alone takes in a second, with DuckDB's threads on one processor:
# of a table of its own file, and of the same rows in a file of Parquet. CARPEL_DUCKDB names its library.
#
#     make carpel bench/source bench/peer                                           # in the build folder
#     CARPEL=$PWD/carpel CARPEL_DUCKDB=.../libduckdb.so sh ../bench/adbc.sh [ROWS [ROUNDS]]
set -eu
: "${CARPEL:?is the command to measure, as an absolute path}" "${CARPEL_DUCKDB:?is the library of DuckDB}"
build=$(dirname "$CARPEL")
export CARPEL_PLUGIN_PATH="${CARPEL_PLUGIN_PATH:-$build/plugins}"
rows=${1:-3000000} rounds=${2:-5}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cat >"$scratch/make.sql" <<END
-- @make
create table orders as select 'p' || (i * 7919 % 50000) as customer,
    timestamptz '2024-01-01 00:00:00Z' + to_seconds(i * 17 % 60000000) as placed,
    ((i % 10000) / 100)::decimal(10, 2) as amount, i % 7 as quantity, 'sku-' || (i * 31 % 2000) as sku
    from range(1, $rows + 1) t(i);
-- @copy
copy orders to '$scratch/orders.parquet' (format parquet);
END
printf 'run make\nrun copy\n' | "$build/bench/peer" duckdb "$CARPEL_DUCKDB" "$scratch/orders.duckdb" "$scratch/make.sql" >/dev/null
mkdir -p "$scratch/rules"
echo 'segment buyers when did purchase' >"$scratch/rules/rules.seg"
driver="plugin: adbc, driver: \"$CARPEL_DUCKDB\", person: customer, time: placed, event: purchase"
cat >"$scratch/carpel.yaml" <<END
name: Orders
store: none
time_zone: UTC
events: {purchase: {amount: decimal(2), quantity: int, sku: string}}
sources:
  - {name: table, $driver, options: {path: "{project}/orders.duckdb"}, table: orders}
  - {name: parquet, $driver, query: "select * from '{project}/orders.parquet'"}
END
for source in table parquet; do
    echo "$source:"
    taskset -c 0 "$build/bench/source" "$scratch" "$source" "$rounds"
done
