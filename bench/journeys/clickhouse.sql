-- The segments of rules/journeys.seg in ClickHouse, over a table ordered by (event, user_id, ts): what
-- duckdb.sql says, with ClickHouse's own functions. It plans anew what stands in a WITH for each
-- place that reads it, so what is read by people stands in tables in memory, which are made anew
-- in each round; in one statement it takes two to three times as long. Statements are parted by lines
-- "-- @name".
-- @clear_people_table
CREATE TABLE IF NOT EXISTS journeys (user_id UInt32, signup_date Date, j01 UInt8, j02 UInt8, j03 UInt8, j04 UInt8, j05 UInt8, j06 UInt8, j07 UInt8, j08 UInt8, j09 UInt8, j10 UInt8, j11 UInt8, j12 UInt8, j13 UInt8, j14 UInt8, j15 UInt8, j16 UInt8, j17 UInt8, j18 UInt8, j19 UInt8, j20 UInt8, j21 UInt8, j22 UInt8, j23 UInt8, j24 UInt8, j25 UInt8, j26 UInt8, j27 UInt8, j28 UInt8, j29 UInt8, j30 UInt8, j31 UInt8, j32 UInt8, j33 UInt8, j34 UInt8, j35 UInt8, j36 UInt8, j37 UInt8, j38 UInt8) ENGINE = Memory
-- @clear_cohorts_table
CREATE TABLE IF NOT EXISTS cohorts (signup_date Date, j39 UInt8, j40 UInt8) ENGINE = Memory
-- @clear_people
TRUNCATE TABLE journeys
-- @clear_cohorts
TRUNCATE TABLE cohorts
-- @clear_bought
DROP TABLE IF EXISTS walked_bought SYNC
-- @clear_viewed_pages
DROP TABLE IF EXISTS walked_viewed_pages SYNC
-- @clear_bought_when
DROP TABLE IF EXISTS walked_bought_when SYNC
-- @clear_dear_in_a_row
DROP TABLE IF EXISTS walked_dear_in_a_row SYNC
-- @clear_viewed_items
DROP TABLE IF EXISTS walked_viewed_items SYNC
-- @clear_opened
DROP TABLE IF EXISTS walked_opened SYNC
-- @clear_asked
DROP TABLE IF EXISTS walked_asked SYNC
-- @clear_opened_app
DROP TABLE IF EXISTS walked_opened_app SYNC
-- @clear_busiest_day
DROP TABLE IF EXISTS walked_busiest_day SYNC
-- @clear_favourite
DROP TABLE IF EXISTS walked_favourite SYNC
-- @clear_unread
DROP TABLE IF EXISTS walked_unread SYNC
-- @clear_sequences
DROP TABLE IF EXISTS walked_sequences SYNC
-- @clear_visited
DROP TABLE IF EXISTS walked_visited SYNC
-- @journeys_bought
CREATE TABLE walked_bought ENGINE = Memory AS
WITH
 P AS (SELECT user_id, ts, item_id, price, amount, category FROM ev2 WHERE event = 'purchase')
SELECT user_id, min(ts) AS first_buy, max(ts) AS last_buy, count(*) AS buys,
        countIf(ts >= '$T90') AS buys90, countIf(price > 50) AS dear,
        round(sum(amount) * 100) AS cents, quantileExactInclusive(0.5)(amount) AS middle, argMax(category, ts) AS last_category,
        bitCount(groupBitOrIf(bitShiftLeft(toUInt32(1), toMonth(ts)), ts >= '2025-07-01')) AS months,
        groupBitOrIf(bitShiftLeft(toUInt32(1), intDiv(dateDiff('day', ts, toDateTime('2026-01-05 00:00:00', 'UTC')) - 1, 7) % 31), ts >= '$T180') AS weeks
    FROM P GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_viewed_pages
CREATE TABLE walked_viewed_pages ENGINE = Memory AS
SELECT user_id, min(ts) AS first_page, countIf(ts >= '$T30') AS pages30,
        countIf(ts > last_buy) AS pages_after,
        countIf(ts >= '2025-12-01' AND ts < '2025-12-08') AS week1,
        countIf(ts >= '2025-12-08' AND ts < '2025-12-15') AS week2,
        countIf(ts >= '2025-12-15' AND ts < '2025-12-22') AS week3,
        countIf(ts >= '2025-12-22' AND ts < '2025-12-29') AS week4,
        groupBitOrIf(bitShiftLeft(toUInt64(1), dateDiff('day', ts, toDateTime('$T0', 'UTC')) % 63), ts >= '$T60') AS page_days
    FROM ev2 LEFT JOIN walked_bought USING (user_id) WHERE event = 'page_view' GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_bought_when
