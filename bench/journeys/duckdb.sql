-- The segments of rules/journeys.seg in DuckDB, over a table ordered by (event, ts): each kind of
-- event is read as seldom as it can be, sets of days and weeks are bits of one number, sequences
-- are chains of ASOF joins from their first step on. Statements are parted by lines "-- @name".
-- @journeys_people
CREATE OR REPLACE TEMP TABLE journeys AS
WITH
-- ---- purchases, and what is measured from the first and the last of them
 P AS (SELECT user_id, ts, item_id, price, amount, category FROM $TBL WHERE event = 'purchase'),
 bought AS (
    SELECT user_id, min(ts) AS first_buy, max(ts) AS last_buy, count(*) AS buys,
        count(*) FILTER (ts >= '$T90') AS buys90, count(*) FILTER (price > 50) AS dear,
        round(sum(amount) * 100) AS cents, median(amount) AS middle, arg_max(category, ts) AS last_category,
        bit_count(bit_or(1::UINTEGER << month(ts)::UINTEGER) FILTER (ts >= '2025-07-01')) AS months,
        bit_or(1::UINTEGER << ((datediff('day', ts, TIMESTAMP '2026-01-05') - 1) // 7 % 31)::UINTEGER) FILTER (ts >= '$T180') AS weeks
    FROM P GROUP BY user_id),
 viewed_pages AS (
    SELECT user_id, min(ts) AS first_page, count(*) FILTER (ts >= '$T30') AS pages30,
        count(*) FILTER (ts > last_buy) AS pages_after,
        count(*) FILTER (ts >= '2025-12-01' AND ts < '2025-12-08') AS week1,
        count(*) FILTER (ts >= '2025-12-08' AND ts < '2025-12-15') AS week2,
        count(*) FILTER (ts >= '2025-12-15' AND ts < '2025-12-22') AS week3,
        count(*) FILTER (ts >= '2025-12-22' AND ts < '2025-12-29') AS week4,
        bit_or(1::UBIGINT << (datediff('day', ts, TIMESTAMP '$T0') % 63)::UBIGINT) FILTER (ts >= '$T60') AS page_days
    FROM $TBL LEFT JOIN bought USING (user_id) WHERE event = 'page_view' GROUP BY user_id),
 bought_when AS (
    SELECT user_id, bool_or(ts >= first_page AND ts <= first_page + INTERVAL 7 DAY) AS j13,
        sum(amount) FILTER (ts <= first_buy + INTERVAL 90 DAY) > 300.005 AS j15,
        bool_or(ts >= signup_date + INTERVAL 30 DAY AND ts < signup_date + INTERVAL 60 DAY) AS j19
    FROM P JOIN bought USING (user_id) JOIN users USING (user_id) LEFT JOIN viewed_pages USING (user_id)
    GROUP BY user_id),
 dear_in_a_row AS (
    SELECT user_id, bool_or(amount > 50 AND one > 50 AND two > 50) AS j26
    FROM (SELECT user_id, amount, lag(amount, 1) OVER w AS one, lag(amount, 2) OVER w AS two
        FROM P WINDOW w AS (PARTITION BY user_id ORDER BY ts))
    GROUP BY user_id),
-- ---- the other kinds, a pass each
 viewed_items AS (
    SELECT user_id, count(*) FILTER (ts >= last_buy - INTERVAL 30 DAY AND ts <= last_buy) AS items_before,
        count(*) FILTER (ts >= '$T90') AS items90,
        count(*) FILTER (ts >= '$T90' AND isodow(ts) >= 6) AS items_weekend
    FROM $TBL LEFT JOIN bought USING (user_id) WHERE event = 'view_item' GROUP BY user_id),
 opened AS (
    SELECT user_id, bool_or(ts >= last_buy - INTERVAL 3 DAY AND ts <= last_buy) AS opened_before
    FROM $TBL JOIN bought USING (user_id) WHERE event = 'email_open' GROUP BY user_id),
 asked AS (
    SELECT user_id, max(ts) AS last_ticket,
        bool_or(ts >= last_buy AND ts <= last_buy + INTERVAL 30 DAY) AS asked_after
    FROM $TBL LEFT JOIN bought USING (user_id) WHERE event = 'support_ticket' GROUP BY user_id),
 opened_app AS (
    SELECT user_id,
        bit_or(1::UBIGINT << datediff('day', ts, TIMESTAMP '$T0')::UBIGINT) AS app_days,
        bit_count(bit_or(1::UTINYINT << (datediff('second', ts, TIMESTAMP '$T0') // 604800 % 7)::UTINYINT)
            FILTER (ts > '2025-12-04')) AS app_weeks
    FROM $TBL WHERE event = 'app_open' AND ts >= '$T60' GROUP BY user_id),
 busiest_day AS (
    SELECT user_id, max(n) AS busiest
    FROM (SELECT user_id, count(*) AS n FROM $TBL WHERE event = 'page_view' AND ts >= '$T30'
        GROUP BY user_id, ts::DATE)
    GROUP BY user_id),
 favourite AS (
    SELECT user_id, arg_max(category, n * 100000000000 + epoch(newest)::BIGINT) AS favourite
    FROM (SELECT user_id, category, count(*) AS n, max(ts) AS newest FROM $TBL
        WHERE event = 'view_item' AND ts >= '$T90' GROUP BY user_id, category)
    GROUP BY user_id),
 unread AS (
    SELECT user_id, max(n) AS unread
    FROM (SELECT user_id, count(*) FILTER (is_sent) AS n
        FROM (SELECT user_id, event = 'email_sent' AS is_sent,
                count(*) FILTER (event = 'email_open') OVER (PARTITION BY user_id ORDER BY ts) AS opens
            FROM $TBL WHERE event IN ('email_sent', 'email_open') AND ts >= '$T90')
        GROUP BY user_id, opens)
    GROUP BY user_id),
-- ---- sequences: from each step the time of the first
 V90 AS (SELECT user_id, ts, item_id FROM $TBL WHERE event = 'view_item' AND ts >= '$T90'),
 C90 AS (SELECT user_id, ts, item_id FROM $TBL WHERE event = 'add_to_cart' AND ts >= '$T90'),
 R90 AS (SELECT user_id, ts, item_id FROM $TBL WHERE event = 'remove_from_cart' AND ts >= '$T90'),
 K30 AS (SELECT user_id, ts FROM $TBL WHERE event = 'begin_checkout' AND ts >= '$T30'),
 S90 AS (SELECT user_id, ts FROM $TBL WHERE event = 'search' AND ts >= '$T90'),
 E180 AS (SELECT user_id, ts, campaign FROM $TBL WHERE event = 'email_sent' AND ts >= '$T180'),
 O180 AS (SELECT user_id, ts, campaign FROM $TBL WHERE event = 'email_open' AND ts >= '$T180'),
 L180 AS (SELECT user_id, ts, campaign FROM $TBL WHERE event = 'email_click' AND ts >= '$T180'),
 q01 AS (SELECT b.user_id FROM P b ASOF JOIN V90 a
    ON a.user_id = b.user_id AND a.item_id = b.item_id AND b.ts > a.ts
    WHERE b.ts >= '$T30' AND a.ts >= '$T30' AND b.ts <= a.ts + INTERVAL 1 DAY),
 q02 AS (SELECT b.user_id FROM R90 b ASOF JOIN C90 a
    ON a.user_id = b.user_id AND a.item_id = b.item_id AND b.ts > a.ts
    WHERE b.ts <= a.ts + INTERVAL 2 MINUTE),
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
 q10 AS (SELECT b.user_id FROM (SELECT * FROM V90 WHERE ts >= '$T7') b
    ASOF JOIN (SELECT * FROM S90 WHERE ts >= '$T7') a ON a.user_id = b.user_id AND b.ts > a.ts
    WHERE b.ts <= a.ts + INTERVAL 1 MINUTE),
 q11 AS (SELECT user_id
    FROM (SELECT user_id, bit_or(CASE event WHEN 'page_view' THEN 1 WHEN 'search' THEN 2
                WHEN 'view_item' THEN 4 ELSE 8 END)
            OVER (PARTITION BY user_id ORDER BY ts RANGE BETWEEN INTERVAL 5 MINUTE PRECEDING AND CURRENT ROW) AS kinds
        FROM $TBL WHERE event IN ('page_view', 'search', 'view_item', 'add_to_cart') AND ts >= '$T30')
    WHERE kinds = 15),
 q12 AS (SELECT user_id FROM bought
    JOIN (SELECT b.user_id, min(b.ts) AS cart FROM C90 b ASOF JOIN V90 a ON a.user_id = b.user_id AND b.ts > a.ts
        WHERE b.ts <= a.ts + INTERVAL 10 MINUTE GROUP BY b.user_id) USING (user_id)
    WHERE last_buy > cart + INTERVAL 1 HOUR),
 q18 AS (SELECT a.user_id FROM S90 a
    ASOF JOIN (SELECT user_id, ts FROM P WHERE ts >= '$T90') b ON a.user_id = b.user_id AND a.ts <= b.ts
    WHERE b.ts <= a.ts + INTERVAL 1 HOUR),
 sequences AS (
    SELECT user_id, bit_or(1::UINTEGER << which::UINTEGER) AS found FROM (
        SELECT user_id, 1 AS which FROM q01 UNION ALL SELECT user_id, 2 FROM q02
        UNION ALL SELECT user_id, 3 FROM q03 UNION ALL SELECT user_id, 4 FROM q04
        UNION ALL SELECT user_id, 5 FROM q05 UNION ALL SELECT user_id, 6 FROM q06
        UNION ALL SELECT user_id, 7 FROM q07 UNION ALL SELECT user_id, 9 FROM q09
        UNION ALL SELECT user_id, 10 FROM q10 UNION ALL SELECT user_id, 11 FROM q11
        UNION ALL SELECT user_id, 12 FROM q12 UNION ALL SELECT user_id, 18 FROM q18)
    GROUP BY user_id),
-- ---- sessions: an event with no other in the half hour before it begins one
 marked AS (
    SELECT user_id, ts, event, lag(ts) OVER w IS NULL OR ts > lag(ts) OVER w + INTERVAL 30 MINUTE AS begins
    FROM $TBL WHERE ts >= TIMESTAMP '$T90' - INTERVAL 30 MINUTE WINDOW w AS (PARTITION BY user_id ORDER BY ts)),
 session AS (
    SELECT user_id, min(ts) AS began, datediff('second', min(ts), max(ts)) AS duration, count(*) AS events,
        arg_min(event, ts) AS entry, arg_max(event, ts) AS exit
    FROM (SELECT user_id, ts, event, count(*) FILTER (begins) OVER (PARTITION BY user_id ORDER BY ts) AS number
        FROM marked)
    GROUP BY user_id, number HAVING began >= '$T90'),
 visited AS (
    SELECT user_id, count(*) FILTER (began >= '$T30') >= 8 AS j20, sum(duration) > 720 * count(*) AS j21,
        bool_or(events >= 40) AS j22, bool_or(entry = 'app_open' AND exit = 'purchase') AS j23
    FROM session GROUP BY user_id),
-- ---- everyone
 everyone AS (
    SELECT *, coalesce(pages30, 0) AS pages, coalesce(buys90, 0) AS orders,
        coalesce(page_days, 0) | coalesce(app_days, 0) AS days, coalesce(found, 0) AS matches
    FROM users LEFT JOIN bought USING (user_id) LEFT JOIN bought_when USING (user_id)
        LEFT JOIN dear_in_a_row USING (user_id) LEFT JOIN viewed_pages USING (user_id)
        LEFT JOIN viewed_items USING (user_id) LEFT JOIN opened USING (user_id)
        LEFT JOIN asked USING (user_id) LEFT JOIN opened_app USING (user_id)
        LEFT JOIN busiest_day USING (user_id) LEFT JOIN favourite USING (user_id)
        LEFT JOIN unread USING (user_id) LEFT JOIN sequences USING (user_id)
        LEFT JOIN visited USING (user_id)),
 ranked AS (
    SELECT *, rank() OVER (ORDER BY pages DESC) AS pages_rank, rank() OVER (ORDER BY orders DESC) AS orders_rank,
        rank() OVER (PARTITION BY country, buys IS NULL ORDER BY cents DESC) AS cents_rank,
        count(*) OVER (PARTITION BY country, buys IS NULL) AS compatriots, count(*) OVER () AS people
    FROM everyone)
SELECT user_id, signup_date, (matches & 2) > 0 AS j01, (matches & 4) > 0 AS j02, (matches & 8) > 0 AS j03,
    (matches & 16) > 0 AS j04, (matches & 32) > 0 AS j05, (matches & 64) > 0 AS j06,
    (matches & 128) > 0 AS j07,
    coalesce(last_ticket >= '$T180' AND (last_buy IS NULL OR last_ticket > last_buy), false) AS j08,
    (matches & 512) > 0 AS j09, (matches & 1024) > 0 AS j10, (matches & 2048) > 0 AS j11,
    (matches & 4096) > 0 AS j12, coalesce(j13, false) AS j13, coalesce(items_before >= 10, false) AS j14,
    coalesce(j15, false) AS j15, coalesce(opened_before AND NOT coalesce(asked_after, false), false) AS j16,
    coalesce(pages_after >= 20, false) AS j17, (matches & 262144) > 0 AS j18, coalesce(j19, false) AS j19,
    coalesce(j20, false) AS j20, coalesce(j21, false) AS j21, coalesce(j22, false) AS j22,
    coalesce(j23, false) AS j23, (days & (days >> 1) & (days >> 2)) > 0 AS j24,
    coalesce((weeks & (weeks >> 1) & (weeks >> 2)) > 0, false) AS j25, coalesce(j26, false) AS j26,
    coalesce(unread >= 6, false) AS j27, coalesce(app_weeks >= 3, false) AS j28,
    coalesce(months >= 4, false) AS j29,
    coalesce((week1 >= 5)::INT + (week2 >= 5)::INT + (week3 >= 5)::INT + (week4 >= 5)::INT >= 2, false) AS j30,
    coalesce(items90 >= 10 AND 2 * items_weekend >= items90, false) AS j31,
    20 * (pages_rank - 1) < people AS j32,
    buys IS NOT NULL AND 10 * (cents_rank - 1) < compatriots AS j33, orders_rank <= 500 AS j34,
    coalesce(buys >= 3 AND 4 * dear >= 3 * buys, false) AS j35, coalesce(busiest >= 15, false) AS j36,
    coalesce(buys >= 3 AND middle > 60.0025, false) AS j37, coalesce(favourite = last_category, false) AS j38
FROM ranked
-- @journeys_cohorts
CREATE OR REPLACE TEMP TABLE cohorts AS
WITH recent AS (SELECT user_id, count(*) AS n FROM $TBL WHERE event = 'purchase' AND ts >= '$T30' GROUP BY user_id)
SELECT signup_date, sum(n) >= 10 AS j39, 20 * count(*) FILTER (j28) >= count(*) AS j40
FROM journeys LEFT JOIN recent USING (user_id) GROUP BY signup_date
