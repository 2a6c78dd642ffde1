-- The table that the SQL is timed over, behind duckdb-load.sql: sorted by event and time.
-- @load_sorted
CREATE TABLE ev_sorted AS SELECT * FROM ev ORDER BY event, ts
-- @load_drop
DROP TABLE ev
-- @load_view
CREATE VIEW events AS SELECT * FROM ev_sorted
-- @load_checkpoint
CHECKPOINT
