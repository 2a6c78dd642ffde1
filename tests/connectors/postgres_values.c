/* SPDX-License-Identifier: MIT
 *
 * The connectors of PostgreSQL against a server that tests/connectors/postgres.sh has
 * started: what a source makes of values of every type, names and values made to do harm,
 * and work that is stopped.
 */
#include "unit/hostile_support.h"
#include "unit/resuming_support.h"

#include <libpq-fe.h>

enum { TABLE_COUNT = 125 }; /* with 1,250 names and 11,250 values */

static char *ask(const char *statement)
{
    PGconn *connection = PQconnectdb(
        "client_encoding=UTF8 options='-c client_min_messages=error -c timezone=UTC'");
    PGresult *answer = PQexec(connection, statement);
    ExecStatusType status = PQresultStatus(answer);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", statement, PQerrorMessage(connection));
    char *first =
        memory_copy_string(PQntuples(answer) > 0 ? PQgetvalue(answer, 0, 0) : "");
    PQclear(answer);
    PQfinish(connection);
    return first;
}

static void expect_answer(const char *query, const char *expected)
{
    char *actual = ask(query);
    assert_string_equal(actual, expected);
    memory_free(actual);
}

/* ---- values ----------------------------------------------------------------------- */

typedef struct value_case {
    const char *value; /* as SQL */
    carpel_column column;
    const char *expected; /* "!" and a reason: the row is refused */
} value_case;

#define LIST_OF(item)                                                                    \
    {                                                                                    \
        .type = CARPEL_LIST, .items = (item), .item_count = 1, .is_plain = true          \
    }

static const carpel_column texts = {.name = "item", .from = "", .type = CARPEL_STRING};
static const carpel_column ints = {.name = "item", .from = "", .type = CARPEL_INT};
static const carpel_column cents = {
    .name = "item", .from = "", .type = CARPEL_DECIMAL, .scale = 2};
static const carpel_column numbers = {.name = "item", .from = "", .type = CARPEL_NUMBER};
static const carpel_column bools = {.name = "item", .from = "", .type = CARPEL_BOOL};
static const carpel_column times = {.name = "item", .from = "", .type = CARPEL_TIME};
static const carpel_column days = {.name = "item", .from = "", .type = CARPEL_DATE};
static const carpel_column minutes = {
    .name = "item", .from = "", .type = CARPEL_DURATION, .format = "minutes"};
static const carpel_column spans = {.name = "item", .from = "", .type = CARPEL_DURATION};

