#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The table of options in docs/commands.md against the command itself: each option that
# `carpel COMMAND --help` names stands in the table beside that command, and each command
# that a row names takes the options of the row.
#
#     tests/docs/commands.sh          with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export LC_ALL=C.UTF-8
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
. "$root/tests/support/tap.sh"

commands=$("$CARPEL" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')

# What the command says: "--option COMMAND", a line each.
for command in $commands; do
    "$CARPEL" "$command" --help |
        sed -n 's/^  \(-[a-zA-Z],\|   \) \(--[a-z-]*\).*/\2 '"$command"'/p'
done | grep -v -e '^--help ' -e '^--version ' | sort -u >"$scratch/taken"

# What the table says. "the same" are the commands of the row above, and a command of two
# words, `plugins test`, counts as its first.
awk -F ' [|] ' '
    /^\| option \|/ { table = 1; next }
    table && !/^\|/ { exit }
    !table || /^\|---/ { next }
    {
        gsub(/\\\|/, "/")
        if ($2 != "the same")
            who = $2
        count = 0
        rest = $1
        while (match(rest, /--[a-z-]+/)) {
            options[++count] = substr(rest, RSTART, RLENGTH)
            rest = substr(rest, RSTART + RLENGTH)
        }
        rest = who
        if (who ~ /^all /)
            for (i = 1; i <= count; i++)
                print options[i], "*"
        while (match(rest, /`[a-z]+/)) {
            for (i = 1; i <= count; i++)
                print options[i], substr(rest, RSTART + 1, RLENGTH - 1)
            rest = substr(rest, RSTART + RLENGTH)
            sub(/^[^`]*`/, "", rest)
        }
    }' "$root/docs/commands.md" | sort -u >"$scratch/written"

# A row of all commands that read a project stands for whatever the command says.
sed -n 's/ \*$//p' "$scratch/written" | while read -r option; do
    grep -e "^$option " "$scratch/taken"
done >"$scratch/all"
grep -v ' \*$' "$scratch/written" | sort -u - "$scratch/all" >"$scratch/table"

cp "$scratch/taken" "$scratch/said"
[ "$(wc -l <"$scratch/taken")" -gt 100 ]
report $? "the command names its options"
comm -23 "$scratch/taken" "$scratch/table" >"$scratch/said"
[ ! -s "$scratch/said" ]
report $? "each option stands in docs/commands.md beside its command"
comm -13 "$scratch/taken" "$scratch/table" >"$scratch/said"
[ ! -s "$scratch/said" ]
report $? "docs/commands.md names no option that a command does not take"
echo "1..$number"
