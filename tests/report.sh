#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The page of `carpel report` in a browser: it is drawn on light and dark screens and on a
# small one, and nothing of it is cut off on paper. Chromium and the tools of poppler are asked;
# without them it is skipped.
#
#     tests/report.sh            with CARPEL set
#     KEEP=FOLDER tests/report.sh       keeps the pictures there, to look at
set -u

: "${CARPEL:?is the command to test, as an absolute path}"
root=$(cd "$(dirname "$0")/.." && pwd)
export TZ=UTC LC_ALL=C.UTF-8
browser=$(command -v chromium || command -v chromium-browser) || {
    echo "1..0 # SKIP there is no Chromium here"
    exit 0
}
command -v pdftotext >/dev/null || {
    echo "1..0 # SKIP there is no pdftotext (poppler-utils) here"
    exit 0
}
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
pictures=${KEEP:-$scratch}
number=0

# check NAME COMMAND...: it succeeds
check()
{
    name=$1
    shift
    number=$((number + 1))
    if "$@" >"$scratch/said" 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$scratch/said" | head -20
    fi
}

# browse OPTION...: the page, in a browser that asks no network
browse()
{
    "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --disable-dev-shm-usage --hide-scrollbars --host-resolver-rules="MAP * ~NOTFOUND" \
        --user-data-dir="$scratch/profile" "$@" "file://$scratch/report.html" 2>"$scratch/told"
}

# draw NAME WIDTH,HEIGHT OPTION...
draw()
{
    picture=$pictures/$1.png
    size=$2
    shift 2
    browse --window-size="$size" --screenshot="$picture" "$@" && test -s "$picture"
}

differ()
{
    ! cmp -s "$1" "$2"
}

# Each word lies on its page, and none of the page's words is lost.
lies_on_paper()
{
    pdftotext -bbox "$pictures/paper.pdf" - | awk '
        function number(name,    rest) {
            rest = substr($0, index($0, name "=\"") + length(name) + 2)
            return rest + 0
        }
        /<page / { width = number("width"); height = number("height"); pages++ }
        /<word / {
            words++
            if (number("xMin") < 0 || number("xMax") > width || number("yMin") < 0 ||
                number("yMax") > height) { print "cut off: " $0; bad = 1 }
        }
        END { print words + 0, "words on", pages + 0, "pages"; exit bad || words < 200 }'
}

has_headings()
{
    pdftotext "$pictures/paper.pdf" - | tr -d '\f' >"$scratch/paper.txt"
    for heading in Segments Groups Overlaps Scores Findings Data Rules; do
        grep -qx "$heading" "$scratch/paper.txt" || { echo "no $heading"; return 1; }
    done
}

"$CARPEL" report --quiet --project "$root/rules/shop" --as-of 2026-01-01 --html "$scratch/report.html" ||
    exit 70
check "a light screen" draw light 1200,3000
check "a dark screen" draw dark 1200,3000 --blink-settings=preferredColorScheme=0
check "they differ" differ "$pictures/light.png" "$pictures/dark.png"
check "a small screen" draw small 420,1600
check "a page to print" browse --no-pdf-header-footer --print-to-pdf="$pictures/paper.pdf"
check "nothing is cut off on paper" lies_on_paper
check "all parts are on paper" has_headings
echo "1..$number"
exit 0
