#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The output "webhook" against a small receiver (receiver.py) that answers well, late, wrongly
# or not at all: what it was sent, how often, and what a run says and puts aside; and over ways that
# break at seeded moments (CARPEL_SEED, CARPEL_MOMENTS): a run that was hit and is repeated has told
# of everybody, and of nobody twice under another id.
set -u
: "${CARPEL:?is the command to test}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
here=$SOURCE_DIRECTORY/tests/connectors
if ! "$CARPEL" plugins webhook >/dev/null 2>&1 || ! command -v python3 >/dev/null 2>&1; then
    echo "1..0 # SKIP needs libcurl and python3"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
receiver=
trap 'way_end; [ -z "$receiver" ] || kill "$receiver"; rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"
. "$SOURCE_DIRECTORY/tests/support/way.sh"
secret=MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY

mkfifo "$scratch/port"

# begin_receiver: at another $port each time
begin_receiver()
{
    python3 "$here/receiver.py" "$scratch/log" "$secret" >"$scratch/port" 2>"$scratch/receiver" &
    receiver=$!
    read -r port <"$scratch/port"
}

begin_receiver

mkdir -p "$scratch/p/rules"
echo 'segment buyers when did purchase' >"$scratch/p/rules/r.seg"
printf 'person,time\nann,2026-01-01\nbob,2026-01-02\ncid,2026-01-03\n"d""é",2026-01-04\neve,2026-01-05\n' >"$scratch/p/in.csv"

# run URL OPTION...: what the run says, on $scratch/said, and its exit code
run()
{
    url=$1
    shift
    cat >"$scratch/p/carpel.yaml" <<END
name: Hooks
store: none
events: {purchase: {}}
sources: [{plugin: csv, files: in.csv, person: person, time: time, event: purchase}]
outputs:
  - {name: file, plugin: csv, path: out/members.csv}
  - plugin: webhook
    url: "$url"
    batch: 2
    pause: 0
    retries: 2
$(printf '    %s\n' "$@")
END
    rm -rf "$scratch/p/out"
    again
}

# again: a run of the project as it is
again()
{
    : >"$scratch/log"
    "$CARPEL" run --quiet --project "$scratch/p" --as-of 2026-02-01 >"$scratch/said" 2>&1
    status=$?
}

# flip DAY URL OPTION...: the same of a project that remembers runs: ann enters, leaves, and enters
# again on the days 02, 05 and 11 of January
flip()
{
    day=$1
    url=$2
    shift 2
    mkdir -p "$scratch/q/rules"
    echo 'segment buyers when did purchase in last 2 days' >"$scratch/q/rules/r.seg"
    printf 'person,time\nann,2026-01-01\nann,2026-01-10\n' >"$scratch/q/in.csv"
    cat >"$scratch/q/carpel.yaml" <<END
name: Flips
events: {purchase: {}}
sources: [{plugin: csv, files: in.csv, person: person, time: time, event: purchase}]
outputs:
  - plugin: webhook
    url: "$url"
    changes: true
    columns: {person: person, what: change}
    pause: 0
    retries: 2
    private_addresses: true
$(printf '    %s\n' "$@")
END
    : >"$scratch/log"
    "$CARPEL" run --quiet --project "$scratch/q" --as-of "2026-01-$day" >"$scratch/said" 2>&1
    status=$?
}

# expect TITLE CODE REQUESTS MESSAGE: REQUESTS as "ann,bob signed" in a line each, a message as
# a pattern of grep
expect()
{
    number=$((number + 1))
    cut -d ' ' -f 3- "$scratch/log" >"$scratch/requests"
    printf '%s' "$3" >"$scratch/wanted"
    if [ "$status" -eq "$2" ] && diff "$scratch/wanted" "$scratch/requests" >"$scratch/diff" &&
        { if [ -n "$4" ]; then grep -q "$4" "$scratch/said"; else [ ! -s "$scratch/said" ]; fi; } &&
        ! grep -q "$secret\|hush" "$scratch/said"; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        { echo "exit code $status, wanted $2"; cat "$scratch/diff" "$scratch/said"; } | sed 's/^/# /'
    fi
}

# check TITLE COMMAND...
check()
{
    number=$((number + 1))
    title=$1
    shift
    if "$@" >"$scratch/why" 2>&1; then
        echo "ok $number - $title"
    else
        echo "not ok $number - $title"
        sed 's/^/# /' "$scratch/why"
    fi
}

here_it_is="http://127.0.0.1:$port"
signed="secret: whsec_$secret"
private="private_addresses: true"
first='ann,bob signed
' second='cid,d"é signed
' third='eve signed
'
all=$first$second$third

