#!/bin/sh
# SPDX-License-Identifier: MIT
#
# rules/cdnow against the purchases themselves. Segments are compared with lists of people
# that awk makes from the file; totals with figures that are published for these data.
project=cdnow
as_of=1998-07-01
. "$(dirname "$0")/common.sh"
find_data cdnow/CDNOW_master.txt.gz
raw=$CARPEL_DATA/cdnow/CDNOW_master.txt.gz

copy_project "$scratch/run"
judge "$scratch/run" --as-of $as_of
check_document "$scratch/run"
check_none_empty "$scratch/run"
check_threads "$scratch/run" --as-of $as_of
check "people" 23570 "$(total "$scratch/run" people)"
check "events" 69659 "$(total "$scratch/run" events)"
check "refused" 0 "$(total "$scratch/run" refused)"

# ---- who is in which segment: one pass over the rows, in cents and dates YYYYMMDD ---------
gzip -dc "$raw" | tr -d '\r' | awk 'NR > 1 { print $1, $2, $3, sprintf("%.0f", $4 * 100) }' |
    sort -s -k1,1 -k2,2n >"$scratch/rows"
# What somebody spent, how many spent more, and how many people there are.
awk '{ cents[$1] += $4 } END { for (person in cents) print cents[person] }' "$scratch/rows" |
    sort -rn | awk '$1 != last { last = $1; more = NR - 1 } { line[NR] = $1 " " more }
        END { for (i = 1; i <= NR; i++) print line[i], NR }' >"$scratch/spent"
awk '
function say(segment) { print segment, person }
function judge_person() {
    if (rows == 1) say("one_purchase")
    if (rows >= 2) say("repeat_buyers")
    if (days >= 2) say("came_back")
    if (rows >= 10) say("regulars")
    if (months >= 6) say("faithful")
    if (longest_streak >= 3) say("streak")
    if (spent_more[cents] < 0.2 * people) say("top_fifth")
    if (cents >= 50000) say("big_spenders")
    if (largest > 20000) say("big_order")
    if (cents_1998 > cents_1997 && in_second_half) say("growing")
    if (most_cds >= 10) say("collectors")
    if (cds > 0 && cents < 1000 * cds) say("bargain_taste")
    if (was_free) say("free_gift")
    if (in_december) say("christmas_1997")
    if (last >= 19980401) say("last_quarter")
    if (!in_second_half && last >= 19980101) say("won_back")
    if (last < 19970701) say("lapsed")
    if (rows >= 5 && cents >= 20000 && last < 19980102) say("gone_quiet")
    if (last >= 19980402 && rows >= 6 && cents >= 20000) say("best")
    if (last >= 19980402) say("lifecycle.active")
    if (first <= 19970131) say("cohort.jan_1997")
    if (rows >= 3 && rows <= 5) say("frequency.few")
    if (cents >= 20000 && cents < 50000) say("monetary.under_500")
}
FILENAME ~ /spent$/ { spent_more[$1] = $2; people = $3; next }
$1 != person {
    if (person != "") judge_person()
    person = $1; first = $2; last = 0; month = 0
    rows = days = months = cents = cents_1998 = cents_1997 = cds = streak = longest_streak = 0
    largest = most_cds = was_free = in_second_half = in_december = 0
}
{
    rows++
    if ($2 != last) days++
    if (substr($2, 1, 6) != month) {
        months++
        index_of_month = substr($2, 1, 4) * 12 + substr($2, 5, 2)
        streak = index_of_month == index_before + 1 && month ? streak + 1 : 1
        index_before = index_of_month
        if (streak > longest_streak) longest_streak = streak
    }
    last = $2; month = substr($2, 1, 6)
    cds += $3; cents += $4
    if ($4 > largest) largest = $4
    if ($3 > most_cds) most_cds = $3
    if ($4 == 0) was_free = 1
    if ($2 >= 19980101) cents_1998 += $4
    if ($2 >= 19970701 && $2 <= 19971231) { cents_1997 += $4; in_second_half = 1 }
    if (month == 199712) in_december = 1
}
END { judge_person() }' "$scratch/spent" "$scratch/rows" >"$scratch/facts"
check_people "$scratch/run" "$scratch/facts" one_purchase repeat_buyers came_back regulars \
    faithful streak big_spenders top_fifth big_order growing collectors bargain_taste free_gift \
    christmas_1997 last_quarter won_back lapsed gone_quiet best lifecycle.active \
    cohort.jan_1997 frequency.few monetary.under_500

