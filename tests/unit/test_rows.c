/* SPDX-License-Identifier: MIT
 *
 * The row builder through the table of functions that plugins see: every type from texts
 * and values, bad rows, batches, and callers that break the rules.
 */
#include "plugin_support.h"

#include "base/file.h"
#include "config/project.h"
#include "plugin/call.h"
#include "ingest/loader.h"
#include "unit_random.h"

#define LONG_MAX_TEXT "9223372036854775807"

typedef struct fixture {
    quarantine *quarantine;
    plugin_host *host;
    const carpel_host *api;
} fixture;

static fixture open_host(bool is_strict)
{
    fixture f = {.quarantine = quarantine_new(support_path("bad.csv"), is_strict)};
    f.host = host_new(NULL, f.quarantine, NULL);
    f.api = host_interface(f.host);
    return f;
}

static void close_host(fixture *f)
{
    host_free(f->host);
    quarantine_free(f->quarantine);
}

/* Take the rows as text, and then the rows that were set aside. */
static char *take(fixture *f, carpel_rows *rows)
{
    struct ArrowSchema shape;
    struct ArrowArray batch;
    text out;
    text_init(&out);
    f->api->rows_schema(rows, &shape);
    f->api->rows_take(rows, &batch);
    assert_int_equal(f->api->rows_count(rows), 0);
    support_append_batch(&shape, &batch, &out);
    batch.release(&batch);
    assert_null(batch.release);
    shape.release(&shape);
    assert_null(shape.release);
    return out.data;
}

static carpel_column column_of(carpel_type kind, uint32_t scale, const char *format)
{
    return (carpel_column){
        .name = "x", .from = "field", .type = kind, .scale = scale, .format = format};
}

/* ---- one cell ----------------------------------------------------------- */

typedef struct text_case {
    carpel_type type;
    uint32_t scale;
    const char *format, *text;
    const char *expected; /* the cell; NULL: refused */
} text_case;

static const text_case text_cases[] = {
    {CARPEL_BOOL, 0, NULL, "true", "true"},
    {CARPEL_BOOL, 0, NULL, "No", "false"},
    {CARPEL_BOOL, 0, NULL, "maybe", NULL},
    {CARPEL_INT, 0, NULL, "-42", "-42"},
    {CARPEL_INT, 0, NULL, "42.0", "42"},
    {CARPEL_INT, 0, NULL, LONG_MAX_TEXT, LONG_MAX_TEXT},
    {CARPEL_INT, 0, NULL, "9223372036854775808", NULL},
    {CARPEL_INT, 0, NULL, "1.5", NULL},
    {CARPEL_INT, 0, NULL, "1e3", "1000"},
    {CARPEL_INT, 0, NULL, "1e-3", NULL},
    {CARPEL_INT, 0, NULL, "x", NULL},
    {CARPEL_DECIMAL, 2, NULL, "12.5", "1250"},
    {CARPEL_DECIMAL, 2, NULL, "-0.01", "-1"},
    {CARPEL_DECIMAL, 2, NULL, "12.500", "1250"},
    {CARPEL_DECIMAL, 2, NULL, "12.505", NULL},
    {CARPEL_DECIMAL, 2, NULL, "12,50", NULL},
    {CARPEL_DECIMAL, 2, NULL, "-1.25e1", "-1250"},
    {CARPEL_DECIMAL, 2, NULL, "125E-2", "125"},
    {CARPEL_DECIMAL, 2, NULL, "5e-1", "50"},
    {CARPEL_DECIMAL, 2, NULL, "5e-3", NULL},
    {CARPEL_DECIMAL, 2, NULL, "1e30", NULL},
    {CARPEL_DECIMAL, 2, NULL, "1e", NULL},
    {CARPEL_DECIMAL, 2, NULL, "e5", NULL},
    {CARPEL_DECIMAL, 2, NULL, "1e99999999", NULL},
    {CARPEL_NUMBER, 0, NULL, "-1.5e-1", "-0.15"},
    {CARPEL_NUMBER, 0, NULL, "inf", NULL},
    {CARPEL_NUMBER, 0, NULL, "1e999", NULL},
    {CARPEL_STRING, 0, NULL, "caf\xc3\xa9", "caf\xc3\xa9"},
    {CARPEL_STRING, 0, NULL, "caf\xe9", NULL},
    {CARPEL_PERSON, 0, NULL, "17850.0", "17850.0"},
    {CARPEL_TIME, 0, NULL, "1970-01-02T00:00:01Z", "86401000000"},
    {CARPEL_TIME, 0, NULL, "1970-01-02", "86400000000"},
    {CARPEL_TIME, 0, "unix_ms", "1500", "1500000"},
    {CARPEL_TIME, 0, "%d.%m.%Y", "02.01.1970", "86400000000"},
    {CARPEL_TIME, 0, NULL, "yesterday", NULL},
    {CARPEL_DATE, 0, NULL, "1970-02-01", "31"},
    {CARPEL_DATE, 0, "%Y%m%d", "19700201", "31"},
    {CARPEL_DATE, 0, NULL, "1970-02-30", NULL},
    {CARPEL_DURATION, 0, NULL, "90 seconds", "90000000"},
    {CARPEL_DURATION, 0, "minutes", "2", "120000000"},
    {CARPEL_DURATION, 0, NULL, "2", NULL},
};

