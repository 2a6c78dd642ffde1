/* SPDX-License-Identifier: MIT
 *
 * Table by table: the pieces that parts have of it are found, and used or merged.
 */
#include "store/assemble.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "store/arrivals.h"
#include "store/known.h"
#include "store/merge.h"
#include "value/calendar.h"

typedef struct assembly {
    const schema *schema;
    glossary *glossary;
    const assembly_part *parts;
    size_t part_count, person_count;
    arrivals *arrivals;
    arena *memory;
    carpel_error *err;
    piece *pieces, *items; /* scratch, one a part */
    text table, column;    /* names */
} assembly;

/* ---- columns -------------------------------------------------------------- */

/* Numbers in the arena, as narrow as they go. */
static packed pack(assembly *a, const int64_t *numbers, size_t count, bool are_codes)
{
    packed_range range = {0};
    packed_range_add(&range, numbers, count);
    packed p = are_codes ? packed_shape_of_codes((uint32_t)range.greatest)
                         : packed_shape(&range);
    void *data = arena_alloc(a->memory, packed_bytes(p.bits, count));
    packed_put(&p, data, 0, numbers, count);
    p.data = data;
    return p;
}

/* The numbers of all pieces in the order of the merge. */
static packed merge_and_pack(assembly *a, const merge *m, const packed *numbers,
                             bool are_codes)
{
    size_t count = (size_t)m->row_count;
    int64_t *wide = memory_alloc_array(count + 1, sizeof *wide);
    merge_numbers(m, numbers, wide);
    packed p = pack(a, wide, count, are_codes);
    memory_free(wide);
    return p;
}

/* Where the values and the presence of a column lie in each of the pieces. */
typedef struct column_parts {
    packed *values; /* nothing but zeros where the column is not there */
    const uint64_t **present;
    bool *is_present; /* without bits: are all values there, or none? */
    bool has_missing;
} column_parts;

static bool find_column(assembly *a, const piece *pieces, size_t count, type t,
                        column_parts *out)
{
    *out = (column_parts){memory_alloc_zero_array(count + 1, sizeof(packed)),
                          memory_alloc_zero_array(count + 1, sizeof(uint64_t *)),
                          memory_alloc_zero_array(count + 1, sizeof(bool)), false};
    for (size_t i = 0; i <= count; i++)
        out->values[i].unit = 1;
    for (size_t i = 0; i < count; i++) {
        if (!pieces[i].file) /* of items that the part does not have */
            continue;
        if (!piece_column(&pieces[i], a->column.data, t, &out->is_present[i],
                          &out->values[i], &out->present[i], a->err))
            return false;
        out->has_missing |=
            pieces[i].row_count > 0 && (out->present[i] || !out->is_present[i]);
    }
    return true;
}

static void column_parts_done(column_parts *c)
{
    memory_free(c->values);
    memory_free(c->present);
    memory_free(c->is_present);
}

/* A column that lies in one piece, or in none. */
static void use_column(assembly *a, const column_parts *from, size_t rows, column *out)
{
    out->values = from->values[0];
    out->present = from->present[0];
    if (from->has_missing && !out->present)
        out->present = arena_alloc_array(a->memory, bitmap_words(rows) + 1, 8);
}

static void merge_column(assembly *a, const column_parts *from, const merge *m,
                         column *out)
{
    out->values = merge_and_pack(a, m, from->values, type_is_text(out->type));
    if (!from->has_missing)
        return;
    uint64_t *present =
        arena_alloc_array(a->memory, bitmap_words((size_t)m->row_count) + 1, 8);
    merge_bits(m, from->present, from->is_present, present);
    out->present = present;
}

/* The columns of a table; without a merge it is the first piece, or empty. */
static bool make_columns(assembly *a, const piece *pieces, size_t count, const merge *m,
                         const property *properties, size_t column_count,
                         event_table *out)
{
    column *columns = arena_alloc_array(a->memory, column_count + 1, sizeof *columns);
    out->columns = columns;
    out->column_count = column_count;
    bool is_good = true;
    for (size_t i = 0; is_good && i < column_count; i++) {
        column_parts parts;
        type t = properties[i].type;
        part_name_column(a->table.data, properties[i].name, &a->column);
        columns[i].type = t;
        if (type_is_text(t))
            columns[i].dictionary = glossary_get(a->glossary, a->column.data);
        is_good = find_column(a, pieces, count, t, &parts);
        if (is_good && m)
            merge_column(a, &parts, m, &columns[i]);
        else if (is_good)
            use_column(a, &parts, out->row_count, &columns[i]);
        column_parts_done(&parts);
    }
    return is_good;
}

