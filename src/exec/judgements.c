/* SPDX-License-Identifier: MIT
 *
 * A series of judgements: at each unit's first instant the conditions are judged as any
 * rules are, and who enters or stays is carried on to the next.
 */
#include "exec/judgements.h"

#include "base/bitmap.h"

/* A series of hours over many years would run for ever; months over centuries do not
 * get near. */
enum { MOST_JUDGEMENTS = 100000 };

static int64_t unit_start(const plan *p, int64_t instant, calendar_unit unit,
                          int64_t units)
{
    return calendar_unit_start(p->zone, instant, unit, units, p->week_start);
}

/* The conditions at an instant, after what they import of an account's people. */
static run_result *run_conditions(const bound *b, const plan_judgement *j,
                                  run_options *at, carpel_error *err)
{
    run_result *of_people = NULL, *r = NULL;
    if (!j->people)
        return run_plan(j->conditions, b->store, at, err);
    of_people = run_plan(j->people, b->people, at, err);
    if (of_people) {
        at->imports = of_people->imports;
        r = run_plan(j->conditions, b->store, at, err);
    }
    run_result_free(of_people);
    return r;
}

/* in = did anything yet and (enters, or was in and stays) */
static bool judge_once(population *p, const plan_judgement *j, int64_t instant,
                       const run_options *options, uint64_t *members, carpel_error *err)
{
    enum { WHEN, STAY, DID };
    run_options at = {.as_of = instant,
                      .threads = options->threads,
                      .block_people = options->block_people,
                      .people = p->bound->people,
                      .cancel = options->cancel};
    run_result *r = run_conditions(p->bound, j, &at, err);
    if (!r)
        return false;
    const uint64_t *when = r->segments[WHEN].members, *stay = r->segments[STAY].members;
    const uint64_t *did = r->segments[DID].members;
    for (size_t w = 0; w < bitmap_words(r->people.count); w++)
        members[w] = did[w] & (when[w] | (members[w] & stay[w]));
    run_result_free(r);
    return true;
}

bool judge_series(population *p, const node *n, int64_t until, const run_options *options,
                  carpel_error *err)
{
    const plan *plan = p->bound->plan;
    calendar_unit unit = plan->graph->judgements[n->integer].unit;
    vector *out = &p->kept[n->id];
    size_t judged = 0;
    bitmap_fill(out->present, p->bound->store->person_count, true);
    if (p->bound->store->event_count == 0)
        return true;
    int64_t instant = unit_start(plan, p->bound->store->first_time, unit, 0);
    while (instant <= until) {
        if (++judged > MOST_JUDGEMENTS)
            return carpel_fail(
                err, CARPEL_E_LIMIT,
                "a segment would be judged more than %d times since the first "
                "event; judge it less often",
                MOST_JUDGEMENTS);
        if (!judge_once(p, &plan->judgements[n->integer], instant, options, out->values,
                        err))
            return false;
        int64_t next = unit_start(plan, instant, unit, 1);
        if (next <= instant)
            break; /* the end of time */
        instant = next;
    }
    return true;
}
