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

return { mean = mean, size = size }
