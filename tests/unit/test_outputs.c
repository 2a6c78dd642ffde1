/* SPDX-License-Identifier: MIT
 *
 * The outputs as built and loaded: what they write, and that a failure leaves the file of
 * before and nothing beside it.
 */
#include "plugin_support.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/dictionary.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/path.h"
#include "base/placing.h"
#include "plugin/arrow.h"
#include "plugin/cells.h"
#include "plugin/results.h"

#define NOON INT64_C(1767268800000000) /* 2026-01-01T12:00:00Z */

/* Members of two segments: the last person's id needs quoting. */
typedef struct members {
    dictionary *persons;
    result_item items[2];
    result_table table;
    struct ArrowArrayStream stream;
} members;

static void open_members(members *m, const char *third_person, int64_t as_of)
{
    static const uint64_t some = 4, all = 7;
    static const uint32_t order[] = {0, 1, 2};
    m->persons = dictionary_new();
    m->items[0] = (result_item){.segment = "vip",
                                .members = &some,
                                .ids = m->persons,
                                .order = order,
                                .count = 3};
    m->items[1] = (result_item){.segment = "life.new",
                                .members = &all,
                                .ids = m->persons,
                                .order = order,
                                .count = 3};
    dictionary_add(m->persons, "ann", 3);
    dictionary_add(m->persons, "b\xc3\xb6rn", 5);
    dictionary_add(m->persons, third_person, strlen(third_person));
    m->table = support_memberships(m->items, 2, as_of);
    results_stream(&m->table, &m->stream);
}

static void close_members(members *m)
{
    m->stream.release(&m->stream);
    dictionary_free(m->persons);
}

/* Run an output over a stream; true when it succeeds. */
static bool run_columns(const char *name, const char *yaml, const carpel_column *columns,
                        size_t column_count, struct ArrowArrayStream *stream,
                        const host_listener *listener, carpel_error *err)
{
    const carpel_plugin *plugin;
    catalog *c = support_catalog();
    if (!catalog_find(c, CARPEL_OUTPUT, name, &plugin, err))
        fail_msg("%s", err->message);
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml, strlen(yaml));
    plugin_host *host = host_new(NULL, NULL, listener);
    placing *files = placing_new(NULL, NULL);
    host_lend_files(host, files);
    carpel_delivery delivery = {.struct_size = sizeof(carpel_delivery),
                                .options =
                                    support_read_options(plugin, yaml, memory, file),
                                .columns = columns,
                                .column_count = column_count};
    void *instance;
    bool ok = plugin->output->begin(host_interface(host), &delivery, &instance, err);
    if (ok) {
        ok = plugin->output->write(instance, stream, err) &&
             placing_prepare(files, err) && placing_copy_streams(files, err) &&
             placing_put(files, err) && placing_keep(files, err);
        plugin->output->close(instance);
    }
    placing_free(files);
    host_free(host);
    arena_free(memory);
    source_free(file);
    catalog_free(c);
    return ok;
}

static bool run(const char *name, const char *yaml, struct ArrowArrayStream *stream,
                const host_listener *listener, carpel_error *err)
{
    return run_columns(name, yaml, support_membership_names, 3, stream, listener, err);
}

static void expect_file(const char *name, const char *expected)
{
    carpel_error err;
    text content;
    text_init(&content);
    if (!file_read(support_path(name), 1 << 20, &content, &err))
        fail_msg("%s", err.message);
    assert_string_equal(content.data, expected);
    text_done(&content);
}

/* Nothing but these files (NULL: none) lies in the folder. */
static void expect_alone(const char *name)
{
    path_list files = {0};
    carpel_error err;
    if (path_glob(support_path("*"), &files, &err))
        assert_string_equal(path_base(files.items[0]), name != NULL ? name : "");
    assert_int_equal(files.count, name != NULL);
    path_list_done(&files);
}

typedef struct output_case {
    const char *name, *options, *person;
    int64_t as_of;
    const char *expected;
} output_case;

