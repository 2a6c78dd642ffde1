local calls = 0
local factors = {usual = 2, list = {1, 2}}

function points(x)
    print("points of", x)
    return x * factors.usual
end

function band(x)
    return x > 5 and "dear" or "new"
end

function count()
    calls = calls + 1
    return calls
end

function change()
    factors.usual = 3
end

function total(amounts)
    local sum = 0
    for _, amount in ipairs(amounts) do sum = sum + amount end
    return sum
end

function tag(n)
    return "n" .. n
end

carpel.define {
    name = "half", help = "A half.", args = {"x: number"}, result = "string",
    call = function(x) return math.type(x) .. " " .. x / 2 end
}
