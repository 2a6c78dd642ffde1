/* SPDX-License-Identifier: MIT
 *
 * From the host's batches to rows of values, and from values to texts.
 */
#include "common/delivery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/bits.h"
#include "common/memory.h"
#include "common/moments.h"

/* ---- values as texts -------------------------------------------------------------- */

/* A whole number with a point before its last `scale` digits. */
static size_t write_decimal(int64_t value, uint32_t scale, char *out, size_t room)
{
    char digits[24];
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    int width = (int)(scale < 19 ? scale : 19) + 1;
    int count = snprintf(digits, sizeof digits, "%0*" PRIu64, width, size);
    int wholes = count - (width - 1);
    int used = snprintf(out, room, "%s%.*s%s%s", value < 0 ? "-" : "", wholes, digits,
                        width > 1 ? "." : "", digits + wholes);
    return (size_t)used;
}

/* 90 seconds are "90", half a second is "0.5". */
static size_t write_duration(int64_t microseconds, char *out, size_t room)
{
    size_t used = write_decimal(microseconds, 6, out, room);
    while (out[used - 1] == '0')
        used--;
    if (out[used - 1] == '.')
        used--;
    out[used] = '\0';
    return used;
}

/* The fewest digits that read the same again. */
static size_t write_number(double value, char *out, size_t room)
{
    for (int digits = 15;; digits++) {
        int used = snprintf(out, room, "%.*g", digits, value);
        if (digits == 17 || strtod(out, NULL) == value)
            return (size_t)used;
    }
}

bool delivered_is_text(const delivered *value)
{
    return value->column->type == CARPEL_STRING || value->column->type == CARPEL_PERSON;
}

size_t delivered_text(const delivered *value, char out[DELIVERED_TEXT_SIZE])
{
    size_t room = DELIVERED_TEXT_SIZE;
    switch (value->column->type) {
    case CARPEL_BOOL: return (size_t)snprintf(out, room, value->whole ? "true" : "false");
    case CARPEL_INT: return write_decimal(value->whole, 0, out, room);
    case CARPEL_DECIMAL:
        return write_decimal(value->whole, value->column->scale, out, room);
    case CARPEL_NUMBER: return write_number(value->number, out, room);
    case CARPEL_TIME:
        return moment_write_time(value->whole, 1000000, 'T', "Z", out, room);
    case CARPEL_DATE: return moment_write_date(value->whole, out, room);
    case CARPEL_DURATION: return write_duration(value->whole, out, room);
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_LIST: break; /* texts are written as they are; lists are refused */
    }
    out[0] = '\0';
    return 0;
}

/* ---- rows ------------------------------------------------------------------------- */

static bool check_schema(const struct ArrowSchema *schema, const carpel_delivery *d,
                         carpel_error *err)
{
    if (strcmp(schema->format, "+s") != 0 ||
        schema->n_children != (int64_t)d->column_count)
        return carpel_fail(err, CARPEL_E_PLUGIN, "the rows have not %zu columns",
                           d->column_count);
    for (size_t i = 0; i < d->column_count; i++) {
        const struct ArrowSchema *child = schema->children[i];
        const char *format = carpel_type_format(d->columns[i].type);
        if (d->columns[i].type == CARPEL_LIST || child->name == NULL ||
            strcmp(child->name, d->columns[i].name) != 0 ||
            strcmp(child->format, format) != 0 || child->dictionary != NULL)
            return carpel_fail(err, CARPEL_E_PLUGIN,
                               "the column \"%s\" is not as it was announced",
                               d->columns[i].name);
    }
    return true;
}

static bool fail_stream(struct ArrowArrayStream *rows, int result, carpel_error *err)
{
    const char *message = rows->get_last_error(rows);
    carpel_error_code code = result == ECANCELED ? CARPEL_E_CANCELLED : CARPEL_E_SYSTEM;
    return carpel_fail(err, code, "%s",
                       message != NULL ? message : "the rows ended early");
}

