/* SPDX-License-Identifier: MIT
 *
 * A series of judgements: at each unit's first instant the conditions are judged as any
 * rules are, and who enters or stays is carried on to the next. Where the conditions ask
 * about a series in turn, that one goes on, too, instead of beginning anew at each instant.
 */
#include "exec/judgements.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/troubles.h"

/* Of one person: a series of hours over many years would run for ever; months over
 * centuries do not get near. */
enum { MOST_JUDGEMENTS = 100000 };

/* One series: its conditions, bound to the data once, and how far it has come. */
typedef struct series {
    /* of the run at hand: */
    population *population;
    const run_options *options;
    /* of all: */
    const node *node;
    const plan_judgement *judgement;
    bound *conditions, *people;
    int64_t *begins; /* by person: the first event; INT64_MAX: none, or it is too long */
    trouble too_long;
    bool has_begun;
    int64_t last;      /* the instant that was judged last */
    int64_t known_at;  /* who was known then was judged */
    uint64_t *members; /* who was in at the last */
    findings findings;
} series;

static int64_t unit_start(const plan *p, int64_t instant, calendar_unit unit,
                          int64_t units)
{
    return calendar_unit_start(p->zone, instant, unit, units, p->week_start);
}

/* ---- one judgement ------------------------------------------------------ */

static run_options options_at(const series *s, int64_t instant)
{
    return (run_options){.as_of = instant,
                         .judged_at = &s->population->bound->judged_at,
                         .threads = s->options->threads,
                         .block_people = s->options->block_people,
                         .people = s->population->bound->people,
                         .functions = s->population->bound->functions,
                         .cancel = s->options->cancel};
}

/* What the conditions import of an account's people; NULL when it fails. */
static run_result *run_people(const series *s, int64_t instant, carpel_error *err)
{
    run_options at = options_at(s, instant);
    at.people = NULL;
    at.bound = s->people;
    return run_plan(s->judgement->people, s->people->store, &at, err);
}

static void keep_findings(series *s, const run_result *r)
{
    const graph *g = s->population->bound->plan->graph;
    const rule *reader = first_user(g, s->node, RUN);
    for (size_t i = 0; i < r->findings->count; i++) {
        finding f = r->findings->items[i];
        f.rule = reader;
        f.series = s->node;
        findings_add(&s->findings, &f, dictionary_count(f.ids));
    }
}

/* in = did anything yet and (enters, or was in and stays) */
static bool judge_once(series *s, int64_t instant, carpel_error *err)
{
    enum { WHEN, STAY, DID };
    run_options at = options_at(s, instant);
    run_result *of_people = NULL, *r = NULL;
    at.bound = s->conditions;
    at.begins = s->begins;
    if (s->people == NULL || (of_people = run_people(s, instant, err))) {
        at.imports = of_people ? of_people->imports : NULL;
        r = run_plan(s->judgement->conditions, s->population->bound->store, &at, err);
    }
    if (r && of_people && of_people->findings->count > 0)
        keep_findings(s, of_people);
    if (r && r->findings->count > 0)
        keep_findings(s, r);
    if (r) {
        const uint64_t *when = r->segments[WHEN].members;
        const uint64_t *stay = r->segments[STAY].members, *did = r->segments[DID].members;
        for (size_t w = 0; w < bitmap_words(r->people.number_count); w++)
            s->members[w] = did[w] & (when[w] | (s->members[w] & stay[w]));
    }
    bool ok = r != NULL;
    run_result_free(r);
    run_result_free(of_people);
    return ok;
}

/* ---- whose series ------------------------------------------------------- */

/* The first event of the data that each person, or account, has. */
static void find_begins(const series *s, const store *data)
{
    for (size_t p = 0; p < data->person_count; p++)
        s->begins[p] = INT64_MAX;
    for (size_t k = 0; k < data->schema->kind_count; k++) {
        const event_table *t = &data->kinds[k];
        for (size_t p = 0; t->row_count > 0 && p < data->person_count; p++) {
            uint64_t row = t->offsets[p];
            if (row == t->offsets[p + 1] || event_table_time(t, row) >= s->begins[p])
                continue;
            s->begins[p] = event_table_time(t, row);
        }
    }
}

/* Leave out whom there would be too many judgements of; the first instant of the others,
 * or INT64_MAX. */
static int64_t leave_out_longest(series *s, int64_t until)
{
    const plan *plan = s->population->bound->plan;
    calendar_unit unit = plan->graph->judgements[s->node->judgement].unit;
    int64_t earliest = unit_start(plan, until, unit, 1 - MOST_JUDGEMENTS);
    int64_t first = INT64_MAX;
    size_t people = s->population->bound->store->person_count;
    for (size_t p = 0; p < people; p++) {
        if (s->begins[p] < earliest) {
            trouble_add(&s->too_long, people, p,
                        "the first event is so long ago that there would be more than "
                        "100000 judgements; judge it less often",
                        "");
            s->begins[p] = INT64_MAX;
        }
        first = s->begins[p] < first ? s->begins[p] : first;
    }
    return first == INT64_MAX ? first : unit_start(plan, first, unit, 0);
}

