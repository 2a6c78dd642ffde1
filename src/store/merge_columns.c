/* SPDX-License-Identifier: MIT
 *
 * Columns of a merge: the pieces get one shape, at whole bytes, and then runs are copied.
 */
#include <string.h>

#include "base/memory.h"
#include "store/merge.h"

enum { SOME = 1024 }; /* numbers that are looked at together */

/* ---- the shape ------------------------------------------------------------ */

static void add_numbers(packed_range *range, const packed *numbers, uint64_t count)
{
    int64_t some[SOME];
    for (uint64_t i = 0; i < count; i += SOME) {
        size_t size = count - i < SOME ? (size_t)(count - i) : SOME;
        packed_widen_64(numbers, (size_t)i, size, some);
        packed_range_add(range, some, size);
    }
}

/* Runs are copied byte by byte. */
static packed at_whole_bytes(packed shape)
{
    if (shape.bits > 0 && shape.bits < 8)
        shape.bits = 8;
    return shape;
}

static packed shape_of_codes(const packed *numbers, size_t piece_count)
{
    packed shape = {NULL, 0, 0, 1};
    for (size_t i = 0; i < piece_count; i++)
        shape.bits = numbers[i].bits > shape.bits ? numbers[i].bits : shape.bits;
    return at_whole_bytes(shape);
}

static packed shape_of_numbers(const packed *numbers, const uint64_t *counts,
                               size_t piece_count)
{
    packed_range range = {0};
    for (size_t i = 0; i < piece_count; i++)
        add_numbers(&range, &numbers[i], counts[i]);
    return at_whole_bytes(packed_shape(&range));
}

/* ---- copying -------------------------------------------------------------- */

static bool has_shape(const packed *numbers, const packed *shape)
{
    return numbers->bits == shape->bits && numbers->base == shape->base &&
           numbers->unit == shape->unit;
}

/* The numbers of a piece in the shape; to be freed. */
static char *reshape(const packed *numbers, uint64_t count, const packed *shape)
{
    int64_t some[SOME];
    char *data = memory_alloc(packed_bytes(shape->bits, (size_t)count));
    for (uint64_t i = 0; i < count; i += SOME) {
        size_t size = count - i < SOME ? (size_t)(count - i) : SOME;
        packed_widen_64(numbers, (size_t)i, size, some);
        packed_put(shape, data, (size_t)i, some, size);
    }
    return data;
}

static void copy_runs(const merge *m, char *const *data, size_t size, char *to)
{
    for (size_t i = 0; i < m->run_count; i++) {
        const merge_run *run = &m->runs[i];
        memcpy(to, data[run->piece] + run->first * size, (size_t)run->count * size);
        to += run->count * size;
    }
}

packed merge_numbers(const merge *m, const packed *numbers, const uint64_t *counts,
                     size_t piece_count, bool are_codes, arena *memory)
{
    packed shape = are_codes ? shape_of_codes(numbers, piece_count)
                             : shape_of_numbers(numbers, counts, piece_count);
    if (shape.bits == 0)
        return shape;
    char **data = memory_alloc_zero_array(piece_count + 1, sizeof *data);
    char **own = memory_alloc_zero_array(piece_count + 1, sizeof *own);
    for (size_t i = 0; i < piece_count; i++) {
        if (!has_shape(&numbers[i], &shape))
            own[i] = reshape(&numbers[i], counts[i], &shape);
        data[i] = own[i] ? own[i] : (char *)numbers[i].data;
    }
    char *to = arena_alloc(memory, packed_bytes(shape.bits, (size_t)m->row_count));
    copy_runs(m, data, shape.bits / 8, to);
    for (size_t i = 0; i < piece_count; i++)
        memory_free(own[i]);
    memory_free(own);
    memory_free(data);
    shape.data = to;
    return shape;
}

void merge_bits(const merge *m, const uint64_t *const *bits, const bool *absent,
                uint64_t *out)
{
    size_t at = 0;
    for (size_t i = 0; i < m->run_count; i++) {
        const merge_run *run = &m->runs[i];
        const uint64_t *from = bits[run->piece];
        for (uint64_t r = 0; r < run->count; r++, at++)
            bitmap_put(out, at,
                       from ? bitmap_get(from, (size_t)(run->first + r))
                            : absent[run->piece]);
    }
}