static bool read_schema(struct ArrowArrayStream *rows, const carpel_delivery *d,
                        carpel_error *err)
{
    struct ArrowSchema schema;
    int result = rows->get_schema(rows, &schema);
    if (result != 0)
        return fail_stream(rows, result, err);
    bool ok = check_schema(&schema, d, err);
    schema.release(&schema);
    return ok;
}

/* `at` counts from the beginning of the column's buffers. */
static void read_value(const struct ArrowArray *array, int64_t at, delivered *out)
{
    const void *present = array->buffers[0], *values = array->buffers[1];
    *out = (delivered){.column = out->column};
    out->is_missing =
        present != NULL && array->null_count != 0 && !bit_at(present, (size_t)at);
    if (out->is_missing)
        return;
    switch (out->column->type) {
    case CARPEL_BOOL: out->whole = bit_at(values, (size_t)at); break;
    case CARPEL_NUMBER: out->number = ((const double *)values)[at]; break;
    case CARPEL_DATE: out->whole = ((const int32_t *)values)[at]; break;
    case CARPEL_STRING:
    case CARPEL_PERSON: {
        const int32_t *offsets = (const int32_t *)values + at;
        out->text = (const char *)array->buffers[2] + offsets[0];
        out->size = (size_t)(offsets[1] - offsets[0]);
        break;
    }
    default: out->whole = ((const int64_t *)values)[at]; break;
    }
}

/* What is on the way from a stream to the function that takes its rows. */
typedef struct reader {
    void (*add)(void *context, const delivered *row, size_t count);
    void *context;
    delivered *row;
    size_t count;
} reader;

static void add_batch(const reader *r, const struct ArrowArray *batch)
{
    for (int64_t i = 0; i < batch->length; i++) {
        for (size_t c = 0; c < r->count; c++) {
            const struct ArrowArray *column = batch->children[c];
            read_value(column, column->offset + batch->offset + i, &r->row[c]);
        }
        r->add(r->context, r->row, r->count);
    }
}

static bool add_all(const carpel_host *host, const reader *r,
                    struct ArrowArrayStream *rows, carpel_error *err)
{
    for (;;) {
        struct ArrowArray batch;
        if (host->is_cancelled(host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        int result = rows->get_next(rows, &batch);
        if (result != 0)
            return fail_stream(rows, result, err);
        if (batch.release == NULL)
            return true;
        bool ok = batch.n_children == (int64_t)r->count;
        if (ok)
            add_batch(r, &batch);
        batch.release(&batch);
        if (!ok)
            return carpel_fail(err, CARPEL_E_PLUGIN, "a batch has not %zu columns",
                               r->count);
    }
}

bool delivery_read(const carpel_host *host, const carpel_delivery *delivery,
                   struct ArrowArrayStream *rows,
                   void (*add)(void *context, const delivered *row, size_t count),
                   void *context, carpel_error *err)
{
    reader r = {.add = add, .context = context, .count = delivery->column_count};
    if (!read_schema(rows, delivery, err))
        return false;
    r.row = common_alloc(r.count, sizeof *r.row);
    for (size_t i = 0; i < r.count; i++)
        r.row[i].column = &delivery->columns[i];
    bool ok = add_all(host, &r, rows, err);
    free(r.row);
    return ok;
}

bool delivery_foreseen(const carpel_inquiry *inquiry, carpel_delivery *out)
{
    bool is_told = CARPEL_HAS(inquiry, changes) && inquiry->columns;
    *out = (carpel_delivery){.struct_size = sizeof *out,
                             .name = inquiry->name,
                             .options = inquiry->options,
                             .project_directory = inquiry->project_directory};
    if (is_told) {
        out->columns = inquiry->columns;
        out->column_count = inquiry->column_count;
        out->changes = inquiry->changes;
    }
    return is_told;
}
