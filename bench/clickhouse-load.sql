-- The tables that the expert SQL reads, in the form that costs ClickHouse least to make: rows
-- go straight from the CSV into one table of $ENGINE, and texts stay texts, since parting them
-- into dictionaries (LowCardinality) takes longer than the SQL gains from it. Memory keeps the
-- order of the file; MergeTree sorts what it is given. Statements are parted by lines "-- @name".
-- @setup_users
CREATE TABLE users (user_id UInt32, signup_date Date, birthday Date32, plan String, country String)
ENGINE = Memory
-- @setup_events
CREATE TABLE ev2 (user_id UInt32, ts DateTime('UTC'), event String, item_id UInt32, category String,
    price Float64, quantity UInt8, amount Float64, campaign String, device String, label String)
ENGINE = $ENGINE
-- @load_users
INSERT INTO users SELECT * FROM file('$DIR/users.csv', CSVWithNames)
-- @load_events
INSERT INTO ev2 SELECT * FROM file('$DIR/events.csv', CSVWithNames)
