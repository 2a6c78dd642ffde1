/* SPDX-License-Identifier: MIT
 *
 * A store of a loader is written table by table. Its people are put in the order that the
 * whole store has; mostly they are in it already, and then columns are written as they lie.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "store/left_out.h"
#include "store/part.h"
#include "store/part_numbers.h"

/* What is known while a part is written. */
typedef struct part_writing {
    const part_content *content;
    section_writer *out;
    const uint32_t *numbers; /* by person of the rows: their number in the store */
    uint32_t *order;         /* these people by that number */
    size_t person_count;     /* of the order */
    text table, column;      /* names */
} part_writing;

/* ---- numbers and codes ---------------------------------------------------- */

enum { TEXTS_AT_ONCE = 256 };

/* For each code of `from` the code in `to`, where it is added. To be freed. */
static uint32_t *translate(const dictionary *from, dictionary *to)
{
    size_t count = dictionary_count(from);
    uint32_t *codes = memory_alloc_array(count + 1, sizeof *codes);
    if (dictionary_count(to) == 0) { /* all are new, and nothing needs to be looked up */
        dictionary_append_copies(to, from);
        for (size_t i = 0; i < count; i++)
            codes[i] = (uint32_t)i;
        return codes;
    }
    for (size_t first = 0; first < count; first += TEXTS_AT_ONCE) {
        slice texts[TEXTS_AT_ONCE];
        size_t size = count - first < TEXTS_AT_ONCE ? count - first : TEXTS_AT_ONCE;
        for (size_t i = 0; i < size; i++)
            texts[i] = dictionary_text(from, (uint32_t)(first + i));
        dictionary_add_many(to, texts, size, codes + first);
    }
    return codes;
}

static int compare_numbers(const void *left, const void *right, void *context)
{
    const uint32_t *numbers = context;
    uint32_t a = numbers[*(const uint32_t *)left], b = numbers[*(const uint32_t *)right];
    return (a > b) - (a < b);
}

static bool is_forgotten(const part_writing *p, slice id)
{
    return p->content->forgotten && forgotten_has(p->content->forgotten, id);
}

/* Are all people of the rows to have numbers? */
static bool are_all_numbered(const part_writing *p)
{
    const store *rows = p->content->rows;
    if (p->content->renewal ||
        (p->content->forgotten && p->content->forgotten->count > 0))
        return false;
    for (size_t i = 0; i < rows->person_count; i++)
        if (!store_names_person(rows, i))
            return false;
    return true;
}

/* The number of each person in the store; DICTIONARY_NONE of those who are to have no rows in it. To
 * be freed. */
static uint32_t *number_people(const part_writing *p)
{
    const store *rows = p->content->rows;
    glossary *g = p->content->glossary;
    dictionary *people = g ? glossary_get(g, GLOSSARY_PEOPLE) : NULL;
    part_renewal *renewal = p->content->renewal;
    if (people && are_all_numbered(p))
        return translate(rows->persons, people);
    uint32_t *numbers = memory_alloc_array(rows->person_count + 1, sizeof *numbers);
    for (size_t i = 0; i < rows->person_count; i++) {
        slice id = dictionary_text(rows->persons, (uint32_t)i);
        numbers[i] = DICTIONARY_NONE;
        if (!store_names_person(rows, i) || is_forgotten(p, id))
            continue;
        numbers[i] =
            renewal || !people ? (uint32_t)i : dictionary_add(people, id.data, id.size);
        if (renewal)
            bitmap_set(renewal->named, i);
    }
    return numbers;
}

/* Those who have numbers, by these. To be freed. */
static uint32_t *order_people(const store *rows, const uint32_t *numbers, size_t *count)
{
    uint32_t *order = memory_alloc_array(rows->person_count + 1, sizeof *order);
    bool is_sorted = true;
    *count = 0;
    for (size_t i = 0; i < rows->person_count; i++) {
        if (numbers[i] == DICTIONARY_NONE)
            continue;
        is_sorted = is_sorted && (*count == 0 || numbers[order[*count - 1]] < numbers[i]);
        order[(*count)++] = (uint32_t)i;
    }
    if (!is_sorted)
        qsort_r(order, *count, sizeof *order, compare_numbers, (void *)numbers);
    return order;
}

/* ---- columns -------------------------------------------------------------- */

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

static bool are_the_same(const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i] != i)
            return false;
    return true;
}

/* May there be texts that no row has which is written? */
static bool leaves_texts_out(const part_writing *p)
{
    const part_content *c = p->content;
    return c->renewal || (c->forgotten && c->forgotten->count > 0);
}

