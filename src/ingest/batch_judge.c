/* SPDX-License-Identifier: MIT
 *
 * What becomes of each row of a batch: left out by a `skip` rule, bad for a reason, an
 * event of a kind, or only traits. Each check runs over all rows of the batch; the first
 * reason against a row stands.
 */
#include "ingest/batch.h"
#include "ingest/cleaned.h"
#include "ingest/quarantine.h"

#include <string.h>

#include "base/memory.h"
#include "base/scan.h"
#include "base/utf8.h"
#include "value/version.h"

enum { QUOTED_BYTES = 80 }; /* of a text of the data in a reason */

void batch_refuse_row(batch *b, size_t row, const char *reason)
{
    if (b->reasons[row] == NULL && b->kinds[row] != KIND_SKIPPED)
        b->reasons[row] = reason;
}

static slice text_or_empty(const vector *v, size_t row)
{
    return vector_is_missing(v, row) ? (slice){"", 0} : vector_text(v, row);
}

slice batch_person_of(const batch *b, size_t row)
{
    return text_or_empty(&b->columns[b->mapping->person], row);
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

/* Do rows whose event column has this text not matter? */
static bool is_ignored(const mapping *m, slice s)
{
    for (size_t i = 0; i < m->ignored_count; i++)
        if (slice_fits(s, m->ignored[i]))
            return true;
    return false;
}

static void ignore_rows(batch *b)
{
    const mapping *m = b->mapping;
    for (size_t row = 0; m->ignored_count > 0 && row < b->row_count; row++)
        if (is_ignored(m, text_or_empty(&b->columns[m->event], row)))
            b->kinds[row] = KIND_SKIPPED;
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

/* Is value i of the column UTF-8? Else `row` is refused. */
static void check_utf8(batch *b, const vector *v, size_t i, size_t row, const char *from)
{
    slice s = text_or_empty(v, i);
    if (!utf8_is_valid(s.data, s.size))
        batch_refuse_row(b, row,
                         arena_format(b->texts, "the field \"%s\" is not UTF-8", from));
}

static void refuse_bad_utf8_in_list(batch *b, size_t column)
{
    const carpel_column *wanted = &b->mapping->columns[column];
    const list_vector *list = &b->lists[column];
    size_t begin, end;
    for (size_t i = 0; i < wanted->item_count; i++) {
        const vector *v = &list->fields[i];
        if (!is_text_column(&wanted->items[i]) || vector_is_ascii(v))
            continue;
        for (size_t row = 0; row < b->row_count; row++) {
            list_vector_items(list, row, &begin, &end);
            for (size_t item = begin; item < end; item++)
                check_utf8(b, v, item, row, wanted->from);
        }
    }
}

static void refuse_bad_utf8(batch *b)
{
    const mapping *m = b->mapping;
    for (size_t i = 0; i < m->column_count; i++) {
        const vector *v = &b->columns[i];
        if (batch_is_list(b, i))
            refuse_bad_utf8_in_list(b, i);
        if (!is_text_column(&m->columns[i]) || vector_is_ascii(v))
            continue;
        for (size_t row = 0; row < b->row_count; row++)
            check_utf8(b, v, row, row, m->columns[i].from);
    }
}

int batch_quoted_size(slice s)
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
            batch_refuse_row(b, row, "no event rule fits this row");
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
        b->event_kinds[code] =
            m->names[i].kind == SCHEMA_NONE ? KIND_NONE : (int32_t)m->names[i].kind;
    }
    for (size_t k = 0; k < s->kind_count; k++) {
        size_t count = dictionary_count(b->event_texts);
        slice name =
            cleaned_text(m->cleanings[m->event], slice_of(s->kinds[k].name), &b->work);
        uint32_t code = dictionary_add(b->event_texts, name.data, name.size);
        if (code == count)
            b->event_kinds[code] = (int32_t)k;
    }
}

