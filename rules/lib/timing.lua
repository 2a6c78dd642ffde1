-- When somebody acts: shares of hours and weekdays, shrunk to those of all people. What all do is a text of numbers,
-- counts or shares, such as "5 2 1 ..."; it counts as much as `weight` events of somebody's own.
local days = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
local number_of = {}
for i, day in ipairs(days) do
    number_of[day] = i
end

-- The shares of `size` classes in the text; all the same without one.
local function shares_of(text, size)
    local shares, sum = {}, 0
    for word in string.gmatch(text or string.rep("1 ", size), "%S+") do
        shares[#shares + 1] = assert(tonumber(word), "what all do is a text of numbers")
        sum = sum + shares[#shares]
    end
    assert(#shares == size and sum > 0, "what all do is a text of so many numbers, with blanks between them: " .. size)
    for i = 1, size do
        shares[i] = shares[i] / sum
    end
    return shares
end

-- The mean of a Dirichlet distribution behind what was seen; nil when nothing is known.
local function shrunk(classes, size, all, weight)
    weight = all and (weight or 10) or weight or 0
    local shares, total = shares_of(all, size), #classes + weight
    if total <= 0 then
        return nil
    end
    for i = 1, size do
        shares[i] = shares[i] * weight
    end
    for _, class in ipairs(classes) do
        shares[class] = shares[class] + 1
    end
    for i = 1, size do
        shares[i] = shares[i] / total
    end
    return shares
end

-- The first of the largest.
local function best(shares)
    local at = 1
    for i = 2, #shares do
        if shares[i] > shares[at] then
            at = i
        end
    end
    return at
end

local function class_of_hour(hour)
    assert(hour >= 0 and hour <= 23, "an hour is a number from 0 to 23")
    return hour + 1
end

local function class_of_weekday(day)
    return assert(number_of[day], "a weekday is a text such as \"monday\"")
end

local function classes_of(list, class_of)
    for i, value in ipairs(list) do
        list[i] = class_of(value)
    end
    return list
end

carpel.define {
    name = "best_hour", help = "The hour in which somebody acts most, from 0 to 23; missing when nothing is known.",
    args = {"hours: list of int", "all: string?", "weight: number?"}, result = "int",
    call = function(list, all, weight)
        local shares = shrunk(classes_of(list, class_of_hour), 24, all, weight)
        return shares and best(shares) - 1
    end
}

carpel.define {
    name = "hour_share", help = "The share of what somebody does that falls into an hour.",
    args = {"hours: list of int", "hour: int", "all: string?", "weight: number?"}, result = "number(0..1)",
    call = function(list, hour, all, weight)
        local shares = shrunk(classes_of(list, class_of_hour), 24, all, weight)
        return shares and shares[class_of_hour(hour)]
    end
}

carpel.define {
    name = "best_weekday", help = "The weekday on which somebody acts most; missing when nothing is known.",
    args = {"weekdays: list of string", "all: string?", "weight: number?"}, result = "string",
    call = function(list, all, weight)
        local shares = shrunk(classes_of(list, class_of_weekday), 7, all, weight)
        return shares and days[best(shares)]
    end
}

carpel.define {
    name = "weekday_share", help = "The share of what somebody does that falls on a weekday.",
    args = {"weekdays: list of string", "weekday: string", "all: string?", "weight: number?"}, result = "number(0..1)",
    call = function(list, weekday, all, weight)
        local shares = shrunk(classes_of(list, class_of_weekday), 7, all, weight)
        return shares and shares[class_of_weekday(weekday)]
    end
}
