/* SPDX-License-Identifier: MIT
 *
 * Changes are made up from wishes, and tried: one alone, then one and then another.
 */
#include "base/memory.h"
#include "explain/advising.h"
#include "value/calendar.h"

enum { MOST_CANDIDATES = 8, MOST_OF_TRAIT = 3, MOST_OTHERS = 8, MOST_PEOPLE = 8 };

static bool is_event_table(const advisor *a, const domain *table)
{
    return table->kind == DOMAIN_EVENTS &&
           kind_is_stored(&a->data->schema->kinds[table->index]);
}

/* ---- one step ---------------------------------------------------------------- */

static advice of_one(advised step)
{
    return (advice){.steps = {step}, .step_count = 1};
}

/* One of the values that would do in the place of that which it has: `in ("web", "shop")`. */
static bool try_other_values(advisor *a, advice *t, const domain *table, bool of_person)
{
    const advice plain = *t;
    size_t tried = 0;
    for (size_t i = 0; i < a->wishes.count && tried < MOST_OTHERS; i++) {
        const wish *w = &a->wishes.items[i];
        if (w->table != table || (w->is_of_person && !of_person))
            continue;
        *t = plain;
        advised_put_wish(&t->steps[0], w);
        tried++;
        if (advice_try_times(a, t, 0))
            return true;
    }
    *t = plain;
    return false;
}

/* An event like the person's last one: in all, and else but for what its rows have to be. */
static bool try_like_last(advisor *a, advice *t, const domain *table)
{
    const size_t like = advised_last_row(a, table);
    advised wished = t->steps[0];
    if (like == NO_LIKENESS || a->looks_at.column_count == 0)
        return false;
    wished.like = like;
    advised bare = wished;
    bare.has_item = false;
    bare.value_count = bare.item_value_count = 0;
    *t = of_one(bare);
    if (advice_try_times(a, t, 0) || advice_try_amounts_of_several(a, t, table->id))
        return true;
    *t = of_one(wished);
    return wished.value_count + wished.item_value_count > 0 &&
           (advice_try_times(a, t, 0) || advice_try_amounts_of_several(a, t, table->id));
}

/* One in each unit of the calendar that is counted. */
static bool try_apart(advisor *a, advice *t)
{
    t->days_apart = a->wishes.unit_days;
    return t->days_apart > 0 && advice_try_times(a, t, 0);
}

static void advise_events(advisor *a, const domain *table)
{
    const advised plain = advised_event(a, table, false),
                  of_person = advised_event(a, table, true);
    advice t = of_one(plain);
    bool does = advice_try_times(a, &t, 0) || try_other_values(a, &t, table, false) ||
                advice_try_amounts_of_several(a, &t, table->id);
    if (!does) {
        t = of_one(plain);
        does = try_apart(a, &t);
    }
    if (!does) {
        t = of_one(plain);
        does = try_like_last(a, &t, table);
    }
    if (!does) {
        t = of_one(of_person);
        does = advice_does(a, &t) || try_other_values(a, &t, table, true);
    }
    if (!does) {
        t = of_one(plain);
        does = advice_try_amounts_of_many(a, &t, table->id);
    }
    if (does)
        advice_keep(a, &t);
}

static void advise_trait(advisor *a, const domain *table)
{
    for (size_t i = a->wishes.count; i-- > 0;) {
        const wish *w = &a->wishes.items[i];
        if (w->table != table)
            continue;
        advice t = of_one(advised_trait(a, w));
        if (advice_does(a, &t)) {
            advice_keep(a, &t);
            return;
        }
    }
    advice t = of_one(advised_other_trait(a, table));
    if (a->data->schema->traits[table->index].type.kind == TYPE_STRING &&
        advice_does(a, &t))
        advice_keep(a, &t);
}

/* People more, who have done nothing. */
static void advise_users(advisor *a)
{
    advice t = of_one((advised){.is_user = true, .like = NO_LIKENESS});
    if (advice_try_times(a, &t, 0))
        advice_keep(a, &t);
}

/* ---- two steps ---------------------------------------------------------------- */

typedef struct candidate {
    advised step;
    const domain *table;
} candidate;

static void add_candidate(candidate *all, size_t *count, advised step,
                          const domain *table)
{
    if (*count < MOST_CANDIDATES)
        all[(*count)++] = (candidate){step, table};
}

