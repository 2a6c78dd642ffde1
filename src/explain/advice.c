/* SPDX-License-Identifier: MIT
 *
 * Changes are made up from wishes, and tried: one alone, then one and then another.
 */
#include "explain/advice.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/block.h"
#include "exec/judge.h"
#include "explain/wishes.h"

enum { MOST_DAYS = 400, MOST_CANDIDATES = 8, MOST_OF_TRAIT = 3, FEW_TIMES = 5 };

static const int64_t MOST_AMOUNT = INT64_C(1000000000000);

typedef struct advisor {
    const advice_request *request;
    looks_at looks_at;
    wishes wishes;
    arena *memory;
    advice_list *out;
    carpel_error *err;
    bool has_failed;
} advisor;

/* ---- what would be --------------------------------------------------------- */

/* One event of a step, with room for its values. */
typedef struct imagining {
    imagined event;
    imagined_value values[ADVICE_VALUES];
    char fresh[16]; /* a text that was not there before */
} imagining;

static void imagine(const advised *s, int64_t at, size_t number, imagining *out)
{
    snprintf(out->fresh, sizeof out->fresh, "(new %zu)", number);
    memcpy(out->values, s->values, sizeof s->values);
    for (size_t v = 0; v < s->value_count; v++)
        if (s->is_another[v])
            out->values[v].text = slice_of(out->fresh);
    out->event = (imagined){.is_trait = s->is_trait,
                            .table = s->table,
                            .time = at,
                            .like = s->like,
                            .values = out->values,
                            .value_count = s->value_count,
                            .has_item = s->has_item,
                            .list = s->list,
                            .item = s->item,
                            .item_value_count = s->item_value_count};
}

store *advice_store(const advice *a, const store *data, size_t person, int64_t until,
                    int64_t at)
{
    imagining each[ADVICE_STEPS * ADVICE_TIMES];
    imagined all[ADVICE_STEPS * ADVICE_TIMES];
    size_t count = 0;
    for (size_t i = 0; i < a->step_count; i++)
        for (size_t k = 0; k < a->steps[i].times; k++, count++) {
            imagine(&a->steps[i], at + (i > 0 ? a->gap : 0), count + 1, &each[count]);
            all[count] = each[count].event;
        }
    return person_store(data, person, until, all, count);
}

/* Does the condition hold for the person to whom this happens, from `at` on? */
static bool would_do(advisor *a, const advice *t, int64_t at)
{
    const advice_request *r = a->request;
    run_options options = {.as_of = at + t->gap, .threads = 1, .cancel = r->cancel};
    if (a->has_failed)
        return false;
    store *s = advice_store(t, r->data, r->person, r->as_of, at);
    judge *j = judge_new(r->plan, s, &options, a->err);
    bool holds = false;
    if (j) {
        judge_turn_to(j, 0);
        const vector *v = judge_node(j, r->node);
        holds = vector_has(v, 0) && bitmap_get(v->values, 0);
    }
    a->has_failed |= !j;
    judge_free(j);
    store_free(s);
    return holds;
}

static bool does(advisor *a, const advice *t)
{
    return would_do(a, t, a->request->as_of);
}

/* Until when does it do? In growing steps, then in ever smaller ones. */
static void find_deadline(advisor *a, advice *t)
{
    int64_t begin = a->request->as_of, last, first = begin,
            step = MICROSECONDS_PER_DAY / 24;
    do {
        last = first;
        if (last >= begin + MOST_DAYS * MICROSECONDS_PER_DAY)
            return;
        first = last + step;
        step *= 2;
    } while (would_do(a, t, first));
    while (first - last > 1) {
        int64_t middle = last + (first - last) / 2;
        if (would_do(a, t, middle))
            last = middle;
        else
            first = middle;
    }
    t->has_deadline = true;
    t->deadline = first;
}

/* The graph's texts end with it. */
static void keep_texts(advisor *a, imagined_value *values, size_t count)
{
    for (size_t v = 0; v < count; v++) {
        slice text = values[v].text;
        if (text.data)
            values[v].text.data = arena_copy_text(a->memory, text.data, text.size);
    }
}

