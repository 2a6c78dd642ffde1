/* SPDX-License-Identifier: MIT
 *
 * How far a load is: in the bytes that a source tells, or in rows where it tells none.
 */
#include "plugin_support.h"

#include "engine/engine.h"

typedef struct heard {
    char stages[200]; /* "reading a: rows; ", ... */
    uint64_t last;
    bool went_back;
} heard;

static void hear_stage(void *context, const char *title, const char *unit, uint64_t total)
{
    heard *h = context;
    size_t used = strlen(h->stages);
    (void)total;
    snprintf(h->stages + used, sizeof h->stages - used, "%s: %s; ", title, unit);
    h->last = 0;
}

static void hear_progress(void *context, uint64_t done)
{
    heard *h = context;
    h->went_back |= done < h->last;
    h->last = done;
}

/* Load a project with one source; returns how many rows came. */
static uint64_t load(const char *project, heard *out)
{
    carpel_error err;
    uint64_t rows = 0;
    support_write("carpel.yaml", project, strlen(project));
    support_write("rules.seg", "segment all when true\n", 22);
    diags *problems = diags_new();
    engine *e = engine_open(support_directory, problems);
    assert_non_null(e);
    assert_true(engine_compile(e, problems));
    *out = (heard){0};
    const engine_load_options options = {
        .listener = {.context = out, .stage = hear_stage, .progress = hear_progress},
        .refused_path = support_path("bad.csv")};
    if (!engine_load(e, &options, &err))
        fail_msg("%s", err.message);
    for (size_t i = 0; i < engine_intake_count(e); i++)
        rows += engine_intake_of(e, i)->taken + engine_intake_of(e, i)->refused;
    engine_close(e);
    diags_free(problems);
    return rows;
}

static void test_rows(void **state)
{
    heard h;
    (void)state;
    uint64_t rows =
        load("rules: \"*.seg\"\nstore: none\nevents: {purchase: {}}\nsources:\n"
             "  - {name: made, plugin: synthetic, people: 3000}\n",
             &h);
    assert_non_null(strstr(h.stages, "reading made: rows; "));
    assert_null(strstr(h.stages, "bytes"));
    assert_false(h.went_back);
    assert_true(rows > 0);
}

static void test_bytes(void **state)
{
    static const char file[] = "who,at\nann,2026-01-01\nbob,2026-01-02\n";
    heard h;
    (void)state;
    support_write("a.csv", file, strlen(file));
    load("rules: \"*.seg\"\nstore: none\nevents: {purchase: {}}\nsources:\n"
         "  - {name: log, plugin: csv, files: a.csv, person: who, time: at, event: "
         "purchase}\n",
         &h);
    assert_non_null(strstr(h.stages, "reading log: bytes; "));
    assert_null(strstr(h.stages, "rows"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows),
                                       cmocka_unit_test(test_bytes)};
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
