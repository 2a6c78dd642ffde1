#!/bin/sh
# SPDX-License-Identifier: MIT
#
# rules/online-retail against the invoice lines themselves. Segments are compared with lists
# of people that awk makes from the file; totals with figures that are published for it.
project=online-retail
as_of=2011-07-01
. "$(dirname "$0")/common.sh"
find_data online-retail-7m/online_retail_2010-12_2011-06.csv.gz
raw=$CARPEL_DATA/online-retail-7m/online_retail_2010-12_2011-06.csv.gz

copy_project "$scratch/run"
judge "$scratch/run" --as-of $as_of
check_document "$scratch/run"
check_none_empty "$scratch/run"
check_threads "$scratch/run" --as-of $as_of
check "people" 3002 "$(total "$scratch/run" people)"
check "events" 176889 "$(total "$scratch/run" events)"
check "refused" 0 "$(total "$scratch/run" refused)"

# ---- who is in which segment: the rows as person|time|invoice|product|quantity|price in
# thousandths|country|description, in the order of person and time ---------------------------
gzip -dc "$raw" | awk -v OFS='|' '
function split_quoted(line,    part, count, i) {
    count = split(line, part, "\"")
    for (i = 2; i <= count; i += 2) gsub(",", " ", part[i])
    line = part[1]
    for (i = 2; i <= count; i++) line = line part[i]
    split(line, field, ",")
}
NR > 1 {
    if (index($0, "\"")) split_quoted($0); else split($0, field, ",")
    gsub(/[|]/, " ", field[3])
    if (field[7] != "")
        print field[7], field[5], field[1], field[2], field[4],
            sprintf("%.0f", field[6] * 1000), field[8], field[3]
}' | sort -s -t '|' -k1,2 >"$scratch/rows"
awk -F '|' -v OFS='|' -v revenues="$scratch/revenues" '
function say(segment) { print segment " " person }
function judge_person() {
    if (lines) say("customers")
    if (in_may) say("bought_in_may")
    if (in_june) say("bought_last_month")
    if (in_may && !in_june) say("missed_last_month")
    if (first >= "2011-06") say("first_time")
    if (invoices == 1) say("one_invoice")
    if (invoices >= 2) say("repeat_customers")
    if (months == 7) say("every_month")
    if (revenue >= 5000000) say("big_spenders")
    if (revenue + returned >= 5000000) say("net_spenders")
    if (invoices && revenue >= 1000000 * invoices) say("big_invoices")
    if (largest >= 100) say("wholesalers")
    if (products >= 100) say("wide_range")
    if (cancellations) say("cancelled")
    if (cancellations && !lines) say("only_cancelled")
    if (revenue && -2 * returned >= revenue) say("half_returned")
    if (cancellations >= 3) say("often_cancelled")
    if (bought_again) say("bought_again")
    if (lines) print country, revenue, person >revenues
    if (country != "United Kingdom") say("abroad")
    if (country ~ /^(Germany|Austria|Switzerland)$/) say("german_language")
    if (christmas) say("christmas")
    if (hearts >= 3) say("hearts")
    if (lines && !after_noon) say("early_birds")
    if (first >= "2011-06-01 00:00:01") say("lifecycle.new")
    if (lines && revenue < 300000) say("value.low")
}
function is_new(kind, name) {
    return seen[kind, person, name]++ == 0
}
$1 != person {
    if (person != "") judge_person()
    person = $1; first = ""
    lines = in_may = in_june = invoices = months = revenue = returned = largest = 0
    bought_again = products = cancellations = christmas = hearts = after_noon = 0
    split("", seen)
}
{ country = $7 }
$3 ~ /^C/ { returned += $5 * $6; cancellations += is_new("cancelled", $3); next }
$5 <= 0 || $6 <= 0 { next }
{
    lines++
    if (cancellations) bought_again = 1
    if (first == "") first = $2
    if ($2 ~ /^2011-05/) in_may = 1
    if ($2 ~ /^2011-06/) in_june = 1
    invoices += is_new("invoice", $3)
    months += is_new("month", substr($2, 1, 7))
    products += is_new("product", $4)
    revenue += $5 * $6
    if ($5 > largest) largest = $5
    if ($8 ~ /(^|[^A-Za-z0-9_])(CHRISTMAS|XMAS)([^A-Za-z0-9_]|$)/) christmas = 1
    if (index($8, "HEART")) hearts += is_new("heart", $4)
    if (substr($2, 12, 2) >= 12) after_noon = 1
}
END { judge_person() }' "$scratch/rows" >"$scratch/facts"
# The best five of each country: fewer than five have more.
sort -t '|' -k1,1 -k2,2rn "$scratch/revenues" | awk -F '|' '
$1 != country { country = $1; before = more = 0; last = "" }
$2 != last { last = $2; more = before }
{ before++ }
more < 5 { print "country_leaders " $3 }' >>"$scratch/facts"
check_people "$scratch/run" "$scratch/facts" customers bought_in_may bought_last_month \
    missed_last_month first_time one_invoice repeat_customers every_month big_spenders \
    net_spenders big_invoices wholesalers wide_range cancelled only_cancelled half_returned \
    often_cancelled bought_again abroad german_language country_leaders christmas \
    hearts early_birds lifecycle.new value.low

