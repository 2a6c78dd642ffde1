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
