/* SPDX-License-Identifier: MIT
 *
 * The connectors of ADBC with DuckDB's library as the driver (CARPEL_DUCKDB): what a source makes of
 * values of every type, and work that is stopped. Without the library it is skipped.
 */
#include "hostile_support.h"
#include "resuming_support.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/cancel.h"

/* The options up to the ones that a test adds. */
static void begin_yaml(text *out)
{
    text_init(out);
    text_append(out, "driver: ");
    hostile_quote(getenv("CARPEL_DUCKDB"), out);
    text_append(out, "\n");
}

static void begin_query(const char *query, text *out)
{
    begin_yaml(out);
    text_append(out, "query: ");
    hostile_quote(query, out);
    text_append(out, "\n");
}

static void skip_without_driver(void)
{
    if (getenv("CARPEL_DUCKDB"))
        return;
    print_message("# CARPEL_DUCKDB names no library of DuckDB: npm install "
                  "@duckdb/node-bindings-linux-x64 brings one\n");
    skip();
}

/* ---- values ----------------------------------------------------------------------- */

typedef struct value_case {
    const char *value; /* as SQL */
    carpel_column column;
    const char *expected; /* "!" and a reason: the row is refused */
} value_case;

static const carpel_column texts = {.name = "item", .from = "", .type = CARPEL_STRING};
static const carpel_column line_items[] = {
    {.name = "sku", .from = "sku", .type = CARPEL_STRING},
    {.name = "price", .from = "price", .type = CARPEL_DECIMAL, .scale = 2},
    {.name = "none", .from = "none", .type = CARPEL_INT, .is_optional = true}};

#define LIST_OF_TEXTS                                                                    \
    {                                                                                    \
        .type = CARPEL_LIST, .items = &texts, .item_count = 1, .is_plain = true          \
    }
#define LIST_OF_RECORDS                                                                  \
    {                                                                                    \
        .type = CARPEL_LIST, .items = line_items, .item_count = 3                        \
    }

