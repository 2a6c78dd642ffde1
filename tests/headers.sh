#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every header compiles alone, and the public ones as C++ too when there is a compiler.
# Nothing but carpel's own names leaves the shared library.
set -u
cd "$SOURCE_DIRECTORY" || exit 70
build=$(dirname "$CARPEL")
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
. "$SOURCE_DIRECTORY/tests/support/tap.sh"

# has_library HEADER: a plugin whose library is not here is not in the build
has_library()
{
    case $1 in
        plugins/common/*) ;;
        plugins/*) folder=$(basename "$(dirname "$1")") && ls "$build"/plugins/*_"$folder".so ;;
    esac >/dev/null 2>&1
}

headers=$(find include src plugins -name '*.h' | sort)
for header in $headers; do
    if ! has_library "$header"; then
        skip "$header compiles alone" "its library is not here"
        continue
    fi
    printf '#include "%s"\ntypedef int not_empty;\n' "$SOURCE_DIRECTORY/$header" >"$scratch/a.c"
    # shellcheck disable=SC2086 # flags are words
    $CC -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Iinclude -Isrc -I"$build" -I. -Iplugins \
        $TEST_CFLAGS -fsyntax-only "$scratch/a.c" >"$scratch/said" 2>&1
    report $? "$header compiles alone"
done

for header in include/carpel/*.h; do
    if [ -z "$CXX" ]; then
        skip "$header as C++" "no C++ compiler"
        continue
    fi
    printf '#include "%s"\n' "$SOURCE_DIRECTORY/$header" >"$scratch/a.cc"
    $CXX -std=c++17 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only "$scratch/a.cc" \
        >"$scratch/said" 2>&1
    report $? "$header compiles as C++"
done

if command -v nm >/dev/null 2>&1; then
    nm -D --defined-only "$build/libcarpel.so" 2>&1 | sed 's/.* //' |
        grep -v '^carpel_' >"$scratch/said"
    [ ! -s "$scratch/said" ]
    report $? "libcarpel.so shows carpel_* only"
else
    skip "libcarpel.so shows carpel_* only" "no nm"
fi
echo "1..$number"