static size_t find_candidates(const advisor *a, candidate *all)
{
    size_t count = 0;
    for (size_t i = 0; i < a->looks_at.table_count; i++) {
        const domain *table = a->looks_at.tables[i];
        if (is_event_table(a, table))
            add_candidate(all, &count, advised_event(a, table, true), table);
        for (size_t k = 0, kept = 0; k < a->wishes.count && kept < MOST_OF_TRAIT; k++) {
            const wish *w = &a->wishes.items[k];
            if (table->kind != DOMAIN_TRAIT || w->table != table)
                continue;
            add_candidate(all, &count, advised_trait(a, w), table);
            kept++;
        }
    }
    return count;
}

static advice of_two(const candidate *first, const candidate *second)
{
    return (advice){.steps = {first->step, second->step}, .step_count = 2};
}

static bool try_pair(advisor *a, const candidate *first, const candidate *second)
{
    advice t = of_two(first, second);
    if (!advice_does(a, &t))
        return false;
    advice_keep(a, &t);
    return true;
}

static bool try_pair_with_amount(advisor *a, const candidate *first,
                                 const candidate *second)
{
    advice t = of_two(first, second);
    bool does = advice_try_amounts(a, &t, 0, first->table->id) ||
                advice_try_amounts(a, &t, 1, second->table->id);
    if (does)
        advice_keep(a, &t);
    return does;
}

/* Two events of a kind with different amounts, such as of `max(x) - min(x) > 50`. */
static bool try_two_amounts(advisor *a, const candidate *all, size_t count)
{
    for (size_t i = 0; i < count && !a->has_failed; i++) {
        advice t = of_two(&all[i], &all[i]);
        if (all[i].step.is_trait || !advice_try_two_amounts(a, &t, all[i].table->id))
            continue;
        advice_keep(a, &t);
        return true;
    }
    return false;
}

static bool try_pair_of_several(advisor *a, const candidate *first,
                                const candidate *second)
{
    advice t = of_two(first, second);
    if (!advice_try_both_times(a, &t))
        return false;
    advice_keep(a, &t);
    return true;
}

/* It does with the gap `most`, and not with `least`. */
static bool keep_least_gap(advisor *a, advice t, int64_t least, int64_t most)
{
    while (most - least > 1) {
        t.gap = least + (most - least) / 2;
        if (advice_does(a, &t))
            most = t.gap;
        else
            least = t.gap;
    }
    t.gap = most;
    if (!advice_does(a, &t))
        return false;
    advice_keep(a, &t);
    return true;
}

/* The least time that has to go by with which it does, such as of "more than 1 hour later". */
static bool try_gap(advisor *a, advice t)
{
    static const int64_t days[] = {0, 1, 7, 30, 90, ADVICE_DAYS};
    int64_t least = 0, most = 1;
    t.gap = most;
    for (size_t i = 0; !advice_does(a, &t); i++) {
        if (i == sizeof days / sizeof *days)
            return false;
        least = most;
        most = t.gap = days[i] * MICROSECONDS_PER_DAY + MICROSECONDS_PER_DAY / 12;
    }
    return keep_least_gap(a, t, least, most);
}

static bool try_pair_apart(advisor *a, const candidate *first, const candidate *second)
{
    if (first->step.is_trait || second->step.is_trait)
        return false;
    return try_gap(a, of_two(first, second));
}

/* An event, and nothing behind it for a while: "then no purchase within 1 day". */
static bool try_waiting(advisor *a, const candidate *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!all[i].step.is_trait && try_gap(a, of_one(all[i].step)))
            return true;
    return false;
}

/* When nothing happens for so long, and the event is needed. */
static bool try_later(advisor *a, const candidate *all, size_t count, int64_t gap)
{
    advice t = {.gap = gap};
    if (advice_does(a, &t))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 1; !all[i].step.is_trait && k <= ADVICE_FEW_TIMES; k++) {
            t = (advice){.steps = {all[i].step}, .step_count = 1, .gap = gap};
            t.steps[0].times = k;
            if (advice_does(a, &t) && keep_least_gap(a, t, 0, gap))
                return true;
        }
    return false;
}

/* When a window of full days, weeks, months, quarters or years has come over what happens
 * now: as the next one of the calendar begins, or some later. */
