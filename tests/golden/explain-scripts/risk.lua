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

return { fading = fading, weight = weight }