/* The same for those codes alone that rows have. */
static uint32_t *translate_used(const column *c, const run_list *rows, dictionary *to)
{
    size_t count = dictionary_count(c->dictionary);
    uint32_t *codes = memory_alloc_zero_array(count + 1, sizeof *codes);
    uint64_t *used = memory_alloc_zero_array(bitmap_words(count) + 1, sizeof *used);
    for (size_t i = 0; i < rows->count; i++)
        for (uint64_t r = 0; r < rows->items[i].count; r++) {
            size_t row = (size_t)(rows->items[i].first + r);
            if (column_has(c, row))
                bitmap_set(used, column_code(c, row));
        }
    for (size_t i = 0; i < count; i++)
        if (bitmap_get(used, i)) {
            slice text = dictionary_text(c->dictionary, (uint32_t)i);
            codes[i] = dictionary_add(to, text.data, text.size);
        }
    memory_free(used);
    return codes;
}

/* The codes of the store for a column of texts, or NULL when they are the same. To be freed. */
static uint32_t *codes_of_column(part_writing *p, const column *c, const run_list *rows)
{
    if (!type_is_text(c->type) || !p->content->glossary)
        return NULL;
    dictionary *to = glossary_get(p->content->glossary, p->column.data);
    if (leaves_texts_out(p))
        return translate_used(c, rows, to);
    uint32_t *codes = translate(c->dictionary, to);
    if (!are_the_same(codes, dictionary_count(c->dictionary)))
        return codes;
    memory_free(codes);
    return NULL;
}

static bool has_values(const column *c, const run_list *rows)
{
    bool has_any = !c->present;
    for (size_t i = 0; !has_any && i < rows->count; i++) {
        size_t first = (size_t)rows->items[i].first;
        has_any = bitmap_count(c->present, first, first + rows->items[i].count) > 0;
    }
    return has_any;
}

/* Which of all rows have a value of a column of people, when those who are forgotten are none; NULL: it is
 * as it was. To be freed. */
static uint64_t *forget_values(const part_writing *p, const column *c, size_t row_count)
{
    size_t count = c->type.kind == TYPE_PERSON ? dictionary_count(c->dictionary) : 0;
    bool *is_gone = memory_alloc_zero_array(count + 1, sizeof *is_gone), has_gone = false;
    for (size_t i = 0; i < count; i++) {
        is_gone[i] = is_forgotten(p, dictionary_text(c->dictionary, (uint32_t)i));
        has_gone |= is_gone[i];
    }
    uint64_t *present = NULL;
    if (has_gone) {
        present = memory_alloc_zero_array(bitmap_words(row_count) + 1, sizeof *present);
        for (size_t row = 0; row < row_count; row++)
            bitmap_put(present, row, column_has(c, row) && !is_gone[column_code(c, row)]);
    }
    memory_free(is_gone);
    return present;
}

static void write_values(part_writing *p, const column *c, const char *name,
                         const run_list *rows)
{
    if (!has_values(c, rows))
        return;
    part_name_column(p->table.data, name, &p->column);
    section s = {.role = ROLE_VALUES,
                 .name = slice_of(p->column.data),
                 .type = (uint32_t)c->type.kind,
                 .scale = c->type.scale,
                 .count = rows->row_count};
    uint32_t *codes = codes_of_column(p, c, rows);
    numbers_write(p->out, s,
                  (numbers){.from = &c->values,
                            .rows = rows,
                            .are_codes = type_is_text(c->type),
                            .codes = codes,
                            .present = c->present});
    memory_free(codes);
    if (!c->present)
        return;
    s = (section){.role = ROLE_PRESENT,
                  .name = slice_of(p->column.data),
                  .width = 1,
                  .count = rows->row_count};
    put_bits(p, &s, c->present, rows);
}

/* A column of a table with so many rows, of which these are written. */
static void write_column(part_writing *p, const column *c, const char *name,
                         size_t row_count, const run_list *rows)
{
    column kept = *c;
    uint64_t *present = leaves_texts_out(p) ? forget_values(p, c, row_count) : NULL;
    kept.present = present ? present : c->present;
    write_values(p, &kept, name, rows);
    memory_free(present);
}

/* ---- tables --------------------------------------------------------------- */

static void write_counts(part_writing *p, const uint32_t *counts, size_t count)
{
    numbers_write_array(
        p->out,
        (section){.role = ROLE_COUNTS, .name = slice_of(p->table.data), .count = count},
        packed_new_codes(counts, count), count);
}