run "$here_it_is/ok" "$signed" "$private"
expect "batches are sent and signed" 0 "$all" ""
cp "$scratch/log" "$scratch/before"
run "$here_it_is/ok" "$signed" "$private"
check "the same rows have the same ids" cmp "$scratch/before" "$scratch/log"
run "$here_it_is/ok" "secret: [whsec_AAAAAAAAAAAAAAAAAAAAAAAA, whsec_$secret]" "$private"
expect "of several keys each signs" 0 "$all" ""
run "$here_it_is/ok" "$private"
expect "without a secret nothing is signed" 0 "$(echo "$all" | sed 's/ signed/ unsigned/')
" ""
run "$here_it_is/ID-503" "$signed" "$private"
expect "503 is tried again" 0 "$first$first$first$second$second$second$third$third$third" ""
run "$here_it_is/after" "$signed" "$private"
expect "429 with Retry-After is tried again" 0 "$first$first$second$second$third$third" ""
run "$here_it_is/ALL-500" "$signed" "$private"
expect "500 for ever fails after the retries" 74 "$first$first$first" \
    "does not take the batch msg_[0-9a-f]*: it answers 500: {\"told\": \"500\"}"
check "no file was put in place then" test ! -e "$scratch/p/out/members.csv"
for status_line in 400 404 410; do
    run "$here_it_is/ALL-$status_line" "$signed" "$private"
    expect "$status_line is not tried again" 1 "$first" "it answers $status_line"
done
run "$here_it_is/moved" "$signed" "$private"
expect "a redirection is not followed" 1 "$first" "it answers 302"
run "$here_it_is/reset" "$signed" "$private"
expect "a connection that breaks is tried again" 74 "$first$first$first" "does not take the batch"
run "$here_it_is/garbage" "$signed" "$private"
expect "no HTTP is tried again" 74 "$first$first$first" "does not take the batch"
run "$here_it_is/slow" "$signed" "$private" "timeout: 0.2" "retries: 1"
sed -i '/retries: 2/d' "$scratch/p/carpel.yaml"
again
expect "a body without an end is broken off" 74 "$first$first" "Timeout was reached"

for day in 02 05 11 15; do
    flip "$day" "$here_it_is/ok"
    cat "$scratch/log" >>"$scratch/flips"
done
check "each run has its own ids" test "$(cut -d ' ' -f 2 "$scratch/flips" | sort -u | wc -l)" -eq 4
flip 15 "$here_it_is/ok" "headers: []"
check "a run that is made again has those that it had" \
    test "$(cut -d ' ' -f 2 "$scratch/log")" = "$(sed -n '4s/ ann.*//; 4s/.* //p' "$scratch/flips")"

letters="dead_letters: letters.jsonl"
run "$here_it_is/BATCH-400" "$signed" "$private" "$letters"
expect "what is refused is put aside, and the rest is sent" 0 "$all" \
    "1 batch could not be delivered to http://127.0.0.1 and waits in .*letters.jsonl.* for the next run: it answers 400"
check "only its owner may read what is put aside" test "$(stat -c %a "$scratch/p/letters.jsonl")" = 600
run "$here_it_is/ok" "$signed" "$private" "$letters"
expect "the next run sends it first, and once" 0 "$second$first$third" ""
check "then nothing waits any more" test ! -e "$scratch/p/letters.jsonl"
run "$here_it_is/ALL-410" "$signed" "$private" "$letters"
expect "who is gone is asked once" 0 "$first" "3 batches could not be delivered"
check "and all batches wait" test "$(wc -l <"$scratch/p/letters.jsonl")" -eq 3
check "behind the one that was sent" test "$(grep -c '"reason":"it waits behind msg_' "$scratch/p/letters.jsonl")" -eq 2
cat "$scratch/p/letters.jsonl" "$scratch/p/letters.jsonl" >"$scratch/twice"
cp "$scratch/twice" "$scratch/p/letters.jsonl"
run "$here_it_is/ALL-500" "$signed" "$private" "$letters"
expect "made again, the run sends nothing more" 0 "$first$first$first" "3 batches could not be delivered"
check "and each waits once" test "$(wc -l <"$scratch/p/letters.jsonl")" -eq 3
run "$here_it_is/ok" "$signed" "$private" "$letters"
expect "until each is delivered once" 0 "$all" ""

# waits COUNT REQUESTS: so many batches wait, and so many requests were made
waits()
{
    test "$(wc -l <"$scratch/q/letters.jsonl")" -eq "$1" && test "$(wc -l <"$scratch/log")" -eq "$2"
}

