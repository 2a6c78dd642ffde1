/* SPDX-License-Identifier: MIT
 *
 * Table by table: the pieces that parts have of it are found, and used or merged.
 */
#include "store/assemble.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "store/arrivals.h"
#include "store/known.h"
#include "store/merge.h"
#include "value/calendar.h"

typedef struct assembly {
    const schema *schema;
    glossary *glossary;
    const assembly_part *parts;
    size_t part_count, person_count;
    const wanted_tables *wanted; /* or NULL */
    arrivals *arrivals;
    arena *memory;
    carpel_error *err;
    piece *pieces, *items; /* scratch, one a part */
    uint64_t *offsets;     /* of the table: room for person_count + 1 */
    int64_t kept_from;     /* of the table: earlier rows are left out; TIME_MIN: none */
    bool is_wanted;        /* the table */
    bool is_merged;        /* the table is not the piece where it lies */
    text table, column;    /* names */
} assembly;

/* ---- columns -------------------------------------------------------------- */

/* The numbers of all pieces in the order of the merge. */
static packed gather(assembly *a, const merge *m, const packed *numbers,
                     const piece *pieces, size_t count, bool are_codes)
{
    uint64_t *counts = memory_alloc_array(count + 1, sizeof *counts);
    for (size_t i = 0; i < count; i++)
        counts[i] = pieces[i].row_count;
    packed out = merge_numbers(m, numbers, counts, count, are_codes, a->memory);
    memory_free(counts);
    return out;
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

static uint64_t *merged_bits(assembly *a, const uint64_t *const *bits, const bool *absent,
                             const merge *m)
{
    uint64_t *out =
        arena_alloc_array(a->memory, bitmap_words((size_t)m->row_count) + 1, 8);
    merge_bits(m, bits, absent, out);
    return out;
}

/* Conditions, which are bits in each piece or one and the same. */
static packed merge_conditions(assembly *a, const column_parts *from, const merge *m,
                               size_t count)
{
    const uint64_t **bits = memory_alloc_zero_array(count + 1, sizeof *bits);
    bool *hold = memory_alloc_zero_array(count + 1, sizeof *hold);
    for (size_t i = 0; i < count; i++) {
        bits[i] = from->values[i].bits == 1 ? from->values[i].data : NULL;
        hold[i] = from->values[i].base != 0;
    }
    packed out = packed_of_bits(merged_bits(a, bits, hold, m));
    memory_free(bits);
    memory_free(hold);
    return out;
}

static void merge_column(assembly *a, const column_parts *from, const merge *m,
                         const piece *pieces, size_t count, column *out)
{
    bool are_codes = type_is_text(out->type);
    out->values = out->type.kind == TYPE_BOOL
                      ? merge_conditions(a, from, m, count)
                      : gather(a, m, from->values, pieces, count, are_codes);
    if (from->has_missing)
        out->present = merged_bits(a, from->present, from->is_present, m);
}

/* The dictionary of a column of the table a->table, which is made when it is not there. */
static void make_dictionary(assembly *a, const property *p)
{
    if (!type_is_text(p->type))
        return;
    part_name_column(a->table.data, p->name, &a->column);
    glossary_get(a->glossary, a->column.data);
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
            merge_column(a, &parts, m, pieces, count, &columns[i]);
        else if (is_good)
            use_column(a, &parts, out->row_count, &columns[i]);
        column_parts_done(&parts);
    }
    return is_good;
}

/* ---- tables that are wanted ------------------------------------------------ */

/* "purchase" of "purchase", "purchase/amount", "purchase/items[]". */
static bool is_of_table(slice name, const text *table)
{
    return name.size >= table->size && memcmp(name.data, table->data, table->size) == 0 &&
           (name.size == table->size || name.data[table->size] == '/');
}

/* Is it one of the arrays of a table's rows? */
static bool is_of_rows(section_role role)
{
    return role == ROLE_PERSONS || role == ROLE_COUNTS || role == ROLE_TIMES ||
           role == ROLE_ARRIVALS || role == ROLE_VALUES || role == ROLE_PRESENT ||
           role == ROLE_NEWEST;
}

bool section_is_unwanted(const section *section, const schema *s, const wanted_tables *w)
{
    bool is = false;
    text table;
    if (!w || !is_of_rows(section->role))
        return false;
    text_init(&table);
    for (size_t k = 0; k < s->kind_count && !is; k++) {
        part_name_kind(s, k, &table);
        is = !w->kinds[k] && is_of_table(section->name, &table);
    }
    for (size_t t = 0; t < s->trait_count && !is; t++) {
        part_name_trait(s, t, &table);
        is = !w->traits[t] && is_of_table(section->name, &table);
    }
    text_done(&table);
    return is;
}

