/* SPDX-License-Identifier: MIT
 *
 * Sequences of which is only asked whether there is one are found by a walk of their own,
 * several in one (chains.h), or by the last rows (loose_ends.h). When the same sequences are counted,
 * the matcher finds them. Over long random histories both find the same people.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "exec/chains.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOW           INT64_C(1774224000000000) /* 2026-03-23 */
#define HOUR          INT64_C(3600000000)

static const char *const patterns[] = {
    "(a then b)",
    "(a then a)",
    "(a then b then a)",
    "(a then b then c)",
    "(a where (n < 5) then b then c where (n > 2))",
    "((a or x) then b)",
    "(a then (b or c))",
    "((a where (n = 1) or b) then c then (a or x where (n > 4)))",
    "(few then b)",
    "(a where (n < 7) then b)",
    "(a then b where (n < 7))",
    "(a then no b)",
    "(a where (n < 5) then no (b or x where (n > 4)))",
    "((a or x) then no few)",
    "(a then no b within 90 minutes)",
    "(a then no a within 1 hour)",
    "(a where (n > 3) then no (b or c where (n > 2)) within 3 days)",
    "((few or x) then no x where (n < 8) within 2 hours)",
    "(a then no b within 1 month)",
};

static const char *const bounds[] = {"", " all within 1 hour", " all within 3 hours",
                                     " all within 30 hours", " all within 1 month"};

static const char *const windows[] = {
    "",
    " since 15 days ago",
    " since 9 days ago before 2 days ago",
    " since 3 days ago",
    " between 2026-03-05 and 2026-03-09",
    " before 12 days ago",
};

/* ---- histories ------------------------------------------------------------ */

static uint64_t draw(uint64_t *state, uint64_t below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

/* Some events of one instant, most within hours, and now and then a gap of days. */
static int64_t next_time(uint64_t *random, int64_t time)
{
    uint64_t kind = draw(random, 20);
    if (kind < 4)
        return time;
    return time + (kind == 4 ? 40 * HOUR : (int64_t)draw(random, 8) * HOUR / 2);
}

static void add_history(world *w, size_t person, size_t count, uint64_t *random)
{
    int64_t time = NOW - 22 * 24 * HOUR;
    for (size_t i = 0; i < count; i++) {
        world_value values[1] = {{.integer = (int64_t)draw(random, 10)}};
        time = next_time(random, time);
        world_add(w, (world_event){.person = person,
                                   .kind = (size_t)draw(random, 4),
                                   .time = time,
                                   .values = values});
    }
}

static world *world_of_histories(void)
{
    static const size_t counts[] = {1, 2, 3, 4, 6, 9, 14, 30, 80, 240};
    world *w = world_new("Europe/Berlin");
    uint64_t random = 5;
    world_kind(w, "a", "n int");
    world_kind(w, "b", "n int");
    world_kind(w, "c", "n int");
    world_kind(w, "x", "n int");
    for (size_t i = 0; i < 12 * LENGTH(counts); i++) {
        char id[16];
        snprintf(id, sizeof id, "p%zu", i);
        add_history(w, world_person(w, id), counts[i % LENGTH(counts)], &random);
    }
    return w;
}

/* ---- rules ----------------------------------------------------------------- */

enum { VARIANTS = LENGTH(bounds) * LENGTH(windows) };

static void append_segment(size_t i, const char *before, const char *behind, text *out)
{
    const char *window = windows[i % VARIANTS / LENGTH(bounds)];
    text_append_format(out, "segment s%zu when %s%s%s%s%s\n", i, before,
                       patterns[i / VARIANTS], bounds[i % LENGTH(bounds)], window,
                       behind);
}

/* All patterns in all bounds and windows, each as a segment: with a form around it. */
static world_rules *compile(world *w, const char *before, const char *behind)
{
    text rules;
    text_init(&rules);
    text_append(&rules, "event few = a where (n > 7)\n");
    for (size_t i = 0; i < LENGTH(patterns) * VARIANTS; i++)
        append_segment(i, before, behind, &rules);
    text_append_format(&rules, "segment never when %s(a then b) since 2026-06-01%s\n",
                       before, behind);
    world_rules *compiled = world_compile(w, rules.data);
    if (!compiled->plan)
        fail_msg("%s\n%s", compiled->messages, rules.data);
    text_done(&rules);
    return compiled;
}

static void check_same(const run_segment *chain, const run_segment *counted, size_t count)
{
    for (size_t p = 0; p < count; p++)
        if (bitmap_get(chain->members, p) != bitmap_get(counted->members, p))
            fail_msg("%s: person %zu, in: %d", counted->path, p,
                     bitmap_get(chain->members, p));
}

static void test_chains_are_what_the_matcher_finds(void **state)
{
    (void)state;
    static const size_t block_sizes[] = {0, 1, 7};
    world *w = world_of_histories();
    store *s = world_store(w);
    world_rules *did = compile(w, "did ", ""),
                *counted = compile(w, "count(", ") * 2 > 1");
    run_result *expected = world_run(w, counted, s, NOW, 1, 0);
    size_t some = 0;
    for (size_t k = 0; k < LENGTH(block_sizes); k++) {
        run_result *r = world_run(w, did, s, NOW, 1, block_sizes[k]);
        for (size_t i = 0; i < r->segment_count; i++) {
            check_same(&r->segments[i], &expected->segments[i], r->people.count);
            some += r->segments[i].size > 3 && r->segments[i].size < 100;
        }
        run_result_free(r);
    }
    assert_true(some > 600); /* or the histories ask nothing */
    run_result_free(expected);
    world_rules_free(counted);
    world_rules_free(did);
    store_free(s);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chains_are_what_the_matcher_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
