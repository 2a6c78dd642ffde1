-- Scores of the example shop. Functions here are called from rules: churn.risk(...).
local churn = {}

-- 0 to 1: how likely somebody is gone. After their usual gap between orders has passed three
-- times over, the risk is near 1; many orders make it grow more slowly.
--   days_since  days since the last order; nil for people who never ordered
--   orders      how many orders there were
function churn.risk(days_since, orders)
  if days_since == nil then
    return nil
  end
  local patience = 30 + 15 * math.min(orders, 10)
  return 1 - math.exp(-days_since / patience)
end

return churn
