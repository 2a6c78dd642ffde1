/* SPDX-License-Identifier: MIT
 *
 * What one row of a source brought has one arrival, so rows are told apart by that. There are few.
 */
#include "store/left_out.h"

#include <stdlib.h>

#include "base/memory.h"

typedef struct arrivals {
    int64_t *items;
    size_t count, capacity;
} arrivals;

static void add_rows(arrivals *a, const event_table *t, uint64_t first, uint64_t end)
{
    for (uint64_t row = first; row < end; row++) {
        memory_grow((void **)&a->items, a->count, &a->capacity, sizeof *a->items);
        a->items[a->count++] = packed_get(&t->arrival, (size_t)row);
    }
}

static void add_table(arrivals *a, const event_table *t, const uint32_t *numbers,
                      size_t person_count)
{
    for (size_t i = 0; t->row_count > 0 && i < person_count; i++)
        if (numbers[i] == DICTIONARY_NONE)
            add_rows(a, t, t->offsets[i], t->offsets[i + 1]);
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static uint64_t count_distinct(const arrivals *a)
{
    uint64_t count = 0;
    if (a->count > 1)
        qsort(a->items, a->count, sizeof *a->items, compare);
    for (size_t i = 0; i < a->count; i++)
        count += i == 0 || a->items[i] != a->items[i - 1];
    return count;
}

uint64_t left_out_count(const store *rows, const uint32_t *numbers)
{
    const schema *s = rows->schema;
    arrivals a = {0};
    for (size_t k = 0; k < schema_total(s); k++)
        if (kind_is_stored(&s->kinds[k]) && s->kinds[k].derivation != KIND_LIST)
            add_table(&a, &rows->kinds[k], numbers, rows->person_count);
    for (size_t t = 0; t < s->trait_count; t++)
        add_table(&a, &rows->traits[t], numbers, rows->person_count);
    uint64_t count = count_distinct(&a);
    memory_free(a.items);
    return count;
}