static const value_case values[] = {
    {"true", {.type = CARPEL_BOOL}, "true"},
    {"'no'", {.type = CARPEL_BOOL}, "false"},
    {"1", {.type = CARPEL_BOOL}, "true"},
    {"2", {.type = CARPEL_BOOL}, "!*2*"},
    {"(-128)::tinyint", {.type = CARPEL_INT}, "-128"},
    {"255::utinyint", {.type = CARPEL_INT}, "255"},
    {"(-32768)::smallint", {.type = CARPEL_INT}, "-32768"},
    {"(-2147483648)::integer", {.type = CARPEL_INT}, "-2147483648"},
    {"4294967295::uinteger", {.type = CARPEL_INT}, "4294967295"},
    {"9223372036854775807", {.type = CARPEL_INT}, "9223372036854775807"},
    {"18446744073709551615::ubigint", {.type = CARPEL_INT}, "!*18446744073709551615*"},
    {"18446744073709551615::ubigint", {.type = CARPEL_STRING}, "18446744073709551615"},
    {"170141183460469231731687303715884105727::hugeint",
     {.type = CARPEL_STRING},
     "170141183460469231731687303715884105727"},
    {"(-12)::hugeint", {.type = CARPEL_INT}, "-12"},
    {"2.0::double", {.type = CARPEL_INT}, "2"},
    {"2.5::double", {.type = CARPEL_INT}, "!*2.5*"},
    {"'12'", {.type = CARPEL_INT}, "12"},
    {"7::bigint", {.type = CARPEL_PERSON}, "7"},
    {"7::bigint", {.type = CARPEL_NUMBER}, "7"},
    {"9007199254740993", {.type = CARPEL_NUMBER}, "9.0072e+15"},
    {"12.5::decimal(4,1)", {.type = CARPEL_DECIMAL, .scale = 2}, "1250"},
    {"-0.05::decimal(9,2)", {.type = CARPEL_DECIMAL, .scale = 2}, "-5"},
    {"1.005::decimal(18,3)", {.type = CARPEL_DECIMAL, .scale = 2}, "!*1.005*"},
    {"1.500::decimal(18,3)", {.type = CARPEL_DECIMAL, .scale = 2}, "150"},
    {"92233720368547758.07::decimal(38,2)",
     {.type = CARPEL_DECIMAL, .scale = 2},
     "9223372036854775807"},
    {"92233720368547758.08::decimal(38,2)", {.type = CARPEL_DECIMAL, .scale = 2}, "!*"},
    {"12345678901234567890123456789012345678::decimal(38,0)",
     {.type = CARPEL_STRING},
     "12345678901234567890123456789012345678"},
    {"0.25::decimal(9,2)", {.type = CARPEL_NUMBER}, "0.25"},
    {"-1.50::decimal(9,2)", {.type = CARPEL_STRING}, "-1.50"},
    {"99.5::double", {.type = CARPEL_DECIMAL, .scale = 2}, "9950"},
    {"0.1::double", {.type = CARPEL_DECIMAL, .scale = 2}, "10"},
    {"0.125::double", {.type = CARPEL_DECIMAL, .scale = 2}, "!*0.125*"},
    {"7::integer", {.type = CARPEL_DECIMAL, .scale = 2}, "700"},
    {"0.1::float", {.type = CARPEL_NUMBER}, "0.1"},
    {"0.1::float", {.type = CARPEL_DECIMAL, .scale = 2}, "10"},
    {"1e300::double", {.type = CARPEL_NUMBER}, "1e+300"},
    {"'nan'::double", {.type = CARPEL_NUMBER}, "!*"},
    {"'inf'::float",
     {.type = CARPEL_NUMBER},
     "!*\"\"Infinity\"\" as number: it is NaN or infinite*"},
    {"'\xc3\xbc'", {.type = CARPEL_STRING}, "\xc3\xbc"},
    {"''", {.type = CARPEL_STRING}, ""},
    {"''", {.type = CARPEL_PERSON}, "-"},
    {"null", {.type = CARPEL_STRING}, "-"},
    {"null::timestamptz", {.type = CARPEL_TIME}, "-"},
    {"'b'::enum('a', 'b')", {.type = CARPEL_STRING}, "b"},
    {"null::enum('a', 'b')", {.type = CARPEL_STRING}, "-"},
    {"'0b6b3d5e-0d5b-4f0e-8f5a-0123456789ab'::uuid",
     {.type = CARPEL_PERSON},
     "0b6b3d5e-0d5b-4f0e-8f5a-0123456789ab"},
    {"'ab'::blob", {.type = CARPEL_STRING}, "ab"},
    {"'\\xFF'::blob", {.type = CARPEL_STRING}, "!*not UTF-8*"},
    {"timestamptz '2026-01-01 01:00:00.25+01'",
     {.type = CARPEL_TIME},
     "1767225600250000"},
    {"timestamptz '1969-12-31 23:59:59Z'", {.type = CARPEL_TIME}, "-1000000"},
    {"timestamptz 'infinity'",
     {.type = CARPEL_TIME},
     "!*\"\"infinity\"\" as time: it is infinite*"},
    {"timestamptz '10000-01-01 00:00:00Z'",
     {.type = CARPEL_TIME},
     "!*\"\"10000-01-01 00:00:00+00\"\" as time: it is out of range*"},
    {"date '10000-01-01'",
     {.type = CARPEL_DATE},
     "!*\"\"10000-01-01\"\" as date: it is out of range*"},
    {"date '0044-03-15 (BC)'",
     {.type = CARPEL_DATE},
     "!*\"\"-0043-03-15\"\" as date: it is out of range*"},
    {"interval '90 seconds'", {.type = CARPEL_DURATION, .format = "minutes"}, "90000000"},
    {"(-9223372036854775808)::bigint", {.type = CARPEL_INT}, "-9223372036854775808"},
    {"'-9223372036854775808'", {.type = CARPEL_INT}, "-9223372036854775808"},
    {"(-9223372036854775808)::decimal(38, 0)",
     {.type = CARPEL_INT},
     "-9223372036854775808"},
    {"timestamptz '2026-01-01 00:00:00Z'",
     {.type = CARPEL_STRING},
     "2026-01-01 00:00:00+00"},
    {"timestamp '2026-01-01'", {.type = CARPEL_TIME}, "1767225600000000"},
    {"timestamp_s '2026-01-01 00:00:01'", {.type = CARPEL_TIME}, "1767225601000000"},
    {"timestamp_ms '2026-01-01 00:00:00.25'", {.type = CARPEL_TIME}, "1767225600250000"},
    {"timestamp_ns '2026-01-01 00:00:00.123456789'",
     {.type = CARPEL_STRING},
     "2026-01-01 00:00:00.123456789"},
    {"date '2026-01-01'", {.type = CARPEL_TIME}, "1767225600000000"},
    {"'2026-01-01 00:00:00'", {.type = CARPEL_TIME}, "1767225600000000"},
    {"1767225600", {.type = CARPEL_TIME, .format = "unix"}, "1767225600000000"},
    {"1767225600", {.type = CARPEL_TIME}, "!*"},
    {"date '2026-01-01'", {.type = CARPEL_DATE}, "20454"},
    {"date '0001-01-01'", {.type = CARPEL_DATE}, "-719162"},
    {"date '-infinity'",
     {.type = CARPEL_DATE},
     "!*\"\"-infinity\"\" as date: it is infinite*"},
    {"date '2026-01-01'", {.type = CARPEL_STRING}, "2026-01-01"},
    {"interval '1 day 2 hours 0.5 seconds'", {.type = CARPEL_DURATION}, "93600500000"},
    {"interval '-1 hour'", {.type = CARPEL_DURATION}, "-3600000000"},
    {"interval '200000000 days'",
     {.type = CARPEL_DURATION},
     "!*\"\"0 months 200000000 days 0 seconds\"\" as duration: it is too long*"},
    {"interval '1 month'",
     {.type = CARPEL_DURATION},
     "!*\"\"1 months 0 days 0 seconds\"\" as duration: months*"},
    {"5", {.type = CARPEL_DURATION, .format = "minutes"}, "300000000"},
    {"['a', '', null, 'b,c']", LIST_OF_TEXTS, "(a  - b,c)"},
    {"[1, 2]", LIST_OF_TEXTS, "(1 2)"},
    {"[]::varchar[]", LIST_OF_TEXTS, "()"},
    {"['a', 'b']::varchar[2]", LIST_OF_TEXTS, "(a b)"},
    {"[{'sku': 'A1', 'price': 2.50, 'colour': 'red'}, {'sku': 'B', 'price': null, "
     "'colour': ''}]",
     LIST_OF_RECORDS, "(A1/250/- B/-/-)"},
};