/* People by their numbers, which rise: a bit each where that is shorter. */
static void write_numbers_of_people(part_writing *p, section_role role, slice name,
                                    const uint32_t *people, size_t count)
{
    size_t end = count > 0 ? people[count - 1] + (size_t)1 : 0;
    section s = {.role = role, .name = name, .width = 32, .count = count};
    if (packed_stored_bytes(1, end) >= packed_stored_bytes(32, count)) {
        section_writer_add(p->out, &s, people, count * sizeof *people);
        return;
    }
    s.width = 1;
    s.count = end;
    uint64_t *bits = memory_alloc_zero_array(bitmap_words(end), sizeof *bits);
    for (size_t i = 0; i < count; i++)
        bitmap_set(bits, people[i]);
    section_writer_add(p->out, &s, bits, packed_stored_bytes(1, end));
    memory_free(bits);
}

/* Those rows of a table that are written, in their order. */
typedef struct chosen_rows {
    run_list rows;
    uint32_t *people, *counts; /* who have them, and how many each */
    size_t count;
} chosen_rows;

static chosen_rows choose_rows(const part_writing *p, const event_table *t)
{
    chosen_rows c = {.people = memory_alloc_array(p->person_count + 1, sizeof *c.people),
                     .counts = memory_alloc_array(p->person_count + 1, sizeof *c.counts)};
    for (size_t i = 0; i < p->person_count; i++) {
        uint32_t person = p->order[i];
        uint64_t first = t->offsets[person], end = t->offsets[person + 1];
        if (first == end)
            continue;
        c.people[c.count] = p->numbers[person];
        c.counts[c.count++] = (uint32_t)(end - first);
        run_list_add(&c.rows, first, end - first);
    }
    return c;
}

static void chosen_rows_done(chosen_rows *c)
{
    memory_free(c->people);
    memory_free(c->counts);
    memory_free(c->rows.items);
}

/* The first and the last time of rows that are not all of the table. */
static void find_span(const event_table *t, const run_list *rows, section *s)
{
    bool is_first = true;
    for (size_t i = 0; i < rows->count; i++)
        for (uint64_t r = 0; r < rows->items[i].count; r++, is_first = false) {
            int64_t time = event_table_time(t, (size_t)(rows->items[i].first + r));
            s->base = is_first || time < s->base ? time : s->base;
            s->unit = is_first || time > s->unit ? time : s->unit;
        }
}

/* The table with its first and last time. */
static void write_table_head(part_writing *p, const event_table *t, const run_list *rows,
                             bool has_times)
{
    section s = {
        .role = ROLE_TABLE, .name = slice_of(p->table.data), .count = rows->row_count};
    if (has_times && rows->row_count == t->row_count)
        event_table_span(t, &s.base, &s.unit);
    else if (has_times)
        find_span(t, rows, &s);
    section_writer_add(p->out, &s, NULL, 0);
}

static void write_columns(part_writing *p, const event_table *t,
                          const property *properties, const run_list *rows)
{
    for (size_t i = 0; i < t->column_count; i++)
        write_column(p, &t->columns[i], properties[i].name, t->row_count, rows);
}

/* When the last row of each person happened who was chosen, in the shape of the table's times. */
static void write_newest(part_writing *p, const event_table *t, const packed *shape,
                         size_t count)
{
    int64_t *times = memory_alloc_array(count + 1, sizeof *times);
    size_t at = 0;
    for (size_t i = 0; i < p->person_count; i++) {
        uint64_t first = t->offsets[p->order[i]], end = t->offsets[p->order[i] + 1];
        if (end > first)
            times[at++] = event_table_time(t, (size_t)(end - 1));
    }
    const packed all = {times, 64, 0, 1};
    run whole = {0, count};
    run_list rows = {.items = &whole, .count = 1, .row_count = count};
    numbers_write_as(
        p->out,
        (section){.role = ROLE_NEWEST, .name = slice_of(p->table.data), .count = count},
        shape, (numbers){.from = &all, .rows = &rows});
    memory_free(times);
}

/* A table of people's rows. Returns the shape of its times. */
static packed write_table(part_writing *p, const event_table *t,
                          const property *properties, const chosen_rows *chosen)
{
    const run_list *rows = &chosen->rows;
    slice name = slice_of(p->table.data);
    write_table_head(p, t, rows, true);
    write_numbers_of_people(p, ROLE_PERSONS, name, chosen->people, chosen->count);
    write_counts(p, chosen->counts, chosen->count);
    section s = {.role = ROLE_TIMES, .name = name, .count = rows->row_count};
    packed times = numbers_write(p->out, s, (numbers){.from = &t->time, .rows = rows});
    s.role = ROLE_ARRIVALS;
    numbers_write(p->out, s,
                  (numbers){.from = &t->arrival,
                            .rows = rows,
                            .are_codes = true,
                            .added = (uint32_t)p->content->arrival_base});
    write_columns(p, t, properties, rows);
    return times;
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
            run_list_add(&items, t->offsets[row], count);
            counts[at++] = (uint32_t)count;
        }
    if (items.row_count > 0) {
        write_table_head(p, t, &items, false);
        write_counts(p, counts, at);
        write_columns(p, t, kind->properties, &items);
    }
    memory_free(counts);
    memory_free(items.items);
}

