/* SPDX-License-Identifier: MIT
 *
 * What becomes of each row of a batch: left out by a `skip` rule, bad for a reason, an
 * event of a kind, or only traits. Each check runs over all rows of the batch; the first
 * reason against a row stands.
 */
#include "store/batch.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { QUOTED_BYTES = 80 }; /* of a text of the data in a reason */

/* The first reason against a row stands. */
static void refuse_row(batch *b, size_t row, const char *reason)
{
    if (b->reasons[row] == NULL && b->kinds[row] != KIND_SKIPPED)
        b->reasons[row] = reason;
}

static slice text_or_empty(const vector *v, size_t row)
{
    return vector_is_missing(v, row) ? (slice){"", 0} : vector_text(v, row);
}

static bool rule_holds(const batch *b, const mapping_rule *rule, size_t row)
{
    for (size_t i = 0; i < rule->condition_count; i++) {
        const mapping_condition *condition = &rule->conditions[i];
        if (!slice_fits(text_or_empty(&b->columns[condition->column], row),
                        condition->pattern))
            return false;
    }
    return true;
}

static void skip_rows(batch *b)
{
    const mapping *m = b->mapping;
    for (size_t i = 0; i < m->skip_count; i++) {
        for (size_t row = 0; row < b->row_count; row++) {
            if (rule_holds(b, &m->skips[i], row))
                b->kinds[row] = KIND_SKIPPED;
        }
    }
}

static bool is_text_column(const carpel_column *column)
{
    return column->type == CARPEL_STRING || column->type == CARPEL_PERSON;
}

static void refuse_bad_utf8(batch *b)
{
    const mapping *m = b->mapping;
    for (size_t i = 0; i < m->column_count; i++) {
        const vector *v = &b->columns[i];
        if (!is_text_column(&m->columns[i]) || vector_is_ascii(v))
            continue;
        for (size_t row = 0; row < b->row_count; row++) {
            slice s = text_or_empty(v, row);
            if (!utf8_is_valid(s.data, s.size))
                refuse_row(b, row,
                           arena_format(b->texts, "the field \"%s\" is not UTF-8",
                                        m->columns[i].from));
        }
    }
}

/* As much of a text as fits into a reason, cut between two characters. */
static int quoted_size(slice s)
{
    size_t size = s.size < QUOTED_BYTES ? s.size : QUOTED_BYTES;
    while (size > 0 && size < s.size && ((unsigned char)s.data[size] & 0xC0) == 0x80)
        size--;
    return (int)size;
}

static void set_kinds_by_rules(batch *b)
{
    const mapping *m = b->mapping;
    for (size_t row = 0; row < b->row_count; row++) {
        size_t i = 0;
        if (!batch_row_is_good(b, row))
            continue;
        while (i < m->rule_count && !rule_holds(b, &m->rules[i], row))
            i++;
        if (i < m->rule_count)
            b->kinds[row] = (int32_t)m->rules[i].kind;
        else
            refuse_row(b, row, "no event rule fits this row");
    }
}

/* What the texts of the event column stand for: mapped names, then the kinds' own. */
static void prepare_event_texts(batch *b)
{
    const mapping *m = b->mapping;
    const schema *s = m->schema;
    b->event_texts = dictionary_new();
    b->event_kinds =
        memory_alloc_array(m->name_count + s->kind_count, sizeof *b->event_kinds);
    for (size_t i = 0; i < m->name_count; i++) {
        const char *from = m->names[i].from;
        uint32_t code = dictionary_add(b->event_texts, from, strlen(from));
        b->event_kinds[code] = (int32_t)m->names[i].kind;
    }
    for (size_t k = 0; k < s->kind_count; k++) {
        size_t count = dictionary_count(b->event_texts);
        const char *name = s->kinds[k].name;
        uint32_t code = dictionary_add(b->event_texts, name, strlen(name));
        if (code == count)
            b->event_kinds[code] = (int32_t)k;
    }
}

/* The kind of a row whose event column says `s`. */
static void set_kind_by_text(batch *b, size_t row, slice s)
{
    uint32_t code = dictionary_find(b->event_texts, s.data, s.size);
    if (code != DICTIONARY_NONE)
        b->kinds[row] = b->event_kinds[code];
    else
        refuse_row(b, row,
                   arena_format(b->texts, "no event kind is named \"%.*s\"",
                                quoted_size(s), s.data));
}