static void keep(advisor *a, const advice *found)
{
    advice kept = *found;
    kept.is_ordered = a->wishes.has_sequence;
    find_deadline(a, &kept);
    for (size_t i = 0; i < kept.step_count; i++) {
        keep_texts(a, kept.steps[i].values, kept.steps[i].value_count);
        keep_texts(a, kept.steps[i].item, kept.steps[i].item_value_count);
    }
    memory_grow((void **)&a->out->items, a->out->count, &a->out->capacity, sizeof kept);
    a->out->items[a->out->count++] = kept;
}

/* ---- a step ------------------------------------------------------------------ */

static void put(imagined_value *values, size_t *count, imagined_value value, bool *is_new)
{
    size_t v = 0;
    while (v < *count && values[v].property != value.property)
        v++;
    *is_new = v < ADVICE_VALUES;
    if (!*is_new)
        return;
    *count += v == *count;
    values[v] = value;
}

static void put_value(advised *s, imagined_value value, bool is_another)
{
    bool is_put;
    put(s->values, &s->value_count, value, &is_put);
    for (size_t v = 0; is_put && v < s->value_count; v++)
        if (s->values[v].property == value.property)
            s->is_another[v] = is_another;
}

static void put_wish(advised *s, const wish *w)
{
    bool is_put;
    if (!w->has_list) {
        put_value(s, w->value, w->is_another);
        return;
    }
    if (s->has_item && s->list != w->list)
        return;
    s->has_item = true;
    s->list = w->list;
    put(s->item, &s->item_value_count, w->value, &is_put);
}

static size_t last_row(const advisor *a, const domain *table)
{
    const event_table *t = &a->request->data->kinds[table->index];
    size_t person = a->request->person;
    if (!t->offsets || t->row_count == 0)
        return NO_LIKENESS;
    uint64_t begin = t->offsets[person], end = t->offsets[person + 1];
    while (end > begin && packed_get(&t->time, (size_t)end - 1) > a->request->as_of)
        end--;
    return end > begin ? (size_t)end - 1 : NO_LIKENESS;
}

/* A new list of traits has what the last one had. */
static bool is_setting(const advisor *a, const domain *table)
{
    const schema *s = a->request->data->schema;
    return s->kinds[table->index].derivation == KIND_SETTINGS;
}

/* With what its rows have to be, and (`of_person`) what the last of them has to be. */
static advised event_step(const advisor *a, const domain *table, bool of_person)
{
    advised s = {.table = table->index, .times = 1, .like = NO_LIKENESS};
    for (size_t i = 0; i < a->wishes.count; i++) {
        const wish *w = &a->wishes.items[i];
        if (w->table == table && (of_person || !w->is_of_person))
            put_wish(&s, w);
    }
    if (is_setting(a, table))
        s.like = last_row(a, table);
    return s;
}

static advised trait_step(const wish *w)
{
    advised s = {
        .is_trait = true, .table = w->table->index, .times = 1, .like = NO_LIKENESS};
    put_value(&s, w->value, false);
    return s;
}

/* Whatever it was before, it is another. */
static advised other_trait(const domain *table)
{
    advised s = {
        .is_trait = true, .table = table->index, .times = 1, .like = NO_LIKENESS};
    put_value(&s, (imagined_value){0}, true);
    return s;
}

static bool is_event_table(const advisor *a, const domain *table)
{
    return table->kind == DOMAIN_EVENTS &&
           kind_is_stored(&a->request->data->schema->kinds[table->index]);
}

/* ---- one step ---------------------------------------------------------------- */

static bool does_times(advisor *a, advice *t, size_t times)
{
    t->steps[0].times = times;
    return does(a, t);
}

/* The least number of times with which it does: one by one as far as people plan, then where a
 * doubling does, by halving. */