static const value_case values[] = {
    {"true", {.type = CARPEL_BOOL}, "true"},
    {"'no'", {.type = CARPEL_BOOL}, "false"},
    {"(-32768)::int2", {.type = CARPEL_INT}, "-32768"},
    {"(-2147483648)::int4", {.type = CARPEL_INT}, "-2147483648"},
    {"9223372036854775807::int8", {.type = CARPEL_INT}, "9223372036854775807"},
    {"'-9223372036854775808'::int8", {.type = CARPEL_INT}, "-9223372036854775808"},
    {"'-9223372036854775808'::numeric", {.type = CARPEL_INT}, "-9223372036854775808"},
    {"'-9223372036854775808'::text", {.type = CARPEL_INT}, "-9223372036854775808"},
    {"1", {.type = CARPEL_BOOL}, "true"},
    {"7", {.type = CARPEL_PERSON}, "7"},
    {"0.1::float4", {.type = CARPEL_NUMBER}, "0.1"},
    {"1e300::float8", {.type = CARPEL_NUMBER}, "1e+300"},
    {"'nan'::float8",
     {.type = CARPEL_NUMBER},
     "!*cannot read \"\"NaN\"\" as number: it is NaN or infinite*"},
    {"'-infinity'::float4",
     {.type = CARPEL_NUMBER},
     "!*cannot read \"\"-Infinity\"\" as number: it is NaN or infinite*"},
    {"'infinity'::float8", {.type = CARPEL_INT}, "!*\"\"Infinity\"\" as int: it is*"},
    {"2.5::float8", {.type = CARPEL_INT}, "!*2.5*"},
    {"0::numeric", {.type = CARPEL_DECIMAL, .scale = 2}, "0"},
    {"12.5", {.type = CARPEL_DECIMAL, .scale = 2}, "1250"},
    {"-0.05", {.type = CARPEL_DECIMAL, .scale = 2}, "-5"},
    {"0.00001234", {.type = CARPEL_DECIMAL, .scale = 8}, "1234"},
    {"10000", {.type = CARPEL_DECIMAL, .scale = 0}, "10000"},
    {"100000000.0001", {.type = CARPEL_DECIMAL, .scale = 4}, "1000000000001"},
    {"92233720368547758.07", {.type = CARPEL_DECIMAL, .scale = 2}, "9223372036854775807"},
    {"92233720368547758.08", {.type = CARPEL_DECIMAL, .scale = 2}, "!*"},
    {"1.005", {.type = CARPEL_DECIMAL, .scale = 2}, "!*1.005*"},
    {"'nan'::numeric",
     {.type = CARPEL_DECIMAL, .scale = 2},
     "!*cannot read \"\"NaN\"\" as decimal(2): it is NaN or infinite*"},
    {"'-infinity'::numeric",
     {.type = CARPEL_NUMBER},
     "!*\"\"-Infinity\"\" as number: it*"},
    {"1.50", {.type = CARPEL_STRING}, "1.50"},
    {"'a'::char(4)", {.type = CARPEL_STRING}, "a"},
    {"'\xc3\xbc'::varchar", {.type = CARPEL_STRING}, "\xc3\xbc"},
    {"''", {.type = CARPEL_STRING}, ""},
    {"''", {.type = CARPEL_PERSON}, "-"},
    {"null::text", {.type = CARPEL_STRING}, "-"},
    {"'0b6b3d5e-0d5b-4f0e-8f5a-0123456789ab'::uuid",
     {.type = CARPEL_PERSON},
     "0b6b3d5e-0d5b-4f0e-8f5a-0123456789ab"},
    {"'{\"a\": [1]}'::jsonb", {.type = CARPEL_STRING}, "{\"a\": [1]}"},
    {"'2026-01-01 01:00:00.25+01'::timestamptz",
     {.type = CARPEL_TIME},
     "1767225600250000"},
    {"'1969-12-31 23:59:59Z'::timestamptz", {.type = CARPEL_TIME}, "-1000000"},
    {"'294276-12-31 23:59:59Z'::timestamptz",
     {.type = CARPEL_TIME},
     "!*cannot read \"\"294276-12-31 23:59:59+00\"\" as time: it is out of range*"},
    {"'infinity'::timestamptz",
     {.type = CARPEL_TIME},
     "!*cannot read \"\"infinity\"\" as time: it is infinite*"},
    {"'2026-01-01'::timestamp", {.type = CARPEL_TIME}, "1767225600000000"},
    {"'2026-01-01 10:00:00.25'::timestamp", {.type = CARPEL_TIME}, "1767261600250000"},
    {"'9999-12-31 23:59:59'::timestamp", {.type = CARPEL_TIME}, "253402300799000000"},
    {"'10000-01-01'::timestamp",
     {.type = CARPEL_TIME},
     "!*\"\"10000-01-01 00:00:00\"\" as time: it is out of range*"},
    {"'0044-03-15 BC'::timestamp",
     {.type = CARPEL_TIME},
     "!*\"\"0044-03-15 00:00:00 BC\"\" as time: it is out of range*"},
    {"'infinity'::timestamp",
     {.type = CARPEL_TIME},
     "!*cannot read \"\"infinity\"\" as time: it is infinite*"},
    {"'01.03.2026'::text",
     {.type = CARPEL_TIME, .format = "%d.%m.%Y"},
     "1772323200000000"},
    {"'2026-03-01'::timestamp",
     {.type = CARPEL_TIME, .format = "%Y-%m-%d %H:%M:%S"},
     "1772323200000000"},
    {"'2026-01-01'::timestamptz", {.type = CARPEL_STRING}, "2026-01-01 00:00:00+00"},
    {"1767225600", {.type = CARPEL_TIME, .format = "unix"}, "1767225600000000"},
    {"1767225600", {.type = CARPEL_TIME}, "!*"},
    {"'2026-01-01'::date", {.type = CARPEL_DATE}, "20454"},
    {"'0044-03-15 BC'::date",
     {.type = CARPEL_DATE},
     "!*cannot read \"\"0044-03-15 BC\"\" as date: it is out of range*"},
    {"'5874897-12-31'::date", {.type = CARPEL_DATE}, "!*\"\"5874897-12-31\"\" as date*"},
    {"'4714-11-24 BC'::timestamptz",
     {.type = CARPEL_TIME},
     "!*\"\"4714-11-24 00:00:00+00 BC\"\" as time: it is out of range*"},
    {"'0b6b3d5e-0d5b-4f0e-8f5a-0123456789ab'::uuid",
     {.type = CARPEL_INT},
     "!*\"\"0b6b3d5e-0d5b-4f0e-8f5a-0123456789ab\"\" as int*"},
    {"'{\"a\": 1}'::jsonb", {.type = CARPEL_NUMBER}, "!*{*a*: 1}* as number*"},
    {"'10:00:00.5'::time", {.type = CARPEL_TIME}, "!*\"\"10:00:00.5\"\" as time*"},
    {"'0001-01-01'::date", {.type = CARPEL_DATE}, "-719162"},
    {"'-infinity'::date",
     {.type = CARPEL_DATE},
     "!*cannot read \"\"-infinity\"\" as date: it is infinite*"},
    {"'1 day 2 hours 0.5 seconds'::interval", {.type = CARPEL_DURATION}, "93600500000"},
    {"'-2 years 1 day -3 hours'::interval",
     {.type = CARPEL_DURATION},
     "!*\"\"-2 years +1 day -03:00:00\"\" as duration: months*"},
    {"'-106751991 days -04:00:54.775808'::interval",
     {.type = CARPEL_DURATION, .format = "minutes"},
     "-9223372036854775808"},
    {"array['90 seconds'::interval]", LIST_OF(&minutes), "(90000000)"},
    {"'-1 hour'::interval", {.type = CARPEL_DURATION}, "-3600000000"},
    {"'106751991 days'::interval", {.type = CARPEL_DURATION}, "9223372022400000000"},
    {"'106751991 days 5 hours'::interval",
     {.type = CARPEL_DURATION},
     "!*\"\"106751991 days 05:00:00\"\" as duration: it is too long*"},
    {"'106751992 days'::interval",
     {.type = CARPEL_DURATION},
     "!*\"\"106751992 days\"\" as duration: it is too long*"},
    {"'213503983 days'::interval", {.type = CARPEL_DURATION}, "!*too long*"},
    {"'-2147483648 days'::interval",
     {.type = CARPEL_DURATION},
     "!*\"\"-2147483648 days\"\" as duration: it is too long*"},
    {"'1 month'::interval",
     {.type = CARPEL_DURATION},
     "!*\"\"1 mon\"\" as duration: months and years have no fixed length*"},
    {"5", {.type = CARPEL_DURATION, .format = "minutes"}, "300000000"},
    {"array['a', '', null, 'b,c']", LIST_OF(&texts), "(a  - b,c)"},
    {"array[1, 2]", LIST_OF(&texts), "(1 2)"},
    {"'{}'::text[]", LIST_OF(&texts), "()"},
    {"null::text[]", LIST_OF(&texts), "()"},
    {"'[5:6]={a,b}'::varchar[]", LIST_OF(&texts), "(a b)"},
    {"array['a'::name, 'b']", LIST_OF(&texts), "(a b)"},
    {"array['{\"a\": [1]}'::jsonb]", LIST_OF(&texts), "({\"a\": [1]})"},
    {"array[1, null, -2]::int2[]", LIST_OF(&ints), "(1 - -2)"},
    {"array[9223372036854775807]", LIST_OF(&ints), "(9223372036854775807)"},
    {"array['7', '8']", LIST_OF(&ints), "(7 8)"},
    {"array[12.5, null, 1e3, -0.05]", LIST_OF(&cents), "(1250 - 100000 -5)"},
    {"array[0.1::float4, 2.5]::float4[]", LIST_OF(&numbers), "(0.1 2.5)"},
    {"array[1e300]::float8[]", LIST_OF(&numbers), "(1e+300)"},
    {"array[true, null, false]", LIST_OF(&bools), "(true - false)"},
    {"array['2026-01-01 01:00+01'::timestamptz, null]", LIST_OF(&times),
     "(1767225600000000 -)"},
    {"array['2026-01-01'::timestamp]", LIST_OF(&times), "(1767225600000000)"},
    {"array['2026-01-01'::date, '1969-12-31']", LIST_OF(&days), "(20454 -1)"},
    {"array['1 day 2 hours'::interval]", LIST_OF(&spans), "(93600000000)"},
    {"array[1, 2.505]", LIST_OF(&cents),
     "!*column \"\"x\"\": cannot read \"\"2.505\"\" as decimal(2)*"},
    {"array['2026-01-01'::date, 'infinity']", LIST_OF(&days),
     "!*column \"\"x\"\": cannot read \"\"infinity\"\" as date: it is infinite*"},
    {"array[['a'], ['b']]", LIST_OF(&texts),
     "!*column \"\"x\"\": it is an array of 2 dimensions, and a list has one*unnest*"},
    {"array[[[1]]]", LIST_OF(&ints), "!*an array of 3 dimensions*"},
};

