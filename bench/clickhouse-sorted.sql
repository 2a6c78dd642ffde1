-- The tables that the SQL is timed over, as its author had them: sorted by event, person and
-- time, with dictionaries for the columns of few values, all parts merged into one.
-- Statements are parted by lines "-- @name".
-- @load_users_table
CREATE TABLE users (user_id UInt32, signup_date Date, birthday Date32, plan LowCardinality(String),
    country LowCardinality(String)) ENGINE = MergeTree ORDER BY user_id
-- @load_events_table
CREATE TABLE ev2 (user_id UInt32, ts DateTime('UTC'), event LowCardinality(String), item_id UInt32,
    category LowCardinality(String), price Float64, quantity UInt8, amount Float64,
    campaign LowCardinality(String), device LowCardinality(String), label String)
ENGINE = MergeTree ORDER BY (event, user_id, ts)
-- @load_users
INSERT INTO users SELECT * FROM file('$DIR/users.csv', CSVWithNames)
-- @load_events
INSERT INTO ev2 SELECT * FROM file('$DIR/events.csv', CSVWithNames)
-- @load_merge
OPTIMIZE TABLE ev2 FINAL
-- @load_view
CREATE VIEW events AS SELECT * FROM ev2
