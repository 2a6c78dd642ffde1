#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Interface 1.0 stays as it is: plugins that were built with its kept header give the rows that they gave,
# nothing of the kept header is another thing in today's, and a plugin that is built with a later header
# works as long as it uses nothing of what is new in it.
. "$SOURCE_DIRECTORY/tests/support/plugins.sh"
kept=$SOURCE_DIRECTORY/tests/plugins/abi-1.0
. "$SOURCE_DIRECTORY/tests/plugins/grow.sh"
include=${CARPEL_TEST_INCLUDE:-$SOURCE_DIRECTORY/include} # of the carpel that is tried

# carpel ARGUMENTS...: leaves out, said and $code
carpel()
{
    CARPEL_PLUGIN_PATH=$PWD/so:$build/plugins "$CARPEL" "$@" >out 2>said
    code=$?
    ! grep -q -e Sanitizer -e 'runtime error' said || code=99
}

# build FOLDER KIND_NAME FILE: a plugin in so, with the header of the folder
build()
{
    ${CC:-cc} -std=gnu11 -Wall -Wextra -Werror -fPIC -shared -I"$1" -o "so/$2.so" "$3" >said 2>&1
}

# ---- the header ------------------------------------------------------------------------------

for folder in "$include" "$kept"; do
    ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$folder" "$kept/layout.c" >said 2>&1
    report $? "everything stands where it stood, in $(basename "$folder")"
    for header in error arrow plugin row_stream; do
        echo "#include <carpel/$header.h>" >alone.c && echo 'typedef int not_empty;' >>alone.c
        ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$folder" alone.c >said 2>&1
        report $? "$header.h of $(basename "$folder") is C11"
        if [ -n "${CXX-}" ]; then
            # shellcheck disable=SC2086 # a command with its options
            $CXX -x c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$folder" alone.c >said 2>&1
            report $? "$header.h of $(basename "$folder") is C++17"
        else
            skip "$header.h of $(basename "$folder") is C++17" "no C++ compiler"
        fi
    done
done

# bodies FOLDER: a line for each struct and enum, without its end and its reserved members
bodies()
{
    echo '#include <carpel/plugin.h>' >alone.c
    ${CC:-cc} -std=c11 -E -P -I"$1" alone.c | tr -s ' \n' ' ' | grep -o -e '\(struct\|enum\) carpel_[a-z_]* {[^}]*}' \
        -e 'typedef [a-z_]* carpel_check([^;]*;' | sed 's/ *}$//; s/[a-z0-9_ ]* \**reserved\(\[[0-9]*\]\)*;//g; s/ *$//'
}
bodies "$kept" >then
bodies "$include" >now
awk 'NR == FNR { now[++count] = $0; next }
    { found = 0
      for (i = 1; i <= count; i++) found = found || index(now[i], $0) == 1
      if (!found) { print "changed: " $0; changed = 1 } }
    END { exit changed || FNR < 20 }' now then >said
report $? "no member, parameter or number of the kept header has changed"

# ---- what was built then -----------------------------------------------------------------------

for plugin in source_feed source_bare_lines source_sections output_table; do
    build "$kept" $plugin "$kept/${plugin#*_}.c"
    report $? "$plugin builds with the kept header"
