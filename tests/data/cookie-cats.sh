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

# ---- whom does the later gate help? (docs/fit.md) ------------------------------------------
# The players with an even number as if they had come on 1 January, the others on 1 March: learned of the ones, and
# tested with the others.
if ! "$CARPEL" fit 2>&1 | grep -q 'built without NLopt'; then
    mkdir -p "$scratch/fit/rules"
    gzip -dc "$CARPEL_DATA/cookie-cats/cookie_cats.csv.gz" | awk -F, -v OFS=, '
        NR == 1 { print "player,day,event,version"; next }
        { month = $1 % 2 == 0 ? "2026-01-" : "2026-03-"; print $1, month "01", "came", $2 }
        $4 == "True" { print $1, month "02", "played", "" }
        $5 == "True" { print $1, month "08", "played", "" }
        END { print $1, "2026-04-01", "played", "" }' >"$scratch/fit/players.csv"
    cat >"$scratch/fit/carpel.yaml" <<'END'
name: Cookie Cats
time_zone: UTC
store: none
events: {came: {version: string}, played: {}}
sources:
  - {name: players, plugin: csv, files: players.csv, person: player, time: day, event: {from: event}, properties: {version: version}}
fits:
  later_gate:
    model: uplift
    treatment: last came.version = "gate_40"
    label: did played in next 7 days
    among: did came in last 2 days
    features: {came_back: did played in last 1 day}
    train: 2026-01-02T12:00
    test: 2026-03-02T12:00
END
    echo 'segment players when did came' >"$scratch/fit/rules/players.seg"
    "$CARPEL" fit later_gate -p "$scratch/fit" -q >"$scratch/gate" 2>&1
    effect()
    {
        sed -n "s/^$1  *//p" "$scratch/gate" | tr -s ' '
    }
    all="8502 44700 8279 45489"
    check "the effect on all, as above" "45,489 18.2% 44,700 19.0% -0.8" "$(effect together | sed 's/ [^ ]* to.*//')"
    tenths()
    {
        rate "$@" | awk '{ printf "%+.1f\n", $1 }'
    }
    check "its interval" "$(tenths difference_low $all) to $(tenths difference_high $all)" \
        "$(effect together | sed 's/.* \([^ ]* to [^ ]*\)$/\1/')"
    awk '/^carpel.define/ { exit } p { sub(/^--   /, ""); print } /^-- Rules/ { getline; p = 1 }' \
        "$scratch/fit/fits/later_gate.lua" >"$scratch/fit/rules/gate.seg"
    "$CARPEL" members later_gate -p "$scratch/fit" -q --as-of 2026-03-02T12:00 >"$scratch/scores"
    gzip -dc "$CARPEL_DATA/cookie-cats/cookie_cats.csv.gz" |
        awk -F '[ ,\t]+' 'FNR == NR { score[$1] = $2; next }
            $1 % 2 == 1 { print score[$1], $2 == "gate_40", $5 == "True" }' "$scratch/scores" - |
        sort -k1,1gr >"$scratch/ranked"
    check "Qini coefficient and AUUC" "$(awk -f "$root/tests/support/qini.awk" "$scratch/ranked" "$scratch/ranked")" \
        "$(grep -E '^-- (qini|auuc)' "$scratch/fit/fits/later_gate.lua")"
fi

echo "1..$number"
