/* SPDX-License-Identifier: MIT
 *
 * What all folds need before they look at rows, and which function works out which fold.
 */
#include "exec/fold.h"

#include "exec/kernels.h"

/* FIRST and LAST take the row as it is; the others look at values that are there. */
static bool skips_missing(node_kind kind)
{
    return kind != NODE_FIRST && kind != NODE_LAST;
}

static void select_rows(fold *f)
{
    const node *n = f->node;
    block *b = f->block;
    if (n->fold.has_mask)
        f->selected =
            condition_bits(b, operand_vector(b, n, 1), f->row_count, &f->spare_mask);
    if (!f->value || !f->value->present || f->value->is_uniform ||
        !skips_missing(n->kind))
        return;
    if (!f->selected) {
        f->selected = f->value->present;
        return;
    }
    size_t words = bitmap_words(f->row_count);
    f->spare_joined = scratch_take(b->scratch, (words + 1) * sizeof(uint64_t));
    for (size_t w = 0; w < words; w++)
        f->spare_joined[w] = f->selected[w] & f->value->present[w];
    f->selected = f->spare_joined;
}

fold fold_begin(block *b, const node *n)
{
    fold f = {.block = b,
              .node = n,
              .window = &b->windows[n->operands[0]->id],
              .row_count = block_domain(b, n->rows)->count,
              .group_count = block_length(b, n)};
    if (n->fold.has_value) {
        f.value = operand_vector(b, n, n->operand_count - 1);
        f.value_type = n->operands[n->operand_count - 1]->type;
    }
    select_rows(&f);
    return f;
}

void fold_end(fold *f)
{
    scratch_give(f->block->scratch, f->spare_mask);
    scratch_give(f->block->scratch, f->spare_joined);
}

size_t fold_most_rows(const fold *f)
{
    size_t most = 0;
    for (size_t i = 0; i < f->group_count; i++) {
        size_t rows = f->window->end[i] - f->window->begin[i];
        most = rows > most ? rows : most;
    }
    return most;
}

int64_t fold_version_place(const fold *f, size_t row)
{
    const node *values = f->node->operands[f->node->operand_count - 1];
    uint32_t code = ((const uint32_t *)f->value->values)[fold_value_index(f, row)];
    return bound_version_place(f->block->bound, values->origin, code);
}

bool fold_has_nothing(const fold *f)
{
    return f->value && f->value->is_uniform && f->value->present &&
           !bitmap_get(f->value->present, 0);
}

void kernel_fold(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    fold f = fold_begin(b, n);
    switch (n->kind) {
    case NODE_ANY: fold_any(&f, out); break;
    case NODE_COUNT: fold_count(&f, out); break;
    case NODE_SUM: fold_sum(&f, out); break;
    case NODE_DISTINCT: fold_distinct(&f, out); break;
    case NODE_RUNS:
    case NODE_LONGEST_RUN: fold_runs(&f, out); break;
    case NODE_LONGEST_ROW: fold_longest_row(&f, out); break;
    case NODE_QUANTILE: fold_quantile(&f, out); break;
    case NODE_STDDEV: fold_stddev(&f, out); break;
    case NODE_MOST_COMMON: fold_most_common(&f, out); break;
    default: fold_pick(&f, out); break;
    }
    fold_end(&f);
}
