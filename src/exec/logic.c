/* SPDX-License-Identifier: MIT
 *
 * Conditions, a word of 64 people or rows at a time. Conditions are never missing.
 */
#include <string.h>

#include "base/bitmap.h"
#include "exec/kernels.h"

static uint64_t *take_bits(block *b, const node *n, size_t *count)
{
    *count = block_length(b, n);
    return vector_take_bits(b, &b->vectors[n->id], *count);
}

static void combine(block *b, const node *n, bool is_and)
{
    size_t count;
    uint64_t *bits = take_bits(b, n, &count);
    size_t words = bitmap_words(count);
    for (size_t i = 0; i < n->operand_count; i++) {
        uint64_t *spare;
        const uint64_t *from = operand_vector(b, n, i)->values;
        if (n->domain != RUN)
            from = condition_bits(b, operand_vector(b, n, i), count, &spare);
        else
            spare = NULL;
        for (size_t w = 0; w < words; w++)
            bits[w] = i == 0 ? from[w] : is_and ? bits[w] & from[w] : bits[w] | from[w];
        scratch_give(b->scratch, spare);
    }
}

void kernel_and(block *b, const node *n)
{
    combine(b, n, true);
}

void kernel_or(block *b, const node *n)
{
    combine(b, n, false);
}

void kernel_not(block *b, const node *n)
{
    size_t count;
    uint64_t *bits = take_bits(b, n, &count);
    const uint64_t *from = operand_vector(b, n, 0)->values;
    uint64_t *all = scratch_take(b->scratch, (bitmap_words(count) + 1) * sizeof *all);
    bitmap_fill(all, count, true);
    for (size_t w = 0; w < bitmap_words(count); w++)
        bits[w] = ~from[w] & all[w];
    scratch_give(b->scratch, all);
}

static void keep_present(const vector *v, uint64_t *bits, size_t count)
{
    for (size_t w = 0; v->present && w < bitmap_words(count); w++)
        bits[w] &= v->present[w];
}

void kernel_holds(block *b, const node *n)
{
    size_t count;
    uint64_t *bits = take_bits(b, n, &count);
    const vector *v = operand_vector(b, n, 0);
    memcpy(bits, v->values, bitmap_words(count) * sizeof *bits);
    keep_present(v, bits, count);
}

void kernel_is_present(block *b, const node *n)
{
    size_t count;
    uint64_t *bits = take_bits(b, n, &count);
    bitmap_fill(bits, count, true);
    keep_present(operand_vector(b, n, 0), bits, count);
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

void kernel_if(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
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