rm -rf "$scratch/q"
flip 02 "$here_it_is/ALL-400" "$letters"
check "a change that is refused waits" waits 1 1
flip 05 "$here_it_is/ALL-400" "$letters"
check "what follows it is put aside behind it" waits 2 1
sed 's/.*"id":"\([^"]*\).*/\1/' "$scratch/q/letters.jsonl" >"$scratch/waiting"
flip 11 "$here_it_is/ok" "$letters"
cut -d ' ' -f 2 "$scratch/log" | head -n 2 >"$scratch/sent"
check "until they are sent in their order" cmp "$scratch/waiting" "$scratch/sent"
check "before the newest one" test "$(wc -l <"$scratch/log")" -eq 3
check "and none waits any more" test ! -e "$scratch/q/letters.jsonl"
echo "something else" >"$scratch/p/letters.jsonl"
run "$here_it_is/ok" "$signed" "$private" "$letters"
expect "a file that is something else is left alone" 1 "" "line 1 of .*letters.jsonl.* is no batch"
check "and stays" grep -q "something else" "$scratch/p/letters.jsonl"
rm "$scratch/p/letters.jsonl"

run "$here_it_is/ALL-500" "$signed" "$private" "dead_letters: out/members.csv"
expect "what is put aside has a file of its own" 1 "" "carpel.yaml:14:19:.* cannot write .*it is the place of another output"
run "$here_it_is/ALL-500" "$signed" "$private" "dead_letters: rules/new.seg"
expect "which is none that the project reads" 1 "" "cannot write .*rules"
run "$here_it_is/ALL-500" "$signed" "$private" "dead_letters: carpel.yaml"
expect "nor the project itself" 1 "" "cannot write .*carpel.yaml.: it is "
run "$here_it_is/ALL-500" "$signed" "$private" "dead_letters: \"-\""
expect "nor standard output" 1 "" "dead_letters. needs a file"
mkdir "$scratch/p/folder"
run "$here_it_is/ALL-500" "$signed" "$private" "dead_letters: folder"
expect "what cannot be written is told before anything is sent" 1 "" "cannot write .*folder.: it is there, and no file"
run "$here_it_is/ALL-500" "$signed" "$private" "dead_letters: in.csv/letters.jsonl"
expect "also where a folder cannot be made" 74 "" "cannot write .*in.csv/letters.jsonl.: Not a directory"
run "$here_it_is/ALL-500" "$signed" "$private" "dead_letters: out/far/letters.jsonl"
expect "missing folders are made" 0 "$first$first$first" "3 batches .*out/far/letters.jsonl"
check "and hold all batches" test "$(wc -l <"$scratch/p/out/far/letters.jsonl")" -eq 3
run "$here_it_is/ok" "$signed" "$private" "dead_letters: out/far/letters.jsonl"
check "and nothing is left beside the file" test -z "$(ls -A "$scratch/p/out/far")"
run "$here_it_is/ok" "$signed" "$private" "$letters"
echo "  - {name: other, plugin: webhook, url: '$here_it_is/ok', $private, $letters}" >>"$scratch/p/carpel.yaml"
again
expect "nor that of another output" 1 "" "cannot write .*letters.jsonl.: it is the place of another output"

run "https://127.0.0.1:$port/ok" "$signed"
expect "private addresses are refused" 1 "" "private network or of this machine"
run "https://localhost:$port/ok" "$signed"
expect "also behind a name" 1 "" "private network or of this machine"
run "https://[::ffff:127.0.0.1]:$port/ok" "$signed"
expect "also as an address of IPv6" 1 "" "private network or of this machine"
run "$here_it_is/ok" "$signed"
expect "http is refused without private addresses" 1 "" "has to begin with https://"
run "ftp://user:hush@example.org/" "$signed"
expect "other schemes are refused" 1 "" "is no address that begins with https://"
run "$here_it_is/ok" "secret: hush-hush" "$private"
expect "a secret that is none is not shown" 1 "" "secret. is not .whsec_"
echo "whsec_$secret" >"$scratch/p/key"
chmod 600 "$scratch/p/key"
run "$here_it_is/ok" "secret: {file: key}" "$private"
expect "a secret may stand in a file" 0 "$all" ""
run "$here_it_is/ok" "secret: [whsec_AAAAAAAAAAAAAAAAAAAAAAAA, {file: key}]" "$private"
expect "also one of several" 0 "$all" ""
run "$here_it_is/ok" "$signed" "$private" 'headers: {X-Team: crm}'
expect "headers are lines and no mapping" 1 "" 'headers: \["X-Team: crm"\]'
run "$here_it_is/ok" "$signed" "$private" 'headers: ["X-Other: 1\r\nX-Evil: 2"]'
expect "a header is one line" 1 "" "item 1 of .headers. is not"

# ---- whether it is reached --------------------------------------------------------------