static void expect_source(const char *yaml, const carpel_column *column,
                          const char *expected)
{
    char *actual = support_run("postgres", yaml, column, 1);
    if (!slice_fits(slice_of(actual), slice_of(expected)))
        fail_msg("%s gives\n%s", yaml, actual);
    memory_free(actual);
}

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char expected[300];
        text yaml;
        carpel_column column = values[i].column;
        bool is_refused = values[i].expected[0] == '!';
        column.name = column.from = "x";
        text_init(&yaml);
        text_append_format(&yaml, "select %s as x", values[i].value);
        char *query = memory_copy_string(yaml.data);
        text_clear(&yaml);
        text_append(&yaml, "query: ");
        hostile_quote(query, &yaml);
        text_append(&yaml, "\n");
        snprintf(expected, sizeof expected, is_refused ? "! *,1,*%s\n" : "1: %s\n",
                 values[i].expected + is_refused);
        expect_source(yaml.data, &column, expected);
        memory_free(query);
        text_done(&yaml);
    }
}

/* The two texts are the same. */
static void expect_same(const char *expected, const char *actual)
{
    size_t same = 0;
    while (expected[same] == actual[same] && expected[same] != '\0')
        same++;
    if (expected[same] != actual[same])
        fail_msg("%.200s\nis\n%.200s", expected + same, actual + same);
}

