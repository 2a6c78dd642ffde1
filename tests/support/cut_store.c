/* SPDX-License-Identifier: MIT
 *
 * Rows are copied one by one: this is for small data.
 */
#include "support/cut_store.h"

#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/memory.h"
#include "store/store_texts.h"

typedef struct cut {
    store store;
    arena *memory;
    dictionary *persons;
} cut;

/* The numbers that rows have in the whole store. */
typedef struct kept_rows {
    uint64_t *rows;
    size_t count;
} kept_rows;

static void release(void *owner)
{
    cut *c = owner;
    store_texts_unref(c->store.texts);
    dictionary_free(c->persons);
    arena_free(c->memory);
}

/* The numbers of the rows that are kept, in the shape that they have. */
static packed cut_numbers(arena *memory, const packed *from, const kept_rows *kept)
{
    packed out = *from;
    void *data = arena_alloc(memory, packed_bytes(from->bits, kept->count));
    int64_t *numbers = memory_alloc_array(kept->count + 1, sizeof *numbers);
    for (size_t i = 0; i < kept->count; i++)
        numbers[i] = packed_get(from, kept->rows[i]);
    packed_put(from, data, 0, numbers, kept->count);
    memory_free(numbers);
    out.data = data;
    return out;
}

static column cut_column(arena *memory, const column *from, const kept_rows *kept)
{
    column out = *from;
    out.values = cut_numbers(memory, &from->values, kept);
    if (from->present == NULL)
        return out;
    uint64_t *present =
        arena_alloc_array(memory, bitmap_words(kept->count) + 1, sizeof *present);
    for (size_t i = 0; i < kept->count; i++)
        bitmap_put(present, i, bitmap_get(from->present, kept->rows[i]));
    out.present = present;
    return out;
}

static kept_rows keep_rows(const store *s, const event_table *from, int64_t instant,
                           arena *memory, uint64_t *offsets)
{
    kept_rows kept = {arena_alloc_array(memory, from->row_count + 1, sizeof *kept.rows),
                      0};
    size_t person = 0;
    for (size_t p = 0; p < s->person_count; p++) {
        if (s->known_since[p] > instant)
            continue;
        offsets[person++] = kept.count;
        for (uint64_t r = from->offsets[p]; r < from->offsets[p + 1]; r++)
            if (event_table_time(from, r) <= instant)
                kept.rows[kept.count++] = r;
    }
    offsets[person] = kept.count;
    return kept;
}

static event_table cut_table(const store *s, const event_table *from, int64_t instant,
                             arena *memory)
{
    uint64_t *offsets = arena_alloc_array(memory, s->person_count + 1, sizeof *offsets);
    kept_rows kept = keep_rows(s, from, instant, memory, offsets);
    column *columns = arena_alloc_array(memory, from->column_count + 1, sizeof *columns);
    for (size_t c = 0; c < from->column_count; c++)
        columns[c] = cut_column(memory, &from->columns[c], &kept);
    return (event_table){.row_count = kept.count,
                         .offsets = offsets,
                         .time = cut_numbers(memory, &from->time, &kept),
                         .arrival = cut_numbers(memory, &from->arrival, &kept),
                         .columns = columns,
                         .column_count = from->column_count};
}

static event_table *cut_tables(const store *s, const event_table *from, size_t count,
                               int64_t instant, arena *memory)
{
    event_table *tables = arena_alloc_array(memory, count + 1, sizeof *tables);
    for (size_t i = 0; i < count; i++)
        if (from[i].offsets != NULL)
            tables[i] = cut_table(s, &from[i], instant, memory);
    return tables;
}

static void cut_people(cut *c, const store *s, int64_t instant)
{
    int64_t *since = arena_alloc_array(c->memory, s->person_count + 1, sizeof *since);
    for (uint32_t p = 0; p < s->person_count; p++) {
        slice id = dictionary_text(s->persons, p);
        if (s->known_since[p] > instant)
            continue;
        since[dictionary_add(c->persons, id.data, id.size)] = s->known_since[p];
    }
    c->store.persons = c->persons;
    c->store.person_count = dictionary_count(c->persons);
    c->store.known_since = since;
    c->store.last_known = instant;
}

store *cut_store(const store *s, int64_t instant)
{
    arena *memory = arena_new();
    cut *c = arena_alloc(memory, sizeof *c);
    *c = (cut){.memory = memory, .persons = dictionary_new()};
    c->store = (store){
        .schema = s->schema, .texts = store_texts_new(), .owner = c, .release = release};
    cut_people(c, s, instant);
    c->store.kinds = cut_tables(s, s->kinds, schema_total(s->schema), instant, memory);
    c->store.traits = cut_tables(s, s->traits, s->schema->trait_count, instant, memory);
    for (size_t k = 0; k < s->schema->kind_count; k++)
        c->store.event_count += c->store.kinds[k].row_count;
    c->store.first_time = s->first_time;
    c->store.last_time = instant;
    return &c->store;
}
