#!/bin/sh
# SPDX-License-Identifier: MIT
#
# docs/errors.md: every code of src/report/codes.def has a section "## CODE name" with a
# block "wrong", about which `carpel check` (then `carpel test`) says exactly that code, and
# a block "right", about which it says nothing. "seg" blocks are rules of the project at the top of the
# page; "yaml" blocks are whole projects.
#
#     tests/docs/errors.sh [CODE...]     with CARPEL set
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
root=$(cd "$(dirname "$0")/../.." && pwd)
page=$root/docs/errors.md
export TZ=UTC LC_ALL=C.UTF-8 COLUMNS=100
unset NO_COLOR FORCE_COLOR SHOP_RULE
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT

# blocks become $scratch/CODE.KIND.SIDE, such as E0104.seg.wrong; the first is project
awk -v folder="$scratch" '
    /^## / { code = $2 }
    !inside && /^```(seg|yaml) / {
        inside = 1
        name = $2 == "project" ? folder "/project" : folder "/" code "." substr($1, 4) "." $2
        next
    }
    inside && /^```$/ { inside = 0; close(name); next }
    inside { print >name }' "$page"

# new_project: an empty project in $scratch/p with files that examples name
new_project()
{
    rm -rf "$scratch/p"
    mkdir -p "$scratch/p/rules/spring" "$scratch/p/data" "$scratch/p/scores" "$scratch/p/lists"
    echo 'segment buyers when did purchase' >"$scratch/p/rules/shop.seg"
    echo 'segment spring purpose marketing when did purchase' >"$scratch/p/rules/spring/spring.seg"
    echo 'customer,at,amount' >"$scratch/p/data/orders.csv"
    printf 'person\nann\n' >"$scratch/p/lists/staff.csv"
    printf 'local churn = {}\nfunction churn.risk(orders) return 1 / (1 + orders) end\nreturn churn\n' \
        >"$scratch/p/scores/churn.lua"
    echo 'this is not Lua' >"$scratch/p/scores/broken.lua"
    export SHOP_RULES=rules
}

# codes_of KIND BLOCK: what is said about the block, each code once
codes_of()
{
    new_project
    if [ "$1" = seg ]; then
        cp "$scratch/project" "$scratch/p/carpel.yaml"
        cp "$2" "$scratch/p/rules/shop.seg"
    else
        cp "$2" "$scratch/p/carpel.yaml"
    fi
    (cd "$scratch/p" && "$CARPEL" check && "$CARPEL" test) >"$scratch/said" 2>&1
    grep -o -E '(error|warning) [EW][0-9]{4}: ' "$scratch/said" | grep -o -E '[EW][0-9]{4}' |
        sort -u | tr '\n' ' '
}

# try CODE KIND SIDE WANTED
try()
{
    number=$((number + 1))
    block=$scratch/$1.$2.$3
    if [ ! -f "$block" ]; then
        echo "not ok $number - $1: no $3 example"
        return
    fi
    found=$(codes_of "$2" "$block")
    if [ "$found" = "$4" ] && { [ -n "$4" ] || grep -q 'no errors' "$scratch/said"; }; then
        echo "ok $number - $1: the $3 example"
    else
        echo "not ok $number - $1: the $3 example gives \"$found\" instead of \"$4\""
        sed 's/^/# /' "$scratch/said"
    fi
}

table=$(sed -n 's/^X(\([EW][0-9]*\), "\([^"]*\)".*/\1=\2/p' "$root/src/report/codes.def")
[ $# -eq 0 ] || table=$(for code in "$@"; do echo "$table" | tr ' ' '\n' | grep "^$code="; done)
number=0
for row in $table; do
    code=${row%%=*}
    kind=seg
    [ -f "$scratch/$code.yaml.wrong" ] && kind=yaml
    number=$((number + 1))
    grep -q "^## $code ${row#*=}\$" "$page" || printf 'not '
    echo "ok $number - docs/errors.md has the section \"$code ${row#*=}\""
    try "$code" "$kind" wrong "$code "
    try "$code" "$kind" right ""
done
echo "1..$number"
exit 0
