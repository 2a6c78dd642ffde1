/* SPDX-License-Identifier: MIT
 *
 * Conditions, a word of 64 people or rows at a time. Conditions are never missing.
 */
#include <string.h>

#include "base/bitmap.h"
#include "exec/kernels.h"

static void combine(block *b, const node *n, uint64_t *bits, size_t count)
{
    size_t words = bitmap_words(count);
    for (size_t i = 0; i < n->operand_count; i++) {
        uint64_t *spare;
        const uint64_t *from = operand_vector(b, n, i)->values;
        if (n->domain != RUN)
            from = condition_bits(b, operand_vector(b, n, i), count, &spare);
        else
            spare = NULL;
        for (size_t w = 0; w < words; w++)
            bits[w] = i == 0                ? from[w]
                      : n->kind == NODE_AND ? bits[w] & from[w]
                                            : bits[w] | from[w];
        scratch_give(b->scratch, spare);
    }
}

static void invert(block *b, const node *n, uint64_t *bits, size_t count)
{
    const uint64_t *from = operand_vector(b, n, 0)->values;
    uint64_t *all = scratch_take(b->scratch, (bitmap_words(count) + 1) * sizeof *all);
    bitmap_fill(all, count, true);
    for (size_t w = 0; w < bitmap_words(count); w++)
        bits[w] = ~from[w] & all[w];
    scratch_give(b->scratch, all);
}

static void presence(block *b, const node *n, uint64_t *bits, size_t count)
{
    const vector *v = operand_vector(b, n, 0);
    if (n->kind == NODE_HOLDS)
        memcpy(bits, v->values, bitmap_words(count) * sizeof *bits);
    else
        bitmap_fill(bits, count, true);
    for (size_t w = 0; v->present && w < bitmap_words(count); w++)
        bits[w] &= v->present[w];
}

/* ---- if ----------------------------------------------------------------- */

static size_t index_in(const vector *v, size_t i)
{
    return v->is_uniform ? 0 : i;
}

static uint32_t code_in(const block *b, const node *n, const node *from, const vector *v,
                        size_t i)
{
    uint32_t code = ((const uint32_t *)v->values)[i];
    const uint32_t *codes = origin_equals(n->origin, from->origin)
                                ? NULL
                                : bound_translation(b->bound, from->origin);
    return codes ? codes[code] : code;
}

static void choose_value(const block *b, const node *n, void *values, size_t i,
                         size_t operand)
{
    const vector *v = operand_vector(b, n, operand);
    size_t from = index_in(v, i);
    switch (n->type.kind) {
    case TYPE_BOOL: bitmap_put(values, i, bitmap_get(v->values, from)); break;
    case TYPE_NUMBER: ((double *)values)[i] = ((const double *)v->values)[from]; break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON:
        ((uint32_t *)values)[i] = code_in(b, n, n->operands[operand], v, from);
        break;
    default: ((int64_t *)values)[i] = ((const int64_t *)v->values)[from]; break;
    }
}

static void choose(block *b, const node *n, vector *out, size_t count)
{
    uint64_t *spare;
    const uint64_t *condition = condition_bits(b, operand_vector(b, n, 0), count, &spare);
    size_t bytes = (bitmap_words(count) + count + 1) * sizeof(int64_t);
    void *values = vector_take(b, out, bytes);
    uint64_t *present = vector_take_present(b, out, count);
    memset(values, 0, bytes);
    for (size_t i = 0; i < count; i++) {
        size_t operand = bitmap_get(condition, i) ? 1 : 2;
        const vector *v = operand_vector(b, n, operand);
        if (v->present && !bitmap_get(v->present, index_in(v, i)))
            bitmap_unset(present, i);
        else
            choose_value(b, n, values, i, operand);
    }
    scratch_give(b->scratch, spare);
}

void kernel_logic(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    if (n->kind == NODE_IF) {
        choose(b, n, out, count);
        return;
    }
    uint64_t *bits = vector_take_bits(b, out, count);
    if (n->kind == NODE_NOT)
        invert(b, n, bits, count);
    else if (n->kind == NODE_AND || n->kind == NODE_OR)
        combine(b, n, bits, count);
    else
        presence(b, n, bits, count);
}
