# SPDX-License-Identifier: MIT
#
# Numbers the checks of a test in shell, for TAP. What a check prints goes into $scratch/said, which a
# failure shows:
#
#     scratch=$(mktemp -d)
#     . "$SOURCE_DIRECTORY/tests/support/tap.sh"
#     command >"$scratch/said" 2>&1
#     report $? "the command works"
#     skip "the other one works" "it is not here"
#     echo "1..$number"

number=0

# report STATUS TITLE
report()
{
    number=$((number + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        sed 's/^/# /' "$scratch/said" | head -40
    fi
}

# skip TITLE REASON
skip()
{
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}
