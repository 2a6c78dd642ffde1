project 'scripts: {files: a.lua}'
cat >a.lua <<END
function f(x)
    local t = {}
    for i = 1, $n do t[i] = x end
    local sum = 0
    for k, v in pairs(t) do sum = sum + v end
    return sum
end
END
sed -i 's/a.lua}/a.lua, call_milliseconds: 10000}/' carpel.yaml
echo 'segment all when a.f(count(buy)) > 0' >rules/all.seg
run
