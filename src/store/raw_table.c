/* SPDX-License-Identifier: MIT
 *
 * Rows grow in arrays that double. Sorting is a counting sort by person, which keeps the
 * order of arrival, and then a sort by time of only those people whose rows came out of
 * order. Each column is moved once, its unsorted half is given back at once, and what is left
 * is packed as narrow as it goes.
 */
#include "store/raw_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"

enum { FIRST_CAPACITY = 1024 }; /* a multiple of 64, so that bitmaps are whole words */

/* A row of a person whose rows are to be sorted by time. */
typedef struct timed_row {
    int64_t time;
    uint32_t row;
} timed_row;

static bool has_dictionary(type t)
{
    return type_is_text(t);
}

/* The bytes of `rows` values of a column. */
static size_t values_bytes(type t, size_t rows)
{
    size_t size = type_value_size(t);
    return size == 0 ? bitmap_words(rows) * sizeof(uint64_t) : rows * size;
}

/* Resize a block whose new part has to be zero. */
static void *resize_zeroed(void *block, size_t old_bytes, size_t new_bytes)
{
    char *resized = memory_resize(block, new_bytes);
    memset(resized + old_bytes, 0, new_bytes - old_bytes);
    return resized;
}

static void grow(raw_table *t, size_t capacity)
{
    size_t old = t->capacity;
    t->groups = memory_resize_array(t->groups, capacity, sizeof *t->groups);
    if (!t->is_list) {
        t->times = memory_resize_array(t->times, capacity, sizeof *t->times);
        t->arrivals = memory_resize_array(t->arrivals, capacity, sizeof *t->arrivals);
    }
    for (size_t i = 0; i < t->column_count; i++) {
        raw_column *c = &t->columns[i];
        c->values = resize_zeroed(c->values, values_bytes(c->type, old),
                                  values_bytes(c->type, capacity));
        if (c->missing != NULL)
            c->missing = resize_zeroed(c->missing, old / 8, capacity / 8);
    }
    t->capacity = capacity;
}

/* Do the rows stand by person and time as they came? */
static bool is_sorted(const raw_table *t)
{
    for (size_t i = 1; i < t->row_count; i++) {
        if (t->groups[i - 1] > t->groups[i] ||
            (!t->is_list && t->groups[i - 1] == t->groups[i] &&
             t->times[i - 1] > t->times[i]))
            return false;
    }
    return true;
}

static uint64_t *count_offsets(const raw_table *t, size_t person_count)
{
    uint64_t *offsets = memory_alloc_zero_array(person_count + 1, sizeof *offsets);
    for (size_t i = 0; i < t->row_count; i++)
        offsets[t->groups[i] + 1]++;
    for (size_t p = 0; p < person_count; p++)
        offsets[p + 1] += offsets[p];
    return offsets;
}

/* order[i]: the row that stands at i when rows are grouped by person. */
static uint32_t *order_by_person(const raw_table *t, const uint64_t *offsets,
                                 size_t person_count)
{
    uint32_t *order = memory_alloc_array(t->row_count, sizeof *order);
    uint64_t *next = memory_alloc_array(person_count, sizeof *next);
    memcpy(next, offsets, person_count * sizeof *next);
    for (size_t i = 0; i < t->row_count; i++)
        order[next[t->groups[i]]++] = (uint32_t)i;
    memory_free(next);
    return order;
}

static int compare_timed_rows(const void *left, const void *right)
{
    const timed_row *a = left, *b = right;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return a->row < b->row ? -1 : 1; /* rows are numbered in order of arrival */
}

static bool is_in_time_order(const raw_table *t, const uint32_t *order, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (t->times[order[i - 1]] > t->times[order[i]])
            return false;
    }
    return true;
}

/* Sort the rows of one person by time. */
static void sort_rows(const raw_table *t, uint32_t *order, size_t count,
                      timed_row **scratch, size_t *capacity)
{
    if (count > *capacity) {
        *capacity = count * 2;
        *scratch = memory_resize_array(*scratch, *capacity, sizeof **scratch);
    }
    timed_row *rows = *scratch;
    for (size_t i = 0; i < count; i++)
        rows[i] = (timed_row){t->times[order[i]], order[i]};
    qsort(rows, count, sizeof *rows, compare_timed_rows);
    for (size_t i = 0; i < count; i++)
        order[i] = rows[i].row;
}

static void order_by_time(const raw_table *t, const uint64_t *offsets,
                          size_t person_count, uint32_t *order)
{
    timed_row *scratch = NULL;
    size_t capacity = 0;
    for (size_t p = 0; p < person_count; p++) {
        uint32_t *own = order + offsets[p];
        size_t count = (size_t)(offsets[p + 1] - offsets[p]);
        if (!is_in_time_order(t, own, count))
            sort_rows(t, own, count, &scratch, &capacity);
    }
    memory_free(scratch);
}

/* The values of 8 or 4 bytes in their new order. */
static void *permute_wide(const char *values, const uint32_t *order, size_t count)
{
    char *moved = memory_alloc_array(count, 8);
    for (size_t i = 0; i < count; i++)
        memcpy(moved + i * 8, values + (size_t)order[i] * 8, 8);
    return moved;
}

static void *permute_narrow(const char *values, const uint32_t *order, size_t count)
{
    char *moved = memory_alloc_array(count, 4);
    for (size_t i = 0; i < count; i++)
        memcpy(moved + i * 4, values + (size_t)order[i] * 4, 4);
    return moved;
}

static void *permute_bits(const uint64_t *bits, const uint32_t *order, size_t count)
{
    uint64_t *moved = memory_alloc_zero_array(bitmap_words(count), sizeof *moved);
    for (size_t i = 0; i < count; i++)
        moved[i / 64] |= (uint64_t)bitmap_get(bits, order[i]) << (i % 64);
    return moved;
}