/* The kind that a text of the event column says; KIND_UNKNOWN: it names none. */
static int32_t kind_of_text(const batch *b, slice s)
{
    uint32_t code = dictionary_find(b->event_texts, s.data, s.size);
    size_t plain = SCHEMA_NONE;
    if (code != DICTIONARY_NONE)
        return b->event_kinds[code];
    if (b->mapping->has_plain_names)
        plain = mapping_find_plain_kind(b->mapping, s);
    return plain == SCHEMA_NONE ? KIND_UNKNOWN : (int32_t)plain;
}

/* The kinds of the texts of a dictionary, in the batch's memory; NULL when it is so large that
 * each row is looked up sooner. */
static const int32_t *kinds_of_texts(batch *b, const vector *v)
{
    if (!v->codes || v->text_present || v->text_count > b->row_count / 2)
        return NULL;
    int32_t *kinds = arena_alloc_array(b->texts, v->text_count + 1, sizeof *kinds);
    for (size_t i = 0; i < v->text_count; i++)
        kinds[i] = kind_of_text(b, vector_text_at(v, i));
    return kinds;
}

static void refuse_event(batch *b, size_t row, slice s)
{
    batch_refuse_row(
        b, row,
        arena_format(b->texts, "no event kind " REASON_NAME_BEGIN "%.*s" REASON_NAME_END,
                     batch_quoted_size(s), s.data));
}

static void set_kinds_by_column(batch *b)
{
    const mapping *m = b->mapping;
    const vector *v = &b->columns[m->event];
    if (b->event_texts == NULL)
        prepare_event_texts(b);
    const int32_t *kinds = kinds_of_texts(b, v);
    for (size_t row = 0; row < b->row_count; row++) {
        if (!batch_row_is_good(b, row))
            continue;
        if (vector_is_missing(v, row)) {
            if (!m->has_traits)
                batch_refuse_row(b, row, "the event is missing");
            continue;
        }
        int32_t kind =
            kinds ? kinds[v->codes[row]] : kind_of_text(b, vector_text(v, row));
        if (kind == KIND_UNKNOWN)
            refuse_event(b, row, vector_text(v, row));
        else
            b->kinds[row] = kind;
    }
}

static void check_persons(batch *b)
{
    const vector *v = &b->columns[b->mapping->person];
    for (size_t row = 0; row < b->row_count; row++) {
        if (text_or_empty(v, row).size == 0)
            batch_refuse_row(b, row, "the person is missing");
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
    if (v != NULL && !vector_has_missing(v) &&
        scan_is_within(times, b->row_count, TIME_MIN, TIME_MAX)) {
        if (b->row_count > 0)
            memcpy(b->times, times, b->row_count * sizeof *times);
        return;
    }
    for (size_t row = 0; row < b->row_count; row++) {
        b->times[row] = TIME_MIN;
        if (v == NULL)
            continue;
        bool is_missing = vector_is_missing(v, row);
        if (!is_missing)
            b->times[row] = times[row];
        if (is_missing && !(m->brings_own_names && b->kinds[row] == KIND_NONE))
            batch_refuse_row(b, row, "the time is missing");
        else if (!time_is_served(b->times[row]))
            batch_refuse_row(b, row, "the time is outside the years 1 to 9999");
    }
}

/* ---- values ---------------------------------------------------------------------- */

/* Values to look at: those of rows, or of items with the rows that they belong to. */
typedef struct value_set {
    const vector *vector;
    const property *property;
    const char *list;     /* the list's name, or NULL */
    const uint32_t *rows; /* of the vector */
    const uint32_t *owners;
    size_t count;
} value_set;

/* "price", or "items.price". */
static const char *name_of(batch *b, const value_set *set)
{
    if (set->list == NULL)
        return set->property->name;
    return arena_format(b->texts, "%s.%s", set->list, set->property->name);
}

static void check_numbers(batch *b, const value_set *set)
{
    const double *numbers = set->vector->values;
    const type_details *range = &set->property->details;
    char *reason = NULL;
    for (size_t i = 0; i < set->count; i++) {
        double value = numbers[set->rows[i]];
        bool is_inside = value >= range->minimum && value <= range->maximum;
        if (is_inside || vector_is_missing(set->vector, set->rows[i]))
            continue;
        if (reason == NULL)
            reason =
                arena_format(b->texts, "\"%s\" is outside its range number(%.15g..%.15g)",
                             name_of(b, set), range->minimum, range->maximum);
        batch_refuse_row(b, set->owners[i], reason);
    }
}

static void check_days(batch *b, const value_set *set)
{
    const int32_t *days = set->vector->values;
    const int64_t *times = set->vector->values;
    for (size_t i = 0; i < set->count; i++) {
        uint32_t row = set->rows[i];
        bool is_served = set->property->type.kind == TYPE_DATE
                             ? days[row] >= DATE_MIN && days[row] <= DATE_MAX
                             : time_is_served(times[row]);
        if (!is_served && !vector_is_missing(set->vector, row))
            batch_refuse_row(b, set->owners[i],
                             arena_format(b->texts,
                                          "\"%s\" is outside the years 1 to 9999",
                                          name_of(b, set)));
    }
}

static void check_versions(batch *b, const value_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        uint32_t row = set->rows[i];
        const char *reason;
        if (vector_is_missing(set->vector, row))
            continue;
        slice s = vector_text(set->vector, row);
        if (!version_read(s, &reason))
            batch_refuse_row(
                b, set->owners[i],
                arena_format(b->texts, "cannot read \"%.*s\" of \"%s\" as version: %s",
                             batch_quoted_size(s), s.data, name_of(b, set), reason));
    }
}

