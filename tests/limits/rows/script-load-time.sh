project 'scripts: {files: a.lua}'
[ "$n" -gt 1000 ] && turns=math.huge || turns=1000
echo "local x = 0 for i = 1, $turns do x = x + 1 end function f() return x end" >a.lua
check
