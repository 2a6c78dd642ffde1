-- Habits: decay of what is long ago, the next order by somebody's own gaps, a logistic score.
carpel.define {
    name = "decay", help = "What is left of 1 after this time, when half is left after half_life.",
    args = {"age: duration(days)", "half_life: duration(days)"}, result = "number(0..1)",
    call = function(age, half_life) return 2 ^ -(math.max(0, age) / half_life) end
}

carpel.define {
    name = "next_order", help = "When the next order is due by somebody's own average gap; missing with fewer than two orders.",
    args = {"last: time", "first_to_last: duration(days)", "orders: int"}, result = "time",
    call = function(last, first_to_last, orders)
        if orders < 2 then
            return nil
        end
        return last + first_to_last / (orders - 1) * carpel.day
    end
}

-- The middle of a list of numbers, which is put in order.
local function median(values)
    table.sort(values)
    local half = #values // 2
    if #values % 2 == 1 then
        return values[half + 1]
    end
    return (values[half] + values[half + 1]) / 2
end

-- The middle one of the gaps between times, in days; nil with fewer than two.
local function usual_gap(times)
    if #times < 2 then
        return nil
    end
    local gaps = {}
    for i = 2, #times do
        gaps[i - 1] = (times[i] - times[i - 1]) / carpel.day
    end
    return median(gaps)
end

carpel.define {
    name = "usual_gap", help = "The middle one of somebody's own gaps, so that one long pause changes nothing; missing with fewer than two times.",
    args = {"times: list of time"}, result = "duration(days)",
    call = usual_gap
}

carpel.define {
    name = "due", help = "When the next order is due by the middle one of somebody's own gaps; missing with fewer than two.",
    args = {"times: list of time"}, result = "time",
    call = function(times)
        local gap = usual_gap(times)
        return gap and times[#times] + gap * carpel.day
    end
}

carpel.define {
    name = "points", help = "A point for each time, of which half is left after each half_life.",
    args = {"times: list of time", "now: time", "half_life: duration(days)"}, result = "number",
    call = function(times, now, half_life)
        local sum = 0
        for _, time in ipairs(times) do
            sum = sum + 2 ^ -(math.max(0, now - time) / carpel.day / half_life)
        end
        return sum
    end
}

carpel.define {
    name = "logistic", help = "A sum of weights as a likelihood: 0 becomes 0.5.",
    args = {"x: number"}, result = "number(0..1)",
    call = function(x)
        if x < 0 then
            local e = math.exp(x)
            return e / (1 + e)
        end
        return 1 / (1 + math.exp(-x))
    end
}

carpel.define {
    name = "cusum", help = "One step of a sum of what exceeds a habit: above some limit it has changed.",
    args = {"sum: number", "value: number", "usual: number", "slack: number"}, result = "number",
    call = function(sum, value, usual, slack) return math.max(0, sum + value - usual - slack) end
}

-- The sums of what lies above and below a habit, each from the last time it was at 0.
local function cusum(values, usual, slack, sign)
    local sum = 0
    for _, value in ipairs(values) do
        sum = math.max(0, sum + sign * (value - usual) - slack)
    end
    return sum
end

carpel.define {
    name = "cusum_up", help = "How far values have come to lie above a habit (CUSUM): above some 5 deviations it has changed.",
    args = {"values: list of number", "usual: number", "slack: number"}, result = "number",
    call = function(values, usual, slack) return cusum(values, usual, slack, 1) end
}

carpel.define {
    name = "cusum_down", help = "The same of values that have come to lie below it.",
    args = {"values: list of number", "usual: number", "slack: number"}, result = "number",
    call = function(values, usual, slack) return cusum(values, usual, slack, -1) end
}
