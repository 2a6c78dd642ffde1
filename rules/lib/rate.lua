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

-- Newcombe's interval (1998, his method 10) of what the second share has more than the first.
local function difference(first, first_trials, second, second_trials, z, side)
    if first_trials == 0 or second_trials == 0 then
        return nil
    end
    local p, q = first / first_trials, second / second_trials
    local from_p = p - wilson(first, first_trials, z, -side)
    local from_q = q - wilson(second, second_trials, z, side)
    return q - p + side * math.sqrt(from_p * from_p + from_q * from_q)
end

local two = {"first: int", "first_trials: int", "second: int", "second_trials: int", "z: number?"}

carpel.define {
    name = "difference_low", help = "The lower end of the interval of what a second share has more than a first; z is 1.96 if left out.",
    args = two, result = "number(-1..1)",
    call = function(a, n, b, m, z) return difference(a, n, b, m, z or 1.959963984540054, -1) end
}

carpel.define {
    name = "difference_high", help = "The upper end of the interval of what a second share has more than a first; z is 1.96 if left out.",
    args = two, result = "number(-1..1)",
    call = function(a, n, b, m, z) return difference(a, n, b, m, z or 1.959963984540054, 1) end
}

-- Over the second share's likely values, how likely each is times how likely the first is below it.
carpel.define {
    name = "better", help = "How likely a second share is truly above a first, both with a prior of a successes and b failures.",
    args = {"first: int", "first_trials: int", "second: int", "second_trials: int", "a: number", "b: number"}, result = "number(0..1)",
    call = function(first, first_trials, second, second_trials, a, b)
        local p, q = second + a, second_trials - second + b
        local middle = p / (p + q)
        local spread = math.sqrt(middle * (1 - middle) / (p + q + 1))
        local low, high = math.max(0, middle - 10 * spread), math.min(1, middle + 10 * spread)
        local steps, norm, sum, above = 400, carpel.log_beta(p, q), 0, 0
        for i = 1, steps do
            local x = low + (high - low) * (i - 0.5) / steps
            local weight = math.exp((p - 1) * math.log(x) + (q - 1) * math.log(1 - x) - norm)
            sum = sum + weight
            above = above + weight * carpel.beta_below(first + a, first_trials - first + b, x)
        end
        return math.min(1, above / sum)
    end
}