static void test_texts(void **state)
{
    fixture f = open_host(false);
    (void)state;
    for (size_t i = 0; i < sizeof text_cases / sizeof *text_cases; i++) {
        const text_case *c = &text_cases[i];
        const carpel_column one = column_of(c->type, c->scale, c->format);
        char expected[80] = "";
        if (c->expected != NULL)
            snprintf(expected, sizeof expected, "7: %s\n", c->expected);
        carpel_rows *rows = f.api->rows_new(f.api, &one, 1);
        f.api->row_begin(rows, 7);
        f.api->row_set_text(rows, 0, c->text, strlen(c->text), false);
        f.api->row_end(rows);
        char *actual = take(&f, rows);
        if (strcmp(actual, expected) != 0)
            fail_msg("\"%s\" as type %d: is %s", c->text, c->type, actual);
        memory_free(actual);
        f.api->rows_free(rows);
    }
    close_host(&f);
}

static void test_empty_texts(void **state)
{
    static const struct {
        carpel_type type;
        bool quoted;
        const char *expected;
    } cases[] = {{CARPEL_STRING, false, "1: -\n"}, {CARPEL_STRING, true, "1: \n"},
                 {CARPEL_PERSON, true, "1: -\n"},  {CARPEL_INT, true, "1: -\n"},
                 {CARPEL_BOOL, false, "1: -\n"},   {CARPEL_TIME, true, "1: -\n"}};
    fixture f = open_host(false);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const carpel_column one = column_of(cases[i].type, 0, NULL);
        carpel_rows *rows = f.api->rows_new(f.api, &one, 1);
        f.api->row_begin(rows, 1);
        f.api->row_set_text(rows, 0, "", 0, cases[i].quoted);
        f.api->row_end(rows);
        char *actual = take(&f, rows);
        assert_string_equal(actual, cases[i].expected);
        memory_free(actual);
        f.api->rows_free(rows);
    }
    close_host(&f);
}

typedef enum setter { INT, NUMBER, BOOL } setter;

typedef struct value_case {
    carpel_type type;
    uint32_t scale;
    setter setter;
    int64_t whole;
    double number;
    const char *expected; /* NULL: refused */
    const char *format;
} value_case;

static const value_case value_cases[] = {
    {CARPEL_INT, 0, INT, INT64_MIN, 0, "-9223372036854775808", NULL},
    {CARPEL_DECIMAL, 2, INT, 12, 0, "1200", NULL},
    {CARPEL_DECIMAL, 2, INT, INT64_MAX, 0, NULL, NULL},
    {CARPEL_NUMBER, 0, INT, 3, 0, "3", NULL},
    {CARPEL_STRING, 0, INT, -7, 0, "-7", NULL},
    {CARPEL_PERSON, 0, INT, 17850, 0, "17850", NULL},
    {CARPEL_BOOL, 0, INT, 1, 0, "true", NULL},
    {CARPEL_BOOL, 0, INT, 2, 0, NULL, NULL},
    {CARPEL_TIME, 0, INT, 86400000000, 0, "86400000000", NULL},
    {CARPEL_TIME, 0, INT, INT64_MAX, 0, NULL, NULL},
    {CARPEL_DATE, 0, INT, 31, 0, "31", NULL},
    {CARPEL_DATE, 0, INT, 1 << 30, 0, NULL, NULL},
    {CARPEL_DURATION, 0, INT, 5, 0, "5", NULL},
    {CARPEL_TIME, 0, INT, 1700000000, 0, "1700000000000000", "unix"},
    {CARPEL_TIME, 0, INT, -1500, 0, "-1500000", "unix_ms"},
    {CARPEL_TIME, 0, INT, 7, 0, "7", "unix_us"},
    {CARPEL_TIME, 0, INT, INT64_MAX, 0, NULL, "unix"},
    {CARPEL_TIME, 0, INT, 19700102, 0, "86400000000", "%Y%m%d"},
    {CARPEL_TIME, 0, INT, 1700000000, 0, NULL, "%Y-%m-%d"},
    {CARPEL_TIME, 0, NUMBER, 0, 1.7e9, "1700000000000000", "unix"},
    {CARPEL_TIME, 0, NUMBER, 0, 1700000000.25, "1700000000250000", "unix"},
    {CARPEL_TIME, 0, NUMBER, 0, 1.7e15, "1700000000000000", "unix_us"},
    {CARPEL_TIME, 0, NUMBER, 0, 86400000000.0, "86400000000", NULL},
    {CARPEL_TIME, 0, NUMBER, 0, 1e300, NULL, NULL},
    {CARPEL_TIME, 0, NUMBER, 0, 1e300, NULL, "unix"},
    {CARPEL_TIME, 0, NUMBER, 0, 0.5, NULL, NULL},
    {CARPEL_DATE, 0, INT, 19700201, 0, "31", "%Y%m%d"},
    {CARPEL_DATE, 0, INT, 86400, 0, "1", "unix"},
    {CARPEL_DATE, 0, NUMBER, 0, 31, "31", NULL},
    {CARPEL_DURATION, 0, INT, 5, 0, "300000000", "minutes"},
    {CARPEL_DURATION, 0, NUMBER, 0, 1.5, "90000000", "minutes"},
    {CARPEL_DURATION, 0, NUMBER, 0, 5, "5", NULL},
    {CARPEL_NUMBER, 0, NUMBER, 0, 0.5, "0.5", NULL},
    {CARPEL_NUMBER, 0, NUMBER, 0, __builtin_inf(), NULL, NULL},
    {CARPEL_NUMBER, 0, NUMBER, 0, __builtin_nan(""), NULL, NULL},
    {CARPEL_DECIMAL, 2, NUMBER, 0, 0.2, "20", NULL},
    {CARPEL_DECIMAL, 2, NUMBER, 0, 0.1 + 0.2, NULL, NULL},
    {CARPEL_DECIMAL, 2, NUMBER, 0, 12.34, "1234", NULL},
    {CARPEL_DECIMAL, 2, NUMBER, 0, 1e16, "1000000000000000000", NULL},
    {CARPEL_DECIMAL, 2, NUMBER, 0, 0.001, NULL, NULL},
    {CARPEL_DECIMAL, 2, NUMBER, 0, __builtin_inf(), NULL, NULL},
    {CARPEL_INT, 0, NUMBER, 0, -3.0, "-3", NULL},
    {CARPEL_INT, 0, NUMBER, 0, 3.5, NULL, NULL},
    {CARPEL_STRING, 0, NUMBER, 0, 0.25, "0.25", NULL},
    {CARPEL_BOOL, 0, BOOL, 1, 0, "true", NULL},
    {CARPEL_STRING, 0, BOOL, 0, 0, "false", NULL},
    {CARPEL_INT, 0, BOOL, 1, 0, NULL, NULL},
};

