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

enum {
    FIRST_CAPACITY = 64,   /* a multiple of 64, so that bitmaps are whole words */
    PACKED_AT_ONCE = 4096, /* likewise */
    FEW_ROWS = 24
};

/* A row of a person whose rows are to be sorted by time. */
typedef struct timed_row {
    int64_t time;
    uint32_t arrival, row;
} timed_row;

static bool has_dictionary(type t)
{
    return type_is_text(t);
}

/* Resize bits, of which the new ones have to be zero. */
static void *resize_bits(void *bits, size_t old_count, size_t count)
{
    char *resized = memory_resize(bits, count / 8);
    memset(resized + old_count / 8, 0, (count - old_count) / 8);
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
        size_t size = type_value_size(c->type);
        c->values = size == 0 ? resize_bits(c->values, old, capacity)
                              : memory_resize_array(c->values, capacity, size);
        if (c->missing != NULL)
            c->missing = resize_bits(c->missing, old, capacity);
    }
    t->capacity = capacity;
}

/* New rows are zero; bits are already. */
static void clear_rows(raw_table *t, size_t first, size_t count)
{
    for (size_t i = 0; i < t->column_count; i++) {
        size_t size = type_value_size(t->columns[i].type);
        memset((char *)t->columns[i].values + first * size, 0, count * size);
    }
}

/* Does a row belong behind one that was added after it? */
static inline bool is_behind(const raw_table *t, size_t row, size_t added)
{
    if (t->times[row] != t->times[added])
        return t->times[row] > t->times[added];
    if (!t->is_amended || t->arrivals[row] != t->arrivals[added])
        return t->is_amended && t->arrivals[row] > t->arrivals[added];
    return row > added;
}

/* Do the rows stand by person and time as they came? */
static bool is_sorted(const raw_table *t)
{
    for (size_t i = 1; i < t->row_count; i++) {
        if (t->groups[i - 1] > t->groups[i] ||
            (!t->is_list && t->groups[i - 1] == t->groups[i] && is_behind(t, i - 1, i)))
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
    for (size_t i = t->early; i < t->row_count; i++)
        order[next[t->groups[i]]++] = (uint32_t)i;
    for (size_t i = 0; i < t->early; i++)
        order[next[t->groups[i]]++] = (uint32_t)i;
    memory_free(next);
    return order;
}

static inline bool is_before(const timed_row *a, const timed_row *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    return a->arrival != b->arrival ? a->arrival < b->arrival : a->row < b->row;
}

static int compare_timed_rows(const void *left, const void *right)
{
    const timed_row *a = left, *b = right;
    return is_before(a, b) ? -1 : is_before(b, a);
}

/* Most people have few rows, which are in order sooner than qsort has begun. */
static void sort_timed_rows(timed_row *rows, size_t count)
{
    if (count > FEW_ROWS) {
        qsort(rows, count, sizeof *rows, compare_timed_rows);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        timed_row row = rows[i];
        size_t at = i;
        for (; at > 0 && is_before(&row, &rows[at - 1]); at--)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
}

static bool is_in_time_order(const raw_table *t, const uint32_t *order, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (is_behind(t, order[i - 1], order[i]))
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
        rows[i] = (timed_row){t->times[order[i]], t->arrivals[order[i]], order[i]};
    sort_timed_rows(rows, count);
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

static uint64_t *permute_bits(const uint64_t *bits, const uint32_t *order, size_t count)
{
    uint64_t *moved = memory_alloc_zero_array(bitmap_words(count), sizeof *moved);
    for (size_t i = 0; i < count; i++)
        moved[i / 64] |= (uint64_t)bitmap_get(bits, order[i]) << (i % 64);
    return moved;
}

static uint64_t *move_bits(uint64_t *bits, const uint32_t *order, size_t count)
{
    if (order == NULL)
        return memory_resize(bits, bitmap_words(count) * sizeof *bits);
    uint64_t *moved = permute_bits(bits, order, count);
    memory_free(bits);
    return moved;
}

/* From "bit 1: missing" to "bit 1: present"; NULL stays NULL. */
static uint64_t *turn_missing(uint64_t *missing, const uint32_t *order, size_t count)
{
    if (missing == NULL)
        return NULL;
    uint64_t *bits = move_bits(missing, order, count);
    for (size_t i = 0; i < bitmap_words(count); i++)
        bits[i] = ~bits[i];
    if (count % 64 != 0)
        bits[count / 64] &= (UINT64_C(1) << (count % 64)) - 1;
    return bits;
}

/* Values [first, first + count) in their new order; `order` NULL: they stand right. */
static void gather(const void *values, size_t size, const uint32_t *order, size_t first,
                   size_t count, int64_t *out)
{
    const int64_t *wide = values;
    const uint32_t *narrow = values;
    for (size_t i = 0; i < count; i++) {
        size_t from = order ? order[first + i] : first + i;
        out[i] = size == 8 ? wide[from] : narrow[from];
    }
}

static packed shape_of(const void *values, size_t size, size_t count)
{
    const uint32_t *codes = values;
    packed_range range = {0};
    uint32_t greatest = 0;
    if (size == 8) {
        packed_range_add(&range, values, count);
        return packed_shape(&range);
    }
    for (size_t i = 0; i < count; i++)
        greatest = codes[i] > greatest ? codes[i] : greatest;
    return packed_shape_of_codes(greatest);
}

/* Values in their new order, packed; those of before are released. */
static packed pack(type t, void *values, const uint32_t *order, size_t count)
{
    int64_t numbers[PACKED_AT_ONCE];
    size_t size = type_value_size(t);
    if (size == 0)
        return packed_of_bits(move_bits(values, order, count));
    packed p = shape_of(values, size, count);
    void *data = memory_alloc_zero(packed_bytes(p.bits, count));
    for (size_t i = 0; i < count; i += PACKED_AT_ONCE) {
        size_t some = count - i < PACKED_AT_ONCE ? count - i : PACKED_AT_ONCE;
        gather(values, size, order, i, some, numbers);
        packed_put(&p, data, i, numbers, some);
    }
    memory_free(values);
    p.data = data;
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
    clear_rows(t, first, count);
    t->row_count += count;
    return first;
}

void raw_table_shorten(raw_table *t, size_t row_count)
{
    t->row_count = row_count;
}

void raw_table_amend(raw_table *t, size_t row, int64_t time, uint32_t arrival)
{
    t->times[row] = time;
    t->arrivals[row] = arrival;
    t->is_amended = true;
}

size_t raw_table_bytes(const raw_table *t)
{
    size_t row = sizeof *t->groups, bytes = 0;
    if (!t->is_list)
        row += sizeof *t->times + sizeof *t->arrivals;
    for (size_t i = 0; i < t->column_count; i++) {
        const raw_column *c = &t->columns[i];
        row += type_value_size(c->type);
        bytes += c->dictionary ? dictionary_bytes(c->dictionary) : 0;
    }
    return bytes + row * t->row_count;
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
