#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Cases that other segmentation systems test themselves with. They are kept beside the
# checkout, in $CARPEL_SHARED/cases/examples.jsonl; a rule for each, ID.seg, stands here.
#
#     tests/cases/run.sh     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
export TZ=UTC LC_ALL=C
cases=${CARPEL_SHARED:-$here/../../../shared}/cases/examples.jsonl
if [ ! -f "$cases" ]; then
    echo "1..0 # SKIP skipped: CARPEL_SHARED names no folder with cases/examples.jsonl"
    exit 0
fi
if ! perl -MJSON::PP -e 1 2>/dev/null; then
    echo "1..0 # SKIP skipped: needs perl with JSON::PP"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
number=0

# try_case ID: who is in `answer` is who is expected; the rule draws no warning
try_case()
{
    project=$scratch/$1
    mkdir "$project/rules"
    cp "$here/$1.seg" "$project/rules/" || return
    "$CARPEL" members answer --quiet --strict --project "$project" \
        --as-of "$(cat "$project/now")" >"$project/found" || return
    diff "$project/expected" "$project/found" || return
    "$CARPEL" check --project "$project" >"$project/said" 2>&1
    ! grep 'warning W' "$project/said"
}

perl "$here/make-projects.pl" "$cases" "$scratch" || exit 1
for id in $( (cd "$scratch" && ls; cd "$here" && ls ./*.seg) | sed 's,^\./,,; s/\.seg$//' | sort -u); do
    number=$((number + 1))
    if [ ! -d "$scratch/$id" ]; then
        echo "not ok $number - case $id is not there"
    elif try_case "$id" >"$scratch/said" 2>&1; then
        echo "ok $number - case $id: $(wc -l <"$scratch/$id/expected") people"
    else
        echo "not ok $number - case $id"
        sed 's/^/# /' "$scratch/$id/question" "$scratch/said"
    fi
done
echo "1..$number"