static void expect_source(const char *yaml, const carpel_column *column,
                          const char *expected)
{
    char *actual = support_run("adbc", yaml, column, 1);
    if (!slice_fits(slice_of(actual), slice_of(expected)))
        fail_msg("%s gives\n%s", yaml, actual);
    memory_free(actual);
}

static void expect_read(const char *settings, const value_case *c)
{
    char expected[200], query[400];
    text yaml;
    carpel_column column = c->column;
    bool is_refused = c->expected[0] == '!';
    column.name = column.from = "x";
    snprintf(query, sizeof query, "select %s as x", c->value);
    begin_query(query, &yaml);
    text_append(&yaml, settings);
    snprintf(expected, sizeof expected, is_refused ? "! *,1,*%s\n" : "1: %s\n",
             c->expected + is_refused);
    expect_source(yaml.data, &column, expected);
    text_done(&yaml);
}

/* Texts of each layout that Arrow has for them. */
static void test_values(void **state)
{
    static const char *const settings[] = {
        "", "options: {arrow_large_buffer_size: 'true'}\n",
        "options: {produce_arrow_string_view: 'true', arrow_output_version: '1.4'}\n"};
    (void)state;
    skip_without_driver();
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t s = 0; s < 3; s++)
            if (s == 0 || values[i].value[0] == '\'' || values[i].value[0] == '[')
                expect_read(settings[s], &values[i]);
}

typedef struct wrong_case {
    const char *query, *expected;
    carpel_column column;
} wrong_case;

