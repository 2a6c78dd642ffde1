/* SPDX-License-Identifier: MIT
 *
 * A store of a loader is written table by table. Its people are put in the order that the
 * whole store has; mostly they are in it already, and then columns are written as they lie.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "store/part.h"

/* Rows that are written one behind the other. */
typedef struct run {
    uint64_t first, count;
} run;

typedef struct run_list {
    run *items;
    size_t count, capacity;
    uint64_t row_count;
} run_list;

/* What is known while a part is written. */
typedef struct part_writing {
    const part_content *content;
    section_writer *out;
    const uint32_t *numbers; /* by person of the rows: their number in the store */
    uint32_t *order;         /* these people by that number */
    size_t person_count;     /* of the rows */
    text table, column;      /* names */
} part_writing;

static void add_run(run_list *list, uint64_t first, uint64_t count)
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

/* ---- numbers and codes ---------------------------------------------------- */

/* For each code of `from` the code in `to`, where it is added. To be freed. */
static uint32_t *translate(const dictionary *from, dictionary *to)
{
    size_t count = dictionary_count(from);
    uint32_t *codes = memory_alloc_array(count + 1, sizeof *codes);
    for (size_t i = 0; i < count; i++) {
        slice text = dictionary_text(from, (uint32_t)i);
        codes[i] = dictionary_add(to, text.data, text.size);
    }
    return codes;
}

static int compare_numbers(const void *left, const void *right, void *context)
{
    const uint32_t *numbers = context;
    uint32_t a = numbers[*(const uint32_t *)left], b = numbers[*(const uint32_t *)right];
    return (a > b) - (a < b);
}

static uint32_t *order_people(const uint32_t *numbers, size_t count)
{
    uint32_t *order = memory_alloc_array(count + 1, sizeof *order);
    bool is_sorted = true;
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
        is_sorted = is_sorted && (i == 0 || numbers[i - 1] < numbers[i]);
    }
    if (!is_sorted)
        qsort_r(order, count, sizeof *order, compare_numbers, (void *)numbers);
    return order;
}

/* ---- columns -------------------------------------------------------------- */

static void put_runs(part_writing *p, const section *s, const void *values, size_t size,
                     const run_list *rows)
{
    section_writer_begin(p->out, s);
    for (size_t i = 0; i < rows->count; i++)
        section_writer_put(p->out, (const char *)values + rows->items[i].first * size,
                           rows->items[i].count * size);
}

static void put_bits(part_writing *p, const section *s, const uint64_t *bits,
                     const run_list *rows)
{
    size_t words = bitmap_words((size_t)rows->row_count);
    uint64_t *moved = memory_alloc_zero_array(words + 1, sizeof *moved);
    size_t at = 0;
    for (size_t i = 0; i < rows->count; i++)
        for (uint64_t r = 0; r < rows->items[i].count; r++, at++)
            bitmap_put(moved, at, bitmap_get(bits, (size_t)(rows->items[i].first + r)));
    section_writer_add(p->out, s, moved, words * sizeof *moved);
    memory_free(moved);
}

/* Codes of the store; that of a missing value stays 0. */
static void put_codes(part_writing *p, const section *s, const column *c,
                      const run_list *rows)
{
    uint32_t *codes =
        translate(c->dictionary, glossary_get(p->content->glossary, p->column.data));
    const uint32_t *values = c->values;
    section_writer_begin(p->out, s);
    for (size_t i = 0; i < rows->count; i++)
        for (uint64_t r = 0; r < rows->items[i].count; r++) {
            size_t row = (size_t)(rows->items[i].first + r);
            bool is_there = !c->present || bitmap_get(c->present, row);
            uint32_t code = is_there ? codes[values[row]] : 0;
            section_writer_put(p->out, &code, sizeof code);
        }
    memory_free(codes);
}

