#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What people under several ids cost: a project whose people have a login, a cookie and an address, of which each row
# has one or several, beside the same rows with one id each. Both are loaded into a store, run for the first time (which
# joins people), and run again, in turn in each round. Of each command the processor time of all its threads, since the
# machine may have other work; of judging, the time on one thread without reading. In the end the medians, and what one
# has of the other. Before, the members of all segments have to be the same.
#
#     bench/identities.sh [-r ROUNDS] [-j THREADS] [-n EVENTS] [-p PEOPLE] [-c CHANCE] [-s SEED] [-k FOLDER] BUILD
#
# Each row has an event, which stands under one of the three ids, and each of the other two is there with CHANCE (0.4);
# two rows of each person, anywhere among the others, link the three. With 0, no other rows do. FOLDER keeps the data
# for another run, or has them.
set -eu
rounds=7 threads=2 events=1000000 people=100000 chance=0.4 seed=1 folder=
usage()
{
    sed -n '/^#     bench/s/^# *//p' "$0" >&2
    exit 64
}
while getopts r:j:n:p:c:s:k: option; do
    case $option in
        r) rounds=$OPTARG ;;
        j) threads=$OPTARG ;;
        n) events=$OPTARG ;;
        p) people=$OPTARG ;;
        c) chance=$OPTARG ;;
        s) seed=$OPTARG ;;
        k) folder=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || usage
build=$(cd "$1" && pwd)
export CARPEL_PLUGIN_PATH="$build/plugins" TZ=UTC LC_ALL=C
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
folder=${folder:-$scratch/data}
segments="bought_after_page regular back"

# The rows of both projects, in the same order, in ten files.
generate()
{
    mkdir -p "$folder/one" "$folder/many"
    awk -v seed="$seed" -v people="$people" -v events="$events" -v chance="$chance" -v folder="$folder" '
        function two(n) { return n < 10 ? "0" n : n }
        function put(i, person, user, cookie, email,    file, at, event, rest) {
            file = "/" int(i * 10 / events) ".csv"
            at = sprintf("2026-01-%sT%s:%s:%s", two(1 + int(rand() * 28)), two(int(rand() * 24)),
                         two(int(rand() * 60)), two(int(rand() * 60)))
            event = rand() < 0.6 ? "page" : "order"
            rest = event "," (event == "order" ? int(rand() * 100) : "")
            print at "," (user ? "u" person : "") "," (cookie ? "a" person : "") "," \
                (email ? "m" person "@x.example" : "") "," rest >(folder "/many" file)
            print at ",u" person "," rest >(folder "/one" file)
        }
        BEGIN {
            srand(seed)
            for (f = 0; f < 10; f++) {
                print "at,user,cookie,email,event,amount" >(folder "/many/" f ".csv")
                print "at,user,event,amount" >(folder "/one/" f ".csv")
            }
            for (i = 0; i < events; i++) turn[i] = i
            for (i = events - 1; i > 0; i--) {
                j = int(rand() * (i + 1))
                kept = turn[i]; turn[i] = turn[j]; turn[j] = kept
            }
            for (i = 0; i < events; i++) {
                if (turn[i] < people)
                    put(i, turn[i], 1, 1, 0)
                else if (turn[i] < 2 * people)
                    put(i, turn[i] - people, 0, 1, 1)
                else {
                    by = int(rand() * 3)
                    put(i, int(rand() * people), by == 0 || rand() < chance, by == 1 || rand() < chance,
                        by == 2 || rand() < chance)
                }
            }
        }'
}

# project NAME KEYS: the project, with these keys of its source
project()
{
    mkdir -p "$scratch/$1/rules"
    cat >"$scratch/$1/carpel.yaml" <<YAML
name: Many ids
events: {page: {}, order: {amount: int}}
sources: [{plugin: csv, files: $folder/$1/*.csv, time: at, event: {from: event}, $2}]
YAML
    cat >"$scratch/$1/rules/rules.seg" <<'RULES'
segment bought_after_page when did (page then order within 2 days)
segment regular when count(order) >= 3 and last order.amount > first order.amount
segment back when did order in last 20 days and did page before 30 days ago
groups stage
    new when count(page) < 3
    high when sum(order.amount) in top 20%
    others otherwise
score spent = sum(order.amount)
RULES
}

# results NAME: the members of all segments
results()
{
    for segment in $segments; do
        "$build/carpel" members "$segment" --project "$scratch/$1" --as-of 2026-02-01 -q
    done
}

# measure COMMAND...: the processor milliseconds that it takes
measure()
{
    python3 - "$build/carpel" "$@" --quiet --threads "$threads" <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.0f" % ((used.ru_utime + used.ru_stime) * 1000))
END
}

# round_of NAME: loading, the first run, another one, judging alone, and the kibibytes of the store
round_of()
{
    rm -rf "$scratch/$1/.carpel"
    load=$(measure load --project "$scratch/$1")
    first=$(measure run --as-of 2026-02-01 --project "$scratch/$1")
    again=$(measure run --as-of 2026-02-01 --project "$scratch/$1")
    judge=$("$build/bench/evaluate" "$scratch/$1" 2026-02-01 1 7 | sort -n | sed -n 4p)
    echo "$load $first $again $judge $(du -sk "$scratch/$1/.carpel/store" | cut -f1)"
}

[ -d "$folder/many" ] || generate
project one 'person: user'
project many 'person: [user, cookie, email], identities: {user: user, cookie: cookie, email: email}'
results one >"$scratch/expected"
results many >"$scratch/got"
cmp "$scratch/expected" "$scratch/got"

round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    echo "$(round_of one) $(round_of many)"
done >"$scratch/times"
awk '
    function median(values, count,   i, j, kept) {
        for (i = 2; i <= count; i++) {
            kept = values[i]
            for (j = i - 1; j >= 1 && values[j] > kept; j--) values[j + 1] = values[j]
            values[j + 1] = kept
        }
        return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
    }
    function line(name, field, unit,   i, one, many, ratio) {
        for (i = 1; i <= NR; i++) {
            one[i] = of[i, field]
            many[i] = of[i, field + 5]
            ratio[i] = many[i] / one[i]
        }
        printf "%-12s %6.0f %s with one id, %6.0f with three: %.2f times\n", name, median(one, NR), unit, median(many, NR),
            median(ratio, NR)
    }
    { for (i = 1; i <= 10; i++) of[NR, i] = $i }
    END {
        line("load", 1, "ms")
        line("first run", 2, "ms")
        line("another run", 3, "ms")
        line("judging", 4, "ms")
        line("store", 5, "KiB")
    }' "$scratch/times"
