local risk = {}

function risk.of(orders)
  if orders > 1 then
    error("too many")
  end
  return orders / 3
end

return risk
