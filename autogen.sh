#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Makes ./configure from configure.ac. Needed once in a checkout; the tarball has it.
set -eu
cd "$(dirname "$0")"

for tool in autoreconf automake pkg-config; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "autogen.sh: $tool is missing. On Debian:" >&2
        echo "    apt-get install autoconf automake pkgconf" >&2
        exit 69
    fi
done
mkdir -p m4 build-aux
exec autoreconf --install
