-- What tests/fuzz/fuzz_pattern.c calls: every search that Lua has, with any pattern.
local search = {}

function search.find(subject, pattern)
    return string.find(subject, pattern)
end

function search.match(subject, pattern)
    return #tostring(string.match(subject, pattern))
end

function search.gmatch(subject, pattern)
    local count = 0
    for _ in string.gmatch(subject, pattern) do
        count = count + 1
    end
    return count
end

function search.gsub(subject, pattern)
    local _, count = string.gsub(subject, pattern, "%0")
    return count
end

return search