static void test_values(void **state)
{
    fixture f = open_host(false);
    (void)state;
    for (size_t i = 0; i < sizeof value_cases / sizeof *value_cases; i++) {
        const value_case *c = &value_cases[i];
        const carpel_column one = column_of(c->type, c->scale, c->format);
        char expected[80] = "";
        if (c->expected != NULL)
            snprintf(expected, sizeof expected, "1: %s\n", c->expected);
        carpel_rows *rows = f.api->rows_new(f.api, &one, 1);
        f.api->row_begin(rows, 1);
        if (c->setter == INT)
            f.api->row_set_int(rows, 0, c->whole);
        else if (c->setter == NUMBER)
            f.api->row_set_number(rows, 0, c->number);
        else
            f.api->row_set_bool(rows, 0, c->whole != 0);
        f.api->row_end(rows);
        char *actual = take(&f, rows);
        if (strcmp(actual, expected) != 0)
            fail_msg("case %zu: is %s, not %s", i, actual, expected);
        memory_free(actual);
        f.api->rows_free(rows);
    }
    close_host(&f);
}

/* ---- rows --------------------------------------------------------------- */

static const carpel_column three[] = {{.name = "s", .from = "s", .type = CARPEL_STRING},
                                      {.name = "n", .from = "count", .type = CARPEL_INT},
                                      {.name = "b", .from = "b", .type = CARPEL_BOOL}};

static void add(const carpel_host *api, carpel_rows *rows, uint64_t line, const char *s,
                const char *n)
{
    api->row_begin(rows, line);
    api->row_set_text(rows, 0, s, strlen(s), false);
    api->row_set_text(rows, 1, n, strlen(n), false);
    api->row_end(rows);
}

static void test_bad_rows_leave_no_trace(void **state)
{
    fixture f = open_host(false);
    carpel_rows *rows = f.api->rows_new(f.api, three, 3);
    text bad;
    (void)state;
    text_init(&bad);
    f.api->rows_begin_file(rows, "a.csv");
    add(f.api, rows, 2, "one", "1");
    add(f.api, rows, 3, "two", "many");
    add(f.api, rows, 4, "three", "3");
    f.api->row_begin(rows, 5);
    f.api->row_set_text(rows, 0, "four", 4, false);
    f.api->row_refuse(rows, "the moon is wrong");
    f.api->row_refuse(rows, "a second reason");
    f.api->row_end(rows);
    f.api->rows_begin_file(rows, "b.csv");
    add(f.api, rows, 1, "five",
        "a\nb\"with a very long text of which only the begin is shown");
    f.api->row_begin(rows, 2);
    f.api->row_end(rows);
    assert_int_equal(f.api->rows_count(rows), 3);
    char *actual = take(&f, rows);
    assert_string_equal(actual, "2: one|1|-\n4: three|3|-\n2: -|-|-\n");
    memory_free(actual);
    f.api->rows_free(rows);
    support_append_bad_rows(f.quarantine, support_path("bad.csv"), &bad);
    const char *expected =
        "! a.csv,3,\"column \"\"count\"\": cannot read \"\"many\"\" as int: *\"\n"
        "! a.csv,5,the moon is wrong\n"
        "! b.csv,1,\"column \"\"count\"\": cannot read \"\"a?b\"\"with a very long text "
        "of which "
        "only ...\"\" as int: *\"\n";
    if (!slice_fits(slice_of(bad.data), slice_of(expected)))
        fail_msg("is\n%s", bad.data);
    text_done(&bad);
    close_host(&f);
}

