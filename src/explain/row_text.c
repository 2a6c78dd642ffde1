/* SPDX-License-Identifier: MIT
 *
 * Cells of a row, by their types.
 */
#include "explain/row_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "report/json.h"
#include "value/value.h"

/* Of a list so many items are written out. */
enum { MOST_ITEMS = 3 };

void row_text_append_number(double value, text *out)
{
    char buffer[40];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(buffer, sizeof buffer, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value)
            break;
    }
    text_append(out, buffer);
}

void row_text_append_value(type t, const imagined_value *v, text *out)
{
    switch (t.kind) {
    case TYPE_BOOL: text_append(out, v->integer ? "true" : "false"); break;
    case TYPE_NUMBER: row_text_append_number(v->number, out); break;
    case TYPE_DECIMAL: value_append_decimal(v->integer, t.scale, out); break;
    case TYPE_TIME: value_append_time(v->integer, NULL, out); break;
    case TYPE_DATE: value_append_date(v->integer, out); break;
    case TYPE_DURATION: value_append_duration(v->integer, out); break;
    default: json_append_quoted(out, v->text);
    }
}

static void append_cell(const column *c, size_t row, text *out)
{
    int64_t value = packed_get(&c->values, row);
    double number;
    switch (c->type.kind) {
    case TYPE_BOOL: text_append(out, value ? "true" : "false"); break;
    case TYPE_NUMBER:
        memcpy(&number, &value, sizeof number);
        row_text_append_number(number, out);
        break;
    case TYPE_DECIMAL: value_append_decimal(value, c->type.scale, out); break;
    case TYPE_TIME: value_append_time(value, NULL, out); break;
    case TYPE_DATE: value_append_date(value, out); break;
    case TYPE_DURATION: value_append_duration(value, out); break;
    default: json_append_quoted(out, dictionary_text(c->dictionary, (uint32_t)value));
    }
}

static const event_table *table_of(const store *data, const witness *w)
{
    return w->is_trait ? &data->traits[w->table] : &data->kinds[w->table];
}

static void append_item(const event_kind *list, const event_table *t, size_t row,
                        text *out)
{
    size_t said = 0;
    for (size_t p = 0; p < t->column_count; p++) {
        if (!column_has(&t->columns[p], row))
            continue;
        text_append(out, said++ > 0 ? ", " : "");
        if (!list->is_plain)
            text_append_format(out, "%s = ", list->properties[p].name);
        append_cell(&t->columns[p], row, out);
    }
}

/* "(\"gift\")", "(sku = \"A1\"; sku = \"B2\"; and 3 more)" */
static void append_list(const event_kind *list, const event_table *t, size_t holder,
                        text *out)
{
    uint64_t begin = t->offsets[holder], end = t->offsets[holder + 1];
    text_append_char(out, '(');
    for (uint64_t i = begin; i < end; i++) {
        text_append(out, i > begin ? "; " : "");
        if (i - begin == MOST_ITEMS) {
            text_append_format(out, "and %llu more", (unsigned long long)(end - i));
            break;
        }
        append_item(list, t, (size_t)i, out);
    }
    text_append_char(out, ')');
}

/* Of those that hold something. */
static void append_lists(const store *data, size_t table, size_t row, size_t *said,
                         text *out)
{
    const schema *s = data->schema;
    for (size_t k = 0; k < schema_total(s); k++) {
        const event_table *t = &data->kinds[k];
        if (s->kinds[k].derivation != KIND_LIST || s->kinds[k].parent != table ||
            !t->offsets || t->offsets[row] == t->offsets[row + 1])
            continue;
        if (s->kinds[table].derivation == KIND_SETTINGS)
            text_append(out, " = "); /* the list is all that there is */
        else
            text_append_format(out, "%s%s = ", (*said)++ > 0 ? ", " : " (",
                               s->kinds[k].name);
        append_list(&s->kinds[k], t, row, out);
    }
}

bool row_is_of_user(const store *data, const witness *w)
{
    return !w->is_trait && data->schema->kinds[w->table].derivation == KIND_USERS;
}

void row_text_append(const store *data, size_t person, const witness *w, text *out)
{
    const schema *s = data->schema;
    if (row_is_of_user(data, w)) {
        text_append(out, s->kinds[w->table].name);
        return;
    }
    const event_table *t = table_of(data, w);
    size_t row = (size_t)t->offsets[person] + w->row, said = 0;
    if (w->is_trait)
        text_append_format(out, "user.%s", s->traits[w->table].name);
    else
        text_append(out, s->kinds[w->table].name);
    for (size_t p = 0; p < t->column_count; p++) {
        const column *c = &t->columns[p];
        if (c->present && !bitmap_get(c->present, row))
            continue;
        if (w->is_trait)
            text_append(out, " = ");
        else
            text_append_format(out, "%s%s = ", said++ > 0 ? ", " : " (",
                               s->kinds[w->table].properties[p].name);
        append_cell(c, row, out);
    }
    if (!w->is_trait)
        append_lists(data, w->table, row, &said, out);
    text_append(out, said > 0 ? ")" : "");
}

void row_text_find_origin(const store *data, size_t person, witness *w)
{
    const event_table *t = table_of(data, w);
    if (row_is_of_user(data, w))
        return;
    size_t row = (size_t)t->offsets[person] + w->row;
    w->has_origin = row_origins_find(data->origins,
                                     (uint64_t)packed_get(&t->arrival, row), &w->origin);
}