# reach PATTERN URL OPTION...: what a check says, in one line; nothing is sent
reach()
{
    wanted=$1
    shift
    run "$@" >/dev/null
    : >"$scratch/log"
    "$CARPEL" check --quiet --connect --project "$scratch/p" >"$scratch/said" 2>&1
    [ "$(grep -c '^output "webhook" (webhook): ' "$scratch/said")" -eq 1 ] && [ ! -s "$scratch/log" ] &&
        grep -q "^output \"webhook\" (webhook): $wanted" "$scratch/said" && ! grep -q "$secret\|hush" "$scratch/said"
    report $? "a check says: $wanted"
}

network='the network or the server is at fault: '
options='what the options name is at fault: '
reach 'reached$' "$here_it_is/ok" "$signed" "$private"
reach "${network}nobody takes connections at http://127.0.0.1: " "http://127.0.0.1:1/hush" "$private"
reach "${network}no address is known of https://nobody.invalid: " "https://nobody.invalid/hush"
reach "${network}no safe connection (TLS) can be made to https://127.0.0.1: " "https://127.0.0.1:$port/hush" "$private"
reach "${options}the address of https://127.0.0.1 is one of a private network" "https://127.0.0.1:$port/hush"
reach "${options}\"secret\" is not .whsec_" "$here_it_is/ok" "secret: hush-hush" "$private"

# ---- ways that break --------------------------------------------------------------------

way_seed webhook.sh
mkdir -p "$scratch/w/rules"
echo 'segment buyers when did purchase' >"$scratch/w/rules/r.seg"
awk 'BEGIN { print "person,time"; for (n = 0; n < 400; n++) printf "p%d,2026-01-01\n", n }' >"$scratch/w/in.csv"

# tell PORT: a run that tells it of everybody
tell()
{
    cat >"$scratch/w/carpel.yaml" <<END
name: Broken
events: {purchase: {}}
sources: [{plugin: csv, files: in.csv, person: person, time: time, event: purchase}]
outputs:
  - {plugin: webhook, url: "http://127.0.0.1:$1/ok", secret: whsec_$secret, batch: 20, pause: 0, retries: $retries, timeout: $timeout, private_addresses: true}
END
    "$CARPEL" run --quiet --project "$scratch/w" --as-of 2026-02-01 >"$scratch/said" 2>&1
}

tell_way()
{
    tell "$WAY"
}

# is_told: of each person by one id, however often that came
is_told()
{
    grep -v ' signed$' "$scratch/log" >"$scratch/said" && return 1
    sort -u -k 2,2 "$scratch/log" | cut -d ' ' -f 3 | tr ',' '\n' | sort >"$scratch/told"
    sed 1d "$scratch/w/in.csv" | cut -d , -f 1 | sort | diff - "$scratch/told" >"$scratch/said"
}

# broken FAULT SIDE: a run that is hit by it, and one more
broken()
{
    rm -rf "$scratch/w/.carpel"
    : >"$scratch/log"
    [ "$1" != stall ] || timeout=1
    way_over "$port" "$1" "$2" tell_way
    status=$?
    timeout=5
    [ "$1" != kill ] || begin_receiver
    [ "$status" -ne 0 ] || echo "# the run withstood $1 after $way_bytes bytes to the $2"
    [ "$status" -eq 0 ] || grep -q '^carpel: .*does not take the batch' "$scratch/said" || return 1
    tell "$port" && is_told
}

retries=0
timeout=5
: >"$scratch/log"
way_measure "$port" tell_way && is_told
report $? "a run without harm over another way"
echo "# $way_to_server bytes go to the server, $way_to_client to the client"
for fault in kill reset garbage half pieces stall; do
    moments=${CARPEL_MOMENTS-1}
    while [ "$moments" -gt 0 ]; do
        moments=$((moments - 1))
        for side in server client; do
            retries=$((way_seed / 65536 % 2 * 2))
            way_kill="kill -9 $receiver"
            broken $fault $side
            report $? "$fault when $way_bytes bytes have gone to the $side"
        done
    done
done

for side in server client; do
    rm -rf "$scratch/w/.carpel"
    : >"$scratch/log"
    tell 1 # so that the project is there
    way_stop "$port" $side sh -c "sed -i \"s#1:[0-9]*/ok#1:\$WAY/ok#\" '$scratch/w/carpel.yaml'; exec '$CARPEL' run --quiet --project '$scratch/w' --as-of 2026-02-01"
    [ $? -eq 75 ] && grep -q "stopped by SIGTERM" "$scratch/said" && tell "$port" && is_told
    report $? "stopped when nothing comes behind $way_bytes bytes to the $side"
done
echo "1..$number"
