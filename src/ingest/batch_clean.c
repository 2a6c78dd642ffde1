/* SPDX-License-Identifier: MIT
 *
 * The cleaned columns of a batch: they came as texts, and become columns of the type that the schema has. A
 * text of a dictionary is cleaned once, however many rows have it. What is made lives in the batch's memory,
 * as long as the batch is worked on.
 */
#include <string.h>

#include "ingest/batch.h"
#include "ingest/cleaned.h"
#include "base/memory.h"
#include "ingest/reason.h"
#include "value/value.h"

/* A column that is cleaned, or one of the items of lists. */
typedef struct cleaner {
    batch *batch;
    const column_cleaning *cleaning;
    const vector *in;
    size_t count;           /* of its values */
    const uint32_t *owners; /* the rows that they belong to; NULL: value i is of row i */
    size_t column;
    cleaned_value *values; /* of its texts */
    const vector *out;
} cleaner;

static size_t owner_of(const cleaner *c, size_t i)
{
    return c->owners ? c->owners[i] : i;
}

static bool is_text(carpel_type type)
{
    return type == CARPEL_STRING || type == CARPEL_PERSON;
}

/* ---- texts -------------------------------------------------------------------- */

/* Is text `i` there? Of a column without a dictionary it is that of value i. */
static bool has_text(const cleaner *c, size_t i)
{
    const vector *v = c->in;
    if (!v->codes)
        return !vector_is_missing(v, i);
    return !v->text_present || vector_bit(v->text_present, v->text_present_from + i);
}

/* Put down a cleaned text behind the others; false: they are too long. */
static bool put_text(text *bytes, cleaned_value *v)
{
    if (v->text.size > INT32_MAX - bytes->size)
        return false;
    text_append_bytes(bytes, v->text.data, v->text.size);
    return true;
}

static void clean_texts(cleaner *c, vector *out)
{
    batch *b = c->batch;
    bool is_kept = is_text(c->cleaning->type);
    size_t count = c->in->codes ? c->in->text_count : c->count;
    int32_t *offsets = arena_alloc_array(b->texts, count + 1, sizeof *offsets);
    c->values = arena_alloc_array(b->texts, count + 1, sizeof *c->values);
    text bytes;
    text_init(&bytes);
    for (size_t i = 0; i < count; i++) {
        cleaned_value *v = &c->values[i];
        *v = (cleaned_value){.is_missing = true};
        if (has_text(c, i))
            *v = cleaned_read(c->cleaning, vector_text_at(c->in, i), &b->work);
        if (is_kept && !v->is_missing && !v->why && !put_text(&bytes, v))
            v->why = "the texts are too long";
        v->text = (slice){NULL, 0}; /* it was in the memory of the work */
        offsets[i + 1] = (int32_t)bytes.size;
    }
    if (is_kept) {
        out->offsets = offsets;
        out->text_count = count;
        out->codes = c->in->codes;
        out->bytes = arena_copy_text(b->texts, bytes.data, bytes.size);
    }
    text_done(&bytes);
}

/* ---- values -------------------------------------------------------------------- */

static void *make_values(const cleaner *c)
{
    carpel_type type = c->cleaning->type;
    size_t size = type == CARPEL_DATE ? sizeof(int32_t) : sizeof(int64_t);
    return type == CARPEL_BOOL ? arena_alloc(c->batch->texts, c->count / 8 + 1)
                               : arena_alloc_array(c->batch->texts, c->count + 1, size);
}

static void put_value(const cleaner *c, void *values, size_t i, const cleaned_value *v)
{
    switch (c->cleaning->type) {
    case CARPEL_BOOL:
        ((uint8_t *)values)[i / 8] |= (uint8_t)((v->whole & 1) << i % 8);
        break;
    case CARPEL_DATE: ((int32_t *)values)[i] = (int32_t)v->whole; break;
    case CARPEL_NUMBER: ((double *)values)[i] = v->number; break;
    default: ((int64_t *)values)[i] = v->whole; break;
    }
}

static void refuse_value(const cleaner *c, size_t i, const char *why)
{
    batch *b = c->batch;
    const column_cleaning *cleaning = c->cleaning;
    reason_field field = {b->mapping->columns[c->column].name,
                          cleaning->from,
                          b->mapping->columns[c->column].others,
                          cleaning->type,
                          cleaning->scale,
                          cleaning->format_count > 0,
                          cleaning_does(&cleaning->steps, CLEAN_UNIT)
                              ? cleaning_word(&cleaning->steps, CLEAN_UNIT)
                              : NULL};
    text reason;
    text_init(&reason);
    reason_append_unreadable(&field, vector_text(c->in, i), why, &reason);
    batch_refuse_row(b, owner_of(c, i), arena_copy_string(b->texts, reason.data));
    text_done(&reason);
}

/* Keep a change, whose field lives as long as the mapping. */
static void list_change(batch *b, const value_change *change)
{
    memory_grow((void **)&b->changes, b->change_count, &b->change_capacity,
                sizeof *b->changes);
    value_change *kept = &b->changes[b->change_count];
    *kept = *change;
    kept->number = b->change_count++;
    kept->before.data =
        arena_copy_text(b->texts, change->before.data, change->before.size);
}

