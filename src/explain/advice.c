/* SPDX-License-Identifier: MIT
 *
 * Changes are made up from what the graph compares, and tried.
 */
#include "explain/advice.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/judge.h"
#include "exec/block.h"
#include "graph/looks_at.h"

enum { MOST_TIMES = 5, MOST_VALUES = 8, MOST_DAYS = 400, MOST_DIGITS = 12 };

typedef struct advisor {
    const advice_request *request;
    const graph *graph;
    arena *memory;
    advice_list *out;
    carpel_error *err;
    bool has_failed;
} advisor;

/* ---- trying -------------------------------------------------------------- */

/* Does the condition hold at an instant for the person to whom this happens, too? */
static bool would_hold(advisor *a, const imagined *more, size_t count, int64_t at)
{
    const advice_request *r = a->request;
    run_options options = {.as_of = at, .threads = 1, .cancel = r->cancel};
    store *s = person_store(r->data, r->person, r->as_of, more, count);
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

/* The same event so many times; of texts that have to differ, each has its own. */
typedef struct attempt {
    imagined event;
    imagined_value values[MOST_VALUES];
    size_t value_count;
    bool is_fresh[MOST_VALUES]; /* another text each time */
    size_t times;
} attempt;

static bool would_do(advisor *a, const attempt *t, int64_t at)
{
    imagined events[MOST_TIMES];
    imagined_value values[MOST_TIMES][MOST_VALUES];
    static const char *const fresh[MOST_TIMES] = {"(new 1)", "(new 2)", "(new 3)",
                                                  "(new 4)", "(new 5)"};
    for (size_t i = 0; i < t->times; i++) {
        memcpy(values[i], t->values, sizeof values[i]);
        for (size_t v = 0; v < t->value_count; v++)
            if (t->is_fresh[v])
                values[i][v].text = slice_of(fresh[i]);
        events[i] = t->event;
        events[i].time = at;
        events[i].values = values[i];
        events[i].value_count = t->value_count;
    }
    return !a->has_failed && would_hold(a, events, t->times, at);
}

/* Until when does it do? In growing steps, then in ever smaller ones. */
static void find_deadline(advisor *a, const attempt *t, advice *out)
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
    out->has_deadline = true;
    out->deadline = first;
}

static void keep(advisor *a, const attempt *t)
{
    imagined_value *values = arena_alloc_array(a->memory, MOST_VALUES, sizeof *values);
    bool *is_another = arena_alloc_array(a->memory, MOST_VALUES, sizeof *is_another);
    memcpy(values, t->values, sizeof t->values);
    memcpy(is_another, t->is_fresh, sizeof t->is_fresh);
    for (size_t v = 0; v < t->value_count; v++) { /* the graph's texts end with it */
        slice text = t->values[v].text;
        if (text.data)
            values[v].text.data = arena_copy_text(a->memory, text.data, text.size);
    }
    advice kept = {.is_trait = t->event.is_trait,
                   .table = t->event.table,
                   .times = t->times,
                   .values = values,
                   .is_another = is_another,
                   .value_count = t->value_count,
                   .like = t->event.like};
    find_deadline(a, t, &kept);
    memory_grow((void **)&a->out->items, a->out->count, &a->out->capacity, sizeof kept);
    a->out->items[a->out->count++] = kept;
}

/* ---- what the graph compares ---------------------------------------------- */

static bool is_of_table(const advisor *a, uint32_t id, const domain *table)
{
    const domain *d = graph_domain(a->graph, id);
    for (size_t i = 0; i < d->member_count; i++)
        if (d->kind != DOMAIN_ITEMS && is_of_table(a, d->members[i], table))
            return true;
    return d == table;
}

/* The column that a value comes from, through what brings it to other rows. */
static const node *column_of(const node *n)
{
    while (n->operand_count > 0 &&
           (n->kind == NODE_TAKE || n->kind == NODE_RESCALE || n->kind == NODE_HOLDS ||
            n->kind == NODE_LAST || n->kind == NODE_FIRST))
        n = n->operands[n->operand_count - 1];
    return n->kind == NODE_COLUMN ? n : NULL;
}

static imagined_value value_of(const node *column, const node *constant)
{
    int64_t integer = constant->constant.integer;
    unsigned own = column->type.scale, other = constant->type.scale;
    for (; column->type.kind == TYPE_DECIMAL && other < own; other++)
        integer *= 10;
    for (; column->type.kind == TYPE_DECIMAL && other > own; other--)
        integer /= 10;
    return (imagined_value){.property = column->column,
                            .integer = integer,
                            .number = constant->constant.number,
                            .text = constant->constant.text};
}

static void put_value(attempt *t, imagined_value value, bool is_fresh)
{
    size_t v = 0;
    while (v < t->value_count && t->values[v].property != value.property)
        v++;
    if (v == MOST_VALUES)
        return;
    t->value_count += v == t->value_count;
    t->values[v] = value;
    t->is_fresh[v] = is_fresh;
}

/* What makes a comparison of one column with a constant hold; false: it is none. */
static bool wanted_value(const node *n, const node **column, imagined_value *out)
{
    static const imagined_value is_true = {.integer = 1};
    for (size_t i = 0; i < 2 && n->operand_count >= 2; i++) {
        const node *constant = n->operands[1 - i];
        *column = column_of(n->operands[i]);
        if (!*column || constant->kind != NODE_CONSTANT || constant->constant.is_missing)
            continue;
        *out = value_of(*column, constant);
        if (n->kind == NODE_LESS) /* a value < 5: 4; 5 < a value: 6 */
            out->integer += i == 0 ? -1 : 1;
        return true;
    }
    *column = n->operand_count == 1 && n->kind == NODE_HOLDS ? column_of(n) : NULL;
    if (!*column || (*column)->type.kind != TYPE_BOOL)
        return false;
    *out = is_true;
    out->property = (*column)->column;
    return true;
}

