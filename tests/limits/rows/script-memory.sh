# Texts of 1 MiB: the last is there twice while it is made, and Lua itself needs some.
project 'scripts: {files: a.lua, call_milliseconds: 10000}'
cat >a.lua <<END
function f(x)
    local texts = {}
    for i = 1, $((n - 2)) do texts[i] = string.rep(string.char(64 + i), 1048576) end
    return x + #texts
end
END
echo 'segment all when a.f(count(buy)) > 0' >rules/all.seg
run
