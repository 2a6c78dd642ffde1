# A text of that length.
project 'scripts: {files: a.lua}'
echo "function f(x) return (\"a\"):rep($n) end" >a.lua
echo 'segment all when a.f(count(buy)) starts with "a"' >rules/all.seg
run