static void tell(series *s, const finding *f, size_t people)
{
    findings_add(&s->population->series, f, people);
}

static void tell_longest(series *s, uint64_t *members)
{
    const bound *b = s->population->bound;
    if (s->too_long.count == 0)
        return;
    for (size_t w = 0; w < bitmap_words(b->store->person_count); w++)
        members[w] &= ~s->too_long.people[w];
    finding f = {.kind = TROUBLE_SERIES,
                 .graph = b->plan->graph,
                 .id = s->node->id,
                 .rule = first_user(b->plan->graph, s->node, RUN),
                 .subject = "judged every",
                 .ids = b->store->persons,
                 .judged_count = b->store->person_count,
                 .of_accounts = b->people != NULL,
                 .trouble = s->too_long};
    tell(s, &f, b->store->person_count);
}

static void tell_all(series *s, uint64_t *members)
{
    for (size_t i = 0; i < s->findings.count; i++) {
        const finding *f = &s->findings.items[i];
        tell(s, f, dictionary_count(f->ids));
    }
    tell_longest(s, members);
}

/* ---- life cycle --------------------------------------------------------- */

void series_free(series *s)
{
    if (!s)
        return;
    bound_free(s->conditions);
    bound_free(s->people);
    trouble_done(&s->too_long);
    findings_done(&s->findings);
    memory_free(s->begins);
    memory_free(s->members);
    memory_free(s);
}

static bool bind_series(series *s, const bound *b, carpel_error *err)
{
    s->conditions = bind_plan(s->judgement->conditions, b->store, 0, b->cancel, err);
    if (s->judgement->people)
        s->people = bind_plan(s->judgement->people, b->people, 0, b->cancel, err);
    return s->conditions && (s->people || !s->judgement->people);
}

/* NULL: *err says why. */
static series *series_new(const bound *b, const node *n, carpel_error *err)
{
    size_t people = b->store->person_count;
    series *s = memory_alloc_zero(sizeof *s);
    s->node = n;
    s->judgement = &b->plan->judgements[n->judgement];
    s->begins = memory_alloc_array(people + 1, sizeof *s->begins);
    s->members = memory_alloc_zero_array(bitmap_words(people) + 1, sizeof *s->members);
    find_begins(s, b->store);
    if (bind_series(s, b, err))
        return s;
    series_free(s);
    return NULL;
}

/* From the last of them on everybody is known, so all later instants are alike. */
static int64_t known_at(const bound *b)
{
    int64_t last = b->store->last_known;
    return b->judged_at < last ? b->judged_at : last;
}

/* The series of a node, which stays with what its run is bound to; it goes on where it was,
 * unless that is behind what is asked for now. */
static series *series_of(bound *b, const node *n, int64_t until, carpel_error *err)
{
    if (!b->series)
        b->series = arena_alloc_array(b->memory, b->plan->graph->node_count + 1,
                                      sizeof *b->series);
    series **s = &b->series[n->id];
    if (*s && ((*s)->last > until || (*s)->known_at != known_at(b))) {
        series_free(*s);
        *s = NULL;
    }
    if (!*s)
        *s = series_new(b, n, err);
    return *s;
}

/* ---- from instant to instant -------------------------------------------- */

static bool judge_from(series *s, int64_t instant, int64_t until, carpel_error *err)
{
    const plan *plan = s->population->bound->plan;
    calendar_unit unit = plan->graph->judgements[s->node->judgement].unit;
    while (instant <= until) {
        if (!judge_once(s, instant, err))
            return false;
        s->has_begun = true;
        s->last = instant;
        int64_t next = unit_start(plan, instant, unit, 1);
        if (next <= instant)
            break; /* the end of time */
        instant = next;
    }
    return true;
}

/* The first instant that was not judged yet; INT64_MAX: none. */
static int64_t next_instant(series *s, int64_t until)
{
    const plan *plan = s->population->bound->plan;
    int64_t first = leave_out_longest(s, until);
    if (!s->has_begun)
        return first;
    int64_t next =
        unit_start(plan, s->last, plan->graph->judgements[s->node->judgement].unit, 1);
    return next > s->last ? next : INT64_MAX;
}

bool judge_series(population *p, const node *n, int64_t until, const run_options *options,
                  carpel_error *err)
{
    size_t people = p->bound->store->person_count;
    vector *out = population_take(p, n);
    bitmap_fill(out->present, people, true);
    if (p->bound->store->event_count == 0)
        return true;
    series *s = series_of((bound *)p->bound, n, until, err);
    if (!s)
        return false;
    s->population = p;
    s->options = options;
    s->known_at = known_at(p->bound);
    if (!judge_from(s, next_instant(s, until), until, err)) {
        series_free(s);
        p->bound->series[n->id] = NULL;
        return false;
    }
    memcpy(out->values, s->members, bitmap_words(people) * sizeof(uint64_t));
    tell_all(s, out->values);
    return true;
}
