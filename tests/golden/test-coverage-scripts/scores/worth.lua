local names = require "names"
local worth = {}

-- What somebody is worth.
function worth.points(sum, orders)
    if sum == nil then
        return 0
    elseif sum > 1000 then
        local more = sum - 1000

        return 1000 + more / 2
    end
    return sum
end

function worth.name(points)
    return names.of(points)
end

function worth.unused(points)
    return points
end

return worth