static const output_case cases[] = {
    {"csv", "", "zoe", NOON,
     "segment,person,as_of\nvip,zoe,2026-01-01T12:00:00Z\n"
     "life.new,ann,2026-01-01T12:00:00Z\nlife.new,b\xc3\xb6rn,2026-01-01T12:00:00Z\n"
     "life.new,zoe,2026-01-01T12:00:00Z\n"},
    {"csv", "header: false\ndelimiter: tab", "z\t\"o\"\ne", 1,
     "vip\t\"z\t\"\"o\"\"\ne\"\t1970-01-01T00:00:00.000001Z\n"
     "life.new\tann\t1970-01-01T00:00:00.000001Z\n"
     "life.new\tb\xc3\xb6rn\t1970-01-01T00:00:00.000001Z\n"
     "life.new\t\"z\t\"\"o\"\"\ne\"\t1970-01-01T00:00:00.000001Z\n"},
    {"csv", "header: false\ndelimiter: \":\"", " z", -500000,
     "vip:\" z\":\"1969-12-31T23:59:59.5Z\"\nlife.new:ann:\"1969-12-31T23:59:59.5Z\"\n"
     "life.new:b\xc3\xb6rn:\"1969-12-31T23:59:59.5Z\"\n"
     "life.new:\" z\":\"1969-12-31T23:59:59.5Z\"\n"},
    {"jsonl", "", "z\"o\\e\n\x01", NOON,
     "{\"segment\":\"vip\",\"person\":\"z\\\"o\\\\e\\n\\u0001\",\"as_of\":\"2026-01-"
     "01T12:00:00Z\"}"
     "\n{\"segment\":\"life.new\",\"person\":\"ann\",\"as_of\":\"2026-01-01T12:00:00Z\"}"
     "\n"
     "{\"segment\":\"life.new\",\"person\":\"b\xc3\xb6rn\",\"as_of\":\"2026-01-01T12:00:"
     "00Z\"}\n"
     "{\"segment\":\"life.new\",\"person\":\"z\\\"o\\\\e\\n\\u0001\","
     "\"as_of\":\"2026-01-01T12:00:00Z\"}\n"},
    {"template", "", "zoe", NOON, "vip 1\nlife.new 3\n"},
};

static void test_content(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char yaml[200];
        members m;
        carpel_error err;
        snprintf(yaml, sizeof yaml, "path: out\n%s\n", cases[i].options);
        open_members(&m, cases[i].person, cases[i].as_of);
        if (!run(cases[i].name, yaml, &m.stream, NULL, &err))
            fail_msg("%s: %s", cases[i].name, err.message);
        close_members(&m);
        expect_file("out", cases[i].expected);
        expect_alone("out");
    }
    unlink(support_path("out"));
}

static const char *const all_outputs[] = {"csv", "jsonl", "template"};

/* A stream that fails after its first batch. */
typedef struct broken_stream {
    struct ArrowArrayStream inner;
    int calls, result;
} broken_stream;

static int broken_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    broken_stream *b = stream->private_data;
    return b->inner.get_schema(&b->inner, out);
}

static int broken_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    broken_stream *b = stream->private_data;
    return b->calls++ == 0 ? b->inner.get_next(&b->inner, out) : b->result;
}

static const char *broken_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return "the rows fell over";
}

static void test_failure_in_mid_stream(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof all_outputs / sizeof *all_outputs; i++) {
        members m;
        carpel_error err;
        support_write("out", "of before\n", 10);
        open_members(&m, "zoe", NOON);
        broken_stream broken = {.inner = m.stream, .result = EIO};
        struct ArrowArrayStream stream = {.get_schema = broken_schema,
                                          .get_next = broken_next,
                                          .get_last_error = broken_error,
                                          .private_data = &broken};
        assert_false(run(all_outputs[i], "path: out\n", &stream, NULL, &err));
        assert_string_equal(err.message, "the rows fell over");
        close_members(&m);
        expect_file("out", "of before\n");
        expect_alone("out");
    }
    unlink(support_path("out"));
}

static void test_cancelled(void **state)
{
    cancel asked;
    const host_listener listener = {.cancel = &asked};
    (void)state;
    cancel_init(&asked);
    cancel_ask(&asked);
    for (size_t i = 0; i < sizeof all_outputs / sizeof *all_outputs; i++) {
        members m;
        carpel_error err;
        open_members(&m, "zoe", NOON);
        assert_false(run(all_outputs[i], "path: out\n", &m.stream, &listener, &err));
        assert_int_equal(err.code, CARPEL_E_CANCELLED);
        close_members(&m);
        expect_alone(NULL);
    }
}

