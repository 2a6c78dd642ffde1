local risk = {}

function risk.of(orders)
  if orders > 1 then
    error("too many")
  end
  return orders / 3
end

function risk.is_odd(orders)
  return orders % 2 == 1
end

return risk
