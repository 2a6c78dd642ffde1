-- Pareto/NBD: as BG/NBD, but somebody may stop at any time, also between orders (Schmittlein, Morrison and
-- Colombo 1987). x: orders after the first; t_x: from the first to the last; T: from the first to now; in
-- one unit of time, that of r, alpha (of orders), s and beta (of stopping).
local function log_term(x, at, r, alpha, s, beta)
    local low, high = math.min(alpha, beta), math.max(alpha, beta)
    local other = alpha >= beta and s + 1 or r + x
    return carpel.log_hyp2f1(r + s + x, other, r + s + x + 1, (high - low) / (high + at))
        - (r + s + x) * math.log(high + at)
end

-- ln of: s / (r + s + x) * A0, against still buying: (alpha + T)^-(r + x) * (beta + T)^-s.
local function log_odds(x, t_x, T, r, alpha, s, beta)
    local first = log_term(x, t_x, r, alpha, s, beta)
    local second = log_term(x, T, r, alpha, s, beta)
    local difference = 1 - math.exp(second - first)
    if difference <= 0 then
        return -math.huge
    end
    return math.log(s / (r + s + x)) + first + math.log(difference)
        + (r + x) * math.log(alpha + T) + s * math.log(beta + T)
end

local function alive(x, t_x, T, r, alpha, s, beta)
    return 1 / (1 + math.exp(log_odds(x, t_x, T, r, alpha, s, beta)))
end

local args = {"x: int", "t_x: number", "T: number", "r: number", "alpha: number", "s: number", "beta: number"}

carpel.define {
    name = "alive", help = "How likely somebody still buys at all.",
    args = args, result = "number(0..1)", call = alive
}

carpel.define {
    name = "expected", help = "How many orders to expect of somebody in the next t units of time.",
    args = {"t: number", table.unpack(args)}, result = "number",
    call = function(t, x, t_x, T, r, alpha, s, beta)
        local left = 1 - math.exp((s - 1) * (math.log(beta + T) - math.log(beta + T + t)))
        return (r + x) * (beta + T) / ((alpha + T) * (s - 1)) * left * alive(x, t_x, T, r, alpha, s, beta)
    end
}

carpel.define {
    name = "log_likelihood", help = "How likely this history is under these parameters, as a logarithm.",
    args = args, result = "number",
    call = function(x, t_x, T, r, alpha, s, beta)
        local odds = log_odds(x, t_x, T, r, alpha, s, beta)
        local more = odds > 30 and odds or math.log(1 + math.exp(odds))
        return carpel.log_gamma(r + x) - carpel.log_gamma(r) + r * math.log(alpha) + s * math.log(beta)
            - (r + x) * math.log(alpha + T) - s * math.log(beta + T) + more
    end
}
