/* SPDX-License-Identifier: MIT
 *
 * Folds, from a node down through the values of the person.
 */
#include "explain/witness.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/block.h"
#include "exec/fold_questions.h"

/* The rows of a table that a fold looks at, or those of several tables. */
typedef struct look {
    const node *fold;
    uint64_t *domains; /* the tables, by id */
    witnesses rows;
} look;

typedef struct finder {
    judge *judge;
    block *block;
    const graph *graph;
    arena *memory;
    bool *is_seen; /* by node id */
    size_t most;
    look *found;
    size_t count, capacity;
} finder;

/* ---- rows ---------------------------------------------------------------- */

/* The row of the data that a row of a domain stands for; false: it is an item of one. */
static bool find_root(const finder *f, const domain *d, uint32_t row, witness *out)
{
    for (;;) {
        const block_rows *rows = &f->block->rows[d->id];
        uint32_t member = 0;
        switch (d->kind) {
        case DOMAIN_EVENTS:
        case DOMAIN_TRAIT:
            out->is_trait = d->kind == DOMAIN_TRAIT;
            out->table = d->index;
            out->row =
                rows->first_row + (rows->source ? rows->source[row] : row) -
                (size_t)bound_table(f->block->bound, d)->offsets[f->block->first_person];
            out->time = rows->time[row];
            return true;
        case DOMAIN_UNION:
        case DOMAIN_SEQUENCE: member = rows->member ? rows->member[row] : 0; break;
        case DOMAIN_FILTER:
        case DOMAIN_BESIDE:
        case DOMAIN_SESSIONS: break;
        default: return false;
        }
        row = rows_source(rows, row);
        d = graph_domain(f->graph, d->members[member]);
    }
}

static void add_row(const finder *f, const domain *d, uint32_t row, witnesses *out)
{
    witness w = {0};
    if (out->item_count == f->most || !find_root(f, d, row, &w))
        return;
    out->items[out->item_count++] = w;
}

/* ---- windows ------------------------------------------------------------- */

static void narrow(const finder *f, const node *window, witnesses *out)
{
    if (window->kind != NODE_WINDOW) {
        for (size_t i = 0; i < window->operand_count; i++)
            narrow(f, window->operands[i], out);
        return;
    }
    for (size_t i = 0; i < window->operand_count; i++) {
        const vector *v = judge_node(f->judge, window->operands[i]);
        int64_t at = vector_has(v, 0) ? *(const int64_t *)v->values : 0;
        bool is_lower = i == 0 && window->window.has_lower;
        if (!vector_has(v, 0))
            continue;
        if (is_lower && (!out->has_from || at > out->from))
            out->from = at;
        if (!is_lower && (!out->has_until || at < out->until))
            out->until = at;
        out->has_from |= is_lower;
        out->has_until |= !is_lower;
    }
}

/* ---- folds --------------------------------------------------------------- */

static bool does_count(const vector *mask, uint32_t row)
{
    return !mask || bitmap_get(mask->values, mask->is_uniform ? 0 : row);
}

static bool is_first(const node *fold)
{
    return fold_kind_of(fold) == NODE_FIRST;
}

static bool is_first_or_last(const node *fold)
{
    return is_first(fold) || fold_kind_of(fold) == NODE_LAST;
}

static witnesses look_at(const finder *f, const node *fold, const node *const *operands)
{
    const fold_details *d = fold_details_of(fold);
    const node *window = operands[0];
    witnesses out = {.items =
                         arena_alloc_array(f->memory, f->most + 1, sizeof *out.items)};
    judge_node(f->judge, window);
    const vector *mask = d->has_mask ? judge_node(f->judge, operands[1]) : NULL;
    const vector *value =
        d->has_value ? judge_node(f->judge, operands[1 + d->has_mask]) : NULL;
    const window_rows *rows = &f->block->windows[window->id];
    const domain *of = graph_domain(f->graph, window->rows);
    narrow(f, window, &out);
    for (uint32_t i = 0; i < rows->end[0] - rows->begin[0]; i++) {
        uint32_t row = is_first(fold) ? rows->begin[0] + i : rows->end[0] - 1 - i;
        if (!does_count(mask, row) || (value && !vector_has(value, row)))
            continue;
        out.count++;
        add_row(f, of, row, &out);
        if (is_first_or_last(fold))
            break;
    }
    return out;
}

/* ---- several tables ------------------------------------------------------ */

bool witnesses_have_same_ends(const witnesses *a, const witnesses *b)
{
    return a->has_from == b->has_from && a->has_until == b->has_until &&
           (!a->has_from || a->from == b->from) &&
           (!a->has_until || a->until == b->until);
}

