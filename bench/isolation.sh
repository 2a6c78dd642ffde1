#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What a process of its own costs a source: the same run without and with `isolation: process`, in turn in
# each round. Of the whole command the wall and the processor seconds of all its processes, since the machine
# may have other work; in the end the medians of what one round has of the other.
#
#     bench/isolation.sh [-r ROUNDS] [-j THREADS] BUILD DATA
#
# DATA holds events.csv and users.csv (README.md); people of `synthetic` are made up.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/measure.sh"
rounds=7 threads=2
usage()
{
    sed -n '/^#     bench/s/^# *//p' "$0" >&2
    exit 64
}
while getopts r:j: option; do
    case $option in
        r) rounds=$OPTARG ;;
        j) threads=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || usage
build=$(cd "$1" && pwd) SHOP40_DATA=$(cd "$2" && pwd)
export SHOP40_DATA CARPEL_PLUGIN_PATH="$build/plugins" TZ=UTC LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for way in none process; do
    cp -R "$here/shop40" "$scratch/csv-$way"
    sed -i "s/^    plugin: csv/&\n    isolation: $way/" "$scratch/csv-$way/carpel.yaml"
    cp -R "$here/../rules/shop" "$scratch/synthetic-$way"
    rm -rf "$scratch/synthetic-$way/.carpel"
    sed -i "s/^    plugin: synthetic/&\n    isolation: $way/; s/^    people: .*/    people: 20000/
        s/^name:.*/&\nstore: none/; /^outputs:/,\$d" "$scratch/synthetic-$way/carpel.yaml"
done

# run NAME: a line with the milliseconds of the clock and of the processors
run()
{
    measure "$build/carpel" run --quiet --threads "$threads" --as-of 2026-01-01 --project "$scratch/$1"
}

for source in csv synthetic; do
    round=0
    while [ $round -lt "$rounds" ]; do
        round=$((round + 1))
        echo "$(run "$source-none") $(run "$source-process")"
    done | awk '{ print $2, $4, $4 / $2, $3 / $1 }' | medians |
        awk -v source="$source" '{ printf "%-9s processors %4.0f ms without, %4.0f ms with: %.2f times; the clock: %.2f times\n", source, $1, $2, $3, $4 }'
done
