/* SPDX-License-Identifier: MIT
 *
 * Numbers that do not go to the disk as they lie are gone through twice: for the shape that they take
 * together, and to be put in it. Few are kept in between.
 */
#include "store/part_numbers.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"

enum {
    PIECE = 4096, /* a multiple of 64, so that pieces end at whole words */
    FEW = 1 << 17
};

void run_list_add(run_list *list, uint64_t first, uint64_t count)
{
    run *last = list->count > 0 ? &list->items[list->count - 1] : NULL;
    list->row_count += count;
    if (last && last->first + last->count == first) {
        last->count += count;
        return;
    }
    if (count == 0)
        return;
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = (run){first, count};
}

/* ---- taking ----------------------------------------------------------------- */

static void change_numbers(const numbers *n, uint64_t first, int64_t *out, size_t count)
{
    for (size_t i = 0; n->codes && i < count; i++) {
        bool is_there = !n->present || bitmap_get(n->present, (size_t)first + i);
        out[i] = is_there ? n->codes[out[i]] : 0;
    }
    for (size_t i = 0; n->added > 0 && i < count; i++)
        out[i] += n->added;
}

/* The next `most` numbers, or what is left. */
static size_t take_numbers(numbers *n, int64_t *out, size_t most)
{
    size_t count = 0;
    while (count < most && n->run < n->rows->count) {
        const run *r = &n->rows->items[n->run];
        uint64_t first = r->first + n->row, left = r->count - n->row;
        size_t size = left < most - count ? (size_t)left : most - count;
        packed_widen_64(n->from, (size_t)first, size, out + count);
        change_numbers(n, first, out + count, size);
        count += size;
        n->row += size;
        if (size == left) {
            n->run++;
            n->row = 0;
        }
    }
    return count;
}

/* ---- writing ---------------------------------------------------------------- */

static packed shape_for(const numbers *n, const packed_range *range)
{
    return n->are_codes ? packed_shape_of_codes((uint32_t)range->greatest)
                        : packed_shape(range);
}

static packed find_shape(numbers n)
{
    int64_t piece[PIECE];
    packed_range range = {0};
    for (size_t count; (count = take_numbers(&n, piece, PIECE)) > 0;)
        packed_range_add(&range, piece, count);
    return shape_for(&n, &range);
}

static void begin_numbers(section_writer *w, section s, const packed *shape)
{
    section as_packed = section_of_numbers(shape);
    s.width = as_packed.width;
    s.base = as_packed.base;
    s.unit = as_packed.unit;
    section_writer_begin(w, &s);
}

static void put_piece(section_writer *w, const packed *shape, const int64_t *piece,
                      size_t count)
{
    char stored[PIECE * sizeof *piece];
    size_t bytes = packed_stored_bytes(shape->bits, count);
    memset(stored, 0, bytes);
    packed_put(shape, stored, 0, piece, count);
    section_writer_put(w, stored, bytes);
}

void numbers_write_as(section_writer *w, section s, const packed *shape, numbers n)
{
    int64_t piece[PIECE];
    begin_numbers(w, s, shape);
    for (size_t count; (count = take_numbers(&n, piece, PIECE)) > 0;)
        put_piece(w, shape, piece, count);
}

static packed write_few(section_writer *w, section s, numbers n)
{
    size_t count = (size_t)n.rows->row_count;
    int64_t *all = memory_alloc_array(count + 1, sizeof *all);
    packed_range range = {0};
    take_numbers(&n, all, count);
    if (count > 0)
        packed_range_add(&range, all, count);
    packed shape = shape_for(&n, &range);
    begin_numbers(w, s, &shape);
    for (size_t i = 0; i < count; i += PIECE)
        put_piece(w, &shape, all + i, count - i < PIECE ? count - i : PIECE);
    memory_free(all);
    return shape;
}

/* Do the numbers go to the disk as they lie? */
static bool are_as_they_lie(const numbers *n)
{
    return !n->codes && n->added == 0 && n->rows->count == 1 &&
           n->rows->items[0].first == 0;
}

packed numbers_write(section_writer *w, section s, numbers n)
{
    if (are_as_they_lie(&n)) {
        begin_numbers(w, s, n.from);
        section_writer_put(w, n.from->data,
                           packed_stored_bytes(n.from->bits, n.rows->row_count));
        return *n.from;
    }
    if (n.rows->row_count <= FEW)
        return write_few(w, s, n);
    packed shape = find_shape(n);
    numbers_write_as(w, s, &shape, n);
    return shape;
}

void numbers_write_array(section_writer *w, section s, packed array, uint64_t count)
{
    run all = {0, count};
    run_list rows = {.items = &all, .count = count > 0 ? 1 : 0, .row_count = count};
    numbers_write(w, s, (numbers){.from = &array, .rows = &rows});
    memory_free((void *)array.data);
}
