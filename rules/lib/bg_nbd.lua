-- BG/NBD: how often somebody will buy who buys now and then and may have stopped, after any order
-- (Fader, Hardie and Lee 2005). x: orders after the first; t_x: from the first to the last; T: from the
-- first to now; all times in one unit, that of r, alpha, a and b, which fit a shop's data.
local function odds_of_having_left(x, t_x, T, r, alpha, a, b)
    if x == 0 then
        return 0
    end
    return math.exp(math.log(a / (b + x - 1)) + (r + x) * (math.log(alpha + T) - math.log(alpha + t_x)))
end

local function alive(x, t_x, T, r, alpha, a, b)
    return 1 / (1 + odds_of_having_left(x, t_x, T, r, alpha, a, b))
end

local args = {"x: int", "t_x: number", "T: number", "r: number", "alpha: number", "a: number", "b: number"}

carpel.define {
    name = "alive", help = "How likely somebody still buys at all.",
    args = args, result = "number(0..1)", call = alive
}

-- c * 2F1(p, q; c; z) for c of 0 and below (down to -1), from its neighbours (DLMF 15.5.18).
local function c_times_hyp2f1(p, q, c, z)
    local one = math.exp(carpel.log_hyp2f1(p, q, c + 1, z))
    local two = math.exp(carpel.log_hyp2f1(p, q, c + 2, z))
    return ((c + 1) * (c - (2 * c + 1 - p - q) * z) * one + (c + 1 - p) * (c + 1 - q) * z * two) / ((c + 1) * (1 - z))
end

carpel.define {
    name = "expected", help = "How many orders to expect of somebody in the next t units of time.",
    args = {"t: number", table.unpack(args)}, result = "number",
    call = function(t, x, t_x, T, r, alpha, a, b)
        local c, z = a + b + x - 1, t / (alpha + T + t)
        local scale = (r + x) * (math.log(alpha + T) - math.log(alpha + T + t))
        if c > 0 then
            return c / (a - 1) * (1 - math.exp(scale + carpel.log_hyp2f1(r + x, b + x, c, z)))
                * alive(x, t_x, T, r, alpha, a, b)
        end
        return (c - math.exp(scale) * c_times_hyp2f1(r + x, b + x, c, z)) / (a - 1) * alive(x, t_x, T, r, alpha, a, b)
    end
}

carpel.define {
    name = "log_likelihood", help = "How likely this history is under these parameters, as a logarithm.",
    args = args, result = "number",
    call = function(x, t_x, T, r, alpha, a, b)
        local all = carpel.log_gamma(r + x) - carpel.log_gamma(r) + r * math.log(alpha)
            + carpel.log_beta(a, b + x) - carpel.log_beta(a, b) - (r + x) * math.log(alpha + T)
        local odds = odds_of_having_left(x, t_x, T, r, alpha, a, b)
        return all + (odds < math.huge and math.log(1 + odds)
            or math.log(a / (b + x - 1)) + (r + x) * (math.log(alpha + T) - math.log(alpha + t_x)))
    end
}
