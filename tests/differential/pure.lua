-- Functions for the random rules: of numbers, and of a text.

local function mean(a, b)
  if a == nil or b == nil then
    return nil
  end
  return (a + b) / 2
end

local function size(text)
  if text == nil then
    return nil
  end
  return #text
end

-- Of a list and a number: something that changes with each value, and with their order.
local function tail(list, b)
  local sum = 0.0
  for place, value in ipairs(list) do
    if type(value) == "string" then
      value = #value + value:byte(-1) / 256
    elseif type(value) == "boolean" then
      value = value and 1 or 2
    end
    sum = sum / 2 + value % 1000 + place
  end
  return sum + (b or 0)
end

-- The same of numbers alone, step by step, without a table.
carpel.define {
  name = "walk", help = "Halves and adds.", args = { "list: list of number", "b: number?" }, result = "number",
  step = function(sum, x, b) return (sum or b or 1) / 2 + x / 4 end,
  finish = function(sum, b) return sum or b end,
}

return { mean = mean, size = size, tail = tail }
