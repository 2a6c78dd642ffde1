project 'scripts: {files: a.lua}'
printf 'function two() return 2 end --' >a.lua
fill a.lua "$n"
check
