#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Inputs made to do harm: the folders hostile-NN-* of cases/faults, which are not part of
# carpel. They are looked for in CARPEL_SHARED and beside the checkout, and skipped when they
# are not there. Each must end quickly, with a clear message, with nothing lost; the same
# behaviour is tested with small inputs of our own in the tests of its subject.
#
#     tests/hostile/run.sh [NN...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export TZ=UTC LC_ALL=C.UTF-8 COLUMNS=200
unset NO_COLOR FORCE_COLOR
number=0

for faults in "${CARPEL_SHARED:+$CARPEL_SHARED/cases/faults}" "$root/../shared/cases/faults"; do
    [ -z "$faults" ] || [ ! -d "$faults" ] || break
done
if [ ! -d "$faults" ]; then
    echo "1..0 # SKIP skipped: CARPEL_SHARED names no folder with cases/faults"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT

# ---- what the cases share ----------------------------------------------------------------

# report GOOD WHAT
report()
{
    number=$((number + 1))
    if [ "$1" = true ]; then
        echo "ok $number - hostile $case: $2"
    else
        echo "not ok $number - hostile $case: $2"
        echo "# exit code ${status-none} after ${milliseconds-0} ms of processor time"
        tail -n 20 "$scratch/out" | cut -c 1-300 | sed 's/^/# /'
    fi
}

# holds WHAT COMMAND...: the command says yes
holds()
{
    what=$1
    shift
    if "$@" >/dev/null 2>&1; then report true "$what"; else report false "$what"; fi
}

# The processor time of all commands that have ended, in milliseconds: unlike the time on
# the wall, it does not grow when the machine is busy with something else.
spent()
{
    times >"$scratch/times"
    awk 'NR == 2 { gsub(/[ms]/, " "); print int(($1 * 60 + $2 + $3 * 60 + $4) * 1000) }' \
        "$scratch/times"
}

# measured COMMAND...: leaves the output in $scratch/out, $status, and the processor time in
# $milliseconds
measured()
{
    begin=$(spent)
    "$@" >"$scratch/out" 2>&1 </dev/null
    status=$?
    milliseconds=$(($(spent) - begin))
}

# carpel SECONDS ARGUMENT...: is ended when it takes so long
carpel()
{
    seconds=$1
    shift
    measured timeout -s KILL "$seconds" "$CARPEL" "$@"
}

ends_with()
{
    [ "$status" -eq "$1" ]
}

# A failure that was said: no signal, no time-out, and not a success.
is_refused()
{
    [ "$status" -ne 0 ] && [ "$status" -lt 124 ]
}

is_within()
{
    [ "$milliseconds" -lt "$1" ]
}

says()
{
    grep -qiE -- "$1" "$scratch/out"
}

same_file()
{
    cmp "$1" "$2"
}

# A mebibyte of a file at most.
is_at_most()
{
    [ ! -f "$2" ] || [ "$(wc -c <"$2")" -le "$1" ]
}

# ---- the cases, each in a copy of its folder ------------------------------------------------

case_01()
{
    carpel 20 run -p . -j 1 --json
    holds "the run ends well" ends_with 0
    holds "comparing two long texts is within the limit of a call" is_within 1000
}

case_02()
{
    (echo id,n && seq 50000 | sed 's/.*/p&,&/') >d.csv
    for threads in 1 2 4; do
        carpel 60 run -p . -j $threads --as-of 2026-01-01
        holds "with $threads threads the function that counts its calls is refused" is_refused
        holds "with $threads threads it is named" says 'h\.f'
        holds "with $threads threads its variable is named" says 'seen'
    done
}

case_04()
{
    carpel 20 run -p . --as-of 2026-06-01
    holds "the example runs" ends_with 0
    holds "no call failed" test -z "$(grep -i failed "$scratch/out")"
}

case_05()
{
    cp d.csv "$scratch/before"
    for target in d.csv ./rules/../d.csv carpel.yaml rules/r.seg; do
        sed "s|path: d.csv|path: $target|" "$folder/carpel.yaml" >carpel.yaml
        cp carpel.yaml "$scratch/project"
        carpel 20 run -p .
        holds "an output over $target is refused" is_refused
        holds "an output over $target leaves the data" same_file d.csv "$scratch/before"
        holds "an output over $target leaves the project" same_file carpel.yaml "$scratch/project"
        holds "an output over $target leaves the rules" same_file rules/r.seg "$folder/rules/r.seg"
    done
}

