#!/bin/sh
# SPDX-License-Identifier: MIT
#
# rules/shop, the example that ./quickstart runs: its document is as recorded, nothing in it
# is empty, and its parts fit together.
project=shop
as_of=2026-01-01
. "$(dirname "$0")/common.sh"

copy_project "$scratch/run"
judge "$scratch/run" --as-of $as_of
check_document "$scratch/run"
check_none_empty "$scratch/run"
check_threads "$scratch/run" --as-of $as_of

# sum NAME...: of the sizes
sum()
{
    total=0
    for name in "$@"; do
        total=$((total + $(size "$scratch/run" "$name")))
    done
    echo $total
}
check "everyone is in one stage of the journey" "$(total "$scratch/run" people)" \
    "$(sum prospect new active at_risk lapsed)"
check "buyers are those who are no prospects" "$(sum buyers)" \
    "$(sum new active at_risk lapsed)"
check "every buyer has a value" "$(sum buyers)" "$(sum gold silver bronze)"

echo "1..$number"