/* Rows are put into columns whole, but for those with a value that does not fit and some behind them, which go through the
 * host's builder one by one, as all do where a column has two candidates: both ways give the same. */
static void test_ways(void **state)
{
    static const char *const others[] = {"n", NULL};
    const carpel_column columns[] = {
        {.name = "n", .from = "n", .type = CARPEL_INT},
        {.name = "person", .from = "person", .type = CARPEL_PERSON},
        {.name = "amount", .from = "amount", .type = CARPEL_DECIMAL, .scale = 2},
        {.name = "rate", .from = "rate", .type = CARPEL_NUMBER},
        {.name = "share", .from = "share", .type = CARPEL_NUMBER},
        {.name = "real", .from = "real", .type = CARPEL_NUMBER},
        {.name = "day", .from = "day", .type = CARPEL_DATE},
        {.name = "placed", .from = "placed", .type = CARPEL_TIME},
        {.name = "shown", .from = "shown", .type = CARPEL_TIME},
        {.name = "seen", .from = "seen", .type = CARPEL_TIME},
        {.name = "took", .from = "took", .type = CARPEL_DURATION},
        {.name = "paid", .from = "paid", .type = CARPEL_BOOL},
        {.name = "absent", .from = "absent", .type = CARPEL_STRING, .is_optional = true}};
    const size_t count = sizeof columns / sizeof *columns;
    const char *query =
        "query: select n, null::int as twin, case when n % 11 > 0 then "
        "repeat('p', n % 40) || n % 5000 end "
        "as person, case when n % 20011 = 0 then 'nan' when n % 20013 = 0 then 1.005 "
        "when n % 7 > 0 then n * 1000.0 * (n % 5 - 2) / 100 end::numeric as amount, "
        "case when n % 3 > 0 then power(10.0, n % 37 - 18) * (n % 1000) end as rate, "
        "case when n % 30011 = 0 then 'infinity' else n / 8.0 end::float8 as share, "
        "case when n % 25013 = 0 then 'nan' when n % 2 = 0 then n / 4.0 else "
        "power(10.0, n % 60 - 30) * n / 7 end::float4 as real, "
        "case when n % 50021 = 0 then 'infinity' else date '1000-01-01' + n end as day, "
        "timestamptz '1900-01-01' + n * interval '12345.678901 seconds' as placed, "
        "case when n % 45007 = 0 then 'infinity' when n % 17 > 0 then timestamp "
        "'1200-01-01' + n * interval '98765.4 seconds' end as shown, timestamp "
        "'1950-01-01' + n * interval '9 hours' as seen, "
        "case when n % 40013 = 0 then interval '1 month' else n * interval '7 minutes' "
        "end as took, n % 13 = 1 as paid from generate_series(1, 70000) n\n";
    carpel_column by_rows[sizeof columns / sizeof *columns];
    (void)state;
    memcpy(by_rows, columns, sizeof by_rows);
    by_rows[0].from = "twin";
    by_rows[0].others = others;
    text growing;
    text_init(&growing);
    text_append_format(&growing, "%sgrowing: n\n", query);
    char *expected = support_run("postgres", query, by_rows, count);
    char *actual = support_run("postgres", query, columns, count);
    char *grown = support_run("postgres", growing.data, columns, count);
    assert_non_null(strstr(expected, "NaN or infinite"));
    assert_true(strlen(expected) > 5000000);
    expect_same(expected, actual);
    expect_same(expected, grown);
    memory_free(expected);
    memory_free(actual);
    memory_free(grown);
    text_done(&growing);
}

