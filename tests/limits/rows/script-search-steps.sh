# A plain search takes (1 + bytes of the pattern / 16) * (1 + bytes of the text) steps.
project 'scripts: {files: a.lua}'
factor=10
while [ $((n % factor)) -ne 0 ]; do factor=$((factor + 1)); done
cat >a.lua <<END
local text, part = string.rep("a", $((n / factor - 1))), string.rep("b", $((16 * (factor - 1))))
function f(x) return string.find(text, part, 1, true) or x end
END
echo 'segment all when a.f(count(buy)) > 0' >rules/all.seg
run
