#!/bin/sh
# SPDX-License-Identifier: MIT
#
# People under several ids, whose rows come in random files and loads: the same people, histories and members as
# when each row had one id.
#
#     tests/identities.sh [PEOPLE [EVENTS [WORLDS]]]       with CARPEL set; CARPEL_SEED repeats a run
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
export TZ=UTC LC_ALL=C.UTF-8
people=${1:-200} events=${2:-2000} worlds=${3:-2}
seed=${CARPEL_SEED:-$(date +%s)}
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
echo "1..$((worlds * 3))"
echo "# CARPEL_SEED=$seed"
number=0

# project FOLDER KEYS...: the project, with these keys of its source, and more lines of standard input
project()
{
    mkdir -p "$scratch/$1/rules" "$scratch/$1/data"
    {
        echo 'name: Many ids'
        echo 'events: {page: {}, order: {amount: int}}'
        echo 'traits: {plan: string}'
        echo "sources: [{plugin: csv, files: data/*.csv, time: at, event: {from: event}, traits: [plan], $2}]"
        cat
    } >"$scratch/$1/carpel.yaml"
    cat >"$scratch/$1/rules/rules.seg" <<'RULES'
segment bought_after_page when did (page then order within 2 days)
segment regular when count(order) >= 3 and last order.amount > first order.amount
segment pro when user.plan = "pro"
segment back when did order in last 20 days and did page before 30 days ago
groups stage
    new when count(page) < 3
    high when sum(order.amount) in top 20%
    others otherwise
score spent = sum(order.amount)
score pace = median(order.gap)
score latest = last order.amount
RULES
}

# world SEED: rows of both projects in the same files. Each person has a login, two cookies and an address; who
# comes by which of them is random, and each is linked by a row somewhere.
world()
{
    rm -rf "$scratch/many/data" "$scratch/one/data"
    mkdir -p "$scratch/many/data" "$scratch/one/data"
    awk -v seed="$1" -v people="$people" -v events="$events" -v folder="$scratch" '
        function two(n) { return n < 10 ? "0" n : n }
        function put(person, user, cookie, email, event, amount, plan,    file, at) {
            file = "data/" int(rand() * 6) ".csv"
            at = sprintf("2026-01-%sT%s:%s", two(1 + int(rand() * 28)), two(int(rand() * 24)), two(int(rand() * 4)))
            print at "," user "," cookie "," email "," event "," amount "," plan >(folder "/many/" file)
            print at "," person "," event "," amount "," plan >(folder "/one/" file)
        }
        BEGIN {
            srand(seed)
            for (f = 0; f < 6; f++) {
                print "at,user,cookie,email,event,amount,plan" >(folder "/many/data/" f ".csv")
                print "at,user,event,amount,plan" >(folder "/one/data/" f ".csv")
            }
            for (i = 0; i < events; i++) {
                p = int(rand() * people)
                event = rand() < 0.6 ? "page" : "order"
                amount = event == "order" ? int(rand() * 100) : ""
                plan = rand() < 0.1 ? (rand() < 0.5 ? "pro" : "free") : ""
                by = rand()
                put("u" p, by < 0.3 ? "u" p : rand() < 0.3 ? "null" : "", by >= 0.3 ? (rand() < 0.5 ? "a" p : "b" p) : "",
                    "", event, amount, plan)
            }
            for (p = 0; p < people; p++) {
                put("u" p, "u" p, "a" p, "", "", "", "")
                put("u" p, "", "b" p, "m" p "@x", "", "", "")
                put("u" p, rand() < 0.5 ? "u" p : "", "a" p, "m" p "@x", "", "", "")
            }
        }'
}

# results FOLDER: all that the rules say
results()
{
    for rule in bought_after_page regular pro back stage.new stage.high stage.others spent pace latest; do
        echo "== $rule"
        "$CARPEL" members "$rule" --project "$scratch/$1" --as-of 2026-02-01 -q "$2" 2>&1
    done
}

# same NAME: are the results those of one id a row?
same()
{
    number=$((number + 1))
    if [ -s "$scratch/expected" ] && cmp -s "$scratch/expected" "$scratch/got"; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        diff "$scratch/expected" "$scratch/got" | head -10 | sed 's/^/# /'
    fi
}

# load_in_turns: file after file, in a random order
load_in_turns()
{
    mv "$scratch/many/data" "$scratch/later"
    mkdir "$scratch/many/data"
    for file in $(awk -v seed="$1" 'BEGIN { srand(seed); for (f = 0; f < 6; f++) print rand(), f ".csv" }' | sort | cut -d' ' -f2); do
        mv "$scratch/later/$file" "$scratch/many/data"
        "$CARPEL" load --project "$scratch/many" -q 2>/dev/null
    done
    rmdir "$scratch/later"
}

ids='person: [user, cookie], identities: {user: user, cookie: cookie, email: email}'
echo 'store: none' | project one 'person: user'
world_number=0
while [ $world_number -lt "$worlds" ]; do
    world_number=$((world_number + 1))
    world $((seed + world_number))
    project many "$ids" </dev/null
    results one --no-load >"$scratch/expected"
    load_in_turns $((seed + world_number))
    results many --no-load >"$scratch/got"
    same "world $world_number, loaded file after file"
    "$CARPEL" store compact --project "$scratch/many" -q >/dev/null
    results many --no-load >"$scratch/got"
    same "world $world_number, compacted"
    rm -rf "$scratch/many/.carpel"
    echo 'store: none' | project many "$ids"
    results many --no-load >"$scratch/got"
    same "world $world_number, without a store"
    rm -rf "$scratch/many/.carpel"
done
