/* SPDX-License-Identifier: MIT
 *
 * The connectors of SQLite: what a source makes of values, and names and values made to do
 * harm. What runs do to tables is seen in tests/golden/sqlite*.
 */
#include "hostile_support.h"

#include <sqlite3.h>

enum { TABLE_COUNT = 250 }; /* with 2,500 names and 22,500 values */

static void run_sql(const char *statements)
{
    sqlite3 *database;
    char *why = NULL;
    assert_int_equal(sqlite3_open(support_path("x.db"), &database), SQLITE_OK);
    sqlite3_exec(database, "pragma synchronous = off", NULL, NULL, NULL);
    if (sqlite3_exec(database, statements, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", statements, why);
    sqlite3_close(database);
}

static void expect_answer(const char *query, const char *expected)
{
    sqlite3 *database;
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_open(support_path("x.db"), &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, query, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(row, 0), expected);
    sqlite3_finalize(row);
    sqlite3_close(database);
}

/* ---- values ----------------------------------------------------------------------- */

typedef struct value_case {
    const char *value; /* as SQL */
    carpel_column column;
    const char *expected; /* "!" and a reason: the row is refused */
} value_case;

static const value_case values[] = {
    {"9223372036854775807", {.type = CARPEL_INT}, "9223372036854775807"},
    {"2.0", {.type = CARPEL_INT}, "2"},
    {"2.5", {.type = CARPEL_INT}, "!*2.5*"},
    {"'12'", {.type = CARPEL_INT}, "12"},
    {"99.5", {.type = CARPEL_DECIMAL, .scale = 2}, "9950"},
    {"0.1", {.type = CARPEL_DECIMAL, .scale = 2}, "10"},
    {"'12.50'", {.type = CARPEL_DECIMAL, .scale = 2}, "1250"},
    {"9e999", {.type = CARPEL_NUMBER}, "!*"},
    {"0.1", {.type = CARPEL_NUMBER}, "0.1"},
    {"1", {.type = CARPEL_BOOL}, "true"},
    {"'no'", {.type = CARPEL_BOOL}, "false"},
    {"2", {.type = CARPEL_BOOL}, "!*2*"},
    {"7", {.type = CARPEL_PERSON}, "7"},
    {"''", {.type = CARPEL_STRING}, ""},
    {"''", {.type = CARPEL_PERSON}, "-"},
    {"null", {.type = CARPEL_STRING}, "-"},
    {"x'6162'", {.type = CARPEL_STRING}, "!*blob*cast*"},
    {"cast(x'6162' as text)", {.type = CARPEL_STRING}, "ab"},
    {"cast(x'ff' as text)", {.type = CARPEL_STRING}, "!*not UTF-8*"},
    {"1767225600", {.type = CARPEL_TIME, .format = "unix"}, "1767225600000000"},
    {"1767225600", {.type = CARPEL_TIME}, "!*"},
    {"1767225600.25", {.type = CARPEL_TIME, .format = "unix"}, "1767225600250000"},
    {"'2026-01-01 00:00:00'", {.type = CARPEL_TIME}, "1767225600000000"},
    {"20260101", {.type = CARPEL_DATE, .format = "%Y%m%d"}, "20454"},
    {"20454", {.type = CARPEL_DATE}, "!*"},
    {"5", {.type = CARPEL_DURATION, .format = "minutes"}, "300000000"},
    {"5", {.type = CARPEL_DURATION}, "!*"},
};

static void expect_source(const char *yaml, const carpel_column *column,
                          const char *expected)
{
    char *actual = support_run("sqlite", yaml, column, 1);
    if (!slice_fits(slice_of(actual), slice_of(expected)))
        fail_msg("%s gives\n%s", yaml, actual);
    memory_free(actual);
}

static void test_values(void **state)
{
    (void)state;
    run_sql("create table some (x)");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char yaml[300], expected[100];
        carpel_column column = values[i].column;
        bool is_refused = values[i].expected[0] == '!';
        column.name = column.from = "x";
        snprintf(yaml, sizeof yaml, "file: x.db\nquery: \"select %s as x\"\n",
                 values[i].value);
        snprintf(expected, sizeof expected, is_refused ? "! x.db: *,1,*%s\n" : "1: %s\n",
                 values[i].expected + is_refused);
        expect_source(yaml, &column, expected);
    }
}

/* The file stays as it is, and nothing stands beside it. */
static void test_only_reading(void **state)
{
    const carpel_column column = {.name = "x", .from = "x", .type = CARPEL_INT};
    (void)state;
    run_sql("create table kept (x); insert into kept values (1)");
    expect_source("file: x.db\nquery: delete from kept returning x\n", &column,
                  "error: \"query\" has to be one statement that yields rows and *");
    expect_source("file: x.db\nquery: select 1 as x; delete from kept\n", &column,
                  "error: \"query\" has more than one statement\n");
    expect_source("file: x.db\nquery: \"-- nothing\"\n", &column,
                  "error: \"query\" has to be one statement that yields rows and *");
    expect_source("file: x.db\nquery: select 1 as x, 2 as x\n", &column,
                  "error: \"x.db: *\" has two columns \"x\"; *");
    expect_source("file: new.db\ntable: kept\n", &column,
                  "error: cannot open \"new.db\": No such file or directory\n");
    expect_answer("select count(*) from kept", "1");
    assert_false(file_exists(support_path("new.db")));
}

/* Rows never go into a file that has no name any more: somebody else's tables there, which
 * took the place of an empty file, stay as they are. */
static void test_replaced(void **state)
{
    const char *yaml = "file: fresh.db\ntable: taken\nkey: k\n";
    const carpel_column columns[] = {{.name = "k", .from = "k", .type = CARPEL_STRING}};
    const carpel_plugin *plugin;
    carpel_error err;
    void *instance;
    catalog *c = support_catalog();
    (void)state;
    run_sql("create table others (x)");
    assert_true(catalog_find(c, CARPEL_OUTPUT, "sqlite", &plugin, &err));
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml, strlen(yaml));
    plugin_host *host = host_new(NULL, NULL, NULL);
    const carpel_delivery delivery = {
        .struct_size = sizeof(carpel_delivery),
        .options = support_read_options(plugin, yaml, memory, file),
        .columns = columns,
        .column_count = 1};
    assert_true(plugin->output->begin(host_interface(host), &delivery, &instance, &err));
    char *fresh = memory_copy_string(support_path("fresh.db"));
    assert_true(file_exists(fresh));
    assert_int_equal(rename(support_path("x.db"), fresh), 0);
    assert_false(plugin->output->prepare(instance, &err));
    assert_int_equal(err.code, CARPEL_E_LATER);
    assert_non_null(strstr(err.message, "was replaced or removed meanwhile"));
    plugin->output->abort(instance);
    plugin->output->close(instance);
    assert_int_equal(rename(fresh, support_path("x.db")), 0);
    expect_answer("select group_concat(name) from sqlite_schema where name in "
                  "('others', 'taken')",
                  "others");
    memory_free(fresh);
    host_free(host);
    arena_free(memory);
    source_free(file);
    catalog_free(c);
}

/* ---- names and values made to do harm --------------------------------------------- */

static void test_hostile(void **state)
{
    random_numbers random;
    (void)state;
    random_begin(&random, "test_sqlite");
    run_sql("create table canary (x); insert into canary values ('alive')");
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        hostile_table t;
        text yaml;
        text_init(&yaml);
        hostile_make(&t, &random, i);
        text_append(&yaml, "file: x.db\ntable: ");
        hostile_quote(t.name, &yaml);
        text_append(&yaml, "\n");
        size_t size = yaml.size;
        text_append(&yaml, "key: ");
        hostile_quote(t.column_names[0], &yaml);
        text_append(&yaml, "\n");
        hostile_write("sqlite", yaml.data, &t);
        yaml.data[size] = '\0';
        hostile_expect("sqlite", yaml.data, &t);
        hostile_done(&t);
        text_done(&yaml);
    }
    expect_answer("select x from canary", "alive");
    expect_answer("select count(*) from sqlite_schema where name glob 't[0-9]*'", "250");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_only_reading),
        cmocka_unit_test(test_replaced), cmocka_unit_test(test_hostile)};
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
