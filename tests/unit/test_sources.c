/* SPDX-License-Identifier: MIT
 *
 * What every source has to keep, tried on each that is shipped: the schema is the one that
 * was asked for, the batches hold together (plugin_support.h checks them), a
 * source gives the same rows when it is opened again, a bad row is set aside and the
 * rest goes on, and the work ends when the host says so.
 */
#include "plugin_support.h"

#include <errno.h>

static const carpel_column columns[] = {
    {.name = "person", .from = "person", .type = CARPEL_PERSON},
    {.name = "event", .from = "event", .type = CARPEL_STRING},
    {.name = "time", .from = "time", .type = CARPEL_TIME},
    {.name = "again", .from = "person", .type = CARPEL_STRING},
    {.name = "nothing", .from = "nothing", .type = CARPEL_DATE, .is_optional = true}};
enum { COLUMN_COUNT = 5 };

typedef struct shipped {
    const char *name, *yaml;
    const char *content;                       /* of the file `in` */
    const char *expected_begin, *expected_bad; /* of what it gives */
} shipped;

static const shipped sources[] = {
    {"csv", "files: in\n",
     "person,time,event\nann,2026-01-01,purchase\nbob,never,visit\ncid,2026-01-02,"
     "visit\n",
     "2: ann|purchase|1767225600000000|ann|-\n4: cid|visit|1767312000000000|cid|-\n",
     "! in,3,*"},
    {"jsonl", "files: in\n",
     "{\"person\":\"ann\",\"time\":\"2026-01-01\",\"event\":\"purchase\"}\n"
     "{\"person\":\"bob\",\"time\":\"never\"}\n"
     "{\"person\":\"cid\",\"time\":\"2026-01-02\",\"event\":\"visit\"}\n",
     "1: ann|purchase|1767225600000000|ann|-\n3: cid|visit|1767312000000000|cid|-\n",
     "! in,2,*"},
    {"template",
     "rows: [\"ann;2026-01-01;purchase\", \"bob;never;visit\", "
     "\"cid;2026-01-02;visit\"]\n",
     "", "1: ann|purchase|1767225600000000|ann|-\n3: cid|visit|1767312000000000|cid|-\n",
     "! carpel.yaml,2,*"},
#ifdef CARPEL_HAVE_SQLITE
    {"sqlite",
     "file: in\nquery: \"select 'ann' as person, '2026-01-01' as time, 'purchase' as "
     "event "
     "union all values ('bob', 'never', 'visit'), ('cid', '2026-01-02', 'visit')\"\n",
     "", "1: ann|purchase|1767225600000000|ann|-\n3: cid|visit|1767312000000000|cid|-\n",
     "! \"in: select *\",2,*"},
#endif
    {"synthetic", "people: 40\ndays: 30\n", "", "1: c0000001|-|*|c0000001|-\n", ""},
};

static char *run(const shipped *s)
{
    support_write("in", s->content, strlen(s->content));
    return support_run(s->name, s->yaml, columns, COLUMN_COUNT);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        char pattern[500];
        char *actual = run(&sources[i]);
        snprintf(pattern, sizeof pattern, "%s%s", sources[i].expected_begin,
                 sources[i].expected_bad[0] != '\0' ? sources[i].expected_bad : "*");
        if (!slice_fits(slice_of(actual), slice_of(pattern)))
            fail_msg("%s gives\n%s", sources[i].name, actual);
        memory_free(actual);
    }
}

static void test_replay(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        char *first = run(&sources[i]), *second = run(&sources[i]);
        assert_true(strlen(first) > 0);
        assert_true(strcmp(first, second) == 0);
        memory_free(first);
        memory_free(second);
    }
}

/* A wanted column that is missing: an error at opening or reading, or a warning. */
static void test_missing_column(void **state)
{
    static const carpel_column wanted[] = {
        {.name = "person", .from = "persson", .type = CARPEL_PERSON}};
    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        support_write("in", sources[i].content, strlen(sources[i].content));
        char *actual = support_run(sources[i].name, sources[i].yaml, wanted, 1);
        if (strstr(actual, "persson") == NULL || strstr(actual, "person") == NULL)
            fail_msg("%s says\n%s", sources[i].name, actual);
        memory_free(actual);
    }
}

/* ---- the life of a stream ----------------------------------------------- */

typedef struct opened {
    catalog *catalog;
    arena *memory;
    source *file;
    plugin_host *host;
    carpel_request request;
    struct ArrowArrayStream stream;
} opened;

static void open_source(const shipped *s, const host_listener *listener, opened *o)
{
    const carpel_plugin *plugin;
    carpel_error err;
    support_write("in", s->content, strlen(s->content));
    o->catalog = support_catalog();
    assert_true(catalog_find(o->catalog, CARPEL_SOURCE, s->name, &plugin, &err));
    o->memory = arena_new();
    o->file = source_new("carpel.yaml", s->yaml, strlen(s->yaml));
    o->host = host_new(NULL, NULL, listener);
    o->request = (carpel_request){
        .name = s->name,
        .options = support_read_options(plugin, s->yaml, o->memory, o->file),
        .columns = columns,
        .column_count = COLUMN_COUNT,
        .project_directory = support_directory};
    if (!plugin->source->open(host_interface(o->host), &o->request, &o->stream, &err))
        fail_msg("%s", err.message);
}

static void close_opened(opened *o)
{
    o->stream.release(&o->stream);
    assert_null(o->stream.release);
    host_free(o->host);
    source_free(o->file);
    arena_free(o->memory);
    catalog_free(o->catalog);
}

static void test_end_stays_the_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        opened o;
        struct ArrowArray batch;
        open_source(&sources[i], NULL, &o);
        while (o.stream.get_next(&o.stream, &batch) == 0 && batch.release != NULL)
            batch.release(&batch);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(o.stream.get_next(&o.stream, &batch), 0);
            assert_null(batch.release);
        }
        close_opened(&o);
    }
}

/* Released before a single row was read, and in the middle. */
static void test_early_release(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        opened o;
        struct ArrowArray batch;
        open_source(&sources[i], NULL, &o);
        close_opened(&o);
        open_source(&sources[i], NULL, &o);
        assert_int_equal(o.stream.get_next(&o.stream, &batch), 0);
        close_opened(&o);
        batch.release(&batch); /* outlives the stream */
    }
}

static void test_cancelled(void **state)
{
    cancel asked;
    const host_listener listener = {.cancel = &asked};
    (void)state;
    cancel_init(&asked);
    cancel_ask(&asked);
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        opened o;
        struct ArrowArray batch;
        open_source(&sources[i], &listener, &o);
        assert_int_equal(o.stream.get_next(&o.stream, &batch), ECANCELED);
        assert_non_null(o.stream.get_last_error(&o.stream));
        close_opened(&o);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),           cmocka_unit_test(test_replay),
        cmocka_unit_test(test_missing_column), cmocka_unit_test(test_end_stays_the_end),
        cmocka_unit_test(test_early_release),  cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
