/* SPDX-License-Identifier: MIT
 *
 * Numbers that were read in another way than they are meant, and columns that say nothing.
 */
#include <string.h>

#include "engine/looker.h"
#include "engine/text_looks.h"
#include "value/value.h"

/* ---- points between thousands ------------------------------------------------------------- */

/* A reason why "1.070,10" of the field was refused; false: there was none such. */
static bool find_grouped(const looker *l, const char *yaml, quarantine_reason *out)
{
    enum { MOST_REASONS = 20 };
    quarantine_reason reasons[MOST_REASONS];
    const char *field = arena_format(l->memory, " write %s: {from: ", yaml);
    size_t count =
        quarantine_reasons(l->engine->quarantine, QUARANTINE_ALL, reasons, MOST_REASONS);
    for (size_t i = 0; i < count; i++) {
        const char *step = strstr(reasons[i].reason, field);
        if (!step || !strstr(step, "thousands: \".\", decimal: \",\""))
            continue;
        *out = reasons[i];
        return true;
    }
    return false;
}

static void append_number(const column *c, size_t row, text *out)
{
    if (c->type.kind == TYPE_NUMBER)
        text_append_number(out, column_number(c, row));
    else
        value_append_decimal(column_get(c, row), c->type.scale, out);
}

/* The surest that one of the values that were read has a decimal point; that value is put into `out`. */
static point_look find_point(const event_table *t, const column *c, text *out)
{
    size_t rows = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    point_look surest = POINT_NONE;
    text number;
    text_init(&number);
    for (size_t row = 0; row < rows && surest < POINT_DECIMAL; row++) {
        text_clear(&number);
        if (!column_has(c, row))
            continue;
        append_number(c, row, &number);
        point_look look = text_point_look((slice){number.data, number.size});
        if (look <= surest)
            continue;
        surest = look;
        text_clear(out);
        text_append(out, number.data);
    }
    text_done(&number);
    return surest;
}

/* A refused "1.070,10" shows that points stand between thousands; do they in all others? */
void notes_on_points(looker *l, const event_table *t, const column *c, const char *name,
                     const char *yaml)
{
    quarantine_reason refused;
    bool is_number = c->type.kind == TYPE_DECIMAL || c->type.kind == TYPE_NUMBER;
    if (!is_number || !find_grouped(l, yaml, &refused))
        return;
    text value;
    text_init(&value);
    point_look look = find_point(t, c, &value);
    const char *step = strstr(refused.reason, " write ") + 1;
    const char *place = arena_format(l->memory, "%s:%llu", refused.first_file,
                                     (unsigned long long)refused.first_line);
    if (look <= POINT_GROUP)
        looker_say(l, NOTE_THOUSANDS, name,
                   "points stand between thousands in %s: %s (%s)", name, step, place);
    else
        looker_say(
            l, NOTE_THOUSANDS, name,
            "%s has points between thousands (%s) and numbers that were read with "
            "decimal "
            "points, such as %s: %s%s",
            name, place, value.data,
            look == POINT_DECIMAL
                ? "the column has both ways, and one of them has to be mended in the data"
                : "where those have three digits behind the point in the data, ",
            look == POINT_DECIMAL
                ? ""
                : arena_format(l->memory,
                               "%s; else the column has both ways, and one of them has "
                               "to be mended there",
                               step));
    text_done(&value);
}

/* ---- columns that say nothing -------------------------------------------------------------- */

/* Of so many rows nobody would expect it. */
enum { FEWEST_MISSING = 10 };

void notes_on_column(looker *l, const event_table *t, const column *c, const char *name)
{
    size_t rows = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT, row = 0;
    bool has_value = false, is_constant = true;
    for (; row < rows && (is_constant || !has_value); row++) {
        bool is_present = column_has(c, row);
        is_constant = is_constant && is_present && column_get(c, row) == column_get(c, 0);
        has_value = has_value || is_present;
    }
    if (rows >= FEWEST_MISSING && !has_value)
        looker_say(
            l, NOTE_MISSING, name,
            "%s is missing in all %zu rows: does the source have it under another name?",
            name, rows);
    else if (rows >= FEWEST_EQUAL && is_constant)
        looker_say(l, NOTE_CONSTANT, name, "%s is the same in all %zu rows", name, rows);
}

/* ---- currencies ------------------------------------------------------------------------ */

static bool names_currency(const event_kind *kind, size_t property)
{
    const char *name = kind->properties[property].name;
    return kind->properties[property].type.kind == TYPE_STRING &&
           (strstr(name, "currency") || strstr(name, "waehrung"));
}

/* The first property that has digits behind the point, as money has; SIZE_MAX: none. */
static size_t find_amount(const event_kind *kind)
{
    for (size_t i = 0; i < kind->property_count; i++) {
        type t = kind->properties[i].type;
        if (t.kind == TYPE_NUMBER || (t.kind == TYPE_DECIMAL && t.scale > 0))
            return i;
    }
    return SIZE_MAX;
}

/* A row with another text than the first one has; SIZE_MAX: all have the same. */
static size_t find_other(const event_table *t, const column *c, size_t *first)
{
    size_t rows = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    *first = SIZE_MAX;
    for (size_t row = 0; row < rows; row++) {
        if (!column_has(c, row) ||
            dictionary_text(c->dictionary, (uint32_t)column_get(c, row)).size == 0)
            continue;
        if (*first != SIZE_MAX && column_get(c, row) != column_get(c, *first))
            return row;
        *first = *first == SIZE_MAX ? row : *first;
    }
    return SIZE_MAX;
}

void notes_on_currencies(looker *l, const event_kind *kind, const event_table *t)
{
    size_t amount = find_amount(kind), first;
    for (size_t i = 0; amount != SIZE_MAX && i < t->column_count; i++) {
        const column *c = &t->columns[i];
        size_t other = names_currency(kind, i) ? find_other(t, c, &first) : SIZE_MAX;
        if (other == SIZE_MAX)
            continue;
        slice one = dictionary_text(c->dictionary, (uint32_t)column_get(c, first)),
              two = dictionary_text(c->dictionary, (uint32_t)column_get(c, other));
        const char *name = kind->properties[i].name;
        looker_say(
            l, NOTE_CURRENCIES, looker_field(l, kind->name, name),
            "\"%s\" has %.*s and %.*s in \"%s\", and a sum of \"%s\" adds them up as "
            "they are; `where (%s = \"%.*s\")` takes one of them",
            kind->name, (int)one.size, one.data, (int)two.size, two.data, name,
            kind->properties[amount].name, name, (int)one.size, one.data);
    }
}
