local function fading(days)
  if days == nil then
    return nil
  end
  return days / (days + 10)
end

local function weight(count)
  if count > 1 then
    error("too many")
  end
  return 2 * count
end

-- Several, or one for which somebody came to the shop.
local function is_busy(count, was_there)
  return count > 1 or was_there
end

return { is_busy = is_busy, fading = fading, weight = weight }
