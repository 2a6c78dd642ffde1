#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A secret that came from the environment or a file appears nowhere: in nothing that any command
# prints, be it a failure, and in nothing that it leaves on the disk. Nor does a crash leave it in a core file.
set -u
: "${CARPEL:?is the command to test, as an absolute path}"
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 70
mkdir -p project/rules outside
. "$SOURCE_DIRECTORY/tests/support/tap.sh"
unset PGHOST PGUSER PGDATABASE PGPASSWORD

# In base64, as webhooks want it, too.
CANARY=Y2FuYXJ5LXRoYXQtbm9ib2R5LW1heS1zZWUtaGVyZS4u
export CANARY
printf '%s\n' "$CANARY" >project/key && chmod 600 project/key
printf 'who,at,amount\nann,2026-01-01,5\nbob,2026-01-02,never\n' >project/orders.csv
cat >project/rules/all.seg <<'END'
segment buyers when did buy
score spent = sum(buy.amount)
END

# project KIND OPTIONS: a source or an output with these options beside those that work
project()
{
    source='' output=''
    case $1 in
        source) source="  - {name: secret, person: who, time: at, event: buy, retry: {attempts: 2, longest_wait: 0}, $2}" ;;
        output) output="  - {name: secret, segments: [buyers], retry: {attempts: 2, longest_wait: 0}, $2}" ;;
    esac
    cat >project/carpel.yaml <<END
name: secrets
time_zone: UTC
events: {buy: {amount: decimal(2)}}
sources:
  - {name: orders, plugin: csv, files: orders.csv, person: who, time: at, event: buy}
$source
outputs:
  - {plugin: csv, path: outside/members.csv}
$output
END
}

# try ARGUMENTS...: what is said goes behind all that was said
try()
{
    echo "== $*" >>all
    timeout 60 "$CARPEL" "$@" --project project </dev/null >>all 2>&1
    code=$?
    [ "$code" -ne 124 ] || echo "it does not come back" >>all
}

# shows FILE...: those that have the secret
shows()
{
    grep -rlF -e "$CANARY" -e canary-that-nobody "$@" 2>/dev/null
}

# try_all: every command that opens a project, with and without a document
try_all()
{
    rm -rf all project/.carpel project/outside
    mkdir project/outside
    try check
    try check --connect
    try check --format json
    try run --as-of 2026-02-01
    try run --json --as-of 2026-02-01
    try plan
    case $1 in *'{file: key}'*) return ;; esac
    for command in load test list sources runs refused store audit graph members report history changes identity mutate fit; do
        try $command
    done
    try explain buyers ann
    try person ann --json
    try diff project
}

while IFS='|' read -r kind plugin options; do
    if ! "$CARPEL" plugins 2>/dev/null | grep -q "^$kind  *$plugin "; then
        skip "$kind $plugin" "it was not built"
        continue
    fi
    project "$kind" "plugin: $plugin, $options"
    try_all "$options"
    tail -n 30 all >said
    ! shows all project/.carpel project/outside >found && ! grep -q 'does not come back' all &&
        ! grep -q -e E0301 -e E0302 all && grep -q '"secret"\|secret (' all
    report $? "$kind $plugin: $options"
done <<'END'
source|postgres|host: 127.0.0.1, port: 1, table: orders, password: "${CANARY}"
source|postgres|connection: "postgresql://ann:${CANARY}@127.0.0.1:1/shop", table: orders
source|postgres|connection: "nonsense ${CANARY}", table: orders
source|postgres|connection: {file: key}, table: orders
output|postgres|host: 127.0.0.1, port: 1, table: members, password: {file: key}
source|redis|port: 1, streams: orders, password: "${CANARY}"
output|redis|port: 1, password: {file: key}
source|kafka|brokers: "127.0.0.1:1", topics: orders, user: ann, password: "${CANARY}", wait: 1
source|adbc|driver: nowhere.so, uri: "${CANARY}", query: select 1
source|adbc|driver: ./nowhere.so, uri: "{project}/${CANARY}", options: {path: "{project}/${CANARY}"}, query: select 1
source|adbc|driver: nowhere.so, options: {key: "${CANARY}"}, query: select 1
output|webhook|url: "https://127.0.0.1:1/${CANARY}", retries: 0
output|webhook|url: "https://127.0.0.1:1/", secret: "whsec_${CANARY}", headers: ["X-Key: ${CANARY}"], retries: 0
output|webhook|url: "ftp://${CANARY}", retries: 0
output|webhook|url: {file: key}, retries: 0
output|webhook|url: "https://127.0.0.1:1/", secret: {file: key}, retries: 0
END

# ---- crashes -------------------------------------------------------------------------------------

# core_of COMMAND...: does it leave a core file when it is ended while it waits for its input?
core_of()
{
    rm -rf fall && mkdir fall && mkfifo fall/waits
    (
        cd fall && ulimit -c unlimited || exit 1
        "$@" <waits >/dev/null 2>&1 &
        exec 3>waits
        for look in $(seq 3000); do
            grep -q '^Name:.*sh$' /proc/$!/status || ! grep -q '^State:.*S (' /proc/$!/status || break
        done
        kill -s XCPU $!
        wait $!
    ) >/dev/null 2>&1
    ls fall | grep -q core
}

case $(cat /proc/sys/kernel/core_pattern 2>/dev/null) in
    core*)
        if core_of cat; then
            printf 'name: stdin\nevents: {buy: {}}\nstore: none\nsources:\n  - {plugin: csv, files: "-", person: who, time: at, event: buy}\n' >project/carpel.yaml
            ! core_of "$CARPEL" run --project "$scratch/project"
            report $? "carpel leaves no core file"
        else
            skip "carpel leaves no core file" "nothing leaves one here"
        fi
        ;;
    *) skip "carpel leaves no core file" "core files go elsewhere" ;;
esac
echo "1..$number"