static void write_column(part_writing *p, const column *c, const char *name,
                         const run_list *rows)
{
    if (c->present && bitmap_count(c->present, 0, (size_t)rows->row_count) == 0)
        return;
    part_name_column(p->table.data, name, &p->column);
    size_t size = type_value_size(c->type);
    section s = {.role = ROLE_VALUES,
                 .name = slice_of(p->column.data),
                 .type = (uint32_t)c->type.kind,
                 .scale = c->type.scale,
                 .width = size == 0 ? 1 : (uint32_t)size * 8,
                 .count = rows->row_count};
    if (size == 0)
        put_bits(p, &s, c->values, rows);
    else if (type_is_text(c->type))
        put_codes(p, &s, c, rows);
    else
        put_runs(p, &s, c->values, size, rows);
    if (!c->present)
        return;
    s = (section){.role = ROLE_PRESENT,
                  .name = slice_of(p->column.data),
                  .width = 1,
                  .count = rows->row_count};
    put_bits(p, &s, c->present, rows);
}

/* ---- tables --------------------------------------------------------------- */

/* Counts, as narrow as they may be. */
static void write_counts(part_writing *p, const uint32_t *counts, size_t count)
{
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = counts[i] > largest ? counts[i] : largest;
    uint32_t bytes = largest <= UINT8_MAX ? 1 : largest <= UINT16_MAX ? 2 : 4;
    section_writer_begin(p->out, &(section){.role = ROLE_COUNTS,
                                            .name = slice_of(p->table.data),
                                            .width = bytes * 8,
                                            .count = count});
    for (size_t i = 0; i < count; i++) {
        uint8_t narrow = (uint8_t)counts[i];
        uint16_t middle = (uint16_t)counts[i];
        const void *value = bytes == 1   ? (const void *)&narrow
                            : bytes == 2 ? (const void *)&middle
                                         : &counts[i];
        section_writer_put(p->out, value, bytes);
    }
}

/* The people who have rows, how many each, and the rows in their order. */
static void write_people(part_writing *p, const event_table *t, run_list *rows)
{
    uint32_t *people = memory_alloc_array(p->person_count + 1, sizeof *people),
             *counts = memory_alloc_array(p->person_count + 1, sizeof *counts);
    size_t count = 0;
    for (size_t i = 0; i < p->person_count; i++) {
        uint32_t person = p->order[i];
        uint64_t first = t->offsets[person], end = t->offsets[person + 1];
        if (first == end)
            continue;
        people[count] = p->numbers[person];
        counts[count++] = (uint32_t)(end - first);
        add_run(rows, first, end - first);
    }
    section_writer_add(p->out,
                       &(section){.role = ROLE_PERSONS,
                                  .name = slice_of(p->table.data),
                                  .width = 32,
                                  .count = count},
                       people, count * sizeof *people);
    write_counts(p, counts, count);
    memory_free(people);
    memory_free(counts);
}

static void write_arrivals(part_writing *p, const event_table *t, const run_list *rows)
{
    uint32_t base = (uint32_t)p->content->arrival_base;
    section_writer_begin(p->out, &(section){.role = ROLE_ARRIVALS,
                                            .name = slice_of(p->table.data),
                                            .width = 32,
                                            .count = rows->row_count});
    for (size_t i = 0; i < rows->count; i++)
        for (uint64_t r = 0; r < rows->items[i].count; r++) {
            uint32_t arrival = t->arrival[rows->items[i].first + r] + base;
            section_writer_put(p->out, &arrival, sizeof arrival);
        }
}

/* The table with its first and last time. */
static void write_table_head(part_writing *p, const event_table *t)
{
    section s = {
        .role = ROLE_TABLE, .name = slice_of(p->table.data), .count = t->row_count};
    for (size_t i = 0; t->time && i < t->row_count; i++) {
        s.base = i == 0 || t->time[i] < s.base ? t->time[i] : s.base;
        s.unit = i == 0 || t->time[i] > s.unit ? t->time[i] : s.unit;
    }
    section_writer_add(p->out, &s, NULL, 0);
}

static void write_columns(part_writing *p, const event_table *t,
                          const property *properties, const run_list *rows)
{
    for (size_t i = 0; i < t->column_count; i++)
        write_column(p, &t->columns[i], properties[i].name, rows);
}

/* A table of people's rows; `rows` gets them in the order in which they are written. */
static void write_table(part_writing *p, const event_table *t, const property *properties,
                        run_list *rows)
{
    write_table_head(p, t);
    write_people(p, t, rows);
    put_runs(p,
             &(section){.role = ROLE_TIMES,
                        .name = slice_of(p->table.data),
                        .width = 64,
                        .count = t->row_count},
             t->time, sizeof *t->time, rows);
    write_arrivals(p, t, rows);
    write_columns(p, t, properties, rows);
}

