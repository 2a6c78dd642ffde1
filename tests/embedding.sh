#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The program in docs/embedding.md compiles as C11 and as C++ against nothing but the public
# headers and the shared library, as they are installed, and prints what the page says.
set -u
: "${SOURCE_DIRECTORY:?is the folder of the sources}" "${CARPEL:?is the command to test}"
build=$(dirname "$CARPEL")
page=$SOURCE_DIRECTORY/docs/embedding.md
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"

# block WORD: the text of the page's block of that kind
block()
{
    awk -v begin="\`\`\`$1" '$0 == begin { inside = 1; next } /^```/ { inside = 0 } inside' "$page"
}

# try LANGUAGE FILE COMPILER...
try()
{
    language=$1 file=$2
    shift 2
    "$@" -Wall -Wextra -Wpedantic -Werror ${SANITIZER_CFLAGS:-} -I"$scratch/include" "$file" \
        -o "$scratch/judge" -L"$scratch/lib" -lcarpel >"$scratch/said" 2>&1
    report $? "the example compiles as $language"
    (cd "$SOURCE_DIRECTORY" && LD_LIBRARY_PATH=$scratch/lib "$scratch/judge" rules/shop) \
        >"$scratch/out" 2>"$scratch/said" && diff "$scratch/expected" "$scratch/out" >>"$scratch/said"
    report $? "it prints what the page says, compiled as $language"
}

mkdir -p "$scratch/include" "$scratch/lib"
cp -R "$SOURCE_DIRECTORY/include/carpel" "$scratch/include/"
cp "$build"/libcarpel.so* "$scratch/lib/"
block c >"$scratch/judge.c"
block text >"$scratch/expected"
cp "$scratch/judge.c" "$scratch/judge.cc"

try "C11" "$scratch/judge.c" $CC -std=c11
if [ -n "$CXX" ]; then
    try "C++17" "$scratch/judge.cc" $CXX -std=c++17
else
    skip "the example as C++" "no C++ compiler"
fi
echo "1..$number"