/* ---- tables of people's rows ---------------------------------------------- */

/* The pieces of a table that have rows, one behind the other; `from` gets their parts. */
static bool find_pieces(assembly *a, piece *out, size_t *from, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < a->part_count; i++) {
        bool found;
        piece *p = &out[*count];
        if (!piece_find(a->parts[i].file, a->table.data, a->person_count, p, &found,
                        a->err))
            return false;
        if (!found || p->row_count == 0)
            continue;
        p->arrival = arrivals_place(a->arrivals, i, p->arrival, p->row_count, a->memory);
        from[(*count)++] = i;
    }
    return true;
}

static uint64_t *expand_counts(assembly *a, const piece *p)
{
    uint64_t *offsets =
        arena_alloc_array(a->memory, a->person_count + 1, sizeof *offsets);
    piece_expand_counts(p, a->person_count, offsets);
    return offsets;
}

static void merge_rows(assembly *a, const piece *pieces, size_t count, merge *m,
                       event_table *out)
{
    uint64_t *offsets =
        arena_alloc_array(a->memory, a->person_count + 1, sizeof *offsets);
    packed *times = memory_alloc_array(count, sizeof *times),
           *arrivals = memory_alloc_array(count, sizeof *arrivals);
    merge_people(m, pieces, count, a->person_count, offsets);
    for (size_t i = 0; i < count; i++) {
        times[i] = pieces[i].time;
        arrivals[i] = pieces[i].arrival;
    }
    *out = (event_table){.row_count = (size_t)m->row_count,
                         .offsets = offsets,
                         .time = merge_and_pack(a, m, times, false),
                         .arrival = merge_and_pack(a, m, arrivals, true)};
    memory_free(times);
    memory_free(arrivals);
}

/* A table; `m` is filled when there are several pieces. */
static bool make_table(assembly *a, const property *properties, size_t column_count,
                       size_t *from, size_t *count, merge *m, event_table *out)
{
    if (!find_pieces(a, a->pieces, from, count))
        return false;
    if (*count > 1)
        merge_rows(a, a->pieces, *count, m, out);
    else {
        if (*count == 0)
            a->pieces[0] = (piece){0};
        const piece *p = &a->pieces[0];
        *out = (event_table){.row_count = (size_t)p->row_count,
                             .offsets = expand_counts(a, p),
                             .time = p->time,
                             .arrival = p->arrival};
    }
    return make_columns(a, a->pieces, *count, *count > 1 ? m : NULL, properties,
                        column_count, out);
}

/* ---- lists ---------------------------------------------------------------- */

/* The items of the rows of `holder`, whose pieces came from these parts. */
static bool make_list(assembly *a, const event_kind *kind, const event_table *holder,
                      const size_t *from, size_t count, const merge *holders,
                      event_table *out)
{
    merge m = {0};
    for (size_t i = 0; i < count; i++) {
        bool found;
        a->items[i] = (piece){0};
        if (!piece_find_items(a->parts[from[i]].file, a->table.data,
                              a->pieces[i].row_count, a->memory, &a->items[i], &found,
                              a->err))
            return false;
    }
    uint64_t *offsets =
        arena_alloc_array(a->memory, holder->row_count + 1, sizeof *offsets);
    out->offsets = offsets;
    if (count > 1) {
        merge_items(&m, a->items, holders, offsets);
        out->row_count = (size_t)m.row_count;
    } else if (count == 1) {
        out->offsets = a->items[0].offsets ? a->items[0].offsets : offsets;
        out->row_count = (size_t)a->items[0].row_count;
    }
    bool is_good = make_columns(a, a->items, count, count > 1 ? &m : NULL,
                                kind->properties, kind->property_count, out);
    merge_done(&m);
    return is_good;
}

static bool make_kind(assembly *a, size_t kind, event_table *tables)
{
    const schema *s = a->schema;
    size_t *from = memory_alloc_array(a->part_count + 1, sizeof *from), count;
    merge m = {0};
    part_name_kind(s, kind, &a->table);
    bool is_good = make_table(a, s->kinds[kind].properties, s->kinds[kind].property_count,
                              from, &count, &m, &tables[kind]);
    for (size_t k = s->kind_count; is_good && k < schema_total(s); k++) {
        if (s->kinds[k].derivation != KIND_LIST || s->kinds[k].parent != kind)
            continue;
        part_name_kind(s, k, &a->table);
        is_good = make_list(a, &s->kinds[k], &tables[kind], from, count, &m, &tables[k]);
    }
    merge_done(&m);
    memory_free(from);
    return is_good;
}