static void set_kinds_by_column(batch *b)
{
    const mapping *m = b->mapping;
    const vector *v = &b->columns[m->event];
    if (b->event_texts == NULL)
        prepare_event_texts(b);
    for (size_t row = 0; row < b->row_count; row++) {
        if (!batch_row_is_good(b, row))
            continue;
        if (!vector_is_missing(v, row))
            set_kind_by_text(b, row, vector_text(v, row));
        else if (!m->has_traits)
            refuse_row(b, row, "the event is missing");
    }
}

static void check_persons(batch *b)
{
    const vector *v = &b->columns[b->mapping->person];
    for (size_t row = 0; row < b->row_count; row++) {
        if (text_or_empty(v, row).size == 0)
            refuse_row(b, row, "the person is missing");
    }
}

static bool time_is_served(int64_t instant)
{
    return instant >= TIME_MIN && instant <= TIME_MAX;
}

/* A trait-only row without a time holds since ever, when no field was named for it. */
static void set_times(batch *b)
{
    const mapping *m = b->mapping;
    const vector *v = m->time == SCHEMA_NONE ? NULL : &b->columns[m->time];
    const int64_t *times = v == NULL ? NULL : v->values;
    for (size_t row = 0; row < b->row_count; row++) {
        b->times[row] = TIME_MIN;
        if (v == NULL)
            continue;
        bool is_missing = vector_is_missing(v, row);
        if (!is_missing)
            b->times[row] = times[row];
        if (is_missing && !(m->brings_own_names && b->kinds[row] == KIND_NONE))
            refuse_row(b, row, "the time is missing");
        else if (!time_is_served(b->times[row]))
            refuse_row(b, row, "the time is outside the years 1 to 9999");
    }
}

/* ---- values ---------------------------------------------------------------------- */

static void check_numbers(batch *b, const vector *v, const property *p,
                          const uint32_t *rows, size_t count)
{
    const double *numbers = v->values;
    char *reason = NULL;
    for (size_t i = 0; i < count; i++) {
        double value = numbers[rows[i]];
        bool is_inside = value >= p->details.minimum && value <= p->details.maximum;
        if (is_inside || vector_is_missing(v, rows[i]))
            continue;
        if (reason == NULL)
            reason =
                arena_format(b->texts, "\"%s\" is outside its range number(%.15g..%.15g)",
                             p->name, p->details.minimum, p->details.maximum);
        refuse_row(b, rows[i], reason);
    }
}

static void check_days(batch *b, const vector *v, const property *p, const uint32_t *rows,
                       size_t count)
{
    const int32_t *days = v->values;
    const int64_t *times = v->values;
    for (size_t i = 0; i < count; i++) {
        bool is_served = p->type.kind == TYPE_DATE
                             ? days[rows[i]] >= DATE_MIN && days[rows[i]] <= DATE_MAX
                             : time_is_served(times[rows[i]]);
        if (!is_served && !vector_is_missing(v, rows[i]))
            refuse_row(
                b, rows[i],
                arena_format(b->texts, "\"%s\" is outside the years 1 to 9999", p->name));
    }
}

/* Refuse those of the rows whose value of this property cannot be. */
static void check_values(batch *b, size_t column, const property *p, const uint32_t *rows,
                         size_t count)
{
    const vector *v = &b->columns[column];
    if (p->type.kind == TYPE_NUMBER && p->details.has_range)
        check_numbers(b, v, p, rows, count);
    else if (p->type.kind == TYPE_DATE || p->type.kind == TYPE_TIME)
        check_days(b, v, p, rows, count);
}

static void check_all_values(batch *b)
{
    const mapping *m = b->mapping;
    const schema *s = m->schema;
    batch_select_rows(b);
    for (size_t k = 0; k < s->kind_count; k++) {
        const row_range *range = &b->ranges[k];
        for (size_t i = 0; range->begin < range->end && i < s->kinds[k].property_count;
             i++)
            check_values(b, m->properties[k][i], &s->kinds[k].properties[i],
                         b->grouped + range->begin, range->end - range->begin);
    }
    for (size_t i = 0; i < s->trait_count; i++) {
        if (m->traits[i] != SCHEMA_NONE)
            check_values(b, m->traits[i], &s->traits[i], b->selected, b->selected_count);
    }
}

void batch_judge(batch *b)
{
    skip_rows(b);
    refuse_bad_utf8(b);
    if (b->mapping->event != SCHEMA_NONE)
        set_kinds_by_column(b);
    else if (b->mapping->rule_count > 0)
        set_kinds_by_rules(b);
    check_persons(b);
    set_times(b);
    check_all_values(b);
}
