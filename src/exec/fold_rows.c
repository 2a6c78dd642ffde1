/* SPDX-License-Identifier: MIT
 *
 * The value of one row: the least, the greatest, the first, the last, the one met most
 * often. First the place of that row is found for each group, then the values are copied.
 */
#include "exec/fold_places.h"

#include <string.h>

#include "base/bitmap.h"
#include "exec/kernels.h"
#include "exec/key_counts.h"

/* ---- the total order of rows -------------------------------------------- */

static uint32_t rank_of(const fold *f, row_place at)
{
    const node *window = f->parts[at.part].window_node;
    return domain_rank(graph_domain(f->block->bound->plan->graph, window->rows));
}

static uint32_t arrival_of(const fold *f, row_place at)
{
    return block_arrival(f->block, f->parts[at.part].window_node->rows, (uint32_t)at.row);
}

int fold_compare_places(const fold *f, row_place a, row_place b)
{
    const block_rows *x = f->parts[a.part].rows, *y = f->parts[b.part].rows;
    if (a.part == b.part)
        return (a.row > b.row) - (a.row < b.row);
    int64_t x_time = rows_time(x, a.row), y_time = rows_time(y, b.row);
    if (x_time != y_time)
        return x_time < y_time ? -1 : 1;
    uint32_t x_arrival = arrival_of(f, a), y_arrival = arrival_of(f, b);
    if (x_arrival != y_arrival)
        return x_arrival < y_arrival ? -1 : 1;
    return rank_of(f, a) < rank_of(f, b) ? -1 : 1;
}

/* ---- least and greatest ------------------------------------------------- */

/* The first of the best rows of a group. All bits of whole numbers inverted turn their order
 * around. */
static size_t best_integer(const fold *f, const fold_part *p, size_t i)
{
    int64_t flip = f->kind == NODE_LEAST ? 0 : -1, least = 0;
    size_t best = SIZE_MAX;
    EACH_ROW(p, i, r)
    {
        int64_t value = part_integer(f, p, r) ^ flip;
        if (best == SIZE_MAX || value < least) {
            least = value;
            best = r;
        }
    }
    return best;
}

static size_t best_number(const fold *f, const fold_part *p, size_t i)
{
    double sign = f->kind == NODE_LEAST ? 1 : -1, least = 0;
    size_t best = SIZE_MAX;
    EACH_ROW(p, i, r)
    {
        double value = part_number(p, r) * sign;
        if (best == SIZE_MAX || value < least) {
            least = value;
            best = r;
        }
    }
    return best;
}

/* -1, 0 or 1: the value of a is less, equal or more. */
static int compare_values(const fold *f, row_place a, row_place b)
{
    const fold_part *x = &f->parts[a.part], *y = &f->parts[b.part];
    if (x->value_type.kind == TYPE_NUMBER) {
        double m = part_number(x, a.row), n = part_number(y, b.row);
        return (m > n) - (m < n);
    }
    int64_t m = part_integer(f, x, a.row), n = part_integer(f, y, b.row);
    return (m > n) - (m < n);
}

static bool is_better(const fold *f, row_place found, row_place best)
{
    int order = compare_values(f, found, best);
    if (order == 0)
        return fold_compare_places(f, found, best) < 0;
    return (order < 0) == (f->kind == NODE_LEAST);
}

static row_place best_place(const fold *f, size_t i)
{
    bool of_numbers = f->value_type.kind == TYPE_NUMBER;
    row_place best = NOWHERE;
    for (uint32_t p = 0; p < f->part_count; p++) {
        const fold_part *part = &f->parts[p];
        size_t row = of_numbers ? best_number(f, part, i) : best_integer(f, part, i);
        row_place found = {p, (uint32_t)row};
        if (row != SIZE_MAX && (!is_somewhere(best) || is_better(f, found, best)))
            best = found;
    }
    return best;
}

/* ---- the value met most often ------------------------------------------- */

/* Of values met as often, the one met last. In the order of rows that is the value of the last
 * row with which one was met as often as any. */
static row_place most_common_in_order(const fold *f, key_counts *met, size_t i)
{
    const fold_part *p = &f->parts[0];
    uint32_t most = 0;
    row_place best = NOWHERE;
    EACH_ROW(p, i, r)
    {
        uint32_t times = ++*key_counts_of(met, part_key(f, p, r));
        if (times < most)
            continue;
        most = times;
        best = (row_place){0, (uint32_t)r};
    }
    return best;
}

static uint32_t count_keys(const fold *f, key_counts *met, size_t i)
{
    uint32_t most = 0;
    for (const fold_part *p = f->parts; p < f->parts + f->part_count; p++)
        EACH_ROW(p, i, r)
        {
            uint32_t times = ++*key_counts_of(met, part_key(f, p, r));
            most = times > most ? times : most;
        }
    return most;
}

