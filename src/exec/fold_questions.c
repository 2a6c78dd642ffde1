/* SPDX-License-Identifier: MIT */
#include "exec/fold_questions.h"

#include "base/memory.h"

node_kind fold_kind_of(const node *n)
{
    return n->kind == NODE_UNITED ? (node_kind)n->united.kind : n->kind;
}

const fold_details *fold_details_of(const node *n)
{
    return n->kind == NODE_UNITED ? &n->united.details : &n->fold;
}

static bool has_one_window(const node *n, const edge_plan *edges)
{
    const edge_pair *first = &edges->windows[n->operands[0]->id];
    for (size_t i = 0; i < n->operand_count; i++) {
        const edge_pair *pair = &edges->windows[n->operands[i]->id];
        if (node_is_window(n->operands[i]->kind) &&
            (!pair->is_shared || pair->from != first->from ||
             pair->until != first->until))
            return false;
    }
    return true;
}

/* Of days, weeks ... */
static size_t unit_of(const node *n)
{
    return fold_kind_of(n) == NODE_UNITS ? fold_details_of(n)->units.unit : 0;
}

bool fold_find_question(const node *n, const edge_plan *edges, family_question *out)
{
    size_t count = 0;
    if (n->domain != PEOPLE || !has_one_window(n, edges))
        return false;
    const edge_pair *window = &edges->windows[n->operands[0]->id];
    *out = (family_question){.from = window->from, .until = window->until, .id = n->id};
    out->key = memory_alloc_array(n->operand_count + 3, sizeof *out->key);
    out->key[count++] = fold_kind_of(n);
    out->key[count++] = unit_of(n);
    out->key[count++] = fold_details_of(n)->has_mask;
    for (size_t i = 0; i < n->operand_count; i++) {
        const node *o = n->operands[i];
        out->key[count++] = node_is_window(o->kind) ? o->rows : o->id;
    }
    out->key_count = count;
    return true;
}
