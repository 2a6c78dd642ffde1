project 'scripts: {files: a.lua}'
echo "function f(x) return #string.rep('a', $n) + x end" >a.lua
echo 'segment all when a.f(count(buy)) > 0' >rules/all.seg
run