static bool is_wanted(const assembly *a, size_t index)
{
    size_t kinds = schema_total(a->schema);
    if (!a->wanted)
        return true;
    return index < kinds ? a->wanted->kinds[index] : a->wanted->traits[index - kinds];
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

static void merge_rows(assembly *a, const piece *pieces, size_t count, merge *m,
                       event_table *out)
{
    uint64_t *offsets = a->offsets;
    packed *times = memory_alloc_array(count, sizeof *times),
           *arrivals = memory_alloc_array(count, sizeof *arrivals);
    merge_people(m, pieces, count, a->person_count, a->kept_from, offsets);
    for (size_t i = 0; i < count; i++) {
        times[i] = pieces[i].time;
        arrivals[i] = pieces[i].arrival;
    }
    *out = (event_table){.row_count = (size_t)m->row_count,
                         .offsets = offsets,
                         .time = gather(a, m, times, pieces, count, false),
                         .arrival = gather(a, m, arrivals, pieces, count, true)};
    memory_free(times);
    memory_free(arrivals);
}

/* Are there rows that are not kept? */
static bool has_old_rows(const assembly *a, size_t count)
{
    bool has = false;
    for (size_t i = 0; i < count; i++)
        has |= a->pieces[i].first_time < a->kept_from;
    return has;
}

/* What a piece notes of its people's newest rows, which is right as long as it is the table. */
static const newest_rows *noted_newest(assembly *a, const piece *p)
{
    if (!p->newest)
        return NULL;
    newest_rows *noted = arena_alloc(a->memory, sizeof *noted);
    *noted = (newest_rows){section_numbers(p->newest), p->person_count};
    return noted;
}

/* A table; `m` is filled when there are several pieces. */
static bool make_table(assembly *a, const property *properties, size_t column_count,
                       size_t *from, size_t *count, merge *m, event_table *out)
{
    *count = 0;
    if (a->is_wanted && !find_pieces(a, a->pieces, from, count))
        return false;
    a->is_merged = *count > 1 || has_old_rows(a, *count);
    if (a->is_merged)
        merge_rows(a, a->pieces, *count, m, out);
    else {
        if (*count == 0)
            a->pieces[0] = (piece){0};
        const piece *p = &a->pieces[0];
        *out = (event_table){.row_count = (size_t)p->row_count,
                             .offsets = a->is_wanted ? a->offsets : NULL,
                             .time = p->time,
                             .arrival = p->arrival,
                             .newest = noted_newest(a, p)};
        if (a->is_wanted)
            piece_expand_counts(p, a->person_count, a->offsets);
    }
    return make_columns(a, a->pieces, *count, a->is_merged ? m : NULL, properties,
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
    if (a->is_merged) {
        merge_items(&m, a->items, holders, offsets);
        out->row_count = (size_t)m.row_count;
    } else if (count == 1) {
        out->offsets = a->items[0].offsets ? a->items[0].offsets : offsets;
        out->row_count = (size_t)a->items[0].row_count;
    }
    bool is_good = make_columns(a, a->items, count, a->is_merged ? &m : NULL,
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
    a->kept_from = s->kinds[kind].has_kept_from ? s->kinds[kind].kept_from : TIME_MIN;
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
    a->kept_from = TIME_MIN;
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

/* The first and the last time of a kind that lies in the parts, without a look at its rows unless
 * some of them are not kept; false: it has none. */
static bool find_span(assembly *a, size_t kind, const event_table *t, int64_t *first,
                      int64_t *last)
{
    *first = INT64_MAX;
    *last = INT64_MIN;
    part_name_kind(a->schema, kind, &a->table);
    for (size_t i = 0; i < a->part_count; i++) {
        const section *s = section_file_find(a->parts[i].file, ROLE_TABLE, a->table.data);
        if (!s || s->count == 0)
            continue;
        *first = s->base < *first ? s->base : *first;
        *last = s->unit > *last ? s->unit : *last;
    }
    if (*first <= *last && kind_is_over(&a->schema->kinds[kind], *first))
        return event_table_span(t, first, last);
    return *first <= *last;
}

/* Count the events, and find the first and the last time. */
static void summarize(assembly *a, store *out)
{
    bool is_first = true;
    for (size_t k = 0; k < a->schema->kind_count; k++) {
        int64_t first, last;
        out->event_count += out->kinds[k].row_count;
        if (!find_span(a, k, &out->kinds[k], &first, &last))
            continue;
        out->first_time = is_first || first < out->first_time ? first : out->first_time;
        out->last_time = is_first || last > out->last_time ? last : out->last_time;
        is_first = false;
    }
}

/* ---- tables side by side --------------------------------------------------- */

/* Kinds and traits, each in memory of its own. */
typedef struct table_work {
    const assembly *all;
    event_table *kinds, *traits;
    uint64_t *offsets;    /* of all tables, one behind the other */
    arena **memories;     /* by table: the kinds, then the traits; or NULL */
    carpel_error *errors; /* of those that failed */
    bool *have_failed;
} table_work;

static void begin_assembly(assembly *a)
{
    a->pieces = memory_alloc_zero_array(a->part_count + 1, sizeof *a->pieces);
    a->items = memory_alloc_zero_array(a->part_count + 1, sizeof *a->items);
    text_init(&a->table);
    text_init(&a->column);
}

static void end_assembly(assembly *a)
{
    memory_free(a->pieces);
    memory_free(a->items);
    text_done(&a->table);
    text_done(&a->column);
}

static void work_on_table(void *context, size_t index, size_t worker)
{
    table_work *w = context;
    const schema *s = w->all->schema;
    size_t kind_count = schema_total(s);
    (void)worker;
    if (index < kind_count && !kind_is_stored(&s->kinds[index]))
        return;
    assembly a = *w->all;
    a.memory = w->memories[index] = arena_new();
    a.offsets = w->offsets + index * (a.person_count + 1);
    a.err = &w->errors[index];
    a.is_wanted = is_wanted(&a, index);
    begin_assembly(&a);
    w->have_failed[index] =
        !(index < kind_count
              ? make_kind(&a, index, w->kinds)
              : make_trait(&a, index - kind_count, &w->traits[index - kind_count]));
    end_assembly(&a);
}

/* The first table that failed tells why. */
static bool collect_tables(assembly *a, const table_work *w, size_t count)
{
    bool is_good = true;
    for (size_t i = 0; i < count; i++) {
        if (is_good && w->have_failed[i])
            *a->err = w->errors[i];
        is_good = is_good && !w->have_failed[i];
        if (w->memories[i])
            arena_join(a->memory, w->memories[i]);
    }
    return is_good;
}

/* All dictionaries, as tables only look them up. */
static void make_dictionaries(assembly *a)
{
    const schema *s = a->schema;
    for (size_t k = 0; k < schema_total(s); k++) {
        const event_kind *kind = &s->kinds[k];
        if (!kind_is_stored(kind) && kind->derivation != KIND_LIST)
            continue;
        part_name_kind(s, k, &a->table);
        for (size_t i = 0; i < kind->property_count; i++)
            make_dictionary(a, &kind->properties[i]);
    }
    for (size_t t = 0; t < s->trait_count; t++) {
        part_name_trait(s, t, &a->table);
        make_dictionary(a, &s->traits[t]);
    }
}

static uint64_t count_bytes(const assembly *a)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < a->part_count; i++)
        bytes += section_file_identify(a->parts[i].file).size;
    return bytes;
}

static bool make_tables(assembly *a, store *out)
{
    enum { SMALL = 4 << 20 }; /* sooner done than threads begun */
    const schema *s = a->schema;
    size_t count = schema_total(s) + s->trait_count;
    table_work w = {
        .all = a,
        .kinds = arena_alloc_array(a->memory, schema_total(s) + 1, sizeof *w.kinds),
        .traits = arena_alloc_array(a->memory, s->trait_count + 1, sizeof *w.traits),
        .offsets = arena_alloc_large(a->memory, count * (a->person_count + 1),
                                     sizeof *w.offsets),
        .memories = memory_alloc_zero_array(count + 1, sizeof(arena *)),
        .errors = memory_alloc_zero_array(count + 1, sizeof *w.errors),
        .have_failed = memory_alloc_zero_array(count + 1, sizeof(bool))};
    make_dictionaries(a);
    parallel_run(count_bytes(a) < SMALL ? 1 : parallel_processor_count(), count,
                 work_on_table, &w);
    bool is_good = collect_tables(a, &w, count);
    out->kinds = w.kinds;
    out->traits = w.traits;
    memory_free(w.memories);
    memory_free(w.errors);
    memory_free(w.have_failed);
    return is_good;
}

bool store_assemble(const schema *s, glossary *g, size_t person_count,
                    const assembly_part *parts, size_t count, const wanted_tables *wanted,
                    arena *memory, store *out, carpel_error *err)
{
    assembly a = {.schema = s,
                  .glossary = g,
                  .parts = parts,
                  .part_count = count,
                  .person_count = person_count,
                  .wanted = wanted,
                  .memory = memory,
                  .err = err};
    a.arrivals = arrivals_new(parts, count, memory, err);
    if (!a.arrivals)
        return false;
    begin_assembly(&a);
    *out = (store){.schema = s,
                   .person_count = person_count,
                   .persons = glossary_get(g, GLOSSARY_PEOPLE)};
    bool is_good = make_known(&a, out) && make_tables(&a, out);
    if (is_good) {
        summarize(&a, out);
        out->origins = arrivals_list_origins(a.arrivals, parts, memory);
    }
    end_assembly(&a);
    return is_good;
}
