-- Written by "carpel fit worth": fit anew rather than change it.
--
-- model: gamma_gamma  # Fader and Hardie 2013
-- fitted: 2026-11-30
-- events: order
-- to: 2026-07-01T00:00:00+00:00
-- people: 150
-- rules: 5b12bede42e185fb4c5c8efced6ac692
-- log_likelihood: -778.104
-- parameters:
--   p: 4.78048  # standard error 2.3
--   q: 3.27217  # standard error 0.659
--   v: 38.5394  # standard error 26.4
--
-- Rules that use it:
--
--   use "fits/worth.lua"
--   event worth_all = order
--   event worth_events = worth_all where ((amount) is not missing)
--   score worth_value = worth.expected(days_with(worth_events), sum(worth_events.(amount)) / days_with(worth_events))

local model = {}
do
    local define = {define = function(f) model[f.name] = f.call end}
    for name, value in pairs(carpel) do
        define[name] = define[name] or value
    end
    local carpel = define

-- lib/gamma_gamma.lua, as it was then:
-- Gamma-Gamma: what somebody's orders will be worth on average (Fader and Hardie 2013). x: how many orders
-- the average m is of; p, q and v fit a shop's data.
carpel.define {
    name = "expected", help = "The average value to expect of somebody's orders: between the own average and everybody's.",
    args = {"x: int", "m: number?", "p: number", "q: number", "v: number"}, result = "number",
    call = function(x, m, p, q, v)
        return p * (v + x * (m or 0)) / (p * x + q - 1)
    end
}

carpel.define {
    name = "log_likelihood", help = "How likely this average is under these parameters, as a logarithm; of x above 0.",
    args = {"x: int", "m: number", "p: number", "q: number", "v: number"}, result = "number",
    call = function(x, m, p, q, v)
        if x <= 0 or m <= 0 then
            return nil
        end
        return carpel.log_gamma(p * x + q) - carpel.log_gamma(p * x) - carpel.log_gamma(q) + q * math.log(v)
            + (p * x - 1) * math.log(m) + p * x * math.log(x) - (p * x + q) * math.log(x * m + v)
    end
}
end

carpel.define {
    name = "expected", help = "What somebody's orders will be worth on average.",
    args = {"orders: int", "average: number?"}, result = "number",
    call = function(orders, average)
        return model.expected(orders, average, 4.780476352, 3.272174605, 38.5393661)
    end
}
