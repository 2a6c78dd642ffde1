# SPDX-License-Identifier: MIT
#
# What the tests over real data share: where the data are, runs in a copy of a project,
# and comparisons in TAP. Read with `.` by the scripts beside this one, after setting
# `project` to a folder of rules/ and `as_of` to the instant of the judgement.
#
#     NAME.sh             compares
#     NAME.sh --record    writes NAME.json anew; then read the diff
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export TZ=UTC LC_ALL=C
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
number=0

is_recording=false
[ "${1-}" != --record ] || is_recording=true

# find_data FILE: sets CARPEL_DATA to the folder that holds it, or skips the whole test.
find_data()
{
    for folder in "${CARPEL_DATA-}" "${CARPEL_SHARED:+$CARPEL_SHARED/data}" \
        "$root/../shared/data"; do
        if [ -n "$folder" ] && [ -f "$folder/$1" ]; then
            CARPEL_DATA=$(cd "$folder" && pwd)
            export CARPEL_DATA
            return
        fi
    done
    echo "1..0 # SKIP skipped: CARPEL_DATA names no folder with $1"
    exit 0
}

# judge FOLDER OPTION...: run that project, leaving FOLDER.json, or stop the test
judge()
{
    judged=$1
    shift
    "$CARPEL" run --project "$judged" --json "$@" >"$judged.json" 2>"$judged.err" && return
    sed 's/^/# /' "$judged.err"
    echo "Bail out! carpel run failed"
    exit 1
}

# copy_project FOLDER: the project, writing its memberships into out/members.csv
copy_project()
{
    cp -R "$root/rules/$project" "$1"
    chmod -R u+w "$1"
    rm -rf "$1/out"
    grep -q '^outputs:' "$1/carpel.yaml" ||
        printf 'outputs:\n  - {plugin: csv, path: out/members.csv}\n' >>"$1/carpel.yaml"
}

# size FOLDER NAME: of a segment, of the run before
size()
{
    awk -F'[:, ]+' -v name="\"$2\"" '$2 == "\"name\"" { is_it = $3 == name }
        $2 == "\"size\"" && is_it { print $3; exit }' "$1.json"
}

# total FOLDER KEY: people, events, refused of the run before
total()
{
    sed -n "s/^  \"$2\": \([0-9]*\),\{0,1\}\$/\1/p" "$1.json"
}

# check NAME WANTED FOUND
check()
{
    number=$((number + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $number - $project: $1: $2"
    else
        echo "not ok $number - $project: $1"
        echo "# wanted $2, found $3"
    fi
}

# check_people FOLDER FILE SEGMENT...: FILE has lines "segment person", got in another way.
# Not only the sizes are compared, but who it is.
check_people()
{
    members=$1/out/members.csv
    facts=$2
    shift 2
    for segment in "$@"; do
        awk -F, -v segment="$segment" '$1 == segment { print $2 }' "$members" |
            sort >"$scratch/found"
        awk -v segment="$segment" '$1 == segment { print $2 }' "$facts" |
            sort >"$scratch/wanted"
        difference=$(comm -3 "$scratch/wanted" "$scratch/found" | head -n 3 | tr '\n\t' '  ')
        found=$(awk 'END { print NR }' "$scratch/found")
        check "$segment" "$(awk 'END { print NR }' "$scratch/wanted") people" \
            "$found people${difference:+, but not the same: $difference}"
    done
}

# check_document FOLDER: the whole of run --json is as recorded, but for the seconds
check_document()
{
    sed 's/"seconds": [0-9.e+-]*/"seconds": 0/' "$1.json" >"$scratch/document"
    if $is_recording; then
        cp "$scratch/document" "$here/$project.json"
        exit 0
    fi
    differences=$(diff "$here/$project.json" "$scratch/document" | sed 's/^/# /')
    check "the document" same "${differences:-same}"
}

# check_threads FOLDER OPTION...: the memberships do not depend on the number of threads
check_threads()
{
    cp "$1/out/members.csv" "$scratch/members"
    judge "$@" --threads 1
    check "one thread or many" same "$(cmp "$scratch/members" "$1/out/members.csv" && echo same)"
}

# check_none_empty FOLDER: every segment and group has somebody in it
check_none_empty()
{
    check "segments with nobody in it" 0 "$(grep -c '"size": 0,' "$1.json")"
}

# ladder FOLDER RULES: make FOLDER judge segments step_1, step_2, ... of a condition in which
# K stands for the step. The sizes of all steps add up to the sum of what is compared with K.
ladder()
{
    copy_project "$1"
    rm -r "$1"/rules/*
    awk -v condition="$2" 'BEGIN { for (k = 1; k <= 400; k++) {
        line = condition; gsub(/K/, k, line)
        print "segment step_" k " when " line } }' >"$1/rules/ladder.seg"
    judge "$1" --as-of "$as_of"
}

# sum_of_steps FOLDER
sum_of_steps()
{
    if [ "$(size "$1" step_400)" != 0 ]; then
        echo "too few steps"
    else
        sed -n 's/^ *"size": \([0-9]*\),$/\1/p' "$1.json" | awk '{ sum += $1 } END { print sum }'
    fi
}