static void test_cell_set_again(void **state)
{
    fixture f = open_host(false);
    carpel_rows *rows = f.api->rows_new(f.api, three, 3);
    (void)state;
    f.api->row_begin(rows, 1);
    f.api->row_set_text(rows, 0, "first", 5, false);
    f.api->row_set_text(rows, 0, "2nd", 3, false);
    f.api->row_set_bool(rows, 2, true);
    f.api->row_set_bool(rows, 2, false);
    f.api->row_end(rows);
    f.api->row_begin(rows, 2);
    f.api->row_set_text(rows, 0, "gone", 4, false);
    f.api->row_set_text(rows, 0, "", 0, false);
    f.api->row_end(rows);
    char *actual = take(&f, rows);
    assert_string_equal(actual, "1: 2nd|-|false\n2: -|-|-\n");
    memory_free(actual);
    f.api->rows_free(rows);
    close_host(&f);
}

/* ---- lists -------------------------------------------------------------- */

static const carpel_column item_columns[] = {
    {.name = "sku", .from = "sku", .type = CARPEL_STRING},
    {.name = "price", .from = "unit_price", .type = CARPEL_DECIMAL, .scale = 2}};
static const carpel_column tag_columns[] = {
    {.name = "value", .from = "", .type = CARPEL_INT}};
static const carpel_column with_lists[] = {
    {.name = "s", .from = "s", .type = CARPEL_STRING},
    {.name = "items",
     .from = "cart",
     .type = CARPEL_LIST,
     .items = item_columns,
     .item_count = 2},
    {.name = "tags",
     .from = "tags",
     .type = CARPEL_LIST,
     .items = tag_columns,
     .item_count = 1,
     .is_plain = true}};

static void add_item(const carpel_host *api, carpel_rows *rows, const char *sku,
                     const char *price)
{
    api->item_begin(rows, 1);
    api->row_set_text(rows, 0, sku, strlen(sku), false);
    api->row_set_text(rows, 1, price, strlen(price), false);
    api->item_end(rows);
}

static void test_lists(void **state)
{
    fixture f = open_host(false);
    carpel_rows *rows = f.api->rows_new(f.api, with_lists, 3);
    text bad;
    (void)state;
    text_init(&bad);
    f.api->row_begin(rows, 1);
    add_item(f.api, rows, "A", "1.50");
    f.api->row_set_text(rows, 0, "one", 3, false);
    f.api->item_begin(rows, 2);
    f.api->row_set_int(rows, 0, 7);
    f.api->item_end(rows);
    add_item(f.api, rows, "", "2");
    f.api->row_end(rows);
    for (uint64_t line = 2; line < 4; line++) { /* bad rows leave no items behind */
        f.api->row_begin(rows, line);
        add_item(f.api, rows, "gone", "1");
        add_item(f.api, rows, "gone, too", line == 2 ? "x" : "1");
        add_item(f.api, rows, "after", "1");
        if (line == 3)
            f.api->row_refuse(rows, "no");
        f.api->row_end(rows);
    }
    f.api->row_begin(rows, 4);
    f.api->row_end(rows);
    f.api->row_begin(rows, 5);
    f.api->item_begin(rows, 2);
    f.api->item_end(rows);
    f.api->item_begin(rows, 2);
    f.api->row_set_int(rows, 0, 9);
    f.api->item_end(rows);
    f.api->row_end(rows);
    char *actual = take(&f, rows);
    assert_string_equal(actual, "1: one|(A/150 -/200)|(7)\n4: -|()|()\n5: -|()|(- 9)\n");
    memory_free(actual);
    f.api->row_begin(rows, 6); /* the next batch begins anew */
    add_item(f.api, rows, "B", "");
    f.api->row_end(rows);
    actual = take(&f, rows);
    assert_string_equal(actual, "6: -|(B/-)|()\n");
    memory_free(actual);
    f.api->rows_free(rows);
    support_append_bad_rows(f.quarantine, support_path("bad.csv"), &bad);
    assert_non_null(
        strstr(bad.data, "\"\"cart.unit_price\"\": cannot read \"\"x\"\" as decimal(2)"));
    text_done(&bad);
    close_host(&f);
}

/* ---- callers that break the contract ---------------------------------------- */

typedef void careless(const carpel_host *api, carpel_rows *rows);

static void begin_twice(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 1);
    api->row_begin(rows, 2);
}

static void take_open(const carpel_host *api, carpel_rows *rows)
{
    struct ArrowArray batch;
    api->row_begin(rows, 3);
    api->rows_take(rows, &batch);
    assert_null(batch.release);
}

static void set_outside(const carpel_host *api, carpel_rows *rows)
{
    api->row_set_int(rows, 0, 1);
}

static void set_text_outside(const carpel_host *api, carpel_rows *rows)
{
    api->row_set_text(rows, 0, "x", 1, false);
}

