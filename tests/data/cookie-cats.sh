#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A test of two versions of a game: who came back, counted by rules and against what is published
# with the data; and what the one share has more than the other, by the functions of
# rules/lib/rate.lua.
project=cookie-cats
as_of=2026-01-02
. "$(dirname "$0")/common.sh"
find_data cookie-cats/cookie_cats.csv.gz

mkdir -p "$scratch/run/rules"
cat >"$scratch/run/carpel.yaml" <<END
name: Cookie Cats
store: none
rules: rules/*.seg
traits: {version: string, came_back: bool, came_back_late: bool}
sources:
  - name: players
    plugin: csv
    files: $CARPEL_DATA/cookie-cats/cookie_cats.csv.gz
    person: userid
    traits: {version: test_version, came_back: retention_1, came_back_late: retention_7}
END
cat >"$scratch/run/rules/players.seg" <<'END'
segment gate_30        when user.version = "gate_30"
segment gate_40        when user.version = "gate_40"
segment day_1_gate_30  when user.version = "gate_30" and user.came_back
segment day_1_gate_40  when user.version = "gate_40" and user.came_back
segment day_7_gate_30  when user.version = "gate_30" and user.came_back_late
segment day_7_gate_40  when user.version = "gate_40" and user.came_back_late
END
judge "$scratch/run" --as-of $as_of
for line in gate_30:44700 gate_40:45489 day_1_gate_30:20034 day_1_gate_40:20119 \
    day_7_gate_30:8502 day_7_gate_40:8279; do
    check "${line%:*}" "${line#*:}" "$(size "$scratch/run" "${line%:*}")"
done

# rate FUNCTION VALUE...: in percent
rate()
{
    "$CARPEL" lua lib/rate.lua "$@" | awk '{ printf "%.2f\n", $1 * 100 }'
}

# shares DAY: of both versions, and their difference with its interval
shares()
{
    first=$(size "$scratch/run" "$1_gate_30") second=$(size "$scratch/run" "$1_gate_40")
    all="$first 44700 $second 45489"
    echo "$(rate shrunk "$first" 44700 0 0) to $(rate shrunk "$second" 45489 0 0)," \
        "$(rate difference_low $all) to $(rate difference_high $all)," \
        "better: $(rate better $all 1 1)"
}
# How likely the second is better: the two densities integrated numerically give 3.72 and 0.08.
check "back after a day" "44.82 to 44.23, -1.24 to 0.06, better: 3.72" "$(shares day_1)"
check "back after a week" "19.02 to 18.20, -1.33 to -0.31, better: 0.08" "$(shares day_7)"

echo "1..$number"