/* Windows whose ends nobody knows, such as months that are counted, may be different ones. */
static bool is_same_window(const witnesses *a, const witnesses *b)
{
    return (a->has_from || a->has_until) && witnesses_have_same_ends(a, b);
}

/* Do some words of the rules ask for both? */
static bool share_words(const node *a, const node *b)
{
    for (const origin *i = a->origins; i; i = i->next)
        for (const origin *k = b->origins; k; k = k->next)
            if (i->where.file && i->where.file == k->where.file &&
                i->where.begin == k->where.begin && i->where.end == k->where.end)
                return true;
    return false;
}

/* Is it one fold of several tables, as in `did anything`, and this is another of them? */
static bool are_one(const look *a, const look *b, const domain *of)
{
    return !bitmap_get(a->domains, of->id) &&
           fold_kind_of(a->fold) == fold_kind_of(b->fold) &&
           is_same_window(&a->rows, &b->rows) && share_words(a->fold, b->fold);
}

/* The order in which a fold tells rows: the latest come first, but those of `first`. */
static bool goes_before(const node *fold, const witness *a, const witness *b)
{
    return is_first(fold) ? a->time <= b->time : a->time >= b->time;
}

/* Of the first or last rows of several tables, those of the same instant. */
static void keep_outermost(witnesses *w)
{
    size_t kept = 0;
    while (kept < w->item_count && w->items[kept].time == w->items[0].time)
        kept++;
    w->count = w->item_count = kept;
}

static void take_in(const finder *f, look *l, const witnesses *more)
{
    witnesses *own = &l->rows;
    size_t both = own->item_count + more->item_count, a = 0, b = 0;
    witness *items = arena_alloc_array(f->memory, both + 1, sizeof *items);
    for (size_t i = 0; i < both; i++) {
        bool has_own = a < own->item_count, has_more = b < more->item_count;
        bool is_own = has_own && (!has_more ||
                                  goes_before(l->fold, &own->items[a], &more->items[b]));
        items[i] = is_own ? own->items[a++] : more->items[b++];
    }
    own->items = items;
    own->item_count = both < f->most ? both : f->most;
    own->count += more->count;
    if (is_first_or_last(l->fold))
        keep_outermost(own);
}

static void add_look(finder *f, const look *l, const domain *of)
{
    for (size_t i = 0; i < f->count; i++)
        if (are_one(&f->found[i], l, of)) {
            take_in(f, &f->found[i], &l->rows);
            bitmap_set(f->found[i].domains, of->id);
            return;
        }
    memory_grow((void **)&f->found, f->count, &f->capacity, sizeof *f->found);
    bitmap_set(l->domains, of->id);
    f->found[f->count++] = *l;
}

static void look_at_fold(finder *f, const node *n)
{
    const fold_details *d = fold_details_of(n);
    size_t width = (size_t)1 + d->has_mask + d->has_value;
    size_t words = bitmap_words(f->graph->domain_count);
    for (size_t i = 0; i < n->operand_count; i += width) {
        look l = {n, arena_alloc_array(f->memory, words, sizeof *l.domains),
                  look_at(f, n, n->operands + i)};
        add_look(f, &l, graph_domain(f->graph, n->operands[i]->rows));
    }
}

static bool is_fold_of_person(const node *n)
{
    return n->domain == PEOPLE && n->rows > PEOPLE &&
           (node_is_fold(n->kind) || n->kind == NODE_UNITED);
}

static void walk(finder *f, const node *n)
{
    if (f->is_seen[n->id] || n->domain != PEOPLE || node_is_window(n->kind) ||
        node_is_ranking(n->kind))
        return;
    f->is_seen[n->id] = true;
    if (is_fold_of_person(n)) {
        look_at_fold(f, n);
        return;
    }
    size_t count =
        n->kind == NODE_MEMBER_OF ? 1 : n->operand_count; /* not others' rows */
    for (size_t i = 0; i < count; i++)
        walk(f, n->operands[i]);
}

witnesses *witnesses_find(judge *j, const graph *g, const node *n, size_t most,
                          size_t *count, arena *memory)
{
    finder f = {
        .judge = j, .block = judge_block(j), .graph = g, .memory = memory, .most = most};
    f.is_seen = memory_alloc_zero_array(g->node_count + 1, sizeof *f.is_seen);
    walk(&f, n);
    memory_free(f.is_seen);
    witnesses *kept = arena_alloc_array(memory, f.count + 1, sizeof *kept);
    for (size_t i = 0; i < f.count; i++)
        kept[i] = f.found[i].rows;
    memory_free(f.found);
    *count = f.count;
    return kept;
}
