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

typedef struct cell {
    const carpel_host *host;
    carpel_rows *rows;
    size_t column;
    const carpel_column *wanted;
} cell;

static void refuse(const cell *c, const char *why)
{
    char reason[200];
    snprintf(reason, sizeof reason, "column \"%.100s\": %s", c->wanted->from, why);
    c->host->row_refuse(c->rows, reason);
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

static void set_moment(const cell *c, const form *f, const value *v)
{
    int64_t microseconds;
    if (f->kind == FORM_MONTHS_DAYS && v->months != 0)
        refuse(c, "months and years have no fixed length");
    else if (value_microseconds(f, v, &microseconds))
        c->host->row_set_int(c->rows, c->column, microseconds);
    else
        refuse(c, f->kind == FORM_TIME ? "it is infinite" : "it is too long");
}

static void set_date(const cell *c, const value *v)
{
    if (v->whole >= INT32_MAX || v->whole <= -INT32_MAX)
        refuse(c, "it is infinite");
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
    else if (f->kind == FORM_FLOAT && f->width == 8)
        c->host->row_set_number(c->rows, c->column, v->number);
    else if (f->kind == FORM_FLOAT && !isfinite(v->number))
        refuse(c, "it is NaN or infinite");
    else if ((f->kind == FORM_TIME && f->has_zone && type == CARPEL_TIME) ||
             f->kind == FORM_SPAN || f->kind == FORM_MONTHS_DAYS)
        set_moment(c, f, v);
    else if (f->kind == FORM_DATE && type == CARPEL_DATE)
        set_date(c, v);
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
