#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs a unit test for make check. cmocka 1.1 writes a skipped test as "not ok N # SKIP
# NAME", which in TAP is a failure; here it becomes what is meant.
CMOCKA_MESSAGE_OUTPUT=TAP
export CMOCKA_MESSAGE_OUTPUT
exec 3>&1
status=$({ { "$@" 3>&- 4>&-; echo $? >&4; } |
    sed 's/^not ok \([0-9]*\) # SKIP \(.*\)/ok \1 - \2 # SKIP not possible here/' >&3; } 4>&1)
exit "$status"
