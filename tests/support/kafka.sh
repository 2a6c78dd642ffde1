# SPDX-License-Identifier: MIT
#
# A cluster of Kafka for a test: that of librdkafka's own tests, three brokers on loopback
# (tests/connectors/mock_kafka.c, which says what it can be told).
#
#     . "$SOURCE_DIRECTORY/tests/support/kafka.sh"
#     kafka_is_here || skip
#     kafka_begin || fail                    # sets KAFKA, its brokers; uses $scratch, and the files 8 and 9
#     kafka fill orders 3 1000 60 50         # leaves its answer in $kafka_said; fails when that is "failed"
#     kafka_end                              # also when the test ends early: trap kafka_end EXIT

kafka_program=$(dirname "$CARPEL")/tests/connectors/mock_kafka

kafka_is_here()
{
    [ -x "$kafka_program" ] && "$CARPEL" plugins kafka >/dev/null 2>&1
}

kafka_begin()
{
    rm -f "$scratch/kafka.to" "$scratch/kafka.from"
    mkfifo "$scratch/kafka.to" "$scratch/kafka.from" || return 1
    "$kafka_program" <"$scratch/kafka.to" >"$scratch/kafka.from" 2>"$scratch/kafka.log" 8>&- 9>&- &
    kafka_process=$!
    exec 8>"$scratch/kafka.to" 9<"$scratch/kafka.from"
    read -r KAFKA <&9 && export KAFKA
}

kafka()
{
    echo "$*" >&8
    read -r kafka_said <&9 || kafka_said=failed
    [ "$kafka_said" != failed ]
}

kafka_end()
{
    [ -n "${kafka_process-}" ] || return 0
    echo quit >&8
    exec 8>&- 9<&-
    wait "$kafka_process"
    kafka_process=
}
