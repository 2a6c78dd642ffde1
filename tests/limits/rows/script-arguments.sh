project 'scripts: {files: a.lua}'
echo 'function f(...) return select("#", ...) end' >a.lua
{ printf 'segment many when a.f(1'; repeat $((n - 1)) ', 1'; echo ') > 0'; } >rules/all.seg
check
