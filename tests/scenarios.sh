#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The scenarios of every project that is shipped hold, and those of the project that
# `carpel init` writes. A project without scenarios has nothing to fail.
#
#     tests/scenarios.sh     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
root=$(cd "$(dirname "$0")/.." && pwd)
export TZ=UTC LC_ALL=C.UTF-8
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
number=0

# try NAME PROJECT
try()
{
    number=$((number + 1))
    if "$CARPEL" test --project "$2" >"$scratch/said" 2>&1; then
        echo "ok $number - $1: $(tail -n 1 "$scratch/said")"
    else
        echo "not ok $number - $1"
        sed 's/^/# /' "$scratch/said"
    fi
}

for file in "$root"/rules/*/carpel.yaml; do
    folder=$(dirname "$file")
    try "rules/$(basename "$folder")" "$folder"
done
"$CARPEL" init "$scratch/new" >/dev/null
try "carpel init" "$scratch/new"
echo "1..$number"
exit 0