static const wrong_case wrong[] = {
    {"select 1 as x, 2 as x",
     "error: \"select 1 as x, 2 as x\" has two columns \"x\"; *",
     {.type = CARPEL_INT}},
    {"select 1 as y",
     "error: \"select 1 as y\" has no column \"x\"*",
     {.type = CARPEL_INT}},
    {"select {'a': 1} as x",
     "error: column \"x\" of \"*\" (Arrow's \"+s\"): *cast(*",
     {.type = CARPEL_STRING}},
    {"select map {'a': 1} as x",
     "error: column \"x\" of \"*\" (Arrow's \"+m\"): *",
     {.type = CARPEL_STRING}},
    {"select time '10:00' as x",
     "error: column \"x\" of \"*\" (Arrow's \"ttu\"): *",
     {.type = CARPEL_STRING}},
    {"select [1] as x",
     "error: column \"x\" of *: it holds lists\n",
     {.type = CARPEL_INT}},
    {"select 'a' as x", "error: column \"x\" of *: it holds no lists\n", LIST_OF_TEXTS},
    {"select interval '1 day' as x",
     "error: column \"x\" of *which is only a duration\n",
     {.type = CARPEL_STRING}},
    {"select now() as x",
     "error: column \"x\" of *leave \"format\" out\n",
     {.type = CARPEL_TIME, .format = "unix"}},
    {"selec 1", "error: the driver says: Parser Error*", {.type = CARPEL_INT}},
    {"select error('bro' || 'ken') as x from range(3)",
     "error: the driver says: *broken*",
     {.type = CARPEL_INT}},
};

static void test_wrong(void **state)
{
    (void)state;
    skip_without_driver();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        text yaml;
        carpel_column column = wrong[i].column;
        column.name = column.from = "x";
        begin_query(wrong[i].query, &yaml);
        expect_source(yaml.data, &column, wrong[i].expected);
        text_done(&yaml);
    }
}

/* ---- rows by columns --------------------------------------------------------------- */

/* Columns that are taken over whole, and one that has to be set cell by cell, with which all are. Some rows
 * have values that are refused, in the middle of batches and for whole stretches. */
static const carpel_column mixed[] = {
    {.name = "who", .from = "who", .type = CARPEL_PERSON},
    {.name = "at", .from = "at", .type = CARPEL_TIME},
    {.name = "day", .from = "day", .type = CARPEL_DATE},
    {.name = "amount", .from = "amount", .type = CARPEL_DECIMAL, .scale = 3},
    {.name = "wide", .from = "wide", .type = CARPEL_DECIMAL, .scale = 2},
    {.name = "few", .from = "few", .type = CARPEL_INT},
    {.name = "many", .from = "many", .type = CARPEL_INT},
    {.name = "rate", .from = "rate", .type = CARPEL_NUMBER},
    {.name = "flag", .from = "flag", .type = CARPEL_BOOL},
    {.name = "what", .from = "what", .type = CARPEL_STRING},
    {.name = "sort", .from = "sort", .type = CARPEL_STRING},
    {.name = "none", .from = "none", .type = CARPEL_INT, .is_optional = true},
    {.name = "nothing", .from = "nothing", .type = CARPEL_STRING},
    {.name = "slow", .from = "slow", .type = CARPEL_NUMBER}};

static const char mixed_query[] =
    "select case when i % 11 = 3 then '' when i % 13 = 5 then null else 'p' || i % 999 "
    "end as who, "
    "case when i % 7001 = 70 then 'infinity' when i % 17 = 1 then null else "
    "timestamptz '2024-01-01 00:00:00Z' + to_seconds(i * 1000) end as at, "
    "case when i % 6007 = 60 then '-infinity' when i % 19 > 9 then null else "
    "date '2024-01-01' + (i % 500)::int end as day, "
    "(i / 7.0)::decimal(12, 2) as amount, "
    "case when i between 30000 and 34000 then 92233720368547758.08 else -i / 3.0 end"
    "::decimal(38, 2) as wide, "
    "(i % 200)::utinyint as few, "
    "case when i = 41 then 18446744073709551615 else i end::ubigint as many, "
    "case when i % 5003 = 50 then 'nan' else (i % 64) / 8.0 end::double as rate, "
    "case when i % 3 = 0 then null else i % 2 = 0 end as flag, "
    "case when i % 5 = 0 then '' when i % 7 = 0 then null else repeat('\xc3\xa4', (i % "
    "40)::int) "
    "|| i % 3000 end as what, "
    "['a', 'b', 'a long one of more bytes', null][1 + i % 4]"
    "::enum('a', 'b', 'a long one of more bytes') as sort, "
    "null as nothing, 0.5::float as slow from range(150000) t(i)";

