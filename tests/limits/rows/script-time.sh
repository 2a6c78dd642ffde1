# Up to the limit a loop that ends at once, beyond it one that does not end.
project 'scripts: {files: a.lua}'
[ "$n" -gt 100 ] && turns=math.huge || turns=1000
echo "function f(x) for i = 1, $turns do x = x + 1 end return x end" >a.lua
echo 'segment all when a.f(count(buy)) > 0' >rules/all.seg
run