# ---- published figures ------------------------------------------------------------------
check "people with one row" 11908 "$(size "$scratch/run" one_purchase)"
for line in none:14119 one:4442 two:2064 three:1084 four:605 five:348 six:272 \
    seven_or_more:636; do
    check "repeat days until September 1997: ${line%:*}" "${line#*:}" \
        "$(size "$scratch/run" "${line%:*}")"
done

ladder "$scratch/days" 'days_with(purchase) >= K'
check "different days of people" 67591 "$(sum_of_steps "$scratch/days")"
ladder "$scratch/early" 'days_with(purchase before 1997-10-01) >= 1 + K'
check "repeat days until September 1997" 24337 "$(sum_of_steps "$scratch/early")"
ladder "$scratch/late" 'days_with(purchase since 1997-10-01) >= K'
check "days from October 1997 on" 19684 "$(sum_of_steps "$scratch/late")"

# All rows as those of one person: sums are exact to the cent.
copy_project "$scratch/one"
awk 'BEGIN { print "customer_id date number_of_cds dollar_value" }
    { printf "everyone %s %s %d.%02d\n", $2, $3, int($4 / 100), $4 % 100 }' "$scratch/rows" |
    gzip >"$scratch/one.txt.gz"
sed "s#files:.*#files: $scratch/one.txt.gz#" "$root/rules/$project/carpel.yaml" \
    >"$scratch/one/carpel.yaml"
cat >"$scratch/one/rules/segments.seg" <<END
segment exact          when sum(purchase.amount) = 2500315.63
segment a_cent_more    when sum(purchase.amount) >= 2500315.64
segment all_cds        when sum(purchase.cds) = 167881
segment all_purchases  when count(purchase) = 69659
segment exact_average  when avg(purchase.amount) = 2500315.63 / 69659
END
judge "$scratch/one" --as-of $as_of
check "people, all in one" 1 "$(total "$scratch/one" people)"
check "the sum is 2,500,315.63" 1 "$(size "$scratch/one" exact)"
check "the sum is a cent more" 0 "$(size "$scratch/one" a_cent_more)"
check "167,881 CDs" 1 "$(size "$scratch/one" all_cds)"
check "69,659 purchases" 1 "$(size "$scratch/one" all_purchases)"
check "the average, exactly" 1 "$(size "$scratch/one" exact_average)"

# The sample of the papers up to 1997-09-30: how likely it is under the shapes that were published
# of it (Fader, Hardie and Lee 2005).
sample=$CARPEL_DATA/cdnow/CDNOW_sample.txt.gz
if [ -f "$sample" ]; then
    mkdir -p "$scratch/models/rules"
    gzip -dc "$sample" | tr -d '\r' | awk 'BEGIN { print "id,at" }
        $3 <= 19970930 && !seen[$1, $3]++ {
            print $1 "," substr($3, 1, 4) "-" substr($3, 5, 2) "-" substr($3, 7, 2) }' \
        >"$scratch/models/days.csv"
    cat >"$scratch/models/carpel.yaml" <<END