static void refuse_outside(const carpel_host *api, carpel_rows *rows)
{
    api->row_refuse(rows, "no row");
}

static void end_outside(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 1);
    api->row_end(rows);
    api->row_end(rows);
}

static void set_far_column(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 4);
    api->row_set_bool(rows, 3, true);
}

static void set_far_field(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 4);
    api->item_begin(rows, 1);
    api->row_set_number(rows, 2, 1);
}

static void set_list(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 4);
    api->row_set_int(rows, 1, 1);
}

static void set_without_text(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 5);
    api->row_set_text(rows, 0, NULL, 3, false);
}

static void refuse_without_reason(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 5);
    api->row_refuse(rows, NULL);
}

static void file_inside(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 6);
    api->rows_begin_file(rows, "b.csv");
}

static void item_outside(const carpel_host *api, carpel_rows *rows)
{
    api->item_begin(rows, 1);
}

static void item_end_outside(const carpel_host *api, carpel_rows *rows)
{
    api->item_end(rows);
}

static void item_twice(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 7);
    api->item_begin(rows, 1);
    api->item_begin(rows, 1);
}

static void item_ended_twice(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 7);
    api->item_begin(rows, 1);
    api->item_end(rows);
    api->item_end(rows);
}

static void item_left_open(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 7);
    api->item_begin(rows, 1);
    api->row_end(rows);
}

static void item_in_value(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 8);
    api->item_begin(rows, 0);
}

static void item_in_far_column(const carpel_host *api, carpel_rows *rows)
{
    api->row_begin(rows, 8);
    api->item_begin(rows, 9999);
}

static void use_freed(const carpel_host *api, carpel_rows *rows)
{
    api->rows_free(rows);
    api->row_begin(rows, 1);
}

static void free_twice(const carpel_host *api, carpel_rows *rows)
{
    api->rows_free(rows);
    api->rows_free(rows);
}

static void log_nothing(const carpel_host *api, carpel_rows *rows)
{
    (void)rows;
    api->log(api, CARPEL_LOG_INFO, NULL);
}

static void no_builder(const carpel_host *api, carpel_rows *rows)
{
    struct ArrowArray batch;
    struct ArrowSchema schema;
    (void)rows;
    api->row_begin(NULL, 1);
    api->row_set_int(NULL, 0, 1);
    api->row_end(NULL);
    api->rows_schema(NULL, &schema);
    api->rows_take(NULL, &batch);
    assert_null(schema.release);
    assert_null(batch.release);
    assert_int_equal(api->rows_count(NULL), 0);
    assert_true(api->rows_is_full(NULL));
}

static void no_host(const carpel_host *api, carpel_rows *rows)
{
    (void)rows;
    api->progress(NULL, 1, 2);
    api->log(NULL, CARPEL_LOG_INFO, "hello");
    assert_true(api->is_cancelled(NULL));
    assert_null(api->rows_new(NULL, NULL, 0));
}

static void no_place(const carpel_host *api, carpel_rows *rows)
{
    api->rows_take(rows, NULL);
    api->rows_schema(rows, NULL);
}

static void strange_columns(const carpel_host *api, carpel_rows *rows)
{
    static const carpel_column bad_type = {.name = "x", .type = (carpel_type)77};
    static const carpel_column no_name = {.type = CARPEL_INT};
    static const carpel_column no_items = {
        .name = "x", .type = CARPEL_LIST, .item_count = 2};
    (void)rows;
    carpel_rows *dead = api->rows_new(api, &bad_type, 1);
    api->row_begin(dead, 1);
    api->rows_free(dead);
    api->rows_free(api->rows_new(api, &no_name, 1));
    api->rows_free(api->rows_new(api, &no_items, 1));
    api->rows_free(api->rows_new(api, NULL, 1));
    api->rows_free(api->rows_new(api, NULL, SIZE_MAX));
}

static const struct {
    careless *careless;
    const char *breach;
} breaches[] = {
    {begin_twice, "it begins a row before it ended the one before (line 1)"},
    {take_open, "it takes the rows while one is open (line 3)"},
    {set_outside, "it calls row_set_int outside of a row"},
    {set_text_outside, "it calls row_set_text outside of a row"},
    {refuse_outside, "it calls row_refuse outside of a row"},
    {end_outside, "it calls row_end outside of a row"},
    {set_far_column, "it sets column 3 of 3 (line 4)"},
    {set_far_field, "it sets column 2 of 2 (line 4)"},
    {set_list, "it sets a single value in a list (line 4)"},
    {set_without_text, "it calls row_set_text without a text (line 5)"},
    {refuse_without_reason, "it calls row_refuse without a reason (line 5)"},
    {file_inside, "it calls rows_begin_file inside of a row (line 6)"},
    {item_outside, "it calls item_begin outside of a row"},
    {item_end_outside, "it calls item_end outside of a row"},
    {item_twice, "it begins an item before it ended the one before (line 7)"},
    {item_ended_twice, "it ends an item that it did not begin (line 7)"},
    {item_left_open, "it ends a row before it ended the item in it (line 7)"},
    {item_in_value, "it begins an item in a column that is no list (line 8)"},
    {item_in_far_column, "it sets column 9999 of 3 (line 8)"},
    {use_freed, "it calls row_begin after rows_free"},
    {free_twice, "it calls rows_free after rows_free"},
    {log_nothing, "it calls log without a message"},
    {no_builder, "it calls row_begin without an object"},
    {no_host, "it calls progress without an object"},
    {no_place, "it calls rows_take without an object"},
    {strange_columns, "it calls rows_new with columns that cannot be"},
};

