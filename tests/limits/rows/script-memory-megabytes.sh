project "scripts: {files: a.lua, memory_megabytes: $n}"
echo 'function two() return 2 end' >a.lua
check
