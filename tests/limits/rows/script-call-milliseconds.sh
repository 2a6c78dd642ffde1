project "scripts: {files: a.lua, call_milliseconds: $n}"
echo 'function two() return 2 end' >a.lua
check