name: models
store: none
rules: rules/*.seg
events: {purchase: {}}
sources:
  - {name: days, plugin: csv, files: days.csv, person: id, time: at, event: purchase}
END
    cat >"$scratch/models/rules/models.seg" <<END
use "lib/bg_nbd.lua"
use "lib/mbg_nbd.lua"
use "lib/pareto_nbd.lua"
let repeats = count(purchase) - 1
let last_week = (last purchase - first purchase) / 1 week
let age = time since first purchase / 1 week
score bg = bg_nbd.log_likelihood(repeats, last_week, age, 0.2426, 4.414, 0.793, 2.426)
score pareto = pareto_nbd.log_likelihood(repeats, last_week, age, 0.553, 10.578, 0.606, 11.669)
score repeat_days = repeats
score bg_39_weeks = bg_nbd.expected(39, repeats, last_week, age, 0.2426, 4.414, 0.793, 2.426)
score mbg_39_weeks = mbg_nbd.expected(39, repeats, last_week, age, 0.525, 6.183, 0.891, 1.614)
score pareto_39_weeks = pareto_nbd.expected(39, repeats, last_week, age, 0.553, 10.578, 0.606, 11.669)
END
    # likelihood SCORE: the sum over everybody
    likelihood()
    {
        "$CARPEL" members "$1" -p "$scratch/models" --as-of 1997-09-30 -q |
            awk '{ sum += $2 } END { printf "%d people, %.3f\n", NR, sum }'
    }
    check "the likelihood of BG/NBD" "2357 people, -9582.429" "$(likelihood bg)"
    check "the likelihood of Pareto/NBD" "2357 people, -9594.976" "$(likelihood pareto)"

    # The 39 weeks that the models have not seen, as docs/scripting.md shows them: the days on which people
    # bought, by how often they had come back, in fact and by each model.
    for score in repeat_days bg_39_weeks mbg_39_weeks pareto_39_weeks; do
        "$CARPEL" members "$score" -p "$scratch/models" --as-of 1997-09-30 -q >"$scratch/$score"
    done
    gzip -dc "$sample" | tr -d '\r' | awk '$3 > 19970930 && !seen[$1, $3]++ { print $1 }' >"$scratch/later"
    # means_of FILE: each line is a person and a number, or a person once for each of them
    means_of()
    {
        awk 'NR == FNR { bin[$1] = $2 < 7 ? $2 + 0 : 7; count[bin[$1]]++; next }
            { sum[bin[$1]] += NF > 1 ? $2 : 1 }
            END { for (k = 0; k <= 7; k++) printf "%s%.3f", (k ? " " : ""), sum[k] / count[k] }' \
            "$scratch/repeat_days" "$scratch/$1"
    }
    check "39 weeks, in fact" "0.237 0.697 1.393 1.560 2.532 2.947 3.862 6.359" "$(means_of later)"
    check "39 weeks by BG/NBD" "0.225 0.523 1.044 1.520 2.164 2.654 3.504 6.157" "$(means_of bg_39_weeks)"
    check "39 weeks by MBG/NBD" "0.185 0.552 1.049 1.493 2.105 2.564 3.362 5.850" "$(means_of mbg_39_weeks)"
    check "39 weeks by Pareto/NBD" "0.138 0.600 1.196 1.714 2.399 2.907 3.819 6.404" "$(means_of pareto_39_weeks)"

    # The same parameters, found anew from the data (docs/fit.md).
    if ! "$CARPEL" fit 2>&1 | grep -q 'built without NLopt'; then
        gzip -dc "$sample" | tr -d '\r' | awk 'BEGIN { print "id,at,amount" }
            { print $1 "," substr($3, 1, 4) "-" substr($3, 5, 2) "-" substr($3, 7, 2) "," $5 }' \
            >"$scratch/models/rows.csv"
        cat >"$scratch/models/carpel.yaml" <<END
name: models
store: none
events: {purchase: {amount: decimal(2)}}
sources:
  - {name: rows, plugin: csv, files: rows.csv, person: id, time: at, event: purchase}
fits:
  bg: {model: bg_nbd, events: purchase, to: 1997-09-30, test_to: 1998-06-30}
  mbg: {model: mbg_nbd, events: purchase, to: 1997-09-30}
  pareto: {model: pareto_nbd, events: purchase, to: 1997-09-30}
  worth: {model: gamma_gamma, events: purchase, amount: amount, orders: repeats, to: 1997-09-30}
END
        # fitted NAME DIGITS: the parameters, and how likely the data are
        fitted()
        {
            "$CARPEL" fit "$1" -p "$scratch/models" -q >"$scratch/fit-$1"
            sed -n "s/^--   [a-z]*: \([0-9.]*\) .*/\1/p; s/^-- log_likelihood: //p" \
                "$scratch/models/fits/$1.lua" | awk -v digits="$2" '
                { printf "%s%.*f", (NR > 1 ? " " : ""), ($1 < 0 ? 3 : digits), $1 }'
        }
        check "BG/NBD is found" "-9582.429 0.243 4.414 0.793 2.426" "$(fitted bg 3)"
        check "MBG/NBD is found" "-9582.136 0.52 6.18 0.89 1.61" "$(fitted mbg 2)"
        check "Pareto/NBD is found" "-9594.976 0.55 10.58 0.61 11.67" "$(fitted pareto 2)"
        check "Gamma-Gamma is found" "-4055.918 6.25 3.74 15.44" "$(fitted worth 2)"
        check "39 weeks by the fitted BG/NBD" "0.225 0.523 1.044 1.520 2.164 2.654 3.504 6.157" \
            "$(sed -n '/^came back/,/^──/s/^[0-7].* \([0-9.]*\)$/\1/p' "$scratch/fit-bg" | tr '\n' ' ' | sed 's/ $//')"
    fi
fi

echo "1..$number"
