-- RFM: how lately, how often and for how much somebody buys, each as a fifth from 1 to 5 (the best): by bounds
-- of your own (fifth, recency) or by the fifths of all people (ntile). The cells have the names that are usual.
local function place(value, bounds)
    local fifth = 1
    for _, bound in ipairs(bounds) do
        if value >= bound then
            fifth = fifth + 1
        end
    end
    return fifth
end

carpel.define {
    name = "fifth", help = "1 to 5 by four rising bounds: 2 from the first on, 5 from the fourth on.",
    args = {"value: number", "second: number", "third: number", "fourth: number", "fifth: number"}, result = "int",
    call = function(value, ...) return place(value, {...}) end
}

carpel.define {
    name = "recency", help = "5 to 1 by four rising bounds of silence: 5 before the first, 1 from the fourth on.",
    args = {"silent: duration(days)", "fourth: duration(days)", "third: duration(days)", "second: duration(days)",
            "first: duration(days)"},
    result = "int",
    call = function(silent, ...) return 6 - place(silent, {...}) end
}

-- By recency, then by frequency.
local names = {
    {"hibernating", "hibernating", "at risk", "at risk", "cannot lose"},
    {"hibernating", "hibernating", "at risk", "at risk", "cannot lose"},
    {"about to sleep", "about to sleep", "need attention", "loyal", "loyal"},
    {"promising", "potential loyalists", "potential loyalists", "loyal", "loyal"},
    {"new", "potential loyalists", "potential loyalists", "champions", "champions"}
}

local function check(fifth, what)
    if fifth < 1 or fifth > 5 then
        error(what .. " is a fifth from 1 to 5, and not " .. fifth, 0)
    end
end

carpel.define {
    name = "cell", help = "The name of the cell of recency and frequency, as fifths from 1 to 5 (best).",
    args = {"recency: int", "frequency: int"}, result = "string",
    call = function(recency, frequency)
        check(recency, "recency")
        check(frequency, "frequency")
        return names[recency][frequency]
    end
}

carpel.define {
    name = "code", help = "The three fifths as one text, such as \"543\".",
    args = {"recency: int", "frequency: int", "monetary: int"}, result = "string",
    call = function(recency, frequency, monetary)
        check(recency, "recency")
        check(frequency, "frequency")
        check(monetary, "monetary")
        return string.format("%d%d%d", recency, frequency, monetary)
    end
}