CREATE TABLE walked_bought_when ENGINE = Memory AS
WITH
 P AS (SELECT user_id, ts, item_id, price, amount, category FROM ev2 WHERE event = 'purchase')
SELECT user_id, max(ts >= first_page AND ts <= first_page + INTERVAL 7 DAY) AS j13,
        sumIf(amount, ts <= first_buy + INTERVAL 90 DAY) > 300.005 AS j15,
        max(ts >= signup_date + INTERVAL 30 DAY AND ts < signup_date + INTERVAL 60 DAY) AS j19
    FROM P JOIN walked_bought USING (user_id) JOIN users USING (user_id) LEFT JOIN walked_viewed_pages USING (user_id)
    GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_dear_in_a_row
CREATE TABLE walked_dear_in_a_row ENGINE = Memory AS
WITH
 P AS (SELECT user_id, ts, item_id, price, amount, category FROM ev2 WHERE event = 'purchase')
SELECT user_id, max(amount > 50 AND one > 50 AND two > 50) AS j26
    FROM (SELECT user_id, amount, lag(amount, 1) OVER w AS one, lag(amount, 2) OVER w AS two
        FROM P WINDOW w AS (PARTITION BY user_id ORDER BY ts))
    GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_viewed_items
CREATE TABLE walked_viewed_items ENGINE = Memory AS
SELECT user_id, countIf(ts >= last_buy - INTERVAL 30 DAY AND ts <= last_buy) AS items_before,
        countIf(ts >= '$T90') AS items90,
        countIf(ts >= '$T90' AND toDayOfWeek(ts) >= 6) AS items_weekend
    FROM ev2 LEFT JOIN walked_bought USING (user_id) WHERE event = 'view_item' GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_opened
CREATE TABLE walked_opened ENGINE = Memory AS
SELECT user_id, max(ts >= last_buy - INTERVAL 3 DAY AND ts <= last_buy) AS opened_before
    FROM ev2 JOIN walked_bought USING (user_id) WHERE event = 'email_open' GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_asked
CREATE TABLE walked_asked ENGINE = Memory AS
SELECT user_id, max(ts) AS last_ticket,
        max(ts >= last_buy AND ts <= last_buy + INTERVAL 30 DAY) AS asked_after
    FROM ev2 LEFT JOIN walked_bought USING (user_id) WHERE event = 'support_ticket' GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_opened_app
CREATE TABLE walked_opened_app ENGINE = Memory AS
SELECT user_id,
        groupBitOr(bitShiftLeft(toUInt64(1), dateDiff('day', ts, toDateTime('$T0', 'UTC')))) AS app_days,
        bitCount(groupBitOrIf(bitShiftLeft(toUInt8(1), intDiv(dateDiff('second', ts, toDateTime('$T0', 'UTC')), 604800) % 7), ts > '2025-12-04')) AS app_weeks
    FROM ev2 WHERE event = 'app_open' AND ts >= '$T60' GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_busiest_day
CREATE TABLE walked_busiest_day ENGINE = Memory AS
SELECT user_id, max(n) AS busiest
    FROM (SELECT user_id, count(*) AS n FROM ev2 WHERE event = 'page_view' AND ts >= '$T30'
        GROUP BY user_id, toDate(ts))
    GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_favourite
CREATE TABLE walked_favourite ENGINE = Memory AS
SELECT user_id, argMax(category, n * 100000000000 + toUnixTimestamp(newest)) AS favourite
    FROM (SELECT user_id, category, count(*) AS n, max(ts) AS newest FROM ev2
        WHERE event = 'view_item' AND ts >= '$T90' GROUP BY user_id, category)
    GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_unread
CREATE TABLE walked_unread ENGINE = Memory AS
SELECT user_id, max(n) AS unread
    FROM (SELECT user_id, countIf(is_sent) AS n
        FROM (SELECT user_id, event = 'email_sent' AS is_sent,
                countIf(event = 'email_open') OVER (PARTITION BY user_id ORDER BY ts) AS opens
            FROM ev2 WHERE event IN ('email_sent', 'email_open') AND ts >= '$T90')
        GROUP BY user_id, opens)
    GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_sequences