case_06()
{
    mkdir out
    echo before >out/m.csv
    carpel 20 run -p .
    holds "two outputs in one file are refused" is_refused
    holds "the file is named" says 'm\.csv'
    holds "the old file is there" grep -q '^before$' out/m.csv
}

case_07()
{
    carpel 20 check -p .
    holds "a byte-order mark is passed over" ends_with 0
}

case_08()
{
    carpel 20 run -p .
    holds "CR line ends are read" says '2 people'
    holds "the output has both" grep -q 'all,b' out/m.csv
}

case_09()
{
    mkdir out
    echo before >out/m.csv
    carpel 120 run -p .
    holds "the run says that all was refused" is_refused
    holds "the list is capped" is_at_most 33554432 .carpel/refused.csv
    holds "yesterday's output is there" grep -q '^before$' out/m.csv
}

case_11()
{
    mkdir -p rules
    (echo 'let s0 = count(buy)' &&
        awk 'BEGIN { for (i = 1; i <= 10000; i++) print "let s" i " = s" i - 1 " + 1" }' &&
        echo 'segment x when s10000 > 3') >rules/r.seg
    carpel 60 check -p .
    holds "a chain of 10,000 values compiles" ends_with 0
    tac rules/r.seg >r.new && mv r.new rules/r.seg
    carpel 60 check -p .
    holds "and so it does the other way round" ends_with 0
}

case_12()
{
    carpel 60 check -p .
    holds "it compiles, or is refused with the number of nodes" \
        eval '[ "$status" -eq 0 ] || { [ "$status" -eq 1 ] && says "nodes"; }'
    holds "it takes a moment" is_within 10000
}

case_13()
{
    # It was written for a draft of the interface, whose structs did not say their size.
    sed 's/carpel_source src={/&.struct_size = sizeof(carpel_source), /' evil.c >source.c
    mkdir so
    for mode in 26 27 53 61 62 65 68 70 71; do
        ${CC:-cc} -std=c11 -w -D_GNU_SOURCE -fPIC -shared -DMODE=$mode -I"$root/include" \
            -o so/source_evil.so source.c
        rm -rf proj/out
        mkdir proj/out
        echo before >proj/out/m.csv
        CARPEL_PLUGIN_PATH=$PWD/so:$CARPEL_PLUGIN_PATH carpel 20 run -p proj
        holds "mode $mode is refused" is_refused
        holds "mode $mode: the plugin is named" says 'evil'
        holds "mode $mode: the old output is there" grep -q '^before$' proj/out/m.csv
    done
    ${CC:-cc} -std=c11 -w -D_GNU_SOURCE -fPIC -shared -DMODE=82 -I"$root/include" \
        -o so/source_evil.so source.c
    CARPEL_PLUGIN_PATH=$PWD/so carpel 20 plugins
    holds "a constructor is reported" says 'of its own when it is loaded'
}

case_14()
{
    carpel 20 run -q -p .
    holds "two names that are written alike are refused" is_refused
    holds "the name is shown" says 'a\.b'
}

case_15()
{
    carpel 60 check -p .
    holds "1,200 segments in a chain compile" ends_with 0
    tac rules/r.seg >r.new && mv r.new rules/r.seg
    carpel 60 check -p .
    holds "and so they do the other way round" ends_with 0
}

case_16()
{
    carpel 20 run -p .
    holds "one text does not stop the run" ends_with 0
    holds "nobody is in, and that is written" test "$(cat out/m.csv)" = "segment,person,as_of"
    holds "the person is named" says '"b"'
    carpel 20 run -p . --strict
    holds "--strict stops" is_refused
}

case_17()
{
    carpel 60 run -p .
    holds "one date does not stop the run" ends_with 0
    holds "the others are judged" grep -q 'x,a' out/m.csv
    carpel 60 run -p . --strict
    holds "--strict stops" is_refused
}

case_18()
{
    carpel 60 check -p .
    holds "1,000 groups compile" ends_with 0
    holds "in a moment" is_within 10000
}

case_19()
{
    carpel 60 check -p .
    holds "bad bytes are refused" ends_with 1
    holds "in a moment" is_within 5000
    holds "with one message" test "$(grep -c ' error E' "$scratch/out")" -eq 1
}

