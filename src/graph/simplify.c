/* SPDX-License-Identifier: MIT
 *
 * Constants are worked out, equal forms are brought to one, and what cannot matter
 * goes away. Every rewrite keeps the meaning for missing values too.
 */
#include "graph/simplify.h"

#include <stdlib.h>

#include "base/memory.h"
#include "graph/constants.h"
#include "graph/make.h"
#include "graph/simplifier.h"

/* ---- shared -------------------------------------------------------------- */

bool node_is_integer(const node *n, int64_t value)
{
    bool is_integral = n->type.kind != TYPE_NUMBER && !type_is_text(n->type);
    return node_is_known(n) && is_integral && n->constant.integer == value;
}

void node_order_operands(node *wanted)
{
    if (wanted->operands[0]->id > wanted->operands[1]->id) {
        const node *first = wanted->operands[0];
        wanted->operands[0] = wanted->operands[1];
        wanted->operands[1] = first;
    }
}

int node_compare_ids(const void *a, const void *b)
{
    const node *x = *(const node *const *)a, *y = *(const node *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

void node_list_add(node_list *list, const node *n)
{
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = n;
}

void node_list_sort(node_list *list)
{
    qsort(list->items, list->count, sizeof *list->items, node_compare_ids);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || list->items[kept - 1] != list->items[i])
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/* ---- all kinds ----------------------------------------------------------- */

static bool has_missing(const node *n)
{
    for (size_t i = 0; i < n->operand_count; i++)
        if (node_is_constant(n->operands[i]) && n->operands[i]->constant.is_missing)
            return true;
    return false;
}

/* Where one missing operand decides. */
static const node *decided_by_missing(graph *g, const node *wanted)
{
    switch (node_missing_rule(wanted->kind)) {
    case MISSING_FALSE: return has_missing(wanted) ? make_bool(g, false) : NULL;
    case MISSING_PASSES:
    case MISSING_LOSES: return has_missing(wanted) ? make_missing(g, wanted->type) : NULL;
    case MISSING_NEVER:
    case MISSING_CHOSEN:
    case MISSING_SKIPS:
    case MISSING_SUMS:
    case MISSING_OWN:
    case MISSING_EMPTY: break;
    }
    return NULL;
}

const node *simplify_nothing(graph *g, node *wanted)
{
    (void)g;
    (void)wanted;
    return NULL;
}

const node *simplify(graph *g, node *wanted)
{
    static simplifier *const simplifiers[] = {
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    simplify_##simplify,
#include "graph/nodes.def"
#undef X
    };
    const node *made = decided_by_missing(g, wanted);
    if (!made)
        made = constant_of(g, wanted);
    return made ? made : simplifiers[wanted->kind](g, wanted);
}
