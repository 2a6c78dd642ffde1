-- @sort_events
CREATE TABLE ev_sorted AS SELECT * FROM ev ORDER BY event, ts
