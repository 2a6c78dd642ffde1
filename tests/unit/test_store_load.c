/* SPDX-License-Identifier: MIT
 *
 * Loading into the store of a project: when it tells that it commits, and that the first and
 * the last time it says are those of the rows, as they are without a store.
 */
#include "plugin_support.h"

#include "base/file.h"
#include "engine/engine.h"
#include "store/store.h"

static const char project_file[] =
    "rules: \"*.seg\"\n"
    "events: {buy: {amount: decimal(2)}, see: {}}\n"
    "sources:\n"
    "  - {name: log, plugin: csv, files: \"?.csv\", person: who, time: at, event: {from: "
    "event}}\n";

static int commits;

static void put(const char *name, const char *data)
{
    support_write(name, data, strlen(data));
}

/* The store and its folders, which support_end does not know. */
static int end(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", support_path("kept"));
    return system(command) != 0 || support_end(state) != 0;
}

/* The manifest is not there yet, or is that of the load before. */
static void on_commit(void)
{
    commits++;
    assert_int_equal(file_exists(support_path("kept/manifest")), commits > 1);
}

static void make_project(bool has_store)
{
    text all;
    text_init(&all);
    text_append_format(&all, "%s%s", has_store ? "store: kept\n" : "store: none\n",
                       project_file);
    put("carpel.yaml", all.data);
    put("a.seg", "segment buyers when did buy\n");
    text_done(&all);
}

static void assert_span(const store *s)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t k = 0; k < s->schema->kind_count; k++)
        for (size_t r = 0; r < s->kinds[k].row_count; r++) {
            int64_t time = event_table_time(&s->kinds[k], r);
            first = time < first ? time : first;
            last = time > last ? time : last;
        }
    assert_true(s->event_count > 0);
    assert_true(s->first_time == first);
    assert_true(s->last_time == last);
}

static void load(uint64_t events)
{
    carpel_error err;
    diags *problems = diags_new();
    engine *e = engine_open(support_directory, problems);
    assert_non_null(e);
    assert_true(engine_compile(e, problems));
    const engine_load_options options = {.refused_path = support_path("refused.txt"),
                                         .commits = on_commit};
    if (!engine_load(e, &options, &err))
        fail_msg("%s", err.message);
    assert_int_equal(engine_store(e)->event_count, events);
    assert_span(engine_store(e));
    engine_close(e);
    diags_free(problems);
}

static void load_in_steps(bool has_store)
{
    commits = 0;
    make_project(has_store);
    put("a.csv", "who,at,event,amount\nann,2026-01-03,buy,1\nbob,2026-01-02,see,\n");
    unlink(support_path("b.csv"));
    load(2);
    assert_int_equal(commits, has_store);
    put("b.csv", "who,at,event,amount\neve,1969-12-31,see,\neve,2027-01-01,buy,2\n");
    load(4);
    assert_int_equal(commits, 2 * has_store);
}

static void test_in_memory(void **state)
{
    (void)state;
    load_in_steps(false);
}

static void test_with_a_store(void **state)
{
    (void)state;
    load_in_steps(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_in_memory),
                                       cmocka_unit_test(test_with_a_store)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, support_begin, end);
}