void batch_note_changes(batch *b, size_t column, const value_change *change)
{
    if (b->kinds[change->row] == KIND_SKIPPED || change->steps == 0)
        return;
    clean_tally *tallies = batch_tallies(b, column);
    for (int step = 0; step < CLEAN_STEP_COUNT; step++)
        if (change->steps >> step & 1 && tallies[step].count++ == 0)
            tallies[step].row = change->row;
    if (b->mapping->lists_changes)
        list_change(b, change);
}

/* The value as a text. */
static const char *text_of(const cleaner *c, size_t i, const cleaned_value *v)
{
    text out;
    text_init(&out);
    switch (c->cleaning->type) {
    case CARPEL_BOOL: text_append(&out, v->whole ? "true" : "false"); break;
    case CARPEL_DATE: value_append_date(v->whole, &out); break;
    case CARPEL_TIME: value_append_time(v->whole, NULL, &out); break;
    case CARPEL_DURATION: value_append_duration(v->whole, &out); break;
    case CARPEL_NUMBER: text_append_format(&out, "%.17g", v->number); break;
    case CARPEL_STRING:
    case CARPEL_PERSON: {
        slice s = vector_text(c->out, i);
        text_append_bytes(&out, s.data, s.size);
        break;
    }
    default: value_append_decimal(v->whole, c->cleaning->scale, &out); break;
    }
    const char *kept = arena_copy_text(c->batch->texts, out.data, out.size);
    text_done(&out);
    return kept;
}

static void note_change(const cleaner *c, size_t i, const cleaned_value *v)
{
    value_change change = {.row = owner_of(c, i),
                           .field = c->cleaning->from,
                           .before = vector_text(c->in, i),
                           .is_refused = v->why != NULL,
                           .steps = v->changed_by};
    if (c->batch->mapping->lists_changes && !v->why && !v->is_missing)
        change.after = text_of(c, i, v);
    batch_note_changes(c->batch, c->column, &change);
}

/* Value `i` of the column out of its text; false: it is missing. */
static bool settle_value(const cleaner *c, void *values, size_t i)
{
    if (vector_is_missing(c->in, i))
        return false;
    const cleaned_value *v = &c->values[vector_text_index(c->in, i)];
    if (v->changed_by)
        note_change(c, i, v);
    if (v->why)
        refuse_value(c, i, v->why);
    if (v->why || v->is_missing)
        return false;
    if (values)
        put_value(c, values, i, v);
    return true;
}

static void clean_vector(cleaner *c, vector *out)
{
    *out = (vector){.row_count = c->count};
    c->out = out;
    clean_texts(c, out);
    void *values = is_text(c->cleaning->type) ? NULL : make_values(c);
    uint8_t *present = arena_alloc(c->batch->texts, c->count / 8 + 1);
    size_t found = 0;
    for (size_t i = 0; i < c->count; i++) {
        bool is_there = settle_value(c, values, i);
        present[i / 8] |= (uint8_t)(is_there << i % 8);
        found += is_there;
    }
    out->values = values;
    out->present = found < c->count ? present : NULL;
}

/* ---- columns -------------------------------------------------------------------- */

void batch_clean_values(batch *b, const column_cleaning *cleaning, size_t column,
                        const vector *in, const uint32_t *owners, vector *out)
{
    cleaner c = {.batch = b,
                 .cleaning = cleaning,
                 .in = in,
                 .count = in->row_count,
                 .owners = owners,
                 .column = column};
    clean_vector(&c, out);
}

/* The row of each item of a list. */
static uint32_t *owners_of_items(batch *b, const list_vector *list)
{
    uint32_t *owners = arena_alloc_array(b->texts, list->item_count + 1, sizeof *owners);
    size_t begin, end;
    for (size_t row = 0; row < b->row_count; row++) {
        list_vector_items(list, row, &begin, &end);
        for (size_t i = begin; i < end; i++)
            owners[i] = (uint32_t)row;
    }
    return owners;
}

static void clean_items(batch *b, size_t column)
{
    const mapping *m = b->mapping;
    list_vector *list = &b->lists[column];
    const uint32_t *owners = NULL;
    for (size_t i = 0; i < m->columns[column].item_count; i++) {
        if (!m->item_cleanings[column][i])
            continue;
        owners = owners ? owners : owners_of_items(b, list);
        vector raw = list->fields[i];
        raw.row_count = list->item_count;
        batch_clean_values(b, m->item_cleanings[column][i], column, &raw, owners,
                           &list->fields[i]);
    }
}

void batch_clean(batch *b, bool are_tested)
{
    const mapping *m = b->mapping;
    for (size_t i = 0; m->has_cleanings && i < m->column_count; i++) {
        if (m->is_tested[i] != are_tested)
            continue;
        memset(batch_tallies(b, i), 0, CLEAN_STEP_COUNT * sizeof *b->tallies);
        if (m->next[i])
            batch_choose_texts(b, i);
        if (batch_is_list(b, i)) {
            clean_items(b, i);
        } else if (m->cleanings[i] && m->cleanings[i]->is_split) {
            batch_split(b, i);
        } else if (m->cleanings[i]) {
            vector raw = b->columns[i];
            batch_clean_values(b, m->cleanings[i], i, &raw, NULL, &b->columns[i]);
        }
    }
}