done
cp -r "$kept/project" project
fields='person: person
time: time
event: {from: event}'
cp project/feed.txt project/c.ini project/*.lines .
printf 'file: feed.txt\nfollow: it\nfactor: 2\nnames: {bob: rob}\n%s\nproperties: {amount: amount, is_new: is_new, line: line}\n' "$fields" >source_feed.yaml
printf 'files: [a.lines, b.lines]\ncomment: "%%"\n%s\n' "$fields" >source_bare_lines.yaml
printf 'file: c.ini\nperson: section\ntime: time\nevent: {from: event}\n' >source_sections.yaml
printf 'path: out.txt\n' >output_table.yaml

# keep WHAT: all of so keep the contract
keep()
{
    for plugin in source_feed source_bare_lines source_sections output_table; do
        carpel plugins test so/$plugin.so --options $plugin.yaml
        [ "$code" -eq 0 ] && grep -q ' 0 failed' out
        report $? "$plugin $1 keeps the contract"
        cp out said
    done
}

# compare WHAT: run the project, and see whether it gives what it gave
compare()
{
    rm -f project/*.txt.kept project/members.txt project/people.txt
    carpel run -p project --as-of 2026-03-01
    [ "$code" -eq 0 ] && cmp -s project/members.txt "$kept/expected/members.txt" &&
        cmp -s project/people.txt "$kept/expected/people.txt" &&
        cmp -s project/.carpel/refused.csv "$kept/expected/refused.txt" && [ "$(cat project/feed.txt.kept)" = 5 ]
    report $? "$1 gives what it gave"
}

keep "of 1.0"
printf 'count: 300\nperson: person\ntime: time\nevent: {from: event}\n' >numbers.yaml
mkdir cxx
# shellcheck disable=SC2086 # a command with its options
if [ -n "${CXX-}" ] && echo 'struct s { int a; }; s x = {.a = 1};' >alone.cc && $CXX -std=c++20 -fsyntax-only alone.cc >said 2>&1; then
    $CXX -std=c++20 -Wall -Wextra -Wno-missing-field-initializers -Werror -fPIC -shared -fvisibility=hidden -I"$kept" \
        -o cxx/source_numbers.so "$kept/numbers.cc" >said 2>&1 && carpel plugins test cxx/source_numbers.so --options numbers.yaml &&
        [ "$code" -eq 0 ] && grep -q ' 0 failed' out
    report $? "a plugin in C++ keeps the contract"
else
    skip "a plugin in C++ keeps the contract" "no compiler of C++20"
fi
carpel plugins --scan so
[ "$code" -eq 0 ] && [ "$(grep -c '  1\.0  *1\.0  ' out)" -eq 4 ] && [ "$(wc -l <out)" -eq 5 ]
report $? "they are known for what they are"
compare "a project of 1.0"
grep -q '^note: source "feed" (feed): feed begins behind line 0; 2, 2, buy$' said &&
    [ "$(sed -n 's/^note: output "members" (table): \([a-z]*\) members, run named, changes none, first$/\1/p' said | tr '\n' ' ')" = 'begin write prepare commit close ' ]
report $? "the plugins are told what they were told"

echo 'ann|2026-01-09T10:00:00Z|buy|1|no|C:9' >>project/feed.txt
carpel run -p project --as-of 2026-03-01
[ "$code" -eq 0 ] && grep -q 'feed begins behind line 5;' said && grep -q '^ann|-4150|3|' project/people.txt && [ "$(cat project/feed.txt.kept)" = 6 ]
report $? "a source goes on where it was"
echo 'eve 2026-02-02 visit' >>project/a.lines
carpel run -p project --as-of 2026-03-01
[ "$code" -eq 0 ] && grep -q '^15 people, 51 events' out
report $? "a file that is read in pieces goes on where it was"
: >project/feed.txt.lock
echo 'ann|2026-01-09T11:00:00Z|buy|1|no|-' >>project/feed.txt
carpel run -p project --as-of 2026-03-01
[ "$code" -eq 74 ] && grep -q 'it is to be tried again in 3600 seconds, which is longer than "longest_wait"' said
report $? "a source says when it may be tried again"
rm project/feed.txt.lock
carpel check -p project --connect
[ "$code" -eq 0 ]
report $? "a source and an output tell that they reach what they connect to"
carpel look a.lines
[ "$code" -eq 0 ] && grep -q 'comment: "%"' out && grep -q 'visit' out
report $? "a file is looked at"
carpel look 'feed: {file: feed.txt}'
[ "$code" -eq 0 ] && grep -q 'amount' out
report $? "a source tells what there is"

rm -r project && cp -r "$kept/project" project
sed -i 's/    person: /    isolation: process\n&/' project/carpel.yaml
compare "a project with sources in processes of their own"
rm -r project && cp -r "$kept/project" project

# ---- a later header ----------------------------------------------------------------------------

# A header as it will be: each struct that may grow has members behind those of today.
grow "$include" later of_later 99
report $? "a later header has larger structs"
for plugin in source_feed source_bare_lines source_sections output_table; do
    build later $plugin "$kept/${plugin#*_}.c"
    report $? "$plugin builds with it"
done
carpel plugins --scan so
[ "$(grep -c '  1\.0  *1\.99  ' out)" -eq 4 ] && grep -q '^source_feed.so: is built for a newer interface than 1\.[0-9]*; it is taken when ' out
report $? "it is seen that they are newer"
keep "of a later interface"
compare "a project with plugins of a later interface"

# Something of what is new is used: the struct is named.
for struct in plugin source resuming; do
    case $struct in
        plugin) member='.options = options_table' ;;
        source) member='.discover = discover' ;;
        *) member='.access_options = access_options' ;;
    esac
    sed "s/$member/$member, .more_of_later = {\&source_is_used},/; s/^static const char \*const access_options/static const int source_is_used = 1;\n&/; s/,,/,/; s/,};/};/" \
        "$kept/feed.c" >feed.c
    build later source_feed feed.c
    carpel check -p project
    [ "$code" -eq 1 ] && grep -q "the carpel_$struct in \".*source_feed.so\" has members that interface 1\.[0-9]* of this carpel does not know: it needs a newer carpel" said
    report $? "a plugin that uses a new member of carpel_$struct is refused"
done

echo "1..$number"