# Interrupted after some tenths of a second, in the middle of its work.
case_20()
{
    python3 mk.py p 600000
    for signal in INT TERM HUP; do
        rm -rf p/out
        mkdir p/out
        echo before >p/out/m.csv
        cp p/out/m.csv p/out/m.jsonl
        measured timeout --preserve-status -s $signal 0.35 "$CARPEL" run -q -j 2 -p p
        holds "$signal: the exit code is the documented one" ends_with 75
        holds "$signal: it ends within a second" is_within $((2 * 350 + 1000))
        holds "$signal: one line is printed" test "$(wc -l <"$scratch/out")" -eq 1
        holds "$signal: nothing is left behind" test "$(ls p/out | tr '\n' ' ')" = "m.csv m.jsonl "
        holds "$signal: the old outputs are there" \
            test "$(cat p/out/m.csv p/out/m.jsonl)" = "$(printf 'before\nbefore')"
    done
    timeout -s KILL 0.35 "$CARPEL" run -q -p p >"$scratch/out" 2>&1
    carpel 60 run -q -p p
    holds "the run after a kill is well" ends_with 0
    holds "the run after a kill leaves nothing behind" \
        test "$(ls -A p/out | tr '\n' ' ')" = "m.csv m.jsonl "
}

case_21()
{
    mkdir -p rules
    mkfifo rules/r.seg
    carpel 10 check -p .
    holds "a FIFO as a rule is refused" is_refused
    holds "it is named" says 'r\.seg'
    rm rules/r.seg
    echo 'segment all when did buy' >rules/r.seg
    cp carpel.yaml good.yaml
    rm carpel.yaml && mkfifo carpel.yaml
    carpel 10 check -p .
    holds "a FIFO as the project is refused" is_refused
    holds "it is named" says 'carpel\.yaml'
    rm carpel.yaml && cp good.yaml carpel.yaml
    mkfifo known.txt
    printf 'list known from "known.txt"\nsegment all when did buy and in known\n' >rules/r.seg
    carpel 10 check -p .
    holds "a FIFO as a list is refused" is_refused
    holds "it is named" says 'known\.txt'
    echo 'segment all when did buy' >rules/r.seg
    mkfifo a.lua
    echo 'scripts: {files: a.lua}' >>carpel.yaml
    carpel 10 check -p .
    holds "a FIFO as a script is refused" is_refused
    holds "it is named" says 'a\.lua'
    cp good.yaml carpel.yaml
    mkdir so && mkfifo so/source_x.so
    CARPEL_PLUGIN_PATH=$PWD/so carpel 10 plugins
    holds "a FIFO as a plugin does not stop the list" ends_with 0
    holds "it is named" says 'source_x\.so'
    mv d.csv data.csv && mkfifo d.csv
    cat data.csv >d.csv &
    writer=$!
    carpel 10 run -p .
    kill $writer 2>/dev/null
    holds "a FIFO as data is read" ends_with 0
    holds "all of it" says '[1-9] (people|person),'
}

case_22()
{
    mkdir so
    for plugin in $(echo "$CARPEL_PLUGIN_PATH" | tr ':' ' '); do
        [ ! -f "$plugin/source_csv.so" ] || head -c 1000 "$plugin/source_csv.so" >so/source_cut.so
    done
    CARPEL_PLUGIN_PATH=$PWD/so:$CARPEL_PLUGIN_PATH carpel 20 plugins
    holds "half a plugin does not stop the list" ends_with 0
    holds "it is named" says 'source_cut\.so'
    holds "the others are listed" says 'source *csv'
}

[ $# -gt 0 ] || set -- 01 02 04 05 06 07 08 09 11 12 13 14 15 16 17 18 19 20 21 22
for case in "$@"; do
    folder=$(echo "$faults/hostile-$case"-*)
    if [ ! -d "$folder" ]; then
        number=$((number + 1))
        echo "ok $number - hostile $case # SKIP it is not in $faults"
        continue
    fi
    rm -rf "$scratch/case"
    cp -R "$folder" "$scratch/case"
    chmod -R u+w "$scratch/case"
    cd "$scratch/case" || exit 70
    "case_$case"
    cd "$here" || exit 70
done
echo "1..$number"