/* What the rows are without the last column. */
static void drop_last_column(char *rows)
{
    char *to = rows;
    for (const char *from = rows; *from; from++) {
        if (strncmp(from, "|0.5\n", 5) == 0)
            from += 4;
        *to++ = *from;
    }
    *to = '\0';
}

/* Values that do not fit stand at the begin, in the midst and at the end of the rows of one value, of which there are few or
 * more than a batch has: rows go by columns, all but some by rows, and one by one where a column has two candidates. All
 * give the same, and go on where they were. */
static void test_growing(void **state)
{
    static const char *const others[] = {"g", NULL};
    const carpel_column columns[] = {
        {.name = "g", .from = "g", .type = CARPEL_INT},
        {.name = "amount", .from = "amount", .type = CARPEL_DECIMAL, .scale = 3}};
    static const char *const values[] = {"i", "i // 5000", "i // 90000"};
    static const char *const odd[] = {"i % 15000 in (0, 14998)",
                                      "i between 70000 and 100000"};
    carpel_column by_rows[2];
    (void)state;
    skip_without_driver();
    memcpy(by_rows, columns, sizeof by_rows);
    by_rows[0].from = "twin";
    by_rows[0].others = others;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t k = 0; k < sizeof odd / sizeof *odd; k++) {
            text query, yaml;
            text_init(&query);
            text_append_format(
                &query,
                "select %s as g, null::bigint as twin, (case when %s then "
                "99999999999999999999 "
                "else i %% 1000 end)::decimal(38, 3) as amount from range(140000) "
                "t(i) order by i",
                values[i], odd[k]);
            begin_query(query.data, &yaml);
            text_append(&yaml, "growing: g\noptions: {threads: '1'}\n");
            size_t batches = resuming_check("adbc", yaml.data, columns, 2);
            if (batches < 2)
                fail_msg("%s, %s: %zu batches", values[i], odd[k], batches);
            char *expected = support_run("adbc", yaml.data, by_rows, 2);
            char *actual = support_run("adbc", yaml.data, columns, 2);
            assert_true(strlen(expected) > 1000000);
            if (strcmp(expected, actual) != 0)
                fail_msg("%s, %s", values[i], odd[k]);
            memory_free(expected);
            memory_free(actual);
            text_done(&query);
            text_done(&yaml);
        }
}

static void test_columns(void **state)
{
    static const char *const settings[] = {
        "", "options: {arrow_large_buffer_size: 'true'}\n",
        "options: {produce_arrow_string_view: 'true', arrow_output_version: '1.4'}\n"};
    const size_t count = sizeof mixed / sizeof *mixed;
    (void)state;
    skip_without_driver();
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        text yaml;
        begin_query(mixed_query, &yaml);
        text_append(&yaml, settings[i]);
        char *by_columns = support_run("adbc", yaml.data, mixed, count - 1);
        char *by_cells = support_run("adbc", yaml.data, mixed, count);
        drop_last_column(by_cells);
        assert_non_null(
            strstr(by_cells, "\n149999: ")); /* or so many rows would be few */
        assert_true(strcmp(by_columns, by_cells) == 0);
        memory_free(by_columns);
        memory_free(by_cells);
        text_done(&yaml);
    }
}

/* ---- drivers ----------------------------------------------------------------------- */

static void expect_driver(const char *yaml, const char *expected)
{
    const carpel_column column = {.name = "x", .from = "x", .type = CARPEL_INT};
    expect_source(yaml, &column, expected);
}