static bool try_times(advisor *a, advice *t)
{
    size_t least, most = 1;
    for (; most <= FEW_TIMES; most++)
        if (does_times(a, t, most))
            return true;
    least = FEW_TIMES;
    most = 2 * FEW_TIMES;
    for (; !does_times(a, t, most); most *= 2) {
        least = most;
        if (2 * most > ADVICE_TIMES)
            return false;
    }
    while (most - least > 1) {
        size_t middle = least + (most - least) / 2;
        if (does_times(a, t, middle))
            most = middle;
        else
            least = middle;
    }
    return does_times(a, t, most);
}

static bool does_with(advisor *a, advice *t, advised *s, size_t property, int64_t amount)
{
    put_value(s, (imagined_value){.property = property, .integer = amount}, false);
    return does(a, t);
}

/* What nobody's event comes near is no advice: ten times as much as the width of the column has
 * room for. */
static int64_t most_amount(const advisor *a, const advised *s, size_t property)
{
    const event_table *t = &a->request->data->kinds[s->table];
    if (t->row_count == 0)
        return MOST_AMOUNT;
    const packed *p = &t->columns[property].values;
    double widest = (double)p->base + (double)p->unit * (ldexp(1, (int)p->bits) - 1);
    return widest < MOST_AMOUNT / 10 ? (int64_t)(10 * widest) : MOST_AMOUNT;
}

/* The least amount with which it does, in the digits of its column. */
static bool try_amount(advisor *a, advice *t, advised *s, size_t property)
{
    int64_t most = 1, least = 0, bound = most_amount(a, s, property);
    while (!does_with(a, t, s, property, most)) {
        if (most >= bound)
            return false;
        least = most;
        most = most < bound / 10 ? most * 10 : bound;
    }
    while (most - least > 1) {
        int64_t middle = least + (most - least) / 2;
        if (does_with(a, t, s, property, middle))
            most = middle;
        else
            least = middle;
    }
    return does_with(a, t, s, property, most);
}

static bool try_amounts(advisor *a, const advice *plain, size_t step, size_t table_id)
{
    const graph *g = a->request->plan->graph;
    for (size_t c = 0; c < a->looks_at.column_count; c++) {
        const node *column = a->looks_at.columns[c];
        advice t = *plain;
        if (column->type.kind == TYPE_DECIMAL && column->domain == table_id &&
            graph_domain(g, column->domain)->kind == DOMAIN_EVENTS &&
            try_amount(a, &t, &t.steps[step], column->column)) {
            keep(a, &t);
            return true;
        }
    }
    return false;
}

static bool try_amounts_of_several(advisor *a, advice t, const domain *table)
{
    for (t.steps[0].times = 1; t.steps[0].times <= 3; t.steps[0].times++)
        if (try_amounts(a, &t, 0, table->id))
            return true;
    return false;
}

static void advise_events(advisor *a, const domain *table)
{
    advice t = {.steps = {event_step(a, table, false)}, .step_count = 1};
    advice like = t, of_person = {.steps = {event_step(a, table, true)}, .step_count = 1};
    like.steps[0].like = last_row(a, table);
    if (try_times(a, &t))
        keep(a, &t);
    else if (try_amounts_of_several(a, t, table))
        return;
    else if (like.steps[0].like != NO_LIKENESS && try_times(a, &like))
        keep(a, &like);
    else if (does(a, &of_person))
        keep(a, &of_person);
}

static void advise_trait(advisor *a, const domain *table)
{
    for (size_t i = 0; i < a->wishes.count; i++) {
        const wish *w = &a->wishes.items[i];
        if (w->table != table)
            continue;
        advice t = {.steps = {trait_step(w)}, .step_count = 1};
        if (does(a, &t)) {
            keep(a, &t);
            return;
        }
    }
    advice t = {.steps = {other_trait(table)}, .step_count = 1};
    if (a->request->data->schema->traits[table->index].type.kind == TYPE_STRING &&
        does(a, &t))
        keep(a, &t);
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
            add_candidate(all, &count, event_step(a, table, true), table);
        for (size_t k = 0, kept = 0; k < a->wishes.count && kept < MOST_OF_TRAIT; k++) {
            const wish *w = &a->wishes.items[k];
            if (table->kind != DOMAIN_TRAIT || w->table != table)
                continue;
            add_candidate(all, &count, trait_step(w), table);
            kept++;
        }
    }
    return count;
}

