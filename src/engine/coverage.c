/* SPDX-License-Identifier: MIT
 *
 * Conditions are known by their places in the files.
 */
#include "engine/coverage.h"

#include <stdlib.h>

#include "base/memory.h"
#include "engine/parts.h"
#include "engine/selection.h"
#include "explain/explain.h"
#include "lang/meaning.h"

struct coverage {
    const engine *engine;
    condition *items;
    size_t count, capacity;
};

/* ---- which there are ------------------------------------------------------- */

static bool is_condition(const reason *r)
{
    bool is_line = r->is_group || r->points.question != NO_QUESTION;
    bool is_leaf = r->part_count == 0 || (r->kind == REASON_NAMED && !is_line);
    bool is_otherwise =
        r->is_group && r->part_count == 0; /* never false once it is tried */
    return is_leaf && !is_otherwise && r->kind != REASON_VALUE &&
           r->kind != REASON_EACH && r->question != NO_QUESTION && r->where.file;
}

static bool is_inside(span inner, span outer)
{
    return inner.file == outer.file && inner.begin >= outer.begin &&
           inner.end <= outer.end;
}

static condition *find(coverage *c, span where)
{
    for (size_t i = 0; i < c->count; i++) {
        span own = c->items[i].where;
        if (own.file == where.file && own.begin == where.begin && own.end == where.end)
            return &c->items[i];
    }
    return NULL;
}

/* Those that the rule says itself, not those of rules that it names; nor those by which a value is
 * chosen, of which not every explanation tells the parts. */
static void list_reason(coverage *c, const ast_decl *decl, const reason *r)
{
    bool is_whole = r->where.begin == decl->where.begin;
    if (!is_whole && is_condition(r) && is_inside(r->where, decl->where) &&
        !find(c, r->where)) {
        memory_grow((void **)&c->items, c->count, &c->capacity, sizeof *c->items);
        c->items[c->count++] = (condition){.decl = decl, .where = r->where};
    }
    for (size_t i = 0; !r->is_choice && i < r->part_count; i++)
        list_reason(c, decl, r->parts[i]);
}

static int in_order(const void *a, const void *b)
{
    const condition *x = a, *y = b;
    return (x->where.begin > y->where.begin) - (x->where.begin < y->where.begin);
}

static void list_decl(coverage *c, ast_decl *decl)
{
    const engine *e = c->engine;
    size_t begin = c->count;
    arena *memory = arena_new();
    reason_moment moment = {0, e->zone, e->week_start};
    size_t part = decl->kind == DECL_GROUPS ? SIZE_MAX : 0;
    reasons asked = reasons_ask(&moment, decl, part, decl->subject.text != NULL, memory);
    list_reason(c, decl, asked.root);
    if (c->count > begin)
        qsort(c->items + begin, c->count - begin, sizeof *c->items, in_order);
    arena_free(memory);
}

/* By number: the selected rules and, as a `let` cannot be selected, those that such a rule uses. */
static bool *find_meant(const engine *e)
{
    bool *meant = memory_alloc_zero_array(e->book->decls.count + 1, sizeof *meant);
    for (size_t i = e->book->order.count; i-- > 0;) {
        const ast_decl *decl = e->book->order.items[i];
        meant[decl->number] |= !e->book->selected || engine_is_selected(e, decl);
        for (size_t k = 0; meant[decl->number] && k < decl->uses.count; k++) {
            const ast_decl *used = ((const ast_use *)decl->uses.items[k])->decl;
            meant[used->number] |= used->kind == DECL_LET;
        }
    }
    return meant;
}

static bool has_reasons(const ast_decl *decl)
{
    return decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS ||
           decl->kind == DECL_SCORE || decl->kind == DECL_LET;
}

coverage *coverage_new(const engine *e)
{
    coverage *c = memory_alloc_zero(sizeof *c);
    c->engine = e;
    bool *meant = find_meant(e);
    for (size_t i = 0; i < e->book->decls.count; i++)
        if (meant[i] && has_reasons(e->book->decls.items[i]))
            list_decl(c, e->book->decls.items[i]);
    memory_free(meant);
    return c;
}

void coverage_free(coverage *c)
{
    if (!c)
        return;
    memory_free(c->items);
    memory_free(c);
}

/* ---- what was shown --------------------------------------------------------- */

static void mark(coverage *c, const reason *r)
{
    condition *own = is_condition(r) ? find(c, r->where) : NULL;
    if (own) {
        own->was_true |= r->holds;
        own->was_false |= !r->holds;
    }
    for (size_t i = 0; i < r->part_count; i++)
        mark(c, r->parts[i]);
}

void coverage_add(coverage *c, size_t scenario, const trial *t)
{
    carpel_error err;
    store *people = engine_scenario_people(c->engine, scenario);
    for (size_t i = 0; i < t->expectation_count; i++) {
        explanation *x =
            engine_explain_expectation(c->engine, people, &t->expectations[i], &err);
        if (x)
            mark(c, x->root);
        explanation_free(x);
    }
    store_free(people);
}

static bool is_tried_rule(const condition *c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (c[i].was_true || c[i].was_false)
            return true;
    return false;
}

size_t coverage_keep_tried(coverage *c)
{
    size_t kept = 0, left_out = 0;
    for (size_t begin = 0, end; begin < c->count; begin = end) {
        for (end = begin; end < c->count && c->items[end].decl == c->items[begin].decl;)
            end++;
        bool is_tried = is_tried_rule(c->items + begin, end - begin);
        left_out += !is_tried;
        for (size_t i = begin; is_tried && i < end; i++)
            c->items[kept++] = c->items[i];
    }
    c->count = kept;
    return left_out;
}

const condition *coverage_conditions(const coverage *c, size_t *count)
{
    *count = c->count;
    return c->items;
}
