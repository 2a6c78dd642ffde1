project 'scripts: {files: a.lua, call_milliseconds: 10000}'
cat >a.lua <<END
function f(x)
    local t = {}
    for i = 1, $n do t[i] = "" end
    return #table.concat(t) + x
end
END
echo 'segment all when a.f(count(buy)) > 0' >rules/all.seg
run
