/* SPDX-License-Identifier: MIT
 *
 * The value of one row: the least, the greatest, the first, the last, the one met most
 * often.
 */
#include "exec/fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"

/* ---- which row: least, greatest, first, last ---------------------------- */

static size_t extreme_row(const fold *f, size_t i)
{
    bool wants_least = f->node->kind == NODE_LEAST;
    bool of_doubles = f->value_type.kind == TYPE_NUMBER;
    size_t best = SIZE_MAX;
    EACH_ROW(f, i, r)
    {
        if (best == SIZE_MAX) {
            best = r;
            continue;
        }
        bool is_less = of_doubles ? fold_number(f, r) < fold_number(f, best)
                                  : fold_integer(f, r) < fold_integer(f, best);
        bool is_more = of_doubles ? fold_number(f, r) > fold_number(f, best)
                                  : fold_integer(f, r) > fold_integer(f, best);
        if (wants_least ? is_less : is_more)
            best = r;
    }
    return best;
}

static size_t wanted_row(const fold *f, size_t i)
{
    uint32_t begin = f->window->begin[i], end = f->window->end[i];
    if (begin == end)
        return SIZE_MAX;
    switch (f->node->kind) {
    case NODE_FIRST: {
        size_t row = fold_next_row(f, begin, end);
        return row < end ? row : SIZE_MAX;
    }
    case NODE_LAST: return f->selected ? bitmap_last(f->selected, begin, end) : end - 1;
    default: return extreme_row(f, i);
    }
}

static void copy_row(const fold *f, void *values, size_t i, size_t row)
{
    const void *from = f->value->values;
    size_t at = fold_value_index(f, row);
    switch (f->value_type.kind) {
    case TYPE_BOOL: bitmap_put(values, i, bitmap_get(from, at)); break;
    case TYPE_NUMBER: ((double *)values)[i] = ((const double *)from)[at]; break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: ((uint32_t *)values)[i] = ((const uint32_t *)from)[at]; break;
    default: ((int64_t *)values)[i] = ((const int64_t *)from)[at]; break;
    }
}

void fold_pick(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    size_t bytes = (groups + bitmap_words(groups) + 1) * sizeof(int64_t);
    void *values = vector_take(f->block, out, bytes);
    uint64_t *present = vector_take_present(f->block, out, groups);
    memset(values, 0, bytes);
    for (size_t i = 0; i < groups; i++) {
        size_t row = wanted_row(f, i);
        bool has_value =
            row != SIZE_MAX && (!f->value->present ||
                                bitmap_get(f->value->present, fold_value_index(f, row)));
        if (has_value)
            copy_row(f, values, i, row);
        else
            bitmap_unset(present, i);
    }
}

/* ---- the value met most often ------------------------------------------- */

/* A value with the last row that had it. */
typedef struct met_value {
    uint64_t key;
    size_t row;
} met_value;

static int compare_met(const void *a, const void *b)
{
    const met_value *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static size_t most_common_row(const fold *f, met_value *met, size_t i)
{
    size_t count = 0, best_count = 0, best_row = SIZE_MAX;
    EACH_ROW(f, i, r)
    met[count++] = (met_value){fold_key(f, r), r};
    qsort(met, count, sizeof *met, compare_met);
    for (size_t first = 0; first < count;) {
        size_t next = first;
        while (next < count && met[next].key == met[first].key)
            next++;
        size_t row = met[next - 1].row;
        if (next - first > best_count || (next - first == best_count && row > best_row)) {
            best_count = next - first;
            best_row = row;
        }
        first = next;
    }
    return best_row;
}

void fold_most_common(const fold *f, vector *out)
{
    size_t groups = f->group_count;
    met_value *met =
        scratch_take(f->block->scratch, (fold_most_rows(f) + 1) * sizeof *met);
    size_t bytes = (groups + bitmap_words(groups) + 1) * sizeof(int64_t);
    void *values = vector_take(f->block, out, bytes);
    uint64_t *present = vector_take_present(f->block, out, groups);
    memset(values, 0, bytes);
    for (size_t i = 0; i < groups; i++) {
        size_t row = fold_has_nothing(f) ? SIZE_MAX : most_common_row(f, met, i);
        if (row == SIZE_MAX)
            bitmap_unset(present, i);
        else
            copy_row(f, values, i, row);
    }
    scratch_give(f->block->scratch, met);
}