/* Move the values of a block, which is released, into a new one. `order` NULL: they stand
 * right, and only spare memory is given back. A size of 0 means bits. */
static void *permute(void *values, size_t value_size, const uint32_t *order, size_t count)
{
    size_t bytes =
        value_size == 0 ? bitmap_words(count) * sizeof(uint64_t) : count * value_size;
    if (order == NULL)
        return memory_resize(values, bytes);
    void *moved = value_size == 0   ? permute_bits(values, order, count)
                  : value_size == 8 ? permute_wide(values, order, count)
                                    : permute_narrow(values, order, count);
    memory_free(values);
    return moved;
}

/* From "bit 1: missing" to "bit 1: present"; NULL stays NULL. */
static uint64_t *turn_missing(uint64_t *missing, const uint32_t *order, size_t count)
{
    if (missing == NULL)
        return NULL;
    uint64_t *bits = permute(missing, 0, order, count);
    for (size_t i = 0; i < bitmap_words(count); i++)
        bits[i] = ~bits[i];
    if (count % 64 != 0)
        bits[count / 64] &= (UINT64_C(1) << (count % 64)) - 1;
    return bits;
}

/* Values in their new order, packed; those of before are released. */
static packed pack(type t, void *values, const uint32_t *order, size_t count)
{
    size_t size = type_value_size(t);
    void *moved = permute(values, size, order, count);
    if (size == 0)
        return packed_of_bits(moved);
    packed p = size == 4 ? packed_new_codes(moved, count) : packed_new(moved, count);
    memory_free(moved);
    return p;
}

static column finish_column(raw_column *c, const uint32_t *order, size_t count)
{
    column done = {.type = c->type, .dictionary = c->dictionary};
    done.values = pack(c->type, c->values, order, count);
    done.present = turn_missing(c->missing, order, count);
    return done;
}

void raw_table_init(raw_table *t, const property *properties, size_t count)
{
    *t = (raw_table){.column_count = count};
    t->columns = memory_alloc_zero_array(count, sizeof *t->columns);
    for (size_t i = 0; i < count; i++) {
        t->columns[i].type = properties[i].type;
        if (has_dictionary(properties[i].type))
            t->columns[i].dictionary = dictionary_new();
    }
}

void raw_table_init_items(raw_table *t, const property *properties, size_t count)
{
    raw_table_init(t, properties, count);
    t->is_list = true;
}

void raw_table_done(raw_table *t)
{
    for (size_t i = 0; i < t->column_count; i++) {
        memory_free(t->columns[i].values);
        memory_free(t->columns[i].missing);
        dictionary_free(t->columns[i].dictionary);
    }
    memory_free(t->columns);
    memory_free(t->groups);
    memory_free(t->times);
    memory_free(t->arrivals);
    *t = (raw_table){0};
}

size_t raw_table_extend(raw_table *t, size_t count)
{
    size_t first = t->row_count;
    size_t capacity = t->capacity == 0 ? FIRST_CAPACITY : t->capacity;
    while (capacity - first < count)
        capacity *= 2;
    if (capacity > t->capacity)
        grow(t, capacity);
    t->row_count += count;
    return first;
}

void raw_column_set_missing(raw_table *t, raw_column *c, size_t row)
{
    if (c->missing == NULL)
        c->missing = memory_alloc_zero(t->capacity / 8);
    bitmap_set(c->missing, row);
}

void raw_table_finish(raw_table *t, size_t person_count, event_table *out,
                      uint32_t **moved)
{
    uint64_t *offsets = count_offsets(t, person_count);
    uint32_t *order = NULL;
    if (!is_sorted(t)) {
        order = order_by_person(t, offsets, person_count);
        if (!t->is_list)
            order_by_time(t, offsets, person_count, order);
    }
    *moved = order;
    size_t rows = t->row_count;
    memory_free(t->groups);
    column *columns = memory_alloc_array(t->column_count, sizeof *columns);
    *out = (event_table){.row_count = rows,
                         .offsets = offsets,
                         .columns = columns,
                         .column_count = t->column_count};
    if (!t->is_list) {
        out->time = pack((type){.kind = TYPE_TIME}, t->times, order, rows);
        out->arrival = pack((type){.kind = TYPE_PERSON}, t->arrivals, order, rows);
    }
    for (size_t i = 0; i < t->column_count; i++)
        columns[i] = finish_column(&t->columns[i], order, rows);
    memory_free(t->columns);
    *t = (raw_table){0};
}

/* Name each item's row by the place to which it was moved. */
static void follow(raw_table *t, const uint32_t *order, size_t row_count)
{
    uint32_t *places = memory_alloc_array(row_count, sizeof *places);
    for (size_t i = 0; i < row_count; i++)
        places[order[i]] = (uint32_t)i;
    for (size_t i = 0; i < t->row_count; i++)
        t->groups[i] = places[t->groups[i]];
    memory_free(places);
}

void raw_table_finish_items(raw_table *t, const event_table *parent,
                            const uint32_t *order, event_table *out)
{
    uint32_t *moved;
    if (order != NULL)
        follow(t, order, parent->row_count);
    raw_table_finish(t, parent->row_count, out, &moved);
    memory_free(moved);
}

void event_table_done(event_table *t)
{
    for (size_t i = 0; i < t->column_count; i++) {
        memory_free((void *)t->columns[i].values.data);
        memory_free((void *)t->columns[i].present);
        dictionary_free((dictionary *)t->columns[i].dictionary);
    }
    memory_free((void *)t->columns);
    memory_free((void *)t->offsets);
    memory_free((void *)t->time.data);
    memory_free((void *)t->arrival.data);
    *t = (event_table){0};
}