/* Also without a driver. */
static void test_drivers(void **state)
{
    (void)state;
    char plugin[600];
    support_write("plain.so", "no library", 10);
    expect_driver(
        "driver: ./none.so\ntable: t\n",
        "error: cannot load the driver \"*/none.so\": No such file or directory\n");
    expect_driver("driver: ./plain.so\ntable: t\n", "error: cannot load the driver: *\n");
    expect_driver("driver: libnone.so\ntable: t\n", "error: cannot load the driver: *\n");
    expect_driver("driver: .//.\ntable: t\n", "error: the driver \"*\" is no file\n");
    expect_driver("driver: ./plain.so\n", "error: say what to read: either *\n");
    const mode_t modes[] = {0666, 01666, 0664}; /* root alone may give away a group */
    for (size_t i = 0; i < (geteuid() == 0 ? 3 : 2); i++) {
        if (geteuid() == 0)
            assert_int_equal(chown(support_path("plain.so"), 0, 1), 0);
        chmod(support_path("plain.so"), modes[i]);
        expect_driver("driver: ./plain.so\ntable: t\n",
                      "error: others could have written the driver *: chmod go-w\n");
    }
    snprintf(plugin, sizeof plugin, "driver: %s/output_csv.so\ntable: t\n",
             getenv("CARPEL_PLUGIN_PATH"));
    expect_driver(plugin, "error: the driver \"*\" has none of the entry points *\n");
}

/* The linker would die of it. */
static void test_drivers_cut(void **state)
{
    char path[600];
    carpel_error err;
    text whole;
    (void)state;
    snprintf(path, sizeof path, "%s/output_csv.so", getenv("CARPEL_PLUGIN_PATH"));
    text_init(&whole);
    if (!file_read(path, SIZE_MAX, &whole, &err))
        fail_msg("%s", err.message);
    const size_t sizes[] = {70, 5000};
    for (size_t i = 0; i < 2; i++) {
        support_write("cut.so", whole.data, sizes[i]);
        expect_driver("driver: ./cut.so\ntable: t\n",
                      "error: the driver \"*/cut.so\" is damaged or not copied whole: a "
                      "part of it goes beyond its * bytes\n");
    }
    text_done(&whole);
}

/* What a driver says holds nothing of the options. */
static void test_secrets(void **state)
{
    (void)state;
    skip_without_driver();
    text yaml;
    begin_query("select 1 as x", &yaml);
    text_append(&yaml, "options: {access_mode: hunter2-secret}\n");
    expect_driver(yaml.data, "error: the driver says: Failed to set *\n");
    text_done(&yaml);
    begin_query("select 'hunter3-secret'::int as x", &yaml);
    text_append(&yaml,
                "options: {memory_limit: 1GB, custom_user_agent: hunter3-secret}\n");
    expect_driver(yaml.data, "error: the driver says: *'...'*\n");
    text_done(&yaml);
    begin_query("select '{project}/hunter4-secret'::int as x", &yaml);
    text_append(&yaml, "options: {custom_user_agent: '{project}/hunter4-secret'}\n");
    expect_driver(yaml.data, "error: the driver says: *'...'*\n");
    text_done(&yaml);
}

/* What a statement changes is taken back. */
static void test_only_reading(void **state)
{
    (void)state;
    skip_without_driver();
    text yaml;
    begin_query("create table kept as select 1 as x", &yaml);
    text_append(&yaml, "options: {path: '{project}/kept.duckdb'}\n");
    expect_driver(yaml.data, "error: *\n");
    text_done(&yaml);
    begin_yaml(&yaml);
    text_append(&yaml, "table: kept\noptions: {path: '{project}/kept.duckdb'}\n");
    expect_driver(yaml.data, "error: the driver says: *kept*\n");
    assert_true(file_exists(support_path("kept.duckdb")));
    text_done(&yaml);
}

/* ---- names and values made to do harm --------------------------------------------- */

enum { TABLE_COUNT = 50 }; /* with 500 names and 4,500 values */

static void begin_file(const char *name, text *out)
{
    begin_yaml(out);
    text_append_format(out, "options: {path: '%s'}\n", support_path(name));
}

/* Run a statement, which stays: an output commits, and so does nobody else here. */
static void expect_query(const char *query, const char *expected)
{
    text yaml;
    const carpel_column column = {.name = "x", .from = "x", .type = CARPEL_STRING};
    begin_file("x.duckdb", &yaml);
    text_append(&yaml, "query: ");
    hostile_quote(query, &yaml);
    text_append(&yaml, "\n");
    expect_source(yaml.data, &column, expected);
    text_done(&yaml);
}

