carpel.define {
    name = "churn", help = "A share of the usual silence.", result = "number(0..1)",
    args = {"orders: int", "silence: duration(days)", "usual: number?"},
    call = function(orders, silence, usual)
        if orders == 13 then
            error("nobody has 13 orders")
        end
        return math.min(1, silence / (usual or 28) / orders * 3)
    end
}

carpel.define {
    name = "due", help = "A week later.", args = {"last: time"}, result = "time",
    call = function(last) return last + 7 * carpel.day end
}

function band(x)
    return x and (x > 0.5 and "high" or "low")
end

function total(amounts)
    return #amounts
end

function is_high(x)
    return x > 0.5
end

carpel.define {
    name = "gaps", help = "How many of them are missing.", result = "int",
    args = {"a: int?", "b: number?", "c: string?", "d: bool?", "e: time?", "f: date?", "g: duration(days)?", "h: version?", "i: person?"},
    call = function(...)
        local count = 0
        for i = 1, 9 do
            count = count + ((select(i, ...)) == nil and 1 or 0)
        end
        return count
    end
}
