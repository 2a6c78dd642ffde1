#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The forty segments of bench/shop40 over generated data: everyone who is in them, compared by
# number and by the sum of the ids with what SQL engines and programs by hand found.
# s33 and s34 are counted here, since tiles of carpel share ties and those of SQL do not.
# Needs the generator and the figures: CARPEL_SHARED/bench/gen.c and oracle_small.tsv.
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
root=$(cd "$(dirname "$0")/.." && pwd)
bench=${CARPEL_SHARED:-$root/../shared}/bench
compiler=${CC:-cc}
export TZ=UTC LC_ALL=C

skip()
{
    echo "1..0 # SKIP skipped: $1"
    exit 0
}

stop()
{
    sed 's/^/# /' "$scratch/said"
    echo "Bail out! $1"
    exit 1
}

[ -f "$bench/gen.c" ] || skip "CARPEL_SHARED names no folder with bench/gen.c"
# shellcheck disable=SC2086 # a compiler may come with options
command -v ${compiler%% *} >/dev/null 2>&1 || skip "there is no compiler"
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT

# shellcheck disable=SC2086
$compiler -O2 -w "$bench/gen.c" -o "$scratch/gen" -lm >"$scratch/said" 2>&1 ||
    skip "the generator cannot be compiled"
"$scratch/gen" 1000000 10000 "$scratch" >"$scratch/said" 2>&1 || stop "no data"

cp -R "$root/bench/shop40" "$scratch/shop40"
chmod -R u+w "$scratch/shop40"
printf 'outputs:\n  - {plugin: csv, path: out/members.csv}\n' >>"$scratch/shop40/carpel.yaml"
SHOP40_DATA=$scratch "$CARPEL" run --quiet --project "$scratch/shop40" --as-of 2026-01-01 \
    >"$scratch/said" 2>&1 || stop "carpel run failed"

# What each buyer has: id, last purchase, purchases, cents.
awk -F, '$3 == "purchase" { last[$1] = $2; count[$1]++; cents[$1] += sprintf("%.0f", $8 * 100) }
    END { for (id in last) { gsub(/[-: ]/, "", last[id]); print id, last[id], count[id], cents[id] } }' \
    "$scratch/events.csv" >"$scratch/buyers"

# tiles COLUMN: "id tile" of each buyer, 1 + floor(5 * (how many have less) / all)
tiles()
{
    sort -k "$1,$1n" "$scratch/buyers" | awk -v column="$1" -v all="$(wc -l <"$scratch/buyers")" '
        $column != value { value = $column; fewer = NR - 1 }
        { print $1, 1 + int(5 * fewer / all) }' | sort
}

tiles 2 >"$scratch/recency"
tiles 3 >"$scratch/frequency"
tiles 4 >"$scratch/monetary"
join "$scratch/recency" "$scratch/frequency" | join - "$scratch/monetary" | awk '
    function add(segment) { count[segment]++; sum[segment] += $1 }
    $2 >= 4 && $3 == 5 && $4 == 5 { add("s33") }
    $2 <= 2 && $3 >= 4 && $4 >= 4 { add("s34") }
    END { for (segment in count) print segment, count[segment], sum[segment] }' \
    >"$scratch/wanted"
grep -v '^s3[34]' "$bench/oracle_small.tsv" | tr '\t' ' ' >>"$scratch/wanted"

awk -F, '{ count[$1]++; sum[$1] += $2 }
    END { for (segment in count) print segment, count[segment], sum[segment] }' \
    "$scratch/shop40/out/members.csv" >"$scratch/found"

number=0
sort "$scratch/wanted" >"$scratch/sorted"
while read -r segment size sum; do
    number=$((number + 1))
    found=$(sed -n "s/^$segment //p" "$scratch/found")
    if [ "$found" = "$size $sum" ]; then
        echo "ok $number - $segment: $size people"
    else
        echo "not ok $number - $segment"
        echo "# wanted $size people with ids that add up to $sum, found ${found:-none}"
    fi
done <"$scratch/sorted"
echo "1..$number"
