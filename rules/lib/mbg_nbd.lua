-- MBG/NBD: as BG/NBD, and somebody may have stopped right after the first order, too
-- (Batislam, Denizel and Filiztekin 2007). x: orders after the first; t_x: from the first to the last; T: from the
-- first to now; all times in one unit, that of r, alpha, a and b, which fit a shop's data.
local function odds_of_having_left(x, t_x, T, r, alpha, a, b)
    return math.exp(math.log(a / (b + x)) + (r + x) * (math.log(alpha + T) - math.log(alpha + t_x)))
end

local function alive(x, t_x, T, r, alpha, a, b)
    return 1 / (1 + odds_of_having_left(x, t_x, T, r, alpha, a, b))
end

local args = {"x: int", "t_x: number", "T: number", "r: number", "alpha: number", "a: number", "b: number"}

carpel.define {
    name = "alive", help = "How likely somebody still buys at all.",
    args = args, result = "number(0..1)", call = alive
}

carpel.define {
    name = "expected", help = "How many orders to expect of somebody in the next t units of time.",
    args = {"t: number", table.unpack(args)}, result = "number",
    call = function(t, x, t_x, T, r, alpha, a, b)
        local rest = (r + x) * (math.log(alpha + T) - math.log(alpha + T + t))
            + carpel.log_hyp2f1(r + x, b + x + 1, a + b + x, t / (alpha + T + t))
        return (a + b + x) / (a - 1) * (1 - math.exp(rest)) * alive(x, t_x, T, r, alpha, a, b)
    end
}

carpel.define {
    name = "log_likelihood", help = "How likely this history is under these parameters, as a logarithm.",
    args = args, result = "number",
    call = function(x, t_x, T, r, alpha, a, b)
        local all = carpel.log_gamma(r + x) - carpel.log_gamma(r) + r * math.log(alpha)
            + carpel.log_beta(a, b + x + 1) - carpel.log_beta(a, b) - (r + x) * math.log(alpha + T)
        local odds = odds_of_having_left(x, t_x, T, r, alpha, a, b)
        return all + (odds < math.huge and math.log(1 + odds)
            or math.log(a / (b + x)) + (r + x) * (math.log(alpha + T) - math.log(alpha + t_x)))
    end
}
