#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Databases that are no servers, SQLite and DuckDB (CARPEL_DUCKDB is its library), live in carpel's process: that is killed
# at seeded calls for their files (dying.c), in the middle of reading and of writing. One more run, and nothing is
# lost, nothing is counted twice, and both files are whole.
#
# CARPEL_SEED repeats the moments of a run; CARPEL_MOMENTS says how many of each kind are tried (1).
set -u
: "${CARPEL:?is the command to test}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"
if nm "$CARPEL" 2>/dev/null | grep -q ' __[at]san_init' ||
    ! ${CC:-cc} -std=gnu11 -fPIC -shared -o "$scratch/dying.so" "$SOURCE_DIRECTORY/tests/connectors/dying.c" -ldl >"$scratch/said" 2>&1; then
    echo "1..0 # SKIP needs a compiler, and a build without a sanitizer"
    exit 0
fi
seed=${CARPEL_SEED:-$(date +%s)}
echo "# killed.sh: CARPEL_SEED=$seed"
moments=${CARPEL_MOMENTS:-1}
project=$scratch/project
mkdir -p "$project/rules"
cat >"$project/rules/rules.seg" <<END
segment buyers when did purchase
segment rich when spent >= 50
score spent = sum(purchase.amount)
END
awk 'BEGIN { print "n,customer,placed,amount"; for (n = 1; n <= 30000; n++)
    printf "%d,p%d,2026-01-%02dT00:00:00Z,%d.%d\n", n, n % 3000, n % 28 + 1, n % 100, n % 10 }' >"$scratch/orders.csv"

# describe SOURCE OUTPUT: the project with these keys
describe()
{
    cat >"$project/carpel.yaml" <<END
name: Killed
events:
  purchase: {amount: decimal(2)}
sources:
  - {name: orders, $1, growing: n, person: customer, time: placed, event: purchase}
outputs:
  - {name: members, $2, table: members, segments: [buyers, rich]}
  - {name: sums, $2, table: sums, scores: [spent]}
END
}

# run DAY
run()
{
    "$CARPEL" run --quiet --project "$project" --as-of "$1" >"$scratch/said" 2>&1
}

# dying NAME COUNT: a run that is killed there
dying()
{
    DYING="$1 $2" DYING_COUNT=$scratch/count LD_PRELOAD=$scratch/dying.so \
        "$CARPEL" run --quiet --project "$project" --as-of 2026-02-02 >"$scratch/said" 2>&1
}

# begin_again: behind a run of the first third of the orders, with all others there
begin_again()
{
    rm -rf "$scratch"/project/.carpel "$scratch"/project/shop.* "$scratch"/project/crm.*
    fill 'n <= 10000' && run 2026-02-01 && fill 'n > 10000'
}

# kill_all TITLE: in the middle of reading and of writing
kill_all()
{
    begin_again && run 2026-02-02
    report $? "$1: a run without harm"
    right=$(digest)
    for part in reading writing; do
        file=project/crm
        unset DYING_READS
        [ $part = writing ] || { file=project/shop && export DYING_READS=1; }
        begin_again
        rm -f "$scratch/count"
        dying $file 0 && [ "$(cat "$scratch/count")" -gt 3 ] && [ "$(digest)" = "$right" ]
        report $? "$1: and with its calls counted"
        calls=$(cat "$scratch/count" 2>/dev/null || echo 1)
        for round in $(seq "$moments"); do
            seed=$(((seed * 1103515245 + 12345) % 2147483648))
            at=$((seed / 7 % calls + 1))
            begin_again
            dying $file $at
            status=$?
            [ $status -eq 137 ] || echo "# it was over before (exit code $status)"
            run 2026-02-02 && is_whole && [ "$(digest)" = "$right" ]
            report $? "$1: killed while $part, at call $at of $calls"
        done
    done
    unset DYING_READS
}

# ---- SQLite -----------------------------------------------------------------------------

if "$CARPEL" plugins sqlite >/dev/null 2>&1 && command -v sqlite3 >/dev/null 2>&1; then
    fill()
    {
        sqlite3 "$project/shop.db" "create table if not exists orders (n integer primary key, customer text, placed text, amount numeric)" \
            ".mode csv" ".import $scratch/orders.csv aside" "insert into orders select * from aside where cast(n as integer) + 0 ${1#n}" \
            "drop table aside" >"$scratch/said" 2>&1
    }
    digest()
    {
        sqlite3 "$project/crm.db" "select * from members order by 1, 2" "select * from sums order by 1, 2" | cksum
    }
    is_whole()
    {
        [ "$(sqlite3 "$project/crm.db" "pragma integrity_check" "select count(*) from sqlite_schema where name like 'carpel%'" | xargs)" = "ok 0" ]
    }
    describe 'plugin: sqlite, file: shop.db, table: orders' 'plugin: sqlite, file: crm.db'
    kill_all sqlite
else
    skip "sqlite" "needs SQLite and its command"
fi

# ---- DuckDB -----------------------------------------------------------------------------

# rows QUERY: the values of "line" of the database, as carpel reads them
rows()
{
    mkdir -p "$scratch/show/rules" "$scratch/show/out"
    echo 'segment all when did row' >"$scratch/show/rules/r.seg"
    cat >"$scratch/show/carpel.yaml" <<END
name: Show
store: none
events: {row: {}}
sources:
  - {name: rows, plugin: adbc, driver: "$CARPEL_DUCKDB", options: {path: "$project/crm.duckdb"}, query: "$1", person: line, event: row, time: {from: day, format: unix}}
outputs: [{plugin: csv, path: out/all.csv}]
END
    "$CARPEL" run --quiet --project "$scratch/show" --as-of 2026-03-01 >"$scratch/said" 2>&1 && cut -d , -f 2 "$scratch/show/out/all.csv"
}

if [ -n "${CARPEL_DUCKDB-}" ] && "$CARPEL" plugins adbc >/dev/null 2>&1; then
    # What is read is a file that grows; the database is what is written.
    fill()
    {
        [ -e "$project/shop.csv" ] || head -n 1 "$scratch/orders.csv" >"$project/shop.csv"
        case $1 in
        *'<='*) sed -n '2,10001p' "$scratch/orders.csv" >>"$project/shop.csv" ;;
        *) sed -n '10002,$p' "$scratch/orders.csv" >>"$project/shop.csv" ;;
        esac
    }
    digest()
    {
        {
            rows "select segment || ' ' || person as line, 1 as day from members"
            rows "select score || ' ' || person || ' ' || value::text as line, 1 as day from sums"
        } | cksum
    }
    is_whole()
    {
        [ "$(rows "select table_name as line, 1 as day from information_schema.tables" | xargs)" = "person members sums" ]
    }
    describe "plugin: adbc, driver: \"$CARPEL_DUCKDB\", query: \"select * from read_csv('{project}/shop.csv')\"" \
        "plugin: adbc, driver: \"$CARPEL_DUCKDB\", options: {path: \"{project}/crm.duckdb\"}"
    kill_all adbc
else
    skip "adbc" "needs DuckDB's library"
fi
echo "1..$number"