static void expect_failure(const char *name, const char *yaml, const char *message)
{
    members m;
    carpel_error err;
    open_members(&m, "zoe", NOON);
    assert_false(run(name, yaml, &m.stream, NULL, &err));
    close_members(&m);
    if (!slice_fits(slice_of(err.message), slice_of(message)))
        fail_msg("%s: is %s", yaml, err.message);
}

static void test_bad_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const char *name = all_outputs[i];
        expect_failure(name, "path: .\n", "cannot write \"*\": it is a folder");
        support_write("file", "x", 1);
        expect_failure(name, "path: file/out\n", "cannot *: Not a directory");
        unlink(support_path("file"));
        expect_alone(NULL);
    }
    expect_failure("csv", "path: out\ndelimiter: \"::\"\n", "delimiter \"::\" is not *");
    expect_failure("csv", "path: out\ndelimiter: \"\"\n", "delimiter \"\" is not *");
    expect_failure("csv", "path: out\ndelimiter: \"\\\"\"\n",
                   "delimiter \"\"\" is not *");
    expect_alone(NULL);
}

static void test_folder_is_made(void **state)
{
    members m;
    carpel_error err;
    (void)state;
    open_members(&m, "zoe", NOON);
    assert_true(run("jsonl", "path: a/b/out\n", &m.stream, NULL, &err));
    close_members(&m);
    assert_true(file_exists(support_path("a/b/out")));
    unlink(support_path("a/b/out"));
    rmdir(support_path("a/b"));
    rmdir(support_path("a"));
}

