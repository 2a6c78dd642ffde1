#!/bin/sh
# SPDX-License-Identifier: MIT
#
# scripts/check-includes on this tree, and on small trees where it has to find a fault.
set -u
check=$SOURCE_DIRECTORY/scripts/check-includes
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

echo 1..13
expect 0 "this tree" "$SOURCE_DIRECTORY"
sample src/lang/a.c '#include "base/text.h"'
expect 0 "from the left" "$scratch/tree"
sample src/lang/a.c '#include "lang/ast.h"'
expect 0 "from the same folder" "$scratch/tree"
sample src/base/a.c '#include "report/diags.h"'
expect 1 "from the right" "$scratch/tree"
sample src/base/a.c '  #  include   "engine/engine.h"  /* why */'
expect 1 "from the right, with blanks" "$scratch/tree"
sample src/lang/a.c '#include "ast.h"'
expect 1 "without a folder" "$scratch/tree"
sample src/odd/a.c 'int a;'
expect 1 "a folder without a place" "$scratch/tree"
sample include/carpel/a.h '#include "base/text.h"'
expect 1 "a public header from inside" "$scratch/tree"
sample plugins/csv/a.c '#include "base/text.h"'
expect 1 "a plugin from inside" "$scratch/tree"
sample plugins/csv/a.c '#include "reader.h"'
expect 0 "a plugin from its own folder" "$scratch/tree"
sample plugins/csv/a.c '#include "common/input.h"'
expect 0 "a plugin from what plugins share" "$scratch/tree"
sample plugins/csv/a.c '#include "jsonl/reader.h"'
expect 1 "a plugin from another plugin" "$scratch/tree"
sample grammar/a.y '#include "graph/graph.h"'
expect 1 "the grammar from the right of lang" "$scratch/tree"