static bool try_window_to_come(advisor *a, const candidate *all, size_t count)
{
    static const int64_t days[] = {2, 32, 93};
    const plan *p = a->request->plan;
    int64_t now = a->request->as_of;
    for (calendar_unit u = UNIT_DAY; u <= UNIT_YEAR; u++) {
        int64_t next = calendar_unit_start(p->zone, now, u, 1, p->week_start);
        if (try_later(a, all, count, next - now))
            return true;
    }
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (try_later(a, all, count, days[i] * MICROSECONDS_PER_DAY))
            return true;
    return false;
}

/* Of pairs in their order; the first one that does. */
static bool try_pairs(advisor *a, const candidate *all, size_t count, bool in_order,
                      bool (*try_one)(advisor *a, const candidate *first,
                                      const candidate *second))
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count && !a->has_failed; k++) {
            bool is_same = all[i].table == all[k].table;
            bool is_wanted = in_order ? !is_same || (i == k && !all[i].step.is_trait)
                                      : i < k && !is_same;
            if (is_wanted && try_one(a, &all[i], &all[k]))
                return true;
        }
    return false;
}

static void advise_pairs(advisor *a)
{
    candidate all[MOST_CANDIDATES];
    size_t count = find_candidates(a, all);
    bool has_order = a->wishes.has_sequence;
    if (try_pairs(a, all, count, has_order, try_pair) ||
        (has_order && try_waiting(a, all, count)) ||
        (has_order && try_pairs(a, all, count, true, try_pair_apart)))
        return;
    if (!try_pairs(a, all, count, false, try_pair_of_several) &&
        !try_pairs(a, all, count, false, try_pair_with_amount) &&
        !try_two_amounts(a, all, count))
        try_window_to_come(a, all, count);
}

/* ---- all of them ---------------------------------------------------------------- */

/* From what this node looks at; things happen to this person. */
static void advise_from(advisor *a, const node *n, size_t person)
{
    a->person = person;
    a->looks_at = looks_at_find(a->graph, n);
    a->wishes = wishes_find(a->graph, n, &a->looks_at, a->memory);
    for (size_t i = 0; i < a->looks_at.table_count && !a->has_failed; i++) {
        const domain *table = a->looks_at.tables[i];
        if (table->kind == DOMAIN_TRAIT)
            advise_trait(a, table);
        else if (is_event_table(a, table))
            advise_events(a, table);
        else if (a->data->schema->kinds[table->index].derivation == KIND_USERS)
            advise_users(a);
    }
    if (a->out->count == 0 && !a->has_failed)
        advise_pairs(a);
    memory_free(a->wishes.items);
    looks_at_done(&a->looks_at);
}

/* What a condition on an account asks of its people, for the first of whom something is found. */
static void advise_import(advisor *a, const node *n)
{
    const subject *s = a->request->subject;
    size_t before = a->out->count, tried = 0;
    for (size_t p = subject_next(s, SIZE_MAX); p < s->count; p = subject_next(s, p)) {
        if (a->out->count > before || a->has_failed || tried++ == MOST_PEOPLE)
            return;
        advise_from(a, n, p);
    }
}

static void advise_imports(advisor *a, const graph *accounts)
{
    bool *is_seen = memory_alloc_zero_array(accounts->domain_count + 1, sizeof *is_seen);
    bool *is_below = nodes_below(accounts, a->request->node, is_seen);
    for (size_t i = 0; i < accounts->node_count; i++)
        if (is_below[i] && accounts->nodes[i]->kind == NODE_IMPORT)
            advise_import(a, accounts->imports[accounts->nodes[i]->import]);
    memory_free(is_seen);
    memory_free(is_below);
}

bool advice_find(const advice_request *request, advice_list *out, arena *memory,
                 carpel_error *err)
{
    const subject *s = request->subject;
    const graph *people = request->plan->graph;
    histories *known = subject_histories(s, request->as_of);
    advisor a = {.request = request,
                 .data = s->data,
                 .known = known,
                 .graph = s->account ? people->accounts : people,
                 .memory = memory,
                 .out = out,
                 .err = err,
                 .rows = advice_rows_of(s)};
    bool ok = advice_find_needs(&a);
    if (ok)
        advise_from(&a, request->node, subject_next(s, SIZE_MAX));
    if (ok && s->account) {
        a.graph = people;
        advise_imports(&a, people->accounts);
    }
    advice_needs_done(&a.needs);
    histories_free(known);
    return ok && !a.has_failed;
}