/* A link stays a link, and the file that it names keeps its mode. */
static void test_link_and_mode(void **state)
{
    members m;
    carpel_error err;
    struct stat st;
    (void)state;
    support_write("real", "x", 1);
    assert_int_equal(chmod(support_path("real"), 0600), 0);
    assert_int_equal(symlink("real", support_path("link")), 0);
    open_members(&m, "zoe", NOON);
    assert_true(run("csv", "path: link\n", &m.stream, NULL, &err));
    close_members(&m);
    assert_int_equal(lstat(support_path("link"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(support_path("real"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_true(st.st_size > 1);
    unlink(support_path("link"));
    unlink(support_path("real"));
}

/* Without anybody in any segment there is a file still: an empty one. */
static void test_nobody(void **state)
{
    static const uint64_t none = 0;
    dictionary *persons = dictionary_new();
    const result_item item = {.segment = "vip", .members = &none, .ids = persons};
    const result_table table = support_memberships(&item, 1, NOON);
    struct ArrowArrayStream stream;
    carpel_error err;
    (void)state;
    results_stream(&table, &stream);
    assert_true(run("csv", "path: out\n", &stream, NULL, &err));
    stream.release(&stream);
    expect_file("out", "segment,person,as_of\n");
    unlink(support_path("out"));
    dictionary_free(persons);
}

/* ---- every type of column ------------------------------------------------------------- */

static const carpel_column typed_columns[] = {
    {.name = "text", .type = CARPEL_STRING},
    {.name = "yes", .type = CARPEL_BOOL},
    {.name = "count", .type = CARPEL_INT},
    {.name = "price", .type = CARPEL_DECIMAL, .scale = 2},
    {.name = "score", .type = CARPEL_NUMBER},
    {.name = "at", .type = CARPEL_TIME},
    {.name = "day", .type = CARPEL_DATE},
    {.name = "long, it", .type = CARPEL_DURATION}};
enum { TYPED_COUNT = sizeof typed_columns / sizeof *typed_columns };

/* One batch, made with the cells that sources fill. */
typedef struct typed_stream {
    cells columns[TYPED_COUNT];
    size_t row_count;
    bool is_over;
} typed_stream;

static int typed_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    typed_stream *t = stream->private_data;
    arrow_schema_init(out, "+s", "", TYPED_COUNT);
    for (size_t i = 0; i < TYPED_COUNT; i++)
        cells_schema(&t->columns[i], out->children[i]);
    return 0;
}

static int typed_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    typed_stream *t = stream->private_data;
    *out = (struct ArrowArray){0};
    if (t->is_over)
        return 0;
    arrow_array_init(out, t->row_count, 0, 1, TYPED_COUNT);
    for (size_t i = 0; i < TYPED_COUNT; i++)
        cells_take(&t->columns[i], t->row_count, out->children[i]);
    t->is_over = true;
    return 0;
}

static const char *typed_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void typed_release(struct ArrowArrayStream *stream)
{
    typed_stream *t = stream->private_data;
    for (size_t i = 0; i < TYPED_COUNT; i++)
        cells_done(&t->columns[i]);
    stream->release = NULL;
}

/* NULL: missing. */
static const char *const typed_rows[][TYPED_COUNT] = {
    {"a\"b", "true", "-7", "-0.05", "0.1", "2026-03-01T10:00:00Z", "2026-03-01",
     "90 seconds"},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
    {"", "false", "9223372036854775807", "12.5", "1e300", "1969-12-31T23:59:59.25Z",
     "1969-12-31", "0.5 seconds"},
    {"x", "false", "0", "0", "3", "0001-01-01T00:00:00Z", "9999-12-31", "0 seconds"},
};

static void open_typed(typed_stream *t, struct ArrowArrayStream *out)
{
    text reason;
    text_init(&reason);
    *t = (typed_stream){.row_count = sizeof typed_rows / sizeof *typed_rows};
    for (size_t i = 0; i < TYPED_COUNT; i++) {
        cells_init(&t->columns[i], &typed_columns[i], NULL);
        for (size_t row = 0; row < t->row_count; row++) {
            const char *cell = typed_rows[row][i];
            if (cell != NULL &&
                !cells_set_text(&t->columns[i], row, cell, strlen(cell), true, &reason))
                fail_msg("%s: %s", cell, reason.data);
            cells_end_row(&t->columns[i], row);
        }
    }
    text_done(&reason);
    *out = (struct ArrowArrayStream){typed_schema, typed_next, typed_error, typed_release,
                                     t};
}

static void expect_typed(const char *name, const char *yaml, const char *expected)
{
    typed_stream t;
    struct ArrowArrayStream stream;
    carpel_error err;
    open_typed(&t, &stream);
    if (!run_columns(name, yaml, typed_columns, TYPED_COUNT, &stream, NULL, &err))
        fail_msg("%s: %s", name, err.message);
    stream.release(&stream);
    expect_file("out", expected);
    unlink(support_path("out"));
}

/* A missing text and an empty one stay two things; numbers read the same again. */
static void test_every_type(void **state)
{
    (void)state;
    expect_typed("csv", "path: out\n",
                 "text,yes,count,price,score,at,day,\"long, it\"\n"
                 "\"a\"\"b\",true,-7,-0.05,0.1,2026-03-01T10:00:00Z,2026-03-01,90\n"
                 ",,,,,,,\n"
                 "\"\",false,9223372036854775807,12.50,1e+300,1969-12-31T23:59:59.25Z,"
                 "1969-12-31,0.5\n"
                 "x,false,0,0.00,3,0001-01-01T00:00:00Z,9999-12-31,0\n");
    expect_typed(
        "jsonl", "path: out\n",
        "{\"text\":\"a\\\"b\",\"yes\":true,\"count\":-7,\"price\":-0.05,\"score\":0.1,"
        "\"at\":\"2026-03-01T10:00:00Z\",\"day\":\"2026-03-01\",\"long, it\":90}\n"
        "{\"text\":null,\"yes\":null,\"count\":null,\"price\":null,\"score\":null,"
        "\"at\":null,\"day\":null,\"long, it\":null}\n"
        "{\"text\":\"\",\"yes\":false,\"count\":9223372036854775807,\"price\":12.50,"
        "\"score\":1e+300,\"at\":\"1969-12-31T23:59:59.25Z\",\"day\":\"1969-12-31\","
        "\"long, it\":0.5}\n"
        "{\"text\":\"x\",\"yes\":false,\"count\":0,\"price\":0.00,\"score\":3,"
        "\"at\":\"0001-01-01T00:00:00Z\",\"day\":\"9999-12-31\",\"long, it\":0}\n");
}

/* What the host says of the columns and what it streams have to agree. */
static void test_other_columns_than_announced(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        members m;
        carpel_error err;
        open_members(&m, "zoe", NOON);
        assert_false(run_columns(all_outputs[i], "path: out\n", typed_columns, 3,
                                 &m.stream, NULL, &err));
        assert_int_equal(err.code, CARPEL_E_PLUGIN);
        assert_string_equal(err.message,
                            "the column \"text\" is not as it was announced");
        close_members(&m);
        expect_alone(NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_failure_in_mid_stream),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_bad_places),
        cmocka_unit_test(test_folder_is_made),
        cmocka_unit_test(test_link_and_mode),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_other_columns_than_announced),
    };
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
