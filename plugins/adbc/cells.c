/* SPDX-License-Identifier: MIT
 *
 * Values that fit are set as they are, all others as the text that they are written as: the host
 * reads it as the column's type, or refuses the row.
 */
#include "adbc/cells.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "adbc/values.h"
#include "common/fit.h"
#include "common/moments.h"

typedef struct cell {
    const carpel_host *host;
    carpel_rows *rows;
    size_t column;
    const carpel_column *wanted;
} cell;

/* How a message shows a value. What has no digits is what a database calls it. */
static void write_shown(const form *f, const value *v, buffer *out)
{
    bool is_late = v->whole > 0;
    if (f->kind == FORM_FLOAT)
        buffer_add(out, isnan(v->number) ? "NaN"
                        : v->number > 0  ? "Infinity"
                                         : "-Infinity");
    else if (value_is_infinite(f, v))
        buffer_add(out, is_late ? "infinity" : "-infinity");
    else
        value_write(f, v, out);
}

/* In the words that the host has for a text that it cannot read. */
static void refuse(const cell *c, const form *f, const value *v, const char *why)
{
    char room[FIT_WORD_SIZE], reason[400];
    buffer shown = {0};
    buffer_add(&shown, "");
    write_shown(f, v, &shown);
    snprintf(reason, sizeof reason, "column \"%.100s\": cannot read \"%.100s\" as %s: %s",
             c->wanted->from, shown.data, fit_word(c->wanted, room), why);
    c->host->row_refuse(c->rows, reason);
    buffer_done(&shown);
}

static void set_text(const cell *c, const form *f, const value *v)
{
    buffer text = {0};
    buffer_add(&text, "");
    value_write(f, v, &text);
    c->host->row_set_text(c->rows, c->column, text.data, text.size, f->kind == FORM_TEXT);
    buffer_done(&text);
}

/* A number of a time has to be told its unit, which the host does with digits. */
static bool is_moment(carpel_type type)
{
    return type == CARPEL_TIME || type == CARPEL_DATE || type == CARPEL_DURATION;
}

static void set_time(const cell *c, const form *f, const value *v)
{
    int64_t microseconds;
    if (value_is_infinite(f, v))
        refuse(c, f, v, "it is infinite");
    else if (!value_microseconds(f, v, &microseconds) || microseconds < MOMENT_FIRST ||
             microseconds > MOMENT_LAST)
        refuse(c, f, v, "it is out of range");
    else
        c->host->row_set_int(c->rows, c->column, microseconds);
}

/* Where plain numbers count a unit of the column's own, the length is told with its own. */
static void set_length(const cell *c, const form *f, const value *v)
{
    char text[40];
    int64_t microseconds;
    if (f->kind == FORM_MONTHS_DAYS && v->months != 0)
        refuse(c, f, v, "months and years have no fixed length");
    else if (!value_microseconds(f, v, &microseconds))
        refuse(c, f, v, "it is too long");
    else if (!c->wanted->format)
        c->host->row_set_int(c->rows, c->column, microseconds);
    else
        c->host->row_set_text(c->rows, c->column, text,
                              moment_write_length(microseconds, text, sizeof text),
                              false);
}

static void set_date(const cell *c, const form *f, const value *v)
{
    if (value_is_infinite(f, v))
        refuse(c, f, v, "it is infinite");
    else if (v->whole < MOMENT_FIRST_DAY || v->whole > MOMENT_LAST_DAY)
        refuse(c, f, v, "it is out of range");
    else
        c->host->row_set_int(c->rows, c->column, v->whole);
}

static void set_value(const cell *c, const form *f, const value *v)
{
    carpel_type type = c->wanted->type;
    if (f->kind == FORM_TEXT)
        c->host->row_set_text(c->rows, c->column, v->bytes, v->size, true);
    else if (f->kind == FORM_BOOL)
        c->host->row_set_bool(c->rows, c->column, v->whole != 0);
    else if (f->kind == FORM_INT && !is_moment(type))
        c->host->row_set_int(c->rows, c->column, v->whole);
    else if (f->kind == FORM_FLOAT && !isfinite(v->number))
        refuse(c, f, v, "it is NaN or infinite");
    else if (f->kind == FORM_FLOAT && f->width == 8)
        c->host->row_set_number(c->rows, c->column, v->number);
    else if (f->kind == FORM_TIME && f->has_zone && type == CARPEL_TIME)
        set_time(c, f, v);
    else if (f->kind == FORM_SPAN || f->kind == FORM_MONTHS_DAYS)
        set_length(c, f, v);
    else if (f->kind == FORM_DATE && type == CARPEL_DATE)
        set_date(c, f, v);
    else
        set_text(c, f, v);
}

/* The child of a record by its name; -1: there is none. */
static int64_t find_child(const struct ArrowSchema *record, const char *name)
{
    for (int64_t i = 0; i < record->n_children; i++)
        if (record->children[i]->name && strcmp(record->children[i]->name, name) == 0)
            return i;
    return -1;
}

static void set_record(const cell *c, const struct ArrowSchema *schema,
                       const struct ArrowArray *array, int64_t at)
{
    form record = form_of(schema);
    if (value_at(&record, array, at).is_missing)
        return; /* what its children have there means nothing */
    for (size_t i = 0; i < c->wanted->item_count; i++) {
        const carpel_column *wanted = &c->wanted->items[i];
        int64_t child = find_child(schema, wanted->from);
        if (child < 0)
            continue;
        form f = form_of(schema->children[child]);
        cell_set(c->host, c->rows, i, wanted, &f, schema->children[child],
                 array->children[child], array->offset + at);
    }
}

static void set_list(const cell *c, const form *f, const struct ArrowSchema *schema,
                     const struct ArrowArray *array, int64_t at)
{
    int64_t begin, end;
    form item = form_of(schema->children[0]);
    value_items(f, array, at, &begin, &end);
    c->host->list_begin(c->rows, c->column);
    for (int64_t i = begin; i < end; i++) {
        c->host->item_begin(c->rows, c->column);
        if (c->wanted->is_plain)
            cell_set(c->host, c->rows, 0, c->wanted->items, &item, schema->children[0],
                     array->children[0], i);
        else
            set_record(c, schema->children[0], array->children[0], i);
        c->host->item_end(c->rows);
    }
}

void cell_set(const carpel_host *host, carpel_rows *rows, size_t column,
              const carpel_column *wanted, const form *f,
              const struct ArrowSchema *schema, const struct ArrowArray *array,
              int64_t at)
{
    const cell c = {host, rows, column, wanted};
    value v = value_at(f, array, at);
    if (v.is_missing)
        return;
    if (f->kind == FORM_LIST)
        set_list(&c, f, schema, array, at);
    else
        set_value(&c, f, &v);
}
