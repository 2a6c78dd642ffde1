/* SPDX-License-Identifier: MIT
 *
 * Appends the good rows of a batch to the tables of their kinds and traits, one column
 * after the other.
 */
#include "ingest/batch.h"

#include <string.h>

#include "base/memory.h"

/* With fewer rows than this for each text of a dictionary, codes are not remembered. */
enum { MEMO_FACTOR = 2, TEXTS_AT_ONCE = 256 };

/* So many rows ahead of the one that is noted, its person is expected. */
enum { PEOPLE_AHEAD = 24 };

static void begin_memo(batch *b, size_t text_count)
{
    if (text_count > b->memo_capacity) {
        b->memo_capacity = text_count;
        b->memo = memory_resize_array(b->memo, b->memo_capacity, sizeof *b->memo);
    }
    if (text_count > 0)
        memset(b->memo, 0xFF, text_count * sizeof *b->memo); /* DICTIONARY_NONE */
}

/* Look up the texts of some rows that were not met before, together. */
static void remember_codes(batch *b, const vector *v, const uint32_t *rows, size_t count,
                           dictionary *d)
{
    slice texts[TEXTS_AT_ONCE];
    uint32_t codes[TEXTS_AT_ONCE], *known[TEXTS_AT_ONCE];
    size_t text_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (vector_is_missing(v, rows[i]) ||
            b->memo[v->codes[rows[i]]] != DICTIONARY_NONE)
            continue;
        texts[text_count] = vector_text(v, rows[i]);
        known[text_count] = &b->memo[v->codes[rows[i]]];
        *known[text_count++] = 0; /* until it is known */
    }
    if (text_count == 0)
        return;
    dictionary_add_many(d, texts, text_count, codes);
    for (size_t i = 0; i < text_count; i++)
        *known[i] = codes[i];
}

/* Codes of texts that stand in the batch's dictionary: each is looked up once. */
static void add_coded_texts(batch *b, const vector *v, const uint32_t *rows, size_t count,
                            dictionary *d, uint32_t *out)
{
    begin_memo(b, v->text_count);
    for (size_t first = 0; first < count; first += TEXTS_AT_ONCE) {
        size_t end = count - first < TEXTS_AT_ONCE ? count : first + TEXTS_AT_ONCE;
        remember_codes(b, v, rows + first, end - first, d);
        for (size_t i = first; i < end; i++)
            out[i] = vector_is_missing(v, rows[i]) ? 0 : b->memo[v->codes[rows[i]]];
    }
}

/* Codes of texts as they stand, some at a time; those like the one before stand for nothing. */
static void add_plain_texts(const vector *v, const uint32_t *rows, size_t count,
                            dictionary *d, uint32_t *out)
{
    slice texts[TEXTS_AT_ONCE];
    uint32_t codes[TEXTS_AT_ONCE], places[TEXTS_AT_ONCE];
    for (size_t first = 0; first < count; first += TEXTS_AT_ONCE) {
        size_t end = count - first < TEXTS_AT_ONCE ? count : first + TEXTS_AT_ONCE;
        size_t text_count = 0;
        for (size_t i = first; i < end; i++) {
            out[i] = 0;
            if (vector_is_missing(v, rows[i]))
                continue;
            slice s = vector_text(v, rows[i]);
            if (text_count == 0 || !slice_equals(texts[text_count - 1], s))
                texts[text_count++] = s;
            places[i - first] = (uint32_t)text_count - 1;
        }
        dictionary_add_many(d, texts, text_count, codes);
        for (size_t i = first; i < end; i++)
            if (!vector_is_missing(v, rows[i]))
                out[i] = codes[places[i - first]];
    }
}

void batch_add_texts(batch *b, const vector *v, const uint32_t *rows, size_t count,
                     dictionary *d, uint32_t *out)
{
    bool is_memo_worth = v->codes != NULL && v->text_count <= count / MEMO_FACTOR;
    if (is_memo_worth)
        add_coded_texts(b, v, rows, count, d, out);
    else
        add_plain_texts(v, rows, count, d, out);
}