/* Values that do not fit stand at the begin, in the midst and at the end of the rows of one value, of which there are few or
 * more than a batch has. */
static void test_growing(void **state)
{
    const carpel_column columns[] = {
        {.name = "g", .from = "g", .type = CARPEL_INT},
        {.name = "amount", .from = "amount", .type = CARPEL_DECIMAL, .scale = 2}};
    static const char *const values[] = {"n", "n / 3", "n / 7", "n / 1000", "n / 40000"};
    static const char *const odd[] = {
        "false",          "n % 4999 = 0", "n % 20011 = 20010",
        "n % 1000 = 999", "n % 3 = 1",    "n = 0"};
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t k = 0; k < sizeof odd / sizeof *odd; k++) {
            text yaml;
            text_init(&yaml);
            text_append_format(
                &yaml,
                "query: select %s as g, case when %s then 1.005 else n end "
                "as amount from generate_series(0, 99999) n\ngrowing: g\n",
                values[i], odd[k]);
            assert_true(resuming_check("postgres", yaml.data, columns, 2) > 1);
            text_done(&yaml);
        }
}

/* What is refused is shown as PostgreSQL prints it. */
static void expect_printed(const char *values, carpel_type type, const char *reason)
{
    const carpel_column column = {.name = "x", .from = "x", .type = type};
    text statement;
    text_init(&statement);
    text_append_format(
        &statement,
        "drop table if exists printed; create table printed as select n, %s "
        "as x from generate_series(1, 3000) n; select string_agg('! printed,'"
        " || n || ',\"column \"\"x\"\": cannot read \"\"' || x || '\"\" as %s\"'"
        " || chr(10), '' order by n) from printed",
        values, reason);
    char *expected = ask(statement.data);
    char *actual = support_run("postgres", "table: printed\n", &column, 1);
    assert_true(strlen(expected) > 200000);
    size_t same = 0;
    while (expected[same] == actual[same] && expected[same] != '\0')
        same++;
    if (expected[same] != actual[same])
        fail_msg("%.200s\nis\n%.200s", expected + same, actual + same);
    memory_free(expected);
    memory_free(actual);
    text_done(&statement);
}

