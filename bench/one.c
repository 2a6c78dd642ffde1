/* SPDX-License-Identifier: MIT
 *
 * What judging one person alone costs: a project is opened, its data are read and a judge is
 * made once; then people are asked about one after another, and each range of histories has
 * a line: the first time, when the rows come from memory, and again and again, when they lie
 * in the cache. All answers are compared with those of judging everyone.
 *
 *     one PROJECT AS_OF PEOPLE [AGAIN]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/bitmap.h"
#include "base/clock.h"
#include "engine/engine.h"
#include "loaded.h"
#include "exec/judge.h"

/* Histories of fewer events, and no fewer than those of the range before. */
typedef struct size_range {
    size_t below;
    size_t people, events;
    double first_seconds, again_seconds;
} size_range;

static size_range ranges[] = {{.below = 1},    {.below = 10},      {.below = 90},
                              {.below = 110},  {.below = 900},     {.below = 1100},
                              {.below = 9000}, {.below = SIZE_MAX}};
enum { RANGE_COUNT = sizeof ranges / sizeof *ranges };

/* Other programs that take the processor do not count. */
static double seconds_worked(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t events_of(const store *s, size_t person)
{
    size_t count = 0;
    for (size_t k = 0; k < s->schema->kind_count; k++)
        if (s->kinds[k].offsets)
            count += s->kinds[k].offsets[person + 1] - s->kinds[k].offsets[person];
    return count;
}

/* Everyone's answers, to compare with: of segments and members of groups. */
static bool is_in(const run_result *all, const rule *rule, size_t place, size_t person)
{
    const run_segment *of =
        rule->kind == RULE_SEGMENT ? all->segments : all->group_members;
    return bitmap_get(of[place].members, person);
}

static size_t count_differences(const judge *j, const graph *g, const run_result *all,
                                size_t person)
{
    size_t segments = 0, members = 0, wrong = 0;
    for (size_t i = 0; i < g->rule_count; i++) {
        if (g->rules[i].kind > RULE_GROUP)
            continue;
        size_t place = g->rules[i].kind == RULE_SEGMENT ? segments++ : members++;
        wrong += judge_holds(j, i) != is_in(all, &g->rules[i], place, person);
    }
    return wrong;
}

static bool time_person(judge *j, const store *s, size_t person, size_t again,
                        carpel_error *err)
{
    size_t events = events_of(s, person);
    size_range *range = ranges;
    while (events >= range->below)
        range++;
    double begin = seconds_worked();
    bool ok = judge_person(j, person, err);
    double middle = seconds_worked();
    for (size_t i = 0; i < again && ok; i++)
        ok = judge_person(j, person, err);
    range->first_seconds += middle - begin;
    range->again_seconds += seconds_worked() - middle;
    range->people++;
    range->events += events;
    return ok;
}

static void print_ranges(size_t again)
{
    printf("%10s %10s %12s %12s\n", "events", "people", "first (us)", "again (us)");
    for (const size_range *r = ranges; r < ranges + RANGE_COUNT; r++) {
        double people = (double)r->people;
        if (r->people > 0)
            printf("%10.1f %10zu %12.2f %12.2f\n", (double)r->events / people, r->people,
                   r->first_seconds * 1e6 / people,
                   again ? r->again_seconds * 1e6 / people / (double)again : 0);
    }
}

static int judge_some(engine *e, int64_t as_of, size_t wanted, size_t again)
{
    carpel_error err;
    const store *s = engine_store(e);
    double begin = clock_monotonic_seconds();
    judge *j = engine_judge(e, as_of, &err);
    if (j == NULL)
        return complain(err.message);
    printf("made in %.3f ms\n", (clock_monotonic_seconds() - begin) * 1e3);
    run_result *all = engine_run(e, as_of, 0, NULL, &err);
    if (all == NULL)
        return complain(err.message);
    size_t differences = 0, step = s->person_count / wanted + 1;
    for (size_t first = 0; first < step && wanted > 0; first++)
        for (size_t p = first; p < s->person_count && wanted > 0; p += step, wanted--) {
            if (!time_person(j, s, p, again, &err))
                return complain(err.message);
            differences += count_differences(j, engine_graph(e), all, p);
        }
    print_ranges(again);
    printf("%zu answers differ from those of judging everyone\n", differences);
    run_result_free(all);
    judge_free(j);
    return differences > 0;
}

int main(int argc, char **argv)
{
    if (argc < 4 || argc > 5)
        return complain("usage: one PROJECT AS_OF PEOPLE [AGAIN]");
    loaded l;
    int code = 1;
    if (loaded_open(&l, argv[1], argv[2]))
        code = judge_some(l.engine, l.as_of, (size_t)atoll(argv[3]),
                          argc > 4 ? (size_t)atoll(argv[4]) : 0);
    loaded_close(&l);
    return code;
}