# ---- published figures ------------------------------------------------------------------
check "customers" 2960 "$(size "$scratch/run" customers)"
check "buyers in May 2011" 1056 "$(size "$scratch/run" bought_in_may)"

# One segment at seven instants.
for line in 2011-01-01:885 2011-02-01:741 2011-03-01:758 2011-04-01:974 2011-05-01:856 \
    2011-06-01:1056 2011-07-01:991; do
    judge "$scratch/run" --as-of "${line%:*}"
    check "buyers in the month before ${line%:*}" "${line#*:}" \
        "$(size "$scratch/run" bought_last_month)"
done

# All rows as those of one person: sums are exact to a tenth of a penny.
copy_project "$scratch/one"
gzip -dc "$raw" | sed -E 's/,[0-9]+\.0,([^,]*)$/,everyone,\1/' | gzip >"$scratch/one.csv.gz"
sed "s#files:.*#files: $scratch/one.csv.gz#" "$root/rules/$project/carpel.yaml" \
    >"$scratch/one/carpel.yaml"
cat >"$scratch/one/rules/segments.seg" <<END
event sale = purchase where (quantity > 0 and price > 0)
let revenue = sum(sale.(quantity * price))

segment exact          when revenue = 3993805.651
segment a_tenth_more   when revenue >= 3993805.652
segment all_lines      when count(sale) = 172635
segment all_purchases  when count(purchase) = 172648
segment all_invoices   when distinct(sale.invoice) = 8802
segment with_gifts     when distinct(purchase.invoice) = 8803
END
judge "$scratch/one" --as-of $as_of
check "people, all in one" 1 "$(total "$scratch/one" people)"
check "the revenue is 3,993,805.651" 1 "$(size "$scratch/one" exact)"
check "the revenue is a tenth of a penny more" 0 "$(size "$scratch/one" a_tenth_more)"
check "172,635 lines sold" 1 "$(size "$scratch/one" all_lines)"
check "172,648 lines without cancellations" 1 "$(size "$scratch/one" all_purchases)"
check "8,802 invoices" 1 "$(size "$scratch/one" all_invoices)"
check "8,803 with those of gifts" 1 "$(size "$scratch/one" with_gifts)"

# ---- who will buy again? (docs/fit.md) ---------------------------------------------------
if ! "$CARPEL" fit 2>&1 | grep -q 'built without NLopt'; then
    copy_project "$scratch/fit"
    "$CARPEL" fit again -p "$scratch/fit" -q >"$scratch/again" 2>&1
    quality()
    {
        sed -n "s/^$1  *//p" "$scratch/again" | tr -s ' '
    }
    check "all features, AUC and log loss" "0.7394 0.5149" "$(quality 'all features')"
    check "silence alone" "0.6379 0.5859" "$(quality 'silent alone')"
    check "the base rate" "0.5000 0.6023" "$(quality 'base rate')"

    # A table of today tells who bought in April, as if it had been known before.
    gzip -dc "$raw" | awk -F, 'BEGIN { print "CustomerID,group" }
        match($0, /,2011-04-[0-9][0-9] [^,]*,[^,]*,[^,]*,[^,]*$/) {
            $0 = substr($0, RSTART + 1)
            if ($3 != "" && !seen[$3]++) print $3 ",spring"
        }' >"$scratch/fit/groups.csv"
    sed -i -e 's/^traits:/&\n  group: string/' -e 's/^      silent:/      spring: user.group = "spring"\n&/' \
        -e "s|^sources:|&\n  - {name: groups, plugin: csv, files: groups.csv, person: CustomerID}|" "$scratch/fit/carpel.yaml"
    "$CARPEL" fit again -p "$scratch/fit" -q >"$scratch/again" 2>&1
    check "a leak is refused" 'carpel: the feature "spring" of "again" tells the label of 2011-04-01 nearly without fail' \
        "$(sed -n 's/ (AUC.*//p' "$scratch/again")"
fi

echo "1..$number"