static bool make_trait(assembly *a, size_t trait, event_table *out)
{
    size_t *from = memory_alloc_array(a->part_count + 1, sizeof *from), count;
    merge m = {0};
    part_name_trait(a->schema, trait, &a->table);
    bool is_good = make_table(a, &a->schema->traits[trait], 1, from, &count, &m, out);
    merge_done(&m);
    memory_free(from);
    return is_good;
}

/* ---- the store ------------------------------------------------------------ */

/* Since when people are known: the earliest that any part says; INT64_MAX: no row names them
 * any more. */
static bool make_known(assembly *a, store *out)
{
    int64_t *since = arena_alloc_array(a->memory, a->person_count + 1, sizeof *since);
    for (size_t p = 0; p < a->person_count; p++)
        since[p] = INT64_MAX;
    for (size_t i = 0; i < a->part_count; i++) {
        piece known;
        if (!piece_find_known(a->parts[i].file, a->person_count, &known, a->err))
            return false;
        piece_cursor c = {&known, 0};
        for (size_t p = 0; p < a->person_count; p++) {
            uint64_t place = piece_place_of(&c, p);
            int64_t time =
                place == UINT64_MAX ? INT64_MAX : packed_get(&known.time, (size_t)place);
            since[p] = time < since[p] ? time : since[p];
        }
    }
    out->known_since = since;
    out->last_known = TIME_MIN;
    for (size_t p = 0; p < a->person_count; p++)
        out->last_known = since[p] > out->last_known ? since[p] : out->last_known;
    return true;
}

/* Count the events, and find the first and the last time, without a look at the rows. */
static void summarize(assembly *a, store *out)
{
    bool is_first = true;
    for (size_t k = 0; k < a->schema->kind_count; k++) {
        part_name_kind(a->schema, k, &a->table);
        for (size_t i = 0; i < a->part_count; i++) {
            const section *t =
                section_file_find(a->parts[i].file, ROLE_TABLE, a->table.data);
            if (!t || t->count == 0)
                continue;
            out->first_time =
                is_first || t->base < out->first_time ? t->base : out->first_time;
            out->last_time =
                is_first || t->unit > out->last_time ? t->unit : out->last_time;
            is_first = false;
        }
        out->event_count += out->kinds[k].row_count;
    }
}

static bool make_tables(assembly *a, store *out)
{
    const schema *s = a->schema;
    event_table *kinds = arena_alloc_array(a->memory, schema_total(s) + 1, sizeof *kinds);
    event_table *traits =
        arena_alloc_array(a->memory, s->trait_count + 1, sizeof *traits);
    bool is_good = true;
    for (size_t k = 0; is_good && k < schema_total(s); k++)
        if (kind_is_stored(&s->kinds[k]))
            is_good = make_kind(a, k, kinds);
    for (size_t t = 0; is_good && t < s->trait_count; t++)
        is_good = make_trait(a, t, &traits[t]);
    out->kinds = kinds;
    out->traits = traits;
    return is_good;
}

bool store_assemble(const schema *s, glossary *g, const assembly_part *parts,
                    size_t count, arena *memory, store *out, carpel_error *err)
{
    dictionary *people = glossary_get(g, GLOSSARY_PEOPLE);
    assembly a = {.schema = s,
                  .glossary = g,
                  .parts = parts,
                  .part_count = count,
                  .person_count = dictionary_count(people),
                  .memory = memory,
                  .err = err};
    a.arrivals = arrivals_new(parts, count, memory, err);
    if (!a.arrivals)
        return false;
    a.pieces = memory_alloc_zero_array(count + 1, sizeof *a.pieces);
    a.items = memory_alloc_zero_array(count + 1, sizeof *a.items);
    text_init(&a.table);
    text_init(&a.column);
    *out = (store){.schema = s, .person_count = a.person_count, .persons = people};
    bool is_good = make_known(&a, out) && make_tables(&a, out);
    if (is_good)
        summarize(&a, out);
    text_done(&a.table);
    text_done(&a.column);
    memory_free(a.pieces);
    memory_free(a.items);
    return is_good;
}
