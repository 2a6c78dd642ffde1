local function half(x)
    print("half of", x)
    return x / 2
end

function points(x)
    return half(x)
end

function odd()
    print("a\tb\nc\27[1m")
    print(nil, {}, true)
end
