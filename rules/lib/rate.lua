-- Shares of few: 2 of 2 is no better than 90 of 100. Wilson's interval (1927), and shares drawn towards a
-- prior, as if so many successes and failures had been seen before.
local function wilson(successes, trials, z, side)
    if trials == 0 then
        return nil
    end
    local share, square = successes / trials, z * z
    local middle = share + square / (2 * trials)
    local half = z * math.sqrt((share * (1 - share) + square / (4 * trials)) / trials)
    return math.max(0, math.min(1, (middle + side * half) / (1 + square / trials)))
end

carpel.define {
    name = "low", help = "The lower end of Wilson's interval of a share; z is 1.96 (95 %) if left out.",
    args = {"successes: int", "trials: int", "z: number?"}, result = "number(0..1)",
    call = function(successes, trials, z) return wilson(successes, trials, z or 1.959963984540054, -1) end
}

carpel.define {
    name = "high", help = "The upper end of Wilson's interval of a share; z is 1.96 (95 %) if left out.",
    args = {"successes: int", "trials: int", "z: number?"}, result = "number(0..1)",
    call = function(successes, trials, z) return wilson(successes, trials, z or 1.959963984540054, 1) end
}

carpel.define {
    name = "shrunk", help = "A share drawn towards a prior of a successes and b failures.",
    args = {"successes: int", "trials: int", "a: number", "b: number"}, result = "number(0..1)",
    call = function(successes, trials, a, b) return (successes + a) / (trials + a + b) end
}

carpel.define {
    name = "shrunk_low", help = "What such a share is above with a likelihood of 95 %.",
    args = {"successes: int", "trials: int", "a: number", "b: number"}, result = "number(0..1)",
    call = function(successes, trials, a, b) return carpel.beta_quantile(successes + a, trials - successes + b, 0.05) end
}
