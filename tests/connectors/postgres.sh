#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The connectors of PostgreSQL against a real server: values, names and values made to do harm
# (postgres_values.c), and a server that is killed when some bytes have gone to it or come from
# it. A run that was hit by that and is repeated has lost nothing and counted nothing twice.
#
# CARPEL_SEED repeats the moments of a run.
set -u
: "${CARPEL:?is the command to test}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
here=$SOURCE_DIRECTORY/tests/connectors
values=$(dirname "$CARPEL")/tests/connectors/postgres_values
. "$SOURCE_DIRECTORY/tests/support/postgres.sh"

if ! "$CARPEL" plugins postgres >/dev/null 2>&1 || ! postgres_is_here || ! command -v python3 >/dev/null 2>&1; then
    echo "1..0 # SKIP needs libpq, PostgreSQL's programs and python3"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
trap 'postgres_end; rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"

: >"$scratch/said"
postgres_begin || { cat "$postgres_folder/log" >"$scratch/said" 2>/dev/null; report 1 "a server starts"; echo "1..1"; exit 1; }

# ---- values -----------------------------------------------------------------------------

CMOCKA_MESSAGE_OUTPUT=STDOUT "$values" >"$scratch/said" 2>&1
report $? "values of every type, hostile names and values, stopping"
grep 'CARPEL_SEED' "$scratch/said"

# ---- a server that is killed ------------------------------------------------------------

seed=${CARPEL_SEED:-$(date +%s)}
echo "# postgres.sh: CARPEL_SEED=$seed"
psql -q >/dev/null <<END
create table orders as select n, 'p' || n % 3000 as customer, timestamptz '2026-01-01' + n * interval '1 second' as placed,
    (n % 1000)::numeric / 10 as amount from generate_series(1, 30000) n;
END
mkdir -p "$scratch/project/rules" "$scratch/way"
cat >"$scratch/project/carpel.yaml" <<END
name: Killed
store: none
events:
  purchase: {amount: decimal(2)}
sources:
  - {name: orders, plugin: postgres, host: "\${WAY}", table: orders, person: customer, time: placed, event: purchase, retry: {longest_wait: 0}}
outputs:
  - {name: members, plugin: postgres, host: "\${WAY}", table: members, segments: [buyers, rich], retry: {longest_wait: 0}}
  - {name: sums, plugin: postgres, host: "\${WAY}", table: sums, scores: [spent], retry: {longest_wait: 0}}
END
cat >"$scratch/project/rules/rules.seg" <<END
segment buyers when did purchase
segment rich when spent >= 500
score spent = sum(purchase.amount)
END

# run_over FOLDER: the project, by the way of that folder
run_over()
{
    WAY=$1 "$CARPEL" run --quiet --project "$scratch/project" --as-of 2026-02-01 >"$scratch/said" 2>&1
}

# What stands in the tables, as one digest; of one that is not there, nothing.
digest()
{
    for table in members sums; do
        psql -qAtc "select * from $table order by 1, 2" 2>/dev/null
    done | cksum
}

forget()
{
    psql -qc "drop table if exists members, sums" 2>/dev/null
}

run_over "$PGHOST"
report $? "a run without harm"
right=$(digest)
nothing=$(forget; digest)
if [ "$(id -u)" -eq 0 ]; then chmod 777 "$scratch" "$scratch/way"; fi

# killed SIDE BYTES: a run whose server is killed then, and one more
killed()
{
    forget
    rm -f "$scratch/way/.s.PGSQL.5432"
    mkfifo "$scratch/ready"
    python3 "$here/cut.py" "$scratch/way" "$PGHOST" "$1" "$2" \
        sh -c ". '$SOURCE_DIRECTORY/tests/support/postgres.sh'; postgres_folder=$postgres_folder; postgres_stop immediate" \
        >"$scratch/ready" 2>"$scratch/cut" &
    cutter=$!
    read -r _ <"$scratch/ready"
    rm -f "$scratch/ready"
    run_over "$scratch/way"
    status=$?
    kill "$cutter" 2>/dev/null
    wait "$cutter" 2>/dev/null
    cp "$scratch/said" "$scratch/first"
    postgres_stop immediate
    postgres_start || { cp "$postgres_folder/log" "$scratch/said"; return 1; }
    between=$(digest)
    [ "$status" -ne 0 ] || echo "# the run was over before $2 bytes went to the $1"
    grep -q . "$scratch/first" || [ "$status" -eq 0 ] || { echo "a failure without a message" >"$scratch/said"; return 1; }
    run_over "$PGHOST" || return 1
    [ "$(digest)" = "$right" ] && return 0
    echo "between the runs $between, nothing $nothing, right $right, now $(digest)" >"$scratch/said"
    return 1
}

# moment LIMIT: leaves the next number of the seed's row in $bytes
moment()
{
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    bytes=$((seed / 7 % $1 + 1))
}

for round in 1 2 3; do
    moment 1200000
    killed client "$bytes"
    report $? "killed when $bytes bytes have been read"
    moment 280000
    killed server "$bytes"
    report $? "killed when $bytes bytes have been written"
done
echo "1..$number"