static void write_and_expect(hostile_table *t)
{
    text yaml;
    begin_file("x.duckdb", &yaml);
    text_append(&yaml, "table: ");
    hostile_quote(t->name, &yaml);
    text_append(&yaml, "\n");
    size_t size = yaml.size;
    text_append(&yaml, "key: ");
    hostile_quote(t->column_names[0], &yaml);
    text_append(&yaml, "\n");
    hostile_write("adbc", yaml.data, t);
    yaml.data[size] = '\0';
    hostile_expect("adbc", yaml.data, t);
    text_done(&yaml);
}

static void test_hostile(void **state)
{
    random_numbers random;
    hostile_table canary;
    (void)state;
    skip_without_driver();
    random_begin(&random, "test_adbc");
    hostile_make(&canary, &random, 0);
    snprintf(canary.name, sizeof canary.name, "canary");
    write_and_expect(&canary);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        hostile_table t;
        hostile_make(&t, &random, i);
        write_and_expect(&t);
        hostile_done(&t);
    }
    text yaml;
    begin_file("x.duckdb", &yaml);
    text_append(&yaml, "table: canary\n");
    hostile_expect("adbc", yaml.data, &canary);
    text_done(&yaml);
    hostile_done(&canary);
    expect_query("select count(*) as x from information_schema.tables where table_name "
                 "similar to 't[0-9](.|\\s)*'",
                 "1: 50\n");
}

/* ---- stopping --------------------------------------------------------------------- */

static void stop_at_once(void *context, uint64_t done_bytes, uint64_t total_bytes)
{
    (void)done_bytes;
    (void)total_bytes;
    cancel_ask(context);
}

typedef struct stopping {
    const char *query;
    bool is_asked_before; /* else with the first batch */
} stopping;

/* Asked to stop while the database works on what takes hours: the source ends. */
static void expect_stopped(const stopping *s)
{
    const carpel_column column = {.name = "x", .from = "x", .type = CARPEL_INT};
    cancel asked;
    const host_listener listener = {
        .context = &asked, .cancel = &asked, .progress = stop_at_once};
    const carpel_plugin *plugin;
    carpel_error err;
    struct ArrowArrayStream stream;
    struct ArrowArray batch = {0};
    text yaml;
    begin_query(s->query, &yaml);
    text_append(&yaml, "options: {threads: '1'}\n");
    cancel_init(&asked);
    if (s->is_asked_before)
        cancel_ask(&asked);
    catalog *c = support_catalog();
    assert_true(catalog_find(c, CARPEL_SOURCE, "adbc", &plugin, &err));
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml.data, yaml.size);
    plugin_host *host = host_new(NULL, NULL, &listener);
    const carpel_request request = {
        .struct_size = sizeof(carpel_request),
        .name = "x",
        .options = support_read_options(plugin, yaml.data, memory, file),
        .columns = &column,
        .column_count = 1};
    int result = ECANCELED;
    if (plugin->source->open(host_interface(host), &request, &stream, &err)) {
        while ((result = stream.get_next(&stream, &batch)) == 0)
            batch.release(&batch);
        stream.release(&stream);
    } else {
        assert_int_equal(err.code, CARPEL_E_CANCELLED);
    }
    assert_int_equal(result, ECANCELED);
    host_free(host);
    source_free(file);
    arena_free(memory);
    catalog_free(c);
    text_done(&yaml);
}

static void test_stopped(void **state)
{
    static const stopping cases[] = {
        {"select sum(range % 7) as x from range(1000000000000)", true},
        {"select range as x from range(1000000000000)", false}};
    (void)state;
    skip_without_driver();
    for (size_t i = 0; i < 2; i++)
        expect_stopped(&cases[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),  cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_columns), cmocka_unit_test(test_growing),
        cmocka_unit_test(test_drivers), cmocka_unit_test(test_drivers_cut),
        cmocka_unit_test(test_secrets), cmocka_unit_test(test_only_reading),
        cmocka_unit_test(test_stopped), cmocka_unit_test(test_hostile)};
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
