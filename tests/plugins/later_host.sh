#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A carpel that is built with a header whose structs have grown takes the plugins of interface 1.0, and gives
# them what they got: abi.sh passes with it. This builds carpel once more, so it is a part of check-long.
set -u
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 70
. "$SOURCE_DIRECTORY/tests/support/tap.sh"
. "$SOURCE_DIRECTORY/tests/plugins/grow.sh"

grow "$SOURCE_DIRECTORY/include" later of_next 98
report $? "a header has larger structs"
mkdir build && cd build || exit 70
{ "$SOURCE_DIRECTORY/configure" -q CC="${CC:-cc} -I$scratch/later" && make -j2; } >said 2>&1
report $? "carpel builds with it"
CARPEL=$PWD/carpel CARPEL_PLUGIN_PATH=$PWD/plugins CARPEL_TEST_INCLUDE=$scratch/later \
    sh "$SOURCE_DIRECTORY/tests/plugins/abi.sh" >said 2>&1
[ $? -eq 0 ] && ! grep -q '^not ok' said && grep -q '^1\.\.[0-9]' said
report $? "interface 1.0 is there as it was"
echo "1..$number"
