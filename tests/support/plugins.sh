# SPDX-License-Identifier: MIT
#
# For tests of plugins, which source it: they work in a folder of their own, where plugins are built into so/; $here has
# their sources. `carpel ARGUMENTS...` leaves said and $code. $flaw is what is wrong with a plugin that knows FLAW, and
# $plugins another folder of plugins.
set -u
: "${CARPEL:?is the command to test, as an absolute path}" "${SOURCE_DIRECTORY:?is the folder of the sources}"
build=$(dirname "$CARPEL")
here=$SOURCE_DIRECTORY/tests/plugins
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 70
mkdir so
. "$SOURCE_DIRECTORY/tests/support/tap.sh"

carpel()
{
    FLAW=${flaw-} CARPEL_PLUGIN_PATH=$PWD/${plugins-so}:$build/plugins "$CARPEL" "$@" >said 2>&1
    code=$?
    ! grep -q -e Sanitizer -e 'runtime error' said || code=99
}
