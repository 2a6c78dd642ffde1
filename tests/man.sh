#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The man pages: troff has nothing to say of any of them, each names the others that are read with it,
# and that of the connectors tells each option that they have.
set -u
: "${CARPEL:?is the command to test}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
build=$(dirname "$CARPEL")
if ! command -v groff >/dev/null 2>&1 || [ ! -e "$build/carpel-connectors.7" ]; then
    echo "1..0 # SKIP needs groff, and lowdown when carpel was built"
    exit 0
fi
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"

pages="carpel.1 carpel.yaml.5 carpel-language.7 carpel-connectors.7 carpel-plugins.7"

# On wide paper, so that a table with a long word is no reason to warn.
for page in $pages; do
    groff -ww -Kutf8 -t -man -rLL=200n -Tutf8 "$build/$page" 2>"$scratch/said" >"$scratch/$page" &&
        [ ! -s "$scratch/said" ] && [ "$(wc -l <"$scratch/$page")" -gt 100 ]
    report $? "troff takes $page"
done

# as_words PAGE: its words, one space between them
as_words()
{
    sed 's/\x1b\[[0-9;]*m//g; s/.\x08//g' "$scratch/$1" | tr -s '\n ' '  '
}

as_words carpel.1 >"$scratch/words"
for page in $pages; do
    [ "$page" = carpel.1 ] && continue
    grep -qF "${page%.*}(${page##*.})" "$scratch/words" || echo "$page is not named"
done >"$scratch/said"
[ ! -s "$scratch/said" ]
report $? "carpel(1) names all others"

as_words carpel-connectors.7 >"$scratch/words"
for plugin in sqlite postgres redis kafka adbc exec webhook; do
    "$CARPEL" plugins "$plugin" >"$scratch/manual" 2>/dev/null || continue
    sed -n 's/^  \([a-z_]*\): .*/\1/p' "$scratch/manual" | sort -u >"$scratch/options"
    [ -s "$scratch/options" ] || echo "$plugin has no options"
    while read -r option; do
        grep -qE "(^|[^a-z_])$option([^a-z_]|\$)" "$scratch/words" || echo "$plugin: $option"
    done <"$scratch/options"
done >"$scratch/said"
[ ! -s "$scratch/said" ]
report $? "carpel-connectors(7) has the options of each"
echo "1..$number"