CREATE TABLE walked_sequences ENGINE = Memory AS
WITH
 P AS (SELECT user_id, ts, item_id, price, amount, category FROM ev2 WHERE event = 'purchase'),
 V90 AS (SELECT user_id, ts, item_id FROM ev2 WHERE event = 'view_item' AND ts >= '$T90'),
 q01 AS (SELECT b.user_id FROM P b ASOF JOIN V90 a
    ON a.user_id = b.user_id AND a.item_id = b.item_id AND b.ts > a.ts
    WHERE b.ts >= '$T30' AND a.ts >= '$T30' AND b.ts <= a.ts + INTERVAL 1 DAY),
 R90 AS (SELECT user_id, ts, item_id FROM ev2 WHERE event = 'remove_from_cart' AND ts >= '$T90'),
 C90 AS (SELECT user_id, ts, item_id FROM ev2 WHERE event = 'add_to_cart' AND ts >= '$T90'),
 q02 AS (SELECT b.user_id FROM R90 b ASOF JOIN C90 a
    ON a.user_id = b.user_id AND a.item_id = b.item_id AND b.ts > a.ts
    WHERE b.ts <= a.ts + INTERVAL 2 MINUTE),
 L180 AS (SELECT user_id, ts, campaign FROM ev2 WHERE event = 'email_click' AND ts >= '$T180'),
 O180 AS (SELECT user_id, ts, campaign FROM ev2 WHERE event = 'email_open' AND ts >= '$T180'),
 E180 AS (SELECT user_id, ts, campaign FROM ev2 WHERE event = 'email_sent' AND ts >= '$T180'),
 q03b AS (SELECT b.user_id, b.ts, b.campaign, a.ts AS s FROM O180 b ASOF JOIN E180 a
    ON a.user_id = b.user_id AND a.campaign = b.campaign AND b.ts > a.ts
    WHERE b.ts <= a.ts + INTERVAL 6 HOUR),
 q03 AS (SELECT b.user_id FROM L180 b ASOF JOIN q03b a
    ON a.user_id = b.user_id AND a.campaign = b.campaign AND b.ts > a.ts
    WHERE b.ts <= a.s + INTERVAL 6 HOUR),
 q04b AS (SELECT b.user_id, b.ts, b.item_id, a.ts AS s FROM C90 b ASOF JOIN V90 a
    ON a.user_id = b.user_id AND a.item_id = b.item_id AND b.ts > a.ts
    WHERE a.ts >= '$T60' AND b.ts <= a.ts + INTERVAL 10 MINUTE),
 q04 AS (SELECT b.user_id FROM P b ASOF JOIN q04b a
    ON a.user_id = b.user_id AND a.item_id = b.item_id AND b.ts > a.ts
    WHERE b.ts >= '$T60' AND b.ts <= a.s + INTERVAL 10 MINUTE),
 K30 AS (SELECT user_id, ts FROM ev2 WHERE event = 'begin_checkout' AND ts >= '$T30'),
 q05 AS (SELECT a.user_id FROM (SELECT * FROM K30 WHERE ts < '$T1') a
    ASOF LEFT JOIN (SELECT user_id, ts FROM P WHERE ts >= '$T30') b ON b.user_id = a.user_id AND a.ts < b.ts
    WHERE b.ts IS NULL OR b.ts > a.ts + INTERVAL 1 DAY),
 q06a AS (SELECT b.user_id, b.ts, a.ts AS s FROM (SELECT user_id, ts FROM P WHERE ts >= '$T90') b
    ASOF JOIN (SELECT user_id, ts FROM O180 WHERE ts >= '$T90') a ON a.user_id = b.user_id AND b.ts > a.ts),
 q06 AS (SELECT a.user_id FROM q06a a
    ASOF LEFT JOIN (SELECT user_id, ts FROM L180 WHERE ts >= '$T90') x ON x.user_id = a.user_id AND a.ts > x.ts
    WHERE x.ts IS NULL OR x.ts < a.s),
 q07 AS (SELECT user_id
    FROM (SELECT user_id, ts, is_cart, lag(ts) OVER w AS before, lag(is_cart) OVER w AS was_cart
        FROM (SELECT user_id, ts, true AS is_cart FROM C90
            UNION ALL SELECT user_id, ts, false FROM P WHERE ts >= '$T90')
        WINDOW w AS (PARTITION BY user_id ORDER BY ts))
    WHERE is_cart AND was_cart AND ts <= before + INTERVAL 7 DAY),
 q09b AS (SELECT b.user_id, b.ts, a.ts AS s
    FROM (SELECT user_id, ts FROM L180 WHERE ts >= '$T60') b
    ASOF JOIN (SELECT user_id, ts FROM O180 WHERE ts >= '$T60') a ON a.user_id = b.user_id AND b.ts > a.ts
    WHERE b.ts <= a.ts + INTERVAL 1 HOUR),
 q09c AS (SELECT b.user_id, b.ts, a.s FROM V90 b ASOF JOIN q09b a ON a.user_id = b.user_id AND b.ts > a.ts
    WHERE b.ts <= a.s + INTERVAL 1 HOUR),
 q09 AS (SELECT b.user_id FROM C90 b ASOF JOIN q09c a ON a.user_id = b.user_id AND b.ts > a.ts
    WHERE b.ts <= a.s + INTERVAL 1 HOUR),
 S90 AS (SELECT user_id, ts FROM ev2 WHERE event = 'search' AND ts >= '$T90'),
 q10 AS (SELECT b.user_id FROM (SELECT * FROM V90 WHERE ts >= '$T7') b
    ASOF JOIN (SELECT * FROM S90 WHERE ts >= '$T7') a ON a.user_id = b.user_id AND b.ts > a.ts
    WHERE b.ts <= a.ts + INTERVAL 1 MINUTE),
 q11 AS (SELECT user_id
    FROM (SELECT user_id, groupBitOr(CASE event WHEN 'page_view' THEN 1 WHEN 'search' THEN 2
                WHEN 'view_item' THEN 4 ELSE 8 END)
            OVER (PARTITION BY user_id ORDER BY ts RANGE BETWEEN 300 PRECEDING AND CURRENT ROW) AS kinds
        FROM ev2 WHERE event IN ('page_view', 'search', 'view_item', 'add_to_cart') AND ts >= '$T30')
    WHERE kinds = 15),
 q12 AS (SELECT user_id FROM walked_bought
    JOIN (SELECT b.user_id, min(b.ts) AS cart FROM C90 b ASOF JOIN V90 a ON a.user_id = b.user_id AND b.ts > a.ts
        WHERE b.ts <= a.ts + INTERVAL 10 MINUTE GROUP BY b.user_id) AS carts USING (user_id)
    WHERE last_buy > cart + INTERVAL 1 HOUR),
 q18 AS (SELECT a.user_id FROM S90 a
    ASOF JOIN (SELECT user_id, ts FROM P WHERE ts >= '$T90') b ON a.user_id = b.user_id AND a.ts <= b.ts
    WHERE b.ts <= a.ts + INTERVAL 1 HOUR)
