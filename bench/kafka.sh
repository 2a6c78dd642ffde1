#!/bin/sh
# SPDX-License-Identifier: MIT
#
# How many messages of Kafka the source `kafka` alone reads in a second, and carpel with loading and judging,
# with their threads on one processor: from the cluster that librdkafka brings for tests, which runs beside
# it. Messages are about 150 bytes of JSON, of which three values are taken.
#
#     make check_PROGRAMS=tests/connectors/mock_kafka tests/connectors/mock_kafka bench/source
#     CARPEL=$PWD/carpel SOURCE_DIRECTORY=.. sh ../bench/kafka.sh [MESSAGES]
#
# A partition of that cluster holds 5 MB, so there are as many as it takes.
set -eu
: "${CARPEL:?is the command to measure, as an absolute path}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
. "$SOURCE_DIRECTORY/tests/support/kafka.sh"
messages=${1:-600000}
partitions=$((messages / 25000 + 1))
scratch=$(mktemp -d)
trap 'kafka_end; rm -rf "$scratch"' EXIT
kafka_begin
kafka topic orders "$partitions"
kafka fill orders "$partitions" "$messages" 1 50000
mkdir -p "$scratch/p/rules"
echo 'segment buyers when did purchase' >"$scratch/p/rules/rules.seg"
cat >"$scratch/p/carpel.yaml" <<END
name: Messages
store: none
events: {purchase: {amount: decimal(2)}}
sources:
  - {name: orders, plugin: kafka, brokers: "$KAFKA", topics: orders, person: customer.id, time: {from: at, format: unix}, event: purchase, properties: {amount: amount}}
END
echo "the source alone:"
taskset -c 0 "$(dirname "$CARPEL")/bench/source" "$scratch/p" orders 3
for round in 1 2 3; do
    begin=$(date +%s%N)
    taskset -c 0 "$CARPEL" run --quiet --project "$scratch/p" --as-of 2026-02-01
    end=$(date +%s%N)
    echo "round $round: $((messages * 1000000 / ((end - begin) / 1000))) messages a second, loading and judging included"
done