/* The first breach stands, nothing is done after it, and nothing is lost silently: the run
 * ends with it. */
static void test_breaches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof breaches / sizeof *breaches; i++) {
        const host_listener listener = {.plugin = "careless"};
        plugin_host *host = host_new(NULL, NULL, &listener);
        const carpel_host *api = host_interface(host);
        plugin_call call;
        carpel_error err;
        char expected[200];
        carpel_rows *rows = api->rows_new(api, with_lists, 3);
        assert_true(host_is_well(host, &err));
        plugin_call_begin(&call, "careless", "get_next", host_failure(host));
        breaches[i].careless(api, rows);
        api->row_begin(rows, 99);
        api->row_end(rows);
        assert_true(api->is_cancelled(api));
        plugin_call_end(&call);
        assert_false(host_is_well(host, &err));
        snprintf(expected, sizeof expected, "plugin \"careless\" broke the contract: %s",
                 breaches[i].breach);
        assert_string_equal(err.message, expected);
        assert_int_equal(err.code, CARPEL_E_PLUGIN);
        host_free(host); /* frees what was not freed */
    }
}

/* ---- the end of a source ------------------------------------------------------ */

static void check_end(bool is_open, unsigned built, unsigned taken, uint64_t handed_over,
                      const char *expected)
{
    fixture f = open_host(false);
    carpel_error err = {0};
    carpel_rows *rows = f.api->rows_new(f.api, three, 3);
    struct ArrowArray batch;
    for (unsigned i = 0; i < built + taken; i++) {
        add(f.api, rows, i, "a", "1");
        if (i + 1 == taken) {
            f.api->rows_take(rows, &batch);
            batch.release(&batch);
        }
    }
    if (is_open)
        f.api->row_begin(rows, 5);
    f.api->rows_free(rows); /* does not hide it */
    host_check_end(f.host, handed_over);
    assert_int_equal(host_is_well(f.host, &err), expected == NULL);
    if (expected != NULL && strstr(err.message, expected) == NULL)
        fail_msg("%s", err.message);
    close_host(&f);
}

static void test_no_row_is_lost(void **state)
{
    (void)state;
    check_end(false, 0, 0, 0, NULL);
    check_end(false, 0, 2, 2, NULL);
    check_end(false, 0, 2, 5, NULL); /* some batches may be its own */
    check_end(true, 0, 2, 2, "its last row was never ended (line 5)");
    check_end(false, 3, 0, 0, "it built 3 rows and never took them");
    check_end(false, 0, 2, 1, "it took 2 rows and handed over 1");
}

static void test_batches(void **state)
{
    enum { ROWS = 50000 };
    fixture f = open_host(false);
    carpel_rows *rows = f.api->rows_new(f.api, three, 3);
    text out, expected;
    size_t batches = 0;
    (void)state;
    text_init(&out);
    text_init(&expected);
    for (unsigned i = 0; i < ROWS; i++) {
        char s[16];
        snprintf(s, sizeof s, "s%u", i);
        add(f.api, rows, i, i % 3 == 0 ? "" : s, i % 5 == 0 ? "" : s + 1);
        text_append_format(&expected, "%u: %s|%s|-\n", i, i % 3 == 0 ? "-" : s,
                           i % 5 == 0 ? "-" : s + 1);
        if (f.api->rows_is_full(rows) || i + 1 == ROWS) {
            char *part = take(&f, rows);
            assert_false(f.api->rows_is_full(rows));
            text_append(&out, part);
            memory_free(part);
            batches++;
        }
    }
    assert_true(batches > 1 && batches < 20);
    assert_true(strcmp(out.data, expected.data) == 0);
    text_done(&out);
    text_done(&expected);
    f.api->rows_free(rows);
    close_host(&f);
}

/* Long texts fill a batch before many rows do. */
static void test_full_by_bytes(void **state)
{
    enum { SIZE = 1 << 20 };
    fixture f = open_host(false);
    carpel_rows *rows = f.api->rows_new(f.api, three, 3);
    char *big = memory_alloc(SIZE);
    size_t count = 0;
    (void)state;
    memset(big, 'x', SIZE);
    for (; !f.api->rows_is_full(rows) && count < 100; count++) {
        f.api->row_begin(rows, 1);
        f.api->row_set_text(rows, 0, big, SIZE, false);
        f.api->row_end(rows);
    }
    assert_in_range(count, 2, 64);
    memory_free(big);
    f.api->rows_free(rows);
    close_host(&f);
}

