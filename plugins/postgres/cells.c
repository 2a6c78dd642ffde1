/* SPDX-License-Identifier: MIT
 *
 * Values that fit are set as they are, and texts are read by the host. What only PostgreSQL has is refused here, as
 * PostgreSQL prints it.
 */
#include "postgres/cells.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/fit.h"
#include "common/memory.h"
#include "common/moments.h"
#include "postgres/binary.h"
#include "postgres/items.h"
#include "postgres/numeric.h"
#include "postgres/printed.h"

/* A value on its way into a cell, of a row or of an item of a list. */
typedef struct cell {
    const carpel_host *host;
    carpel_rows *rows;
    size_t column;
    const carpel_column *wanted;
    const char *from; /* the column of the table */
    binary_form form;
    const char *data;
    size_t size;
} cell;

/* ---- values that are refused -------------------------------------------------------- */

/* In the words that the host has for a text that it cannot read. */
static bool refuse(const cell *c, const char *why)
{
    char value[PRINTED_SIZE], room[FIT_WORD_SIZE], reason[500];
    printed(c->form, c->data, c->size, value);
    snprintf(reason, sizeof reason, "column \"%.100s\": cannot read \"%s\" as %s: %s",
             c->from, value, fit_word(c->wanted, room), why);
    c->host->row_refuse(c->rows, reason);
    return true;
}

/* ---- numbers ------------------------------------------------------------------------ */

static bool set_int(const cell *c)
{
    int64_t value;
    if (!binary_read_int(c->data, c->size, &value))
        return false;
    c->host->row_set_int(c->rows, c->column, value);
    return true;
}

static bool set_float(const cell *c)
{
    double value;
    if (!binary_read_float(c->data, c->size, &value))
        return false;
    if (!isfinite(value))
        return refuse(c, "it is NaN or infinite");
    c->host->row_set_number(c->rows, c->column, value);
    return true;
}

static bool set_numeric(const cell *c)
{
    char few[64];
    numeric n;
    if (!numeric_open(c->data, c->size, &n))
        return false;
    if (n.special)
        return refuse(c, "it is NaN or infinite");
    bool is_long = numeric_room(&n) > sizeof few;
    char *digits = is_long ? common_alloc(numeric_room(&n), 1) : few;
    c->host->row_set_text(c->rows, c->column, digits, numeric_write(&n, digits), false);
    if (is_long)
        free(digits);
    return true;
}

/* ---- moments ------------------------------------------------------------------------ */

/* A time; false: it was refused. */
static bool take_time(const cell *c, int64_t *out)
{
    bool is_finite = binary_read_time(c->data, c->size, out);
    bool is_good = is_finite && *out >= MOMENT_FIRST && *out <= MOMENT_LAST;
    if (!is_good)
        refuse(c, is_finite ? "it is out of range" : "it is infinite");
    return is_good;
}

static bool set_time(const cell *c)
{
    int64_t value;
    if (c->size != 8)
        return false;
    if (take_time(c, &value))
        c->host->row_set_int(c->rows, c->column, value);
    return true;
}

/* As a text, which the host reads in its zone. */
static bool set_local_time(const cell *c)
{
    char text[40];
    int64_t value;
    if (c->size != 8)
        return false;
    if (!take_time(c, &value))
        return true;
    size_t size = moment_write_time(value, 1000000, ' ', "", text, sizeof text);
    c->host->row_set_text(c->rows, c->column, text, size, false);
    return true;
}

static bool set_date(const cell *c)
{
    int64_t day;
    if (c->size != 4)
        return false;
    if (!binary_read_date(c->data, c->size, &day))
        return refuse(c, "it is infinite");
    if (day < MOMENT_FIRST_DAY || day > MOMENT_LAST_DAY)
        return refuse(c, "it is out of range");
    c->host->row_set_int(c->rows, c->column, day);
    return true;
}

/* Where plain numbers count a unit of the column's own, the length is told with its own. */
static void set_length(const cell *c, int64_t microseconds)
{
    char text[40];
    if (!c->wanted->format) {
        c->host->row_set_int(c->rows, c->column, microseconds);
        return;
    }
    size_t size = moment_write_length(microseconds, text, sizeof text);
    c->host->row_set_text(c->rows, c->column, text, size, false);
}

static bool set_interval(const cell *c)
{
    int64_t value;
    switch (binary_read_interval(c->data, c->size, &value)) {
    case INTERVAL_GOOD: set_length(c, value); return true;
    case INTERVAL_CALENDAR: return refuse(c, "months and years have no fixed length");
    case INTERVAL_TOO_LONG: return refuse(c, "it is too long");
    case INTERVAL_BROKEN: break;
    }
    return false;
}

/* ---- all ---------------------------------------------------------------------------- */

static bool set_plain(const cell *c)
{
    switch (c->form) {
    case FORM_TEXT:
        c->host->row_set_text(c->rows, c->column, c->data, c->size, true);
        return true;
    case FORM_BOOL:
        c->host->row_set_bool(c->rows, c->column, c->size == 1 && c->data[0] != 0);
        return c->size == 1;
    case FORM_INT: return set_int(c);
    case FORM_FLOAT: return set_float(c);
    case FORM_NUMERIC: return set_numeric(c);
    case FORM_TIME: return set_time(c);
    case FORM_LOCAL_TIME: return set_local_time(c);
    case FORM_DATE: return set_date(c);
    case FORM_INTERVAL: return set_interval(c);
    case FORM_ARRAY: break;
    }
    return false;
}

static void refuse_dimensions(const cell *c, int dimensions)
{
    char reason[300];
    snprintf(
        reason, sizeof reason,
        "column \"%.100s\": it is an array of %d dimensions, and a list has one; in a "
        "query, array(select unnest(...))",
        c->from, dimensions);
    c->host->row_refuse(c->rows, reason);
}

static bool set_array(const cell *c, binary_form item_form)
{
    array_items items;
    if (!items_open(c->data, c->size, &items))
        return false;
    c->host->list_begin(c->rows, c->column);
    if (items.dimensions > 1)
        refuse_dimensions(c, items.dimensions);
    cell item = *c;
    item.column = 0;
    item.wanted = c->wanted->items;
    item.form = item_form;
    bool ok = true;
    while (ok && items_next(&items, &item.data, &item.size)) {
        c->host->item_begin(c->rows, c->column);
        ok = !item.data || set_plain(&item);
        c->host->item_end(c->rows);
    }
    return ok && !items.is_broken;
}

bool cell_set(const carpel_host *host, carpel_rows *rows, size_t column,
              const carpel_column *wanted, const sent_column *sent)
{
    const cell c = {host,         rows,       column,     wanted,
                    wanted->from, sent->form, sent->data, sent->size};
    return sent->form == FORM_ARRAY ? set_array(&c, sent->item_form) : set_plain(&c);
}
