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

# measure NAME: a line with the milliseconds of the clock and of the processors
measure()
{
    python3 - "$build/carpel" run --quiet --threads "$threads" --as-of 2026-01-01 --project "$scratch/$1" <<'END'
import resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
wall = time.monotonic() - begin
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.0f %.0f" % (wall * 1000, (used.ru_utime + used.ru_stime) * 1000))
END
}

for source in csv synthetic; do
    round=0
    while [ $round -lt "$rounds" ]; do
        round=$((round + 1))
        echo "$(measure "$source-none") $(measure "$source-process")"
    done >"$scratch/times"
    awk -v source="$source" '
        function median(values, count,   i, j, kept) {
            for (i = 2; i <= count; i++) {
                kept = values[i]
                for (j = i - 1; j >= 1 && values[j] > kept; j--) values[j + 1] = values[j]
                values[j + 1] = kept
            }
            return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
        }
        { wall[NR] = $3 / $1; cpu[NR] = $4 / $2; before[NR] = $2; behind[NR] = $4 }
        END { printf "%-9s processors %4.0f ms without, %4.0f ms with: %.2f times; the clock: %.2f times\n", source,
                  median(before, NR), median(behind, NR), median(cpu, NR), median(wall, NR) }' "$scratch/times"
done
