local factors = require "parts.factors"
local value = require "value"

return {points = function(x) return factors.scale(value.doubled(x)) end}
