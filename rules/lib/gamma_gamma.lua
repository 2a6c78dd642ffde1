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