/* The items of rows that were written in the order `holders`. */
static void write_items(part_writing *p, const event_table *t, const event_kind *kind,
                        const run_list *holders)
{
    run_list items = {0};
    uint32_t *counts = memory_alloc_array((size_t)holders->row_count + 1, sizeof *counts);
    size_t at = 0;
    for (size_t i = 0; i < holders->count; i++)
        for (uint64_t r = 0; r < holders->items[i].count; r++) {
            uint64_t row = holders->items[i].first + r;
            uint64_t count = t->offsets[row + 1] - t->offsets[row];
            add_run(&items, t->offsets[row], count);
            counts[at++] = (uint32_t)count;
        }
    write_table_head(p, t);
    write_counts(p, counts, at);
    write_columns(p, t, kind->properties, &items);
    memory_free(counts);
    memory_free(items.items);
}

static void write_kind(part_writing *p, size_t kind)
{
    const schema *s = p->content->rows->schema;
    const event_table *tables = p->content->rows->kinds;
    run_list rows = {0};
    if (tables[kind].row_count == 0)
        return;
    part_name_kind(s, kind, &p->table);
    write_table(p, &tables[kind], s->kinds[kind].properties, &rows);
    for (size_t k = s->kind_count; k < schema_total(s); k++) {
        if (s->kinds[k].derivation != KIND_LIST || s->kinds[k].parent != kind ||
            tables[k].row_count == 0)
            continue;
        part_name_kind(s, k, &p->table);
        write_items(p, &tables[k], &s->kinds[k], &rows);
    }
    memory_free(rows.items);
}

static void write_trait(part_writing *p, size_t trait)
{
    const store *from = p->content->rows;
    run_list rows = {0};
    if (from->traits[trait].row_count == 0)
        return;
    part_name_trait(from->schema, trait, &p->table);
    write_table(p, &from->traits[trait], &from->schema->traits[trait], &rows);
    memory_free(rows.items);
}

/* ---- the part ------------------------------------------------------------- */

/* Everybody whom a row names, and since when they are known. */
static void write_known(part_writing *p)
{
    section s = {.role = ROLE_KNOWN,
                 .name = slice_of(GLOSSARY_PEOPLE),
                 .width = 32,
                 .count = p->person_count};
    section_writer_begin(p->out, &s);
    for (size_t i = 0; i < p->person_count; i++)
        section_writer_put(p->out, &p->numbers[p->order[i]], sizeof *p->numbers);
    s.role = ROLE_SINCE;
    s.width = 64;
    section_writer_begin(p->out, &s);
    for (size_t i = 0; i < p->person_count; i++)
        section_writer_put(p->out, &p->content->rows->known_since[p->order[i]],
                           sizeof(int64_t));
}

static void write_all(part_writing *p)
{
    const part_content *c = p->content;
    const schema *s = c->rows->schema;
    write_known(p);
    for (size_t k = 0; k < schema_total(s); k++)
        if (kind_is_stored(&s->kinds[k]))
            write_kind(p, k);
    for (size_t t = 0; t < s->trait_count; t++)
        write_trait(p, t);
    origins_write(c->origins, c->arrival_base, p->out);
    section_writer_add(p->out,
                       &(section){.role = ROLE_REFUSED, .name = slice_of("refused")},
                       c->refused.data, c->refused.size);
    if (c->ids)
        taken_ids_write(c->ids, p->out);
}

bool part_write(const char *path, const part_content *content, section_file_identity *out,
                carpel_error *err)
{
    part_writing p = {.content = content, .out = section_writer_new(path, err)};
    if (!p.out)
        return false;
    p.person_count = content->rows->person_count;
    uint32_t *numbers = translate(content->rows->persons,
                                  glossary_get(content->glossary, GLOSSARY_PEOPLE));
    p.numbers = numbers;
    p.order = order_people(numbers, p.person_count);
    text_init(&p.table);
    text_init(&p.column);
    write_all(&p);
    text_done(&p.table);
    text_done(&p.column);
    memory_free(p.order);
    memory_free(numbers);
    return section_writer_finish(p.out, out, err);
}
