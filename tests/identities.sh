#!/bin/sh
# SPDX-License-Identifier: MIT
#
# People under several ids, whose rows come in random files and loads: the same people, histories and members as
# when each row had one id. At past instants, with links that are undone, and of people who are forgotten: the same as
# what a program of its own makes of the links that were known by then.
#
#     tests/identities.sh [PEOPLE [EVENTS [WORLDS]]]       with CARPEL set; CARPEL_SEED repeats a run
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
export TZ=UTC LC_ALL=C.UTF-8
people=${1:-200} events=${2:-2000} worlds=${3:-2}
seed=${CARPEL_SEED:-$(date +%s)}
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
instants="2026-01-08 2026-01-16 2026-01-24 2026-02-01"
rules="bought_after_page regular pro back stage.new stage.high stage.others spent pace latest"
few="bought_after_page back stage.new spent"
echo "1..$((worlds * 3 + 9))"
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

# results FOLDER [INSTANT RULES]: all that the rules say, or those that are named
results()
{
    for rule in ${3:-$rules}; do
        echo "== $rule"
        "$CARPEL" members "$rule" --project "$scratch/$1" --as-of "${2:-2026-02-01}" -q --no-load 2>&1
    done
}

# join INSTANT UNDONE GONE: rows with one id each, made of those with several by the links that are known at the
# instant: but for those of people UNDONE, of whom login and first cookie are parted, and without the rows of the person GONE
join()
{
    awk -F, -v until="$1" -v undone=" $2 " -v gone="$3" -v folder="$scratch/one" '
        function root(id) { while (parent[id] != id) id = parent[id]; return id }
        function number(id) { gsub(/[^0-9]/, "", id); return id }
        function strength(id) { return substr(id, 1, 1) == "u" ? 1 : substr(id, 1, 1) == "m" ? 2 : 3 }
        function meet(id, at) {
            if (!(id in parent)) parent[id] = id
            if (!(id in since) || at < since[id]) since[id] = at
        }
        function is_undone(a, b) {
            return a == "u" number(a) && b == "a" number(a) && index(undone, " " number(a) " ")
        }
        function link(a, b, at) {
            meet(a, at); meet(b, at)
            if (!is_undone(a, b)) parent[root(b)] = root(a)
        }
        function is_rather(a, b) {
            if (strength(a) != strength(b)) return strength(a) < strength(b)
            return since[a] != since[b] ? since[a] < since[b] : a < b
        }
        FNR == 1 { next }
        {
            person = $2 == "" || $2 == "null" ? $3 : $2
            if (number(person) == gone) next
            file = FILENAME
            sub(/.*\//, "", file)
            row[++count] = $1 "," person "," $5 "," $6 "," $7
            of[count] = person
            in_file[count] = file
            if ($1 > until "T00:00") next
            meet(person, $1)
            if ($3 != "" && $3 != person) link(person, $3, $1)
            if ($4 != "") link(person, $4, $1)
        }
        END {
            for (id in parent) {
                top = root(id)
                if (!(top in shown) || is_rather(id, shown[top])) shown[top] = id
            }
            for (f = 0; f < 6; f++) print "at,user,event,amount,plan" >(folder "/data/" f ".csv")
            for (i = 1; i <= count; i++) {
                if (of[i] in parent) sub("," of[i] ",", "," shown[root(of[i])] ",", row[i])
                print row[i] >(folder "/data/" in_file[i])
            }
        }' "$scratch"/many/data/*.csv
}

# sizes: how many each segment and group has at the instants, by a project of one id a row at each
sizes()
{
    for at in $instants; do
        join "$at" "" ""
        for rule in ${rules% spent*}; do
            echo "$at,$rule,$("$CARPEL" members "$rule" --project "$scratch/one" --as-of "$at" -q --no-load | grep -c .)"
        done
    done
}

# past NAME UNDONE GONE INSTANT...: are the results those of the reference, at each instant?
past()
{
    name=$1 undone=$2 gone=$3
    shift 3
    for at; do
        join "$at" "$undone" "$gone"
        results one "$at" "$few" >"$scratch/expected"
        results many "$at" "$few" >"$scratch/got"
        same "$name, at $at"
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
    results one >"$scratch/expected"
    load_in_turns $((seed + world_number))
    results many >"$scratch/got"
    same "world $world_number, loaded file after file"
    "$CARPEL" store compact --project "$scratch/many" -q >/dev/null
    results many >"$scratch/got"
    same "world $world_number, compacted"
    rm -rf "$scratch/many/.carpel"
    echo 'store: none' | project many "$ids"
    results many >"$scratch/got"
    same "world $world_number, without a store"
    rm -rf "$scratch/many/.carpel"
done

# Links that come later, are undone and are compacted, and people who are forgotten, at past instants.
echo "# instants"
world $((seed - 1))
project many "$ids" </dev/null
load_in_turns "$seed"
past "by the links of then" "" "" $instants
sizes | sort >"$scratch/expected"
"$CARPEL" history --project "$scratch/many" --from 2026-01-08 --to 2026-02-01 --every "8 days" --csv -q --no-load \
    bought_after_page regular pro back stage 2>&1 | sed 1d | cut -d, -f1-3 | sort >"$scratch/got"
same "their history"
project many "$ids" <<'YAML'
identities: {unlink: [[u3, a3], [u5, a5], [u8, a8]]}
YAML
past "with links undone" "3 5 8" "" 2026-01-16 2026-02-01
"$CARPEL" store compact --project "$scratch/many" -q >/dev/null
"$CARPEL" forget b7 --project "$scratch/many" -q >/dev/null 2>&1
past "with somebody forgotten" "3 5 8" 7 2026-01-16 2026-02-01
