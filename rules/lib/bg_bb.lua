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