/* ---- events ----------------------------------------------------------------- */

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

/* Texts that are counted have to be new; what a column is compared with, it has. */
static void demand_values(const advisor *a, const bool *is_below, const domain *table,
                          attempt *t)
{
    const node *column;
    imagined_value value;
    for (size_t i = 0; i < a->graph->node_count; i++) {
        const node *n = a->graph->nodes[i];
        if (!is_below[i])
            continue;
        if (n->kind == NODE_DISTINCT &&
            (column = column_of(n->operands[n->operand_count - 1])) &&
            column->type.kind == TYPE_STRING && is_of_table(a, column->domain, table))
            put_value(t, (imagined_value){.property = column->column}, true);
        else if (n->domain > PEOPLE && wanted_value(n, &column, &value) &&
                 is_of_table(a, column->domain, table))
            put_value(t, value, false);
    }
}

static bool try_times(advisor *a, attempt *t)
{
    for (t->times = 1; t->times <= MOST_TIMES; t->times++)
        if (would_do(a, t, a->request->as_of))
            return true;
    return false;
}

/* The least amount with which it does, in the digits of its column. */
static bool try_amount(advisor *a, attempt *t, size_t property)
{
    int64_t most = 1, least = 0;
    size_t digits = 0;
    for (; digits < MOST_DIGITS; digits++, most *= 10) {
        put_value(t, (imagined_value){.property = property, .integer = most}, false);
        if (would_do(a, t, a->request->as_of))
            break;
        least = most;
    }
    if (digits == MOST_DIGITS)
        return false;
    while (most - least > 1) {
        int64_t middle = least + (most - least) / 2;
        put_value(t, (imagined_value){.property = property, .integer = middle}, false);
        if (would_do(a, t, a->request->as_of))
            most = middle;
        else
            least = middle;
    }
    put_value(t, (imagined_value){.property = property, .integer = most}, false);
    return would_do(a, t, a->request->as_of);
}

static bool try_amounts(advisor *a, attempt t, const looks_at *l, const domain *table)
{
    for (size_t times = 1; times <= 3; times++)
        for (size_t c = 0; c < l->column_count; c++) {
            const node *column = l->columns[c];
            t.times = times;
            attempt own = t;
            if (column->type.kind == TYPE_DECIMAL &&
                is_of_table(a, column->domain, table) &&
                try_amount(a, &own, column->column)) {
                keep(a, &own);
                return true;
            }
        }
    return false;
}

static void advise_events(advisor *a, const looks_at *l, const bool *is_below,
                          const domain *table)
{
    attempt t = {.event = {.table = table->index, .like = NO_LIKENESS}};
    demand_values(a, is_below, table, &t);
    attempt plain = t;
    plain.event.like = last_row(a, table);
    if (try_times(a, &t)) {
        keep(a, &t);
        return;
    }
    if (!try_amounts(a, t, l, table) && plain.event.like != NO_LIKENESS &&
        try_times(a, &plain))
        keep(a, &plain);
}

/* ---- traits ------------------------------------------------------------------- */

static void advise_trait(advisor *a, const bool *is_below, const domain *table)
{
    const node *column;
    imagined_value value;
    for (size_t i = 0; i < a->graph->node_count; i++) {
        const node *n = a->graph->nodes[i];
        if (!is_below[i] || !wanted_value(n, &column, &value) ||
            !is_of_table(a, column->domain, table))
            continue;
        attempt t = {
            .event = {.is_trait = true, .table = table->index, .like = NO_LIKENESS},
            .times = 1};
        put_value(&t, value, false);
        if (would_do(a, &t, a->request->as_of)) {
            keep(a, &t);
            return;
        }
    }
}

/* ---- all of them ---------------------------------------------------------------- */

static bool *find_below(const graph *g, const node *n)
{
    bool *is_seen = memory_alloc_zero_array(g->domain_count + 1, sizeof *is_seen);
    bool *is_below = memory_alloc_zero_array(g->node_count + 1, sizeof *is_below);
    is_below[n->id] = true;
    for (size_t i = n->id + (size_t)1; i-- > 0;) {
        if (!is_below[i])
            continue;
        graph_mark_domain(g, g->nodes[i]->domain, is_seen, is_below);
        graph_mark_domain(g, g->nodes[i]->rows, is_seen, is_below);
        for (size_t k = 0; k < g->nodes[i]->operand_count; k++)
            is_below[g->nodes[i]->operands[k]->id] = true;
    }
    memory_free(is_seen);
    return is_below;
}

bool advice_find(const advice_request *request, advice_list *out, arena *memory,
                 carpel_error *err)
{
    advisor a = {.request = request,
                 .graph = request->plan->graph,
                 .memory = memory,
                 .out = out,
                 .err = err};
    looks_at l = looks_at_find(a.graph, request->node);
    bool *is_below = find_below(a.graph, request->node);
    for (size_t i = 0; i < l.table_count && !a.has_failed; i++) {
        const domain *table = l.tables[i];
        if (table->kind == DOMAIN_TRAIT)
            advise_trait(&a, is_below, table);
        else if (table->index < request->data->schema->kind_count)
            advise_events(&a, &l, is_below, table);
    }
    memory_free(is_below);
    looks_at_done(&l);
    return !a.has_failed;
}