SELECT user_id, groupBitOr(bitShiftLeft(toUInt32(1), which)) AS found FROM (
        SELECT user_id, 1 AS which FROM q01 UNION ALL SELECT user_id, 2 FROM q02
        UNION ALL SELECT user_id, 3 FROM q03 UNION ALL SELECT user_id, 4 FROM q04
        UNION ALL SELECT user_id, 5 FROM q05 UNION ALL SELECT user_id, 6 FROM q06
        UNION ALL SELECT user_id, 7 FROM q07 UNION ALL SELECT user_id, 9 FROM q09
        UNION ALL SELECT user_id, 10 FROM q10 UNION ALL SELECT user_id, 11 FROM q11
        UNION ALL SELECT user_id, 12 FROM q12 UNION ALL SELECT user_id, 18 FROM q18)
    GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_visited
CREATE TABLE walked_visited ENGINE = Memory AS
WITH
 marked AS (
    SELECT user_id, ts, event, ts > lag(ts) OVER w + INTERVAL 30 MINUTE AS begins
    FROM ev2 WHERE ts >= toDateTime('$T90', 'UTC') - INTERVAL 30 MINUTE WINDOW w AS (PARTITION BY user_id ORDER BY ts)),
 session AS (
    SELECT user_id, min(ts) AS began, dateDiff('second', min(ts), max(ts)) AS duration, count(*) AS events,
        argMin(event, ts) AS entry, argMax(event, ts) AS exit
    FROM (SELECT user_id, ts, event, countIf(begins) OVER (PARTITION BY user_id ORDER BY ts) AS number
        FROM marked)
    GROUP BY user_id, number HAVING began >= '$T90')
SELECT user_id, countIf(began >= '$T30') >= 8 AS j20, sum(duration) > 720 * count(*) AS j21,
        max(events >= 40) AS j22, max(entry = 'app_open' AND exit = 'purchase') AS j23
    FROM session GROUP BY user_id