static void test_strict(void **state)
{
    fixture f = open_host(true);
    carpel_rows *rows = f.api->rows_new(f.api, three, 3);
    carpel_error err;
    (void)state;
    f.api->rows_begin_file(rows, "a.csv");
    add(f.api, rows, 2, "one", "1");
    assert_true(host_is_well(f.host, &err));
    assert_false(f.api->is_cancelled(f.api));
    assert_false(f.api->rows_is_full(rows));
    add(f.api, rows, 3, "two", "many");
    add(f.api, rows, 4, "two", "more");
    assert_false(host_is_well(f.host, &err));
    if (!slice_fits(slice_of(err.message), slice_of("a.csv:3: column \"count\": *many*")))
        fail_msg("is %s", err.message);
    assert_true(f.api->is_cancelled(f.api));
    assert_true(f.api->rows_is_full(rows));
    f.api->rows_free(rows);
    close_host(&f);
}

/* ---- the listener ------------------------------------------------------- */

typedef struct heard {
    char log[80];
    uint64_t done, total;
} heard;

static void hear_log(void *context, carpel_log_level level, const char *message)
{
    snprintf(((heard *)context)->log, 80, "%d %s", level, message);
}

static void hear_progress(void *context, uint64_t done, uint64_t total)
{
    ((heard *)context)->done = done;
    ((heard *)context)->total = total;
}

static void test_listener(void **state)
{
    heard h = {0};
    cancel stop;
    const host_listener listener = {
        .context = &h, .log = hear_log, .progress = hear_progress, .cancel = &stop};
    cancel_init(&stop);
    plugin_host *host = host_new(NULL, NULL, &listener);
    const carpel_host *api = host_interface(host);
    (void)state;
    assert_int_equal(api->struct_size, sizeof(carpel_host));
    api->log(api, CARPEL_LOG_INFO, "hello");
    api->progress(api, 3, 9);
    assert_string_equal(h.log, "2 hello");
    assert_int_equal(h.done, 3);
    assert_int_equal(h.total, 9);
    carpel_rows *rows = api->rows_new(api, three, 3);
    assert_false(api->is_cancelled(api));
    assert_false(api->rows_is_full(rows));
    cancel_ask(&stop);
    assert_true(api->is_cancelled(api));
    assert_true(api->rows_is_full(rows));
    api->rows_free(rows);
    host_free(host);

    host = host_new(NULL, NULL, NULL);
    api = host_interface(host);
    api->log(api, CARPEL_LOG_INFO, "nobody hears");
    api->progress(api, 1, 2);
    assert_false(api->is_cancelled(api));
    host_free(host);
    host_free(NULL);
}

/* ---- many rows at once ---------------------------------------------------- */

enum { ADDED_COLUMNS = 9, ADDED_FIELDS = 8, ADDED_ROWS = 1300, ADDED_BYTES = 60 };

static const char *const added_texts[] = {"",
                                          "a",
                                          "ab",
                                          "shoes",
                                          "shoes and socks",
                                          "a longer text of more than sixteen bytes",
                                          "0",
                                          "7",
                                          "12.5",
                                          "12.50",
                                          "-3",
                                          "+4",
                                          ".5",
                                          "5.",
                                          "1e3",
                                          "000000001",
                                          "1234567890123",
                                          "99999999.99",
                                          "12.505",
                                          "true",
                                          "no",
                                          "2026-03-01",
                                          "2026-03-29",
                                          "2026-02-30",
                                          "2026-03-01 10:05:09",
                                          "2026-03-01T10:05:60",
                                          "2026-03-29T02:30:00",
                                          "2026-03-29 23:59:59",
                                          "2026-03-01T1a:05:09",
                                          "2026-03-01T10:05",
                                          "0001-01-01 00:00:00",
                                          "9999-12-31T23:59:59",
                                          "2026-03-01T10:05:09Z",
                                          "90 seconds",
                                          "caf\xc3\xa9",
                                          "caf\xe9"};

/* Digits with a point at any place, of any length about that of a word. */
static const char *write_decimal(random_numbers *random, char *out)
{
    size_t whole = 1 + random_below(random, 9), part = random_below(random, 3), size = 0;
    if (random_below(random, 20) == 0)
        out[size++] = '-';
    for (size_t i = 0; i < whole; i++)
        out[size++] = (char)('0' + random_below(random, 10));
    if (part > 0)
        out[size++] = '.';
    for (size_t i = 0; i < part; i++)
        out[size++] = (char)('0' + random_below(random, 10));
    out[size] = '\0';
    return random_below(random, 4) == 0 ? "" : out;
}

/* A text of any length, of which many differ in one byte only. */
static const char *write_word(random_numbers *random, char *out)
{
    size_t size = random_below(random, 40);
    memset(out, 'a', size);
    if (size > 0)
        out[random_below(random, size)] = (char)('a' + random_below(random, 3));
    out[size] = '\0';
    return out;
}

