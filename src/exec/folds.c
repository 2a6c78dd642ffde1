/* SPDX-License-Identifier: MIT
 *
 * What all folds need before they look at rows, and their kernels.
 */
#include "exec/fold.h"

#include <string.h>

#include "exec/filled.h"
#include "exec/kernels.h"
#include "exec/stored.h"

/* ---- one part ----------------------------------------------------------- */

/* FIRST and LAST take the row as it is; the others look at values that are there. */
static bool skips_missing(node_kind kind)
{
    return node_missing_rule(kind) != MISSING_OWN;
}

static void select_by_presence(block *b, fold_part *p)
{
    size_t words = bitmap_words(p->rows->count);
    if (!p->selected) {
        p->selected = p->value->present;
        return;
    }
    p->spare_joined = scratch_take(b->scratch, (words + 1) * sizeof(uint64_t));
    for (size_t w = 0; w < words; w++)
        p->spare_joined[w] = p->selected[w] & p->value->present[w];
    p->selected = p->spare_joined;
}

/* What one value for all rows says: false when no row counts. */
static bool select_uniform(const vector *v, bool is_mask)
{
    return is_mask ? bitmap_get(v->values, 0) : vector_has(v, 0);
}

/* False when no row of the part can count. */
static bool select_rows(block *b, node_kind kind, const vector *mask, fold_part *p)
{
    const vector *value = p->value;
    if (mask && mask->is_uniform && !select_uniform(mask, true))
        return false;
    if (mask && !mask->is_uniform)
        p->selected = mask->values;
    if (!value || !value->present || !skips_missing(kind))
        return true;
    if (value->is_uniform)
        return select_uniform(value, false);
    select_by_presence(b, p);
    return true;
}

static void find_codes(const block *b, const node *n, const node *value, fold_part *p)
{
    p->origin = value->origin;
    if (type_is_text(value->type) && !origin_equals(n->origin, value->origin))
        p->codes = bound_translation(b->bound, value->origin);
}

/* The part whose operands begin at `first`; false when no row of it can count. */
static bool begin_part(const fold *f, size_t first, fold_part *p)
{
    block *b = f->block;
    const node *n = f->node;
    size_t at = first;
    *p = (fold_part){.window_node = n->operands[at++]};
    p->window = &b->windows[p->window_node->id];
    p->rows = block_domain(b, p->window_node->rows);
    const vector *mask = f->details->has_mask ? operand_vector(b, n, at++) : NULL;
    if (f->details->has_value) {
        p->value = operand_vector(b, n, at);
        p->value_type = n->operands[at]->type;
        find_codes(b, n, n->operands[at], p);
        if (reach_takes_stored(f->kind, p->value_type) && n->domain == PEOPLE)
            p->stored = stored_values(b, n->operands[at], &p->stored_first);
    }
    return select_rows(b, f->kind, mask, p);
}

/* ---- all parts ---------------------------------------------------------- */

static void find_filled(fold *f)
{
    block *b = f->block;
    size_t words = bitmap_words(f->group_count);
    if (f->part_count == 1) {
        f->filled = window_filled(b, f->parts[0].window_node);
        return;
    }
    f->spare_filled = scratch_take(b->scratch, (words + 1) * sizeof(uint64_t));
    memset(f->spare_filled, 0, words * sizeof(uint64_t));
    for (size_t p = 0; p < f->part_count; p++) {
        const uint64_t *own = window_filled(b, f->parts[p].window_node);
        for (size_t w = 0; w < words; w++)
            f->spare_filled[w] |= own[w];
    }
    f->filled = f->spare_filled;
}

void fold_begin(fold *f, block *b, const node *n)
{
    bool is_united = n->kind == NODE_UNITED;
    *f = (fold){.block = b,
                .node = n,
                .kind = is_united ? (node_kind)n->united.kind : n->kind,
                .details = is_united ? &n->united.details : &n->fold,
                .group_count = block_length(b, n)};
    if (f->details->has_value)
        f->value_type = n->operands[n->operand_count - 1]->type;
    size_t stride = 1u + f->details->has_mask + f->details->has_value;
    f->parts =
        scratch_take(b->scratch, (n->operand_count / stride + 1) * sizeof *f->parts);
    for (size_t first = 0; first < n->operand_count; first += stride)
        f->part_count += begin_part(f, first, &f->parts[f->part_count]);
    find_filled(f);
}

void fold_end(fold *f)
{
    scratch *s = f->block->scratch;
    for (size_t p = 0; p < f->part_count; p++)
        scratch_give(s, f->parts[p].spare_joined);
    scratch_give(s, f->spare_filled);
    scratch_give(s, f->parts);
}

uint64_t fold_take_word(const fold *f, size_t word)
{
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++) {
        if (!p->stored || word + 1 >= bitmap_words(f->group_count))
            continue;
        const uint32_t *begin = p->window->begin + (word + 1) * 64;
        EACH_SET_BIT(f->filled + word + 1, 64, i)
        {
            packed_fetch(p->stored, p->stored_first + begin[i]);
        }
    }
    return f->filled[word];
}

size_t fold_most_rows(const fold *f)
{
    size_t most = 0;
    EACH_GROUP(f, i)
    {
        size_t rows = 0;
        for (size_t p = 0; p < f->part_count; p++)
            rows += f->parts[p].window->end[i] - f->parts[p].window->begin[i];
        most = rows > most ? rows : most;
    }
    return most;
}

/* ---- kernels ------------------------------------------------------------ */

typedef void fold_loop(const fold *f, vector *out);

static void work_out(block *b, const node *n, fold_loop *work)
{
    fold f;
    fold_begin(&f, b, n);
    work(&f, &b->vectors[n->id]);
    fold_end(&f);
}

/* The kinds of folds: X(NAME, name, the loop that works it out). */
#define FOLDS                                                                            \
    X(ANY, any, fold_any)                                                                \
    X(COUNT, count, fold_count)                                                          \
    X(SUM, sum, fold_sum)                                                                \
    X(LEAST, least, fold_extreme)                                                        \
    X(GREATEST, greatest, fold_extreme)                                                  \
    X(DISTINCT, distinct, fold_distinct)                                                 \
    X(UNITS, units, fold_units)                                                          \
    X(UNITS_IN_A_ROW, units_in_a_row, fold_units)                                        \
    X(LONGEST_ROW, longest_row, fold_longest_row)                                        \
    X(QUANTILE, quantile, fold_quantile)                                                 \
    X(STDDEV, stddev, fold_stddev)                                                       \
    X(MOST_COMMON, most_common, fold_most_common)                                        \
    X(GATHER, gather, fold_gather)                                                       \
    X(FIRST, first, fold_end_row)                                                        \
    X(LAST, last, fold_end_row)

#define X(NAME, name, work)                                                              \
    void kernel_##name(block *b, const node *n)                                          \
    {                                                                                    \
        work_out(b, n, work);                                                            \
    }
FOLDS
#undef X

/* A fold over several tables is that of one. */
void kernel_united(block *b, const node *n)
{
    static fold_loop *const loops[] = {
#define X(NAME, name, work) [NODE_##NAME] = work,
        FOLDS
#undef X
    };
    work_out(b, n, loops[n->united.kind]);
}