/* The lists inside the rows that were written of a kind. */
static void write_lists(part_writing *p, size_t kind, const run_list *holders)
{
    const schema *s = p->content->rows->schema;
    const event_table *tables = p->content->rows->kinds;
    for (size_t k = s->kind_count; k < schema_total(s); k++) {
        if (s->kinds[k].derivation != KIND_LIST || s->kinds[k].parent != kind ||
            tables[k].row_count == 0)
            continue;
        part_name_kind(s, k, &p->table);
        write_items(p, &tables[k], &s->kinds[k], holders);
    }
}

static void write_kind(part_writing *p, size_t kind)
{
    const schema *s = p->content->rows->schema;
    const event_table *t = &p->content->rows->kinds[kind];
    if (t->row_count == 0)
        return;
    chosen_rows chosen = choose_rows(p, t);
    part_name_kind(s, kind, &p->table);
    if (chosen.rows.row_count > 0) {
        packed times = write_table(p, t, s->kinds[kind].properties, &chosen);
        write_newest(p, t, &times, chosen.count);
        write_lists(p, kind, &chosen.rows);
    }
    chosen_rows_done(&chosen);
}

static void write_trait(part_writing *p, size_t trait)
{
    const store *from = p->content->rows;
    const event_table *t = &from->traits[trait];
    if (t->row_count == 0)
        return;
    chosen_rows chosen = choose_rows(p, t);
    part_name_trait(from->schema, trait, &p->table);
    if (chosen.rows.row_count > 0)
        write_table(p, t, &from->schema->traits[trait], &chosen);
    chosen_rows_done(&chosen);
}

/* ---- the part ------------------------------------------------------------- */

/* Everybody whom a row names, and since when they are known. */
static void write_known(part_writing *p)
{
    uint32_t *people = memory_alloc_array(p->person_count + 1, sizeof *people);
    int64_t *since = memory_alloc_array(p->person_count + 1, sizeof *since);
    for (size_t i = 0; i < p->person_count; i++) {
        people[i] = p->numbers[p->order[i]];
        since[i] = p->content->rows->known_since[p->order[i]];
    }
    slice name = slice_of(GLOSSARY_PEOPLE);
    write_numbers_of_people(p, ROLE_KNOWN, name, people, p->person_count);
    numbers_write_array(
        p->out, (section){.role = ROLE_SINCE, .name = name, .count = p->person_count},
        packed_new(since, p->person_count), p->person_count);
    memory_free(people);
    memory_free(since);
}

static void write_tables(part_writing *p)
{
    const schema *s = p->content->rows->schema;
    write_known(p);
    for (size_t k = 0; k < schema_total(s); k++)
        if (kind_is_stored(&s->kinds[k]))
            write_kind(p, k);
    for (size_t t = 0; t < s->trait_count; t++)
        write_trait(p, t);
}

/* What is in a part beside its tables. */
static void write_intake(const part_content *c, section_writer *w)
{
    origins_write(c->origins, c->arrival_base, w);
    section_writer_add(w, &(section){.role = ROLE_REFUSED, .name = slice_of("refused")},
                       c->refused.data, c->refused.size);
    if (c->ids)
        taken_ids_write(c->ids, w);
}

void part_write_tables(section_writer *w, part_content *content)
{
    part_writing p = {.content = content, .out = w};
    uint32_t *numbers = number_people(&p);
    p.numbers = numbers;
    p.order = order_people(content->rows, numbers, &p.person_count);
    content->left_out = leaves_texts_out(&p) ? left_out_count(content->rows, numbers) : 0;
    text_init(&p.table);
    text_init(&p.column);
    write_tables(&p);
    text_done(&p.table);
    text_done(&p.column);
    memory_free(p.order);
    memory_free(numbers);
}

bool part_write(const char *path, part_content *content, section_file_identity *out,
                carpel_error *err)
{
    section_writer *w = section_writer_new(path, err);
    if (!w)
        return false;
    part_write_tables(w, content);
    write_intake(content, w);
    return section_writer_finish(w, out, err);
}