/* The rows of several tables are counted first. */
static row_place most_common_place(const fold *f, key_counts *met, size_t i)
{
    uint32_t most = count_keys(f, met, i);
    row_place best = NOWHERE;
    for (uint32_t p = 0; p < f->part_count; p++)
        EACH_ROW(&f->parts[p], i, r)
        {
            row_place found = {p, (uint32_t)r};
            if (*key_counts_of(met, part_key(f, &f->parts[p], r)) == most &&
                (!is_somewhere(best) || fold_compare_places(f, found, best) > 0))
                best = found;
        }
    return best;
}

/* ---- the values --------------------------------------------------------- */

static void put_stored(const fold_part *p, void *values, size_t i, int64_t value)
{
    switch (p->value_type.kind) {
    case TYPE_BOOL: bitmap_put(values, i, value != 0); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON:
        ((uint32_t *)values)[i] = p->codes ? p->codes[value] : (uint32_t)value;
        break;
    default: ((int64_t *)values)[i] = value; break;
    }
}

static void copy_row(const fold *f, void *values, size_t i, row_place at)
{
    const fold_part *p = &f->parts[at.part];
    if (place_is_stored_time(p)) {
        ((int64_t *)values)[i] = rows_time(p->rows, at.row);
        return;
    }
    if (p->stored) {
        put_stored(p, values, i, packed_get(p->stored, p->stored_first + at.row));
        return;
    }
    const void *from = p->value->values;
    size_t row = part_value_index(p, at.row);
    switch (p->value_type.kind) {
    case TYPE_BOOL: bitmap_put(values, i, bitmap_get(from, row)); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: {
        uint32_t code = ((const uint32_t *)from)[row];
        ((uint32_t *)values)[i] = p->codes ? p->codes[code] : code;
        break;
    }
    default: ((int64_t *)values)[i] = ((const int64_t *)from)[row]; break;
    }
}

size_t fold_bytes(const fold *f)
{
    size_t groups = f->group_count;
    return f->node->type.kind == TYPE_BOOL
               ? (bitmap_words(groups) + 1) * sizeof(uint64_t)
               : (groups + 1) * type_value_size(f->node->type);
}

void fold_take_nothing(const fold *f, vector *out)
{
    void *values = vector_take(f->block, out, fold_bytes(f));
    vector_take_present(f->block, out, f->group_count);
    bitmap_fill(out->present, f->group_count, false);
    memset(values, 0, fold_bytes(f));
}

void fold_put_row(const fold *f, vector *out, size_t i, row_place at)
{
    if (!is_somewhere(at) || !vector_has(f->parts[at.part].value, at.row))
        return;
    copy_row(f, out->values, i, at);
    bitmap_set(out->present, i);
}

/* Where each row has a window of its own, of one table. */
static void put_moving_best(const fold *f, vector *out)
{
    uint32_t *best = moving_best_rows(f, &f->parts[0]);
    EACH_GROUP(f, i)
    if (best[i] != FOLD_NO_ROW)
        fold_put_row(f, out, i, (row_place){0, best[i]});
    scratch_give(f->block->scratch, best);
}

/* Whole numbers of one table: which row has the best one does not matter. */
static bool are_plain_integers(const fold *f)
{
    const fold_part *p = &f->parts[0];
    return f->part_count == 1 && !p->value->is_uniform && !p->codes &&
           f->value_type.kind != TYPE_NUMBER && f->value_type.kind != TYPE_VERSION;
}

static void put_least_integers(const fold *f, vector *out)
{
    const fold_part *p = &f->parts[0];
    const int64_t *values = p->value->values;
    int64_t flip = f->kind == NODE_LEAST ? 0 : -1;
    EACH_GROUP(f, i)
    {
        int64_t least = INT64_MAX;
        bool is_there = false;
        EACH_ROW(p, i, r)
        {
            int64_t value = values[r] ^ flip;
            least = value < least ? value : least;
            is_there = true;
        }
        ((int64_t *)out->values)[i] = is_there ? least ^ flip : 0;
        out->present[i / 64] |= (uint64_t)is_there << i % 64;
    }
}

void fold_extreme(const fold *f, vector *out)
{
    fold_take_nothing(f, out);
    if (f->part_count == 1 && fold_moves(f, &f->parts[0])) {
        put_moving_best(f, out);
        return;
    }
    if (are_plain_integers(f)) {
        put_least_integers(f, out);
        return;
    }
    EACH_GROUP(f, i)
    fold_put_row(f, out, i, best_place(f, i));
}

void fold_most_common(const fold *f, vector *out)
{
    key_counts met = key_counts_take(f->block->scratch, fold_most_rows(f));
    fold_take_nothing(f, out);
    EACH_GROUP(f, i)
    {
        key_counts_clear(&met);
        fold_put_row(f, out, i,
                     f->part_count == 1 ? most_common_in_order(f, &met, i)
                                        : most_common_place(f, &met, i));
    }
    key_counts_give(f->block->scratch, &met);
}