static bool try_pair(advisor *a, const candidate *first, const candidate *second)
{
    advice t = {.steps = {first->step, second->step}, .step_count = 2};
    if (!does(a, &t))
        return false;
    keep(a, &t);
    return true;
}

static bool try_pair_with_amount(advisor *a, const candidate *first,
                                 const candidate *second)
{
    advice t = {.steps = {first->step, second->step}, .step_count = 2};
    return try_amounts(a, &t, 0, first->table->id) ||
           try_amounts(a, &t, 1, second->table->id);
}

/* The least time that has to go by with which it does, such as of "more than 1 hour later". */
static bool try_gap(advisor *a, advice t)
{
    static const int64_t days[] = {0, 1, 7, 30, 90, MOST_DAYS};
    int64_t least = 0, most = 1;
    t.gap = most;
    for (size_t i = 0; !does(a, &t); i++) {
        if (i == sizeof days / sizeof *days)
            return false;
        least = most;
        most = t.gap = days[i] * MICROSECONDS_PER_DAY + MICROSECONDS_PER_DAY / 12;
    }
    while (most - least > 1) {
        t.gap = least + (most - least) / 2;
        if (does(a, &t))
            most = t.gap;
        else
            least = t.gap;
    }
    t.gap = most;
    if (!does(a, &t))
        return false;
    keep(a, &t);
    return true;
}

static bool try_pair_apart(advisor *a, const candidate *first, const candidate *second)
{
    if (first->step.is_trait || second->step.is_trait)
        return false;
    return try_gap(a, (advice){.steps = {first->step, second->step}, .step_count = 2});
}

/* An event, and nothing behind it for a while: "then no purchase within 1 day". */
static bool try_waiting(advisor *a, const candidate *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!all[i].step.is_trait &&
            try_gap(a, (advice){.steps = {all[i].step}, .step_count = 1}))
            return true;
    return false;
}

/* When nothing happens for so long, and the event is needed. */
static bool try_later(advisor *a, const candidate *all, size_t count, int64_t gap)
{
    advice t = {.gap = gap};
    if (does(a, &t))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 1; !all[i].step.is_trait && k <= FEW_TIMES; k++) {
            t = (advice){.steps = {all[i].step}, .step_count = 1, .gap = gap};
            if (does_times(a, &t, k) && try_gap(a, t))
                return true;
        }
    return false;
}

/* When a window of full days, months or quarters has come over what happens now. */
static bool try_window_to_come(advisor *a, const candidate *all, size_t count)
{
    static const int64_t days[] = {2, 32, 93};
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
    if (!try_pairs(a, all, count, false, try_pair_with_amount))
        try_window_to_come(a, all, count);
}

/* ---- all of them ---------------------------------------------------------------- */

bool advice_find(const advice_request *request, advice_list *out, arena *memory,
                 carpel_error *err)
{
    const graph *g = request->plan->graph;
    advisor a = {.request = request, .memory = memory, .out = out, .err = err};
    a.looks_at = looks_at_find(g, request->node);
    a.wishes = wishes_find(g, request->node, &a.looks_at, memory);
    for (size_t i = 0; i < a.looks_at.table_count && !a.has_failed; i++) {
        const domain *table = a.looks_at.tables[i];
        if (table->kind == DOMAIN_TRAIT)
            advise_trait(&a, table);
        else if (is_event_table(&a, table))
            advise_events(&a, table);
    }
    if (out->count == 0 && !a.has_failed)
        advise_pairs(&a);
    memory_free(a.wishes.items);
    looks_at_done(&a.looks_at);
    return !a.has_failed;
}