static void test_printed(void **state)
{
    (void)state;
    expect_printed(
        "make_interval(months => (n * 7919) % 1000 - 1000, days => (n * 31) % 99 "
        "- 49, secs => case when n % 3 > 0 then (n * 104729) % 1000003 / 8.0 - "
        "60000 else 0 end)",
        CARPEL_DURATION, "duration: months and years have no fixed length");
    expect_printed("case when n % 2 = 0 then date '4000-01-01 BC' + n * 480 else date "
                   "'10000-01-01' + n * 1901 end",
                   CARPEL_DATE, "date: it is out of range");
    expect_printed(
        "case when n % 2 = 0 then timestamptz '4000-01-01 BC' + n * interval "
        "'480 days 1.75 seconds' else timestamptz '10000-01-01' + n * interval "
        "'34567 days 1 second' end",
        CARPEL_TIME, "time: it is out of range");
    expect_printed("timestamp '4713-01-01 BC' + n * interval '555 days 0.000001 seconds'",
                   CARPEL_TIME, "time: it is out of range");
}

static void test_only_reading(void **state)
{
    const carpel_column column = {.name = "x", .from = "x", .type = CARPEL_STRING};
    (void)state;
    memory_free(ask("create table kept (x text); insert into kept values ('1'); "
                    "create function take() returns text language sql as "
                    "'delete from kept returning x'"));
    expect_source("query: delete from kept returning x\n", &column,
                  "error: *syntax error*");
    expect_source("query: select take() as x\n", &column,
                  "error: *read-only transaction*");
    expect_source("query: select '\\x00'::bytea as x\n", &column,
                  "error: column \"x\" of \"select *\": it holds bytes and no text*");
    expect_answer("select count(*) from kept", "1");
}

/* ---- names and values made to do harm --------------------------------------------- */

static void test_hostile(void **state)
{
    random_numbers random;
    (void)state;
    random_begin(&random, "postgres_values");
    memory_free(ask("create table canary (x text); insert into canary values ('alive')"));
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        hostile_table t;
        text yaml;
        text_init(&yaml);
        hostile_make(&t, &random, i);
        text_append(&yaml, "table: ");
        hostile_quote(t.name, &yaml);
        text_append(&yaml, "\n");
        size_t size = yaml.size;
        text_append(&yaml, "key: ");
        hostile_quote(t.column_names[0], &yaml);
        text_append(&yaml, "\n");
        hostile_write("postgres", yaml.data, &t);
        yaml.data[size] = '\0';
        hostile_expect("postgres", yaml.data, &t);
        hostile_done(&t);
        text_done(&yaml);
    }
    expect_answer("select x from canary", "alive");
    expect_answer(
        "select count(*) from information_schema.tables where table_name ~ '^t[0-9]'",
        "125");
}

/* ---- stopping --------------------------------------------------------------------- */

/* Asked to stop while the server works on what takes an hour: the source ends, and so does
 * the server's work. */
static void stop_later(void *context, uint64_t done_bytes, uint64_t total_bytes)
{
    (void)done_bytes;
    (void)total_bytes;
    cancel_ask(context);
}

static void test_stopped(void **state)
{
    const carpel_column column = {.name = "x", .from = "x", .type = CARPEL_INT};
    const char *yaml =
        "query: select case when n > 200000 then (select 1 from "
        "pg_sleep(3600)) else n end as x from generate_series(1, 300000) n\n";
    cancel asked;
    const host_listener listener = {
        .context = &asked, .cancel = &asked, .progress = stop_later};
    const carpel_plugin *plugin;
    carpel_error err;
    struct ArrowArrayStream stream;
    struct ArrowArray batch = {0};
    (void)state;
    cancel_init(&asked);
    catalog *c = support_catalog();
    assert_true(catalog_find(c, CARPEL_SOURCE, "postgres", &plugin, &err));
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml, strlen(yaml));
    plugin_host *host = host_new(NULL, NULL, &listener);
    const carpel_request request = {.struct_size = sizeof(carpel_request),
                                    .name = "x",
                                    .options =
                                        support_read_options(plugin, yaml, memory, file),
                                    .columns = &column,
                                    .column_count = 1};
    if (!plugin->source->open(host_interface(host), &request, &stream, &err))
        fail_msg("%s", err.message);
    int result;
    while ((result = stream.get_next(&stream, &batch)) == 0)
        batch.release(&batch);
    assert_int_equal(result, ECANCELED);
    stream.release(&stream);
    host_free(host);
    source_free(file);
    arena_free(memory);
    catalog_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),       cmocka_unit_test(test_ways),
        cmocka_unit_test(test_growing),      cmocka_unit_test(test_printed),
        cmocka_unit_test(test_only_reading), cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_stopped)};
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