SETTINGS join_use_nulls = 1
-- @journeys_people
INSERT INTO journeys
WITH
 everyone AS (
    SELECT *, coalesce(pages30, 0) AS pages, coalesce(buys90, 0) AS orders,
        bitOr(coalesce(page_days, 0), coalesce(app_days, 0)) AS days, coalesce(found, 0) AS matches
    FROM users LEFT JOIN walked_bought USING (user_id) LEFT JOIN walked_bought_when USING (user_id)
        LEFT JOIN walked_dear_in_a_row USING (user_id) LEFT JOIN walked_viewed_pages USING (user_id)
        LEFT JOIN walked_viewed_items USING (user_id) LEFT JOIN walked_opened USING (user_id)
        LEFT JOIN walked_asked USING (user_id) LEFT JOIN walked_opened_app USING (user_id)
        LEFT JOIN walked_busiest_day USING (user_id) LEFT JOIN walked_favourite USING (user_id)
        LEFT JOIN walked_unread USING (user_id) LEFT JOIN walked_sequences USING (user_id)
        LEFT JOIN walked_visited USING (user_id)),
 ranked AS (
    SELECT *, rank() OVER (ORDER BY pages DESC) AS pages_rank, rank() OVER (ORDER BY orders DESC) AS orders_rank,
        rank() OVER (PARTITION BY country, buys IS NULL ORDER BY cents DESC) AS cents_rank,
        count(*) OVER (PARTITION BY country, buys IS NULL) AS compatriots, count(*) OVER () AS people
    FROM everyone)
SELECT user_id, signup_date, bitAnd(matches, 2) > 0 AS j01, bitAnd(matches, 4) > 0 AS j02, bitAnd(matches, 8) > 0 AS j03,
    bitAnd(matches, 16) > 0 AS j04, bitAnd(matches, 32) > 0 AS j05, bitAnd(matches, 64) > 0 AS j06,
    bitAnd(matches, 128) > 0 AS j07,
    coalesce(last_ticket >= '$T180' AND (last_buy IS NULL OR last_ticket > last_buy), false) AS j08,
    bitAnd(matches, 512) > 0 AS j09, bitAnd(matches, 1024) > 0 AS j10, bitAnd(matches, 2048) > 0 AS j11,
    bitAnd(matches, 4096) > 0 AS j12, coalesce(j13, false) AS j13, coalesce(items_before >= 10, false) AS j14,
    coalesce(j15, false) AS j15, coalesce(opened_before AND NOT coalesce(asked_after, false), false) AS j16,
    coalesce(pages_after >= 20, false) AS j17, bitAnd(matches, 262144) > 0 AS j18, coalesce(j19, false) AS j19,
    coalesce(j20, false) AS j20, coalesce(j21, false) AS j21, coalesce(j22, false) AS j22,
    coalesce(j23, false) AS j23, bitAnd(days, bitAnd(bitShiftRight(days, 1), bitShiftRight(days, 2))) > 0 AS j24,
    coalesce(bitAnd(weeks, bitAnd(bitShiftRight(weeks, 1), bitShiftRight(weeks, 2))) > 0, false) AS j25, coalesce(j26, false) AS j26,
    coalesce(unread >= 6, false) AS j27, coalesce(app_weeks >= 3, false) AS j28,
    coalesce(months >= 4, false) AS j29,
    coalesce((week1 >= 5) + (week2 >= 5) + (week3 >= 5) + (week4 >= 5) >= 2, false) AS j30,
    coalesce(items90 >= 10 AND 2 * items_weekend >= items90, false) AS j31,
    20 * (pages_rank - 1) < people AS j32,
    buys IS NOT NULL AND 10 * (cents_rank - 1) < compatriots AS j33, orders_rank <= 500 AS j34,
    coalesce(buys >= 3 AND 4 * dear >= 3 * buys, false) AS j35, coalesce(busiest >= 15, false) AS j36,
    coalesce(buys >= 3 AND middle > 60.0025, false) AS j37, coalesce(favourite = last_category, false) AS j38
FROM ranked
SETTINGS join_use_nulls = 1
-- @journeys_cohorts
INSERT INTO cohorts
WITH recent AS (SELECT user_id, count() AS n FROM ev2 WHERE event = 'purchase' AND ts >= '$T30' GROUP BY user_id)
SELECT signup_date, sum(n) >= 10 AS j39, 20 * countIf(j28) >= count() AS j40
FROM journeys LEFT JOIN recent USING (user_id) GROUP BY signup_date