static void put_bits(uint64_t *bits, size_t first, const vector *v, const uint32_t *rows,
                     size_t count)
{
    const uint8_t *from = v->values;
    for (size_t i = 0; i < count; i++) {
        uint64_t bit = vector_bit(from, v->values_from + rows[i]);
        bits[(first + i) / 64] |= bit << ((first + i) % 64);
    }
}

static void put_days(int64_t *values, const vector *v, const uint32_t *rows, size_t count)
{
    const int32_t *days = v->values;
    for (size_t i = 0; i < count; i++)
        values[i] = days[rows[i]];
}

static void put_wholes(int64_t *values, const vector *v, const uint32_t *rows,
                       size_t count)
{
    const int64_t *wholes = v->values;
    for (size_t i = 0; i < count; i++)
        values[i] = wholes[rows[i]];
}

static void put_numbers(double *values, const vector *v, const uint32_t *rows,
                        size_t count)
{
    const double *numbers = v->values;
    for (size_t i = 0; i < count; i++)
        values[i] = numbers[rows[i]];
}

/* Put the values of the rows behind `first`, whatever stands in the missing ones. */
static void put_values(batch *b, raw_column *c, size_t first, const vector *v,
                       const uint32_t *rows, size_t count)
{
    switch (c->type.kind) {
    case TYPE_ERROR:
    case TYPE_LIST: break;
    case TYPE_BOOL: put_bits(c->values, first, v, rows, count); break;
    case TYPE_DATE: put_days((int64_t *)c->values + first, v, rows, count); break;
    case TYPE_DECIMAL:
    case TYPE_TIME:
    case TYPE_DURATION: put_wholes((int64_t *)c->values + first, v, rows, count); break;
    case TYPE_NUMBER: put_numbers((double *)c->values + first, v, rows, count); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON:
        batch_add_texts(b, v, rows, count, c->dictionary, (uint32_t *)c->values + first);
        break;
    }
}

/* A missing value is zero in memory, so that equal stores have equal bytes. */
static void clear_value(raw_column *c, size_t row)
{
    size_t size = type_value_size(c->type);
    if (c->type.kind == TYPE_BOOL)
        ((uint64_t *)c->values)[row / 64] &= ~(UINT64_C(1) << (row % 64));
    else
        memset((char *)c->values + row * size, 0, size);
}

static void put_column(batch *b, raw_table *t, raw_column *c, size_t first,
                       const vector *v, const uint32_t *rows, size_t count)
{
    put_values(b, c, first, v, rows, count);
    if (!vector_has_missing(v))
        return;
    for (size_t i = 0; i < count; i++) {
        if (vector_is_missing(v, rows[i])) {
            raw_column_set_missing(t, c, first + i);
            clear_value(c, first + i);
        }
    }
}

size_t batch_append_rows(const batch *b, raw_table *t, uint64_t arrival,
                         const uint32_t *rows, size_t count)
{
    size_t first = raw_table_extend(t, count);
    for (size_t i = 0; i < count; i++) {
        t->groups[first + i] = b->persons[rows[i]];
        t->times[first + i] = b->times[rows[i]];
        t->arrivals[first + i] = (uint32_t)(arrival + rows[i]);
    }
    return first;
}

/* The items of the rows, whose first one became row `first` of the kind's table. */
static void append_items(batch *b, const batch_target *target, size_t list, size_t first,
                         const uint32_t *rows, size_t count)
{
    raw_table *t = &target->kinds[list];
    size_t column = b->mapping->lists[list], place = 0;
    size_t item_count = batch_select_items(b, column, rows, count);
    if (item_count == 0)
        return;
    size_t first_item = raw_table_extend(t, item_count);
    for (size_t i = 0; i < item_count; i++) {
        while (rows[place] != b->owners[i])
            place++;
        t->groups[first_item + i] = (uint32_t)(first + place);
    }
    for (size_t i = 0; i < t->column_count; i++)
        put_column(b, t, &t->columns[i], first_item, &b->lists[column].fields[i],
                   b->items, item_count);
}

