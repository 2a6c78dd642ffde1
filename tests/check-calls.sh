#!/bin/sh
# SPDX-License-Identifier: MIT
#
# scripts/check-calls on this tree, and on small trees where it has to find a fault.
set -u
check=$SOURCE_DIRECTORY/scripts/check-calls
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
number=0

# expect 0|1 TITLE FOLDER
expect()
{
    number=$((number + 1))
    "$check" "$3" >"$scratch/out" 2>&1
    if [ $? -eq "$1" ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        sed 's/^/# /' "$scratch/out"
    fi
}

# sample FILE LINE: a tree with one file in it
sample()
{
    rm -rf "$scratch/tree"
    mkdir -p "$scratch/tree/$(dirname "$1")"
    printf '%s\n' "$2" >"$scratch/tree/$1"
}

echo 1..8
expect 0 "this tree" "$SOURCE_DIRECTORY"
sample src/lang/a.c '    void *block = malloc(8);'
expect 1 "memory past src/base" "$scratch/tree"
sample src/base/a.c 'if (rename(from, to) != 0)'
expect 1 "a file past base/system.h" "$scratch/tree"
sample src/base/system.h 'return fault_strikes(FAULT_FILE) ? -1 : rename(from, to);'
expect 0 "base/system.h itself" "$scratch/tree"
sample src/base/a.c '    memory_free(a); system_close(fd); graph_free(g);'
expect 0 "names of ours" "$scratch/tree"
sample src/plugin/a.c '    source->open(host, &request); stream.close(state);'
expect 0 "members" "$scratch/tree"
sample src/plugin/a.c '/* open() fails */ say("cannot open(%s)"); // close()'
expect 0 "comments and texts" "$scratch/tree"
sample grammar/a.y '{ $$ = strdup($1); }'
expect 1 "the grammar" "$scratch/tree"
