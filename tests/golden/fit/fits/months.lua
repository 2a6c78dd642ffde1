-- Written by "carpel fit months": fit anew rather than change it.
--
-- model: bg_bb  # Fader, Hardie and Shang 2010
-- fitted: 2026-11-30
-- events: order
-- from: 2026-02-01T00:00:00+00:00
-- to: 2026-07-01T00:00:00+00:00
-- people: 101
-- rules: ba5614df4c9f1a1b0acc41d5b363bd3f
-- log_likelihood: -189.216
-- parameters:
--   alpha: 2.22921  # standard error 1.62
--   beta: 5.81659  # standard error 3.8
--   gamma: 110262  # standard error 1.46e+05
--   delta: 1.33027e+06  # standard error 1.5e+06
--
-- Rules that use it:
--
--   use "fits/months.lua"
--   event months_all = order
--   event months_events = months_all where ((12 * time.year + time.month_of_year) < (12 * now.year + now.month_of_year))
--   score months_in_5_periods = months.expected(5, months_with(months_events) - 1, (12 * last months_events.time.year + last months_events.time.month_of_year) - (12 * first months_events.time.year + first months_events.time.month_of_year), (12 * now.year + now.month_of_year) - (12 * first months_events.time.year + first months_events.time.month_of_year) - 1)
--   score months_alive = months.alive(months_with(months_events) - 1, (12 * last months_events.time.year + last months_events.time.month_of_year) - (12 * first months_events.time.year + first months_events.time.month_of_year), (12 * now.year + now.month_of_year) - (12 * first months_events.time.year + first months_events.time.month_of_year) - 1)

local model = {}
do
    local define = {define = function(f) model[f.name] = f.call end}
    for name, value in pairs(carpel) do
        define[name] = define[name] or value
    end
    local carpel = define

-- lib/bg_bb.lua, as it was then:
-- BG/BB: who may do something once in each period (a yearly gift, a weekly visit), and may have stopped
-- (Fader, Hardie and Shang 2010). x: in how many of n periods; t_x: the last of them, 0 for none.
local function log_likelihood(x, t_x, n, alpha, beta, gamma, delta)
    local log_beta = carpel.log_beta
    local terms = {log_beta(alpha + x, beta + n - x) + log_beta(gamma, delta + n)}
    for i = 0, n - t_x - 1 do
        terms[#terms + 1] = log_beta(alpha + x, beta + t_x - x + i) + log_beta(gamma + 1, delta + t_x + i)
    end
    local most = math.max(table.unpack(terms))
    local sum = 0
    for _, term in ipairs(terms) do
        sum = sum + math.exp(term - most)
    end
    return most + math.log(sum) - log_beta(alpha, beta) - log_beta(gamma, delta)
end

local args = {"x: int", "t_x: int", "n: int", "alpha: number", "beta: number", "gamma: number", "delta: number"}

carpel.define {
    name = "log_likelihood", help = "How likely this history is under these parameters, as a logarithm.",
    args = args, result = "number", call = log_likelihood
}

carpel.define {
    name = "alive", help = "How likely somebody is still there in the next period.",
    args = args, result = "number(0..1)",
    call = function(x, t_x, n, alpha, beta, gamma, delta)
        local log_beta = carpel.log_beta
        return math.exp(log_beta(alpha + x, beta + n - x) - log_beta(alpha, beta) + log_beta(gamma, delta + n + 1)
            - log_beta(gamma, delta) - log_likelihood(x, t_x, n, alpha, beta, gamma, delta))
    end
}

carpel.define {
    name = "expected", help = "In how many of the next m periods to expect somebody.",
    args = {"m: int", table.unpack(args)}, result = "number",
    call = function(m, x, t_x, n, alpha, beta, gamma, delta)
        local log_beta, log_gamma = carpel.log_beta, carpel.log_gamma
        local before = log_gamma(1 + delta + n) - log_gamma(gamma + delta + n)
        local after = log_gamma(1 + delta + n + m) - log_gamma(gamma + delta + n + m)
        local scale = log_beta(alpha + x + 1, beta + n - x) - log_beta(alpha, beta)
            + log_gamma(gamma + delta) - log_gamma(1 + delta)
            - log_likelihood(x, t_x, n, alpha, beta, gamma, delta)
        return delta / (gamma - 1) * (math.exp(scale + before) - math.exp(scale + after))
    end
}
end

carpel.define {
    name = "alive", help = "How likely somebody still comes at all.",
    args = {"x: number", "t_x: number", "n: number"}, result = "number(0..1)",
    call = function(x, t_x, n)
        return model.alive(x, t_x, n, 2.229211835, 5.816585153, 110262.3951, 1330265.451)
    end
}

carpel.define {
    name = "expected", help = "In how many of the next m periods to expect somebody.",
    args = {"m: number", "x: number", "t_x: number", "n: number"}, result = "number",
    call = function(m, x, t_x, n)
        return model.expected(m, x, t_x, n, 2.229211835, 5.816585153, 110262.3951, 1330265.451)
    end
}