/* Texts for all columns: mostly such as fit them, so that many rows are good. */
static const char *choose_text(random_numbers *random, carpel_type type, size_t badness,
                               char *scratch)
{
    static const char *const numbers[] = {"1", "20", "345", "8", ""};
    static const char *const times[] = {"2026-03-01 10:05:09", "2026-03-01T00:00:00",
                                        "2026-03-29 23:59:59", "2026-10-25T02:30:00", ""};
    static const char *const dates[] = {"2026-03-01", "2024-02-29", "", "1970-01-01",
                                        "2026-03-01"};
    static const char *const words[] = {"true", "false", "yes", "", "no"};
    size_t any = random_below(random, sizeof added_texts / sizeof *added_texts);
    size_t one = random_below(random, 5);
    if (random_below(random, 1000) < badness)
        return added_texts[any];
    switch (type) {
    case CARPEL_INT: return numbers[one];
    case CARPEL_NUMBER:
    case CARPEL_DECIMAL: return write_decimal(random, scratch);
    case CARPEL_TIME: return times[one];
    case CARPEL_DATE: return dates[one];
    case CARPEL_BOOL: return words[one];
    case CARPEL_DURATION: return one < 3 ? "2 hours" : "";
    default: return one < 2 ? write_word(random, scratch) : added_texts[any % 20];
    }
}

/* The same rows, at once or one by one, as text. */
static char *add_all(const carpel_column *columns, const carpel_text_rows *texts,
                     bool at_once)
{
    fixture f = open_host(false);
    carpel_rows *rows = f.api->rows_new(f.api, columns, ADDED_COLUMNS);
    f.api->rows_begin_file(rows, "a.csv");
    if (at_once)
        f.api->rows_add(rows, texts);
    for (size_t i = 0; !at_once && i < texts->row_count; i++) {
        f.api->row_begin(rows, texts->first_line + i);
        for (size_t c = 0; c < ADDED_COLUMNS; c++) {
            if (texts->fields[c] == SIZE_MAX)
                continue;
            carpel_cell cell = texts->cells[i * ADDED_FIELDS + texts->fields[c]];
            f.api->row_set_text(rows, c, texts->data + cell.begin,
                                cell.size & ~CARPEL_CELL_QUOTED,
                                (cell.size & CARPEL_CELL_QUOTED) != 0);
        }
        f.api->row_end(rows);
    }
    char *good = take(&f, rows);
    text out;
    carpel_error err;
    text_init(&out);
    text_append(&out, good);
    memory_free(good);
    f.api->rows_free(rows);
    assert_true(host_is_well(f.host, &err));
    assert_true(quarantine_finish(f.quarantine, &err));
    close_host(&f);
    text bad;
    text_init(&bad);
    if (file_read(support_path("bad.csv"), 1 << 24, &bad, &err))
        text_append(&out, bad.data);
    text_done(&bad);
    return out.data;
}

static void test_rows_at_once(void **state)
{
    static char data[ADDED_ROWS * ADDED_FIELDS * ADDED_BYTES];
    static carpel_cell cells[ADDED_ROWS * ADDED_FIELDS];
    const carpel_type types[] = {CARPEL_PERSON, CARPEL_TIME,   CARPEL_STRING,
                                 CARPEL_INT,    CARPEL_NUMBER, CARPEL_DECIMAL,
                                 CARPEL_DATE,   CARPEL_BOOL,   CARPEL_DURATION};
    const size_t fields[] = {0, 1, 2, 3, 4, 4, 5, 6, SIZE_MAX};
    carpel_column columns[ADDED_COLUMNS];
    random_numbers random;
    (void)state;
    uint64_t seed = random_begin(&random, "test_rows");
    for (size_t i = 0; i < ADDED_COLUMNS; i++)
        columns[i] = column_of(types[i], types[i] == CARPEL_DECIMAL ? 2 : 0, NULL);
    for (size_t round = 0; round < 60; round++) {
        size_t at = 0, badness = round % 3 == 0 ? 0 : round % 3 == 1 ? 2 : 100;
        for (size_t i = 0; i < ADDED_ROWS * ADDED_FIELDS; i++) {
            size_t field = i % ADDED_FIELDS, column = field == 5   ? 6
                                                      : field == 6 ? 7
                                                                   : field;
            char scratch[ADDED_BYTES];
            const char *text = choose_text(&random, types[column], badness, scratch);
            bool is_quoted = random_below(&random, 4) == 0;
            cells[i] =
                (carpel_cell){(uint32_t)at, (uint32_t)strlen(text) |
                                                (is_quoted ? CARPEL_CELL_QUOTED : 0)};
            memcpy(data + at, text, strlen(text));
            at += strlen(text);
        }
        carpel_text_rows texts = {sizeof texts, data,         at,     cells,
                                  ADDED_ROWS,   ADDED_FIELDS, fields, 5};
        char *expected = add_all(columns, &texts, false);
        char *found = add_all(columns, &texts, true);
        if (strcmp(expected, found) != 0)
            fail_msg("seed %llu, round %zu:\n%s\n---\n%s", (unsigned long long)seed,
                     round, expected, found);
        memory_free(expected);
        memory_free(found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_empty_texts),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_bad_rows_leave_no_trace),
        cmocka_unit_test(test_cell_set_again),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_breaches),
        cmocka_unit_test(test_no_row_is_lost),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_full_by_bytes),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_listener),
        cmocka_unit_test(test_rows_at_once),
    };
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