/* Refuse the rows with a value of this property that cannot be. */
static void check_values(batch *b, const value_set *set)
{
    type t = set->property->type;
    if (t.kind == TYPE_NUMBER && set->property->details.has_range)
        check_numbers(b, set);
    else if (t.kind == TYPE_DATE || t.kind == TYPE_TIME)
        check_days(b, set);
    else if (t.kind == TYPE_VERSION)
        check_versions(b, set);
}

static void check_rows(batch *b, size_t column, const property *p, const uint32_t *rows,
                       size_t count)
{
    value_set set = {&b->columns[column], p, NULL, rows, rows, count};
    check_values(b, &set);
}

static void check_items(batch *b, const event_kind *list, size_t column,
                        const uint32_t *rows, size_t row_count)
{
    size_t count = batch_select_items(b, column, rows, row_count);
    for (size_t i = 0; count > 0 && i < list->property_count; i++) {
        value_set set = {&b->lists[column].fields[i],
                         &list->properties[i],
                         list->name,
                         b->items,
                         b->owners,
                         count};
        check_values(b, &set);
    }
}

/* A list of people may stand in any row, one of events in those of its kind. */
static void check_list(batch *b, size_t list)
{
    const schema *s = b->mapping->schema;
    size_t column = b->mapping->lists[list], parent = s->kinds[list].parent;
    if (s->kinds[parent].derivation == KIND_SETTINGS) {
        check_items(b, &s->kinds[list], column, b->selected, b->selected_count);
        return;
    }
    const row_range *range = &b->ranges[parent];
    check_items(b, &s->kinds[list], column, b->grouped + range->begin,
                range->end - range->begin);
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
            check_rows(b, m->properties[k][i], &s->kinds[k].properties[i],
                       b->grouped + range->begin, range->end - range->begin);
    }
    for (size_t k = s->kind_count; k < schema_total(s); k++) {
        if (m->lists[k] != SCHEMA_NONE)
            check_list(b, k);
    }
    for (size_t i = 0; i < s->trait_count; i++) {
        if (m->traits[i] != SCHEMA_NONE)
            check_rows(b, m->traits[i], &s->traits[i], b->selected, b->selected_count);
    }
}

void batch_judge(batch *b)
{
    batch_clean(b, true);
    skip_rows(b);
    ignore_rows(b);
    refuse_bad_utf8(b);
    batch_clean(b, false);
    batch_choose_people(b);
    if (b->mapping->event != SCHEMA_NONE)
        set_kinds_by_column(b);
    else if (b->mapping->rule_count > 0)
        set_kinds_by_rules(b);
    check_persons(b);
    set_times(b);
    check_all_values(b);
}