static void append_lists(batch *b, const batch_target *target, size_t kind, size_t first,
                         const uint32_t *rows, size_t count)
{
    const schema *s = b->mapping->schema;
    for (size_t k = s->kind_count; k < schema_total(s); k++) {
        if (b->mapping->lists[k] != SCHEMA_NONE && s->kinds[k].parent == kind)
            append_items(b, target, k, first, rows, count);
    }
}

/* Those of the rows that are not too old for the kind; the others move behind them. */
static size_t choose_kept(const batch *b, const event_kind *kind, uint32_t *rows,
                          size_t count)
{
    size_t kept = 0;
    if (!kind->has_kept_from)
        return count;
    for (size_t i = 0; i < count; i++)
        if (!kind_is_over(kind, b->times[rows[i]]))
            rows[kept++] = rows[i];
    return kept;
}

static void append_events(batch *b, const batch_target *target, size_t kind)
{
    raw_table *t = &target->kinds[kind];
    uint32_t *rows = b->grouped + b->ranges[kind].begin;
    size_t count = choose_kept(b, &b->mapping->schema->kinds[kind], rows,
                               b->ranges[kind].end - b->ranges[kind].begin);
    if (count == 0)
        return;
    size_t first = batch_append_rows(b, t, target->arrival, rows, count);
    for (size_t i = 0; i < t->column_count; i++)
        put_column(b, t, &t->columns[i], first,
                   &b->columns[b->mapping->properties[kind][i]], rows, count);
    append_lists(b, target, kind, first, rows, count);
}

/* The rows that set a trait which is a list: a null leaves it as it was. */
static void append_settings(batch *b, const batch_target *target, size_t list)
{
    size_t count = batch_select_settings(b, b->mapping->lists[list]);
    size_t kind = b->mapping->schema->kinds[list].parent;
    if (count == 0)
        return;
    size_t first =
        batch_append_rows(b, &target->kinds[kind], target->arrival, b->grouped, count);
    append_items(b, target, list, first, b->grouped, count);
}

static void append_list_traits(batch *b, const batch_target *target)
{
    const schema *s = b->mapping->schema;
    for (size_t k = s->kind_count; k < schema_total(s); k++)
        if (b->mapping->lists[k] != SCHEMA_NONE &&
            s->kinds[s->kinds[k].parent].derivation == KIND_SETTINGS)
            append_settings(b, target, k);
}

/* Rows whose cell is missing leave a trait as it was. `rows` is scratch. */
static void append_trait(batch *b, const batch_target *target, size_t trait,
                         uint32_t *rows)
{
    raw_table *t = &target->traits[trait];
    const vector *v = &b->columns[b->mapping->traits[trait]];
    size_t count = 0;
    for (size_t i = 0; i < b->selected_count; i++) {
        rows[count] = b->selected[i];
        count += vector_is_missing(v, b->selected[i]) ? 0 : 1;
    }
    if (count == 0)
        return;
    size_t first = batch_append_rows(b, t, target->arrival, rows, count);
    put_column(b, t, &t->columns[0], first, v, rows, count);
}

static void note_people(const batch *b, known_times *known)
{
    for (size_t i = 0; i < b->selected_count; i++) {
        if (i + PEOPLE_AHEAD < b->selected_count)
            known_expect(known, b->codes[i + PEOPLE_AHEAD]);
        known_note(known, b->codes[i], b->times[b->selected[i]]);
    }
}

void batch_append(batch *b, const batch_target *target)
{
    const mapping *m = b->mapping;
    batch_select_rows(b);
    batch_add_texts(b, &b->columns[m->person], b->selected, b->selected_count,
                    target->persons, b->codes);
    for (size_t i = 0; i < b->selected_count; i++)
        b->persons[b->selected[i]] = b->codes[i];
    if (m->links == SCHEMA_NONE)
        note_people(b, target->known);
    for (size_t k = 0; k < m->schema->kind_count; k++)
        append_events(b, target, k);
    for (size_t i = 0; i < m->schema->trait_count; i++) {
        if (m->traits[i] != SCHEMA_NONE)
            append_trait(b, target, i, b->grouped); /* the events are through */
    }
    if (m->links != SCHEMA_NONE)
        batch_append_links(b, target);
    append_list_traits(b, target);
}
