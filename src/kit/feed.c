/* SPDX-License-Identifier: MIT
 *
 * Arrow arrays, each in memory of its own so that a sanitizer sees who reads beyond one.
 */
#include "kit/feed.h"

#include <errno.h>
#include <float.h>
#include <string.h>

#include "base/memory.h"

static const carpel_column membership_columns[] = {
    {.name = "segment", .type = CARPEL_STRING, .is_verbatim = true},
    {.name = "person", .type = CARPEL_STRING, .is_verbatim = true},
    {.name = "as_of", .type = CARPEL_TIME}};
const kit_table kit_memberships = {membership_columns, 3};

static const carpel_column typed_columns[] = {
    {.name = "segment", .type = CARPEL_STRING, .is_verbatim = true},
    {.name = "person", .type = CARPEL_STRING, .is_verbatim = true},
    {.name = "as_of", .type = CARPEL_TIME},
    {.name = "is_true", .type = CARPEL_BOOL},
    {.name = "whole", .type = CARPEL_INT},
    {.name = "amount", .type = CARPEL_DECIMAL, .scale = 2},
    {.name = "number", .type = CARPEL_NUMBER},
    {.name = "words", .type = CARPEL_STRING},
    {.name = "moment", .type = CARPEL_TIME},
    {.name = "day", .type = CARPEL_DATE},
    {.name = "span", .type = CARPEL_DURATION}};
const kit_table kit_every_type = {typed_columns, 11};

/* Columns that never miss a value. */
enum { IDENTIFYING_COLUMNS = 3 };

static const char *const words[] = {"",
                                    "plain",
                                    "comma, \"quote\"",
                                    "two\nlines",
                                    "tab\tand\\slash",
                                    "\xC3\xA9\xE2\x82\xAC",
                                    "=1+1",
                                    "'; DROP TABLE x; --",
                                    "null",
                                    "\xF0\x9F\x98\x80"};
static const int64_t wholes[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1250, -1250};
static const double numbers[] = {0, -0.0, 0.1, DBL_MAX, -DBL_MAX, DBL_MIN, 1e21};
static const int64_t moments[] = {INT64_C(1767225600000000), -1,
                                  INT64_C(-2208988800000000), 1500000,
                                  INT64_C(4102444800000000)};
#define PICK(list, i) (list)[(i) % (sizeof(list) / sizeof *(list))]

static bool is_present(size_t column, size_t row)
{
    return column < IDENTIFYING_COLUMNS || (row + column) % 4 != 0;
}

/* ---- arrays ------------------------------------------------------------------------------ */

static void release_column(struct ArrowArray *array)
{
    for (int64_t i = 0; i < array->n_buffers; i++)
        memory_free((void *)array->buffers[i]);
    memory_free(array->buffers);
    array->release = NULL;
}

static uint8_t *make_bits(size_t count)
{
    return memory_alloc_zero(count / 8 + 1);
}

static void set_bit(uint8_t *bits, size_t i)
{
    bits[i / 8] |= (uint8_t)(1u << (i % 8));
}

static void append_text(size_t column, size_t row, text *out)
{
    static const char *const segments[] = {"vip", "lifecycle.active", "lapsed"};
    if (column == 0)
        text_append(out, segments[row < 200 ? row / 100 : 2]);
    else if (column == 1)
        text_append_format(out, "c%07zu", row);
    else
        text_append(out, PICK(words, row));
}

static void fill_texts(struct ArrowArray *a, size_t column, size_t first, size_t count)
{
    int32_t *offsets = memory_alloc_array(count + 1, sizeof *offsets);
    text bytes;
    text_init(&bytes);
    offsets[0] = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_present(column, first + i))
            append_text(column, first + i, &bytes);
        offsets[i + 1] = (int32_t)bytes.size;
    }
    a->n_buffers = 3;
    a->buffers[1] = offsets;
    a->buffers[2] = text_take(&bytes);
}

static void fill_bools(struct ArrowArray *a, size_t first, size_t count)
{
    uint8_t *bits = make_bits(count);
    for (size_t i = 0; i < count; i++)
        if ((first + i) % 2 == 0)
            set_bit(bits, i);
    a->buffers[1] = bits;
}

static void fill_numbers(struct ArrowArray *a, size_t first, size_t count)
{
    double *values = memory_alloc_array(count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = PICK(numbers, first + i);
    a->buffers[1] = values;
}

static void fill_dates(struct ArrowArray *a, size_t first, size_t count)
{
    int32_t *values = memory_alloc_array(count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = (int32_t)(PICK(moments, first + i) / INT64_C(86400000000));
    a->buffers[1] = values;
}

static void fill_wholes(struct ArrowArray *a, size_t column, bool are_moments,
                        size_t first, size_t count)
{
    int64_t *values = memory_alloc_array(count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        size_t row = column < IDENTIFYING_COLUMNS ? 0 : first + i;
        values[i] = are_moments ? PICK(moments, row) : PICK(wholes, row);
    }
    a->buffers[1] = values;
}

static void fill_present(struct ArrowArray *a, size_t column, size_t first, size_t count)
{
    uint8_t *bits = make_bits(count);
    for (size_t i = 0; i < count; i++)
        if (is_present(column, first + i))
            set_bit(bits, i);
        else
            a->null_count++;
    a->buffers[0] = bits;
    if (a->null_count == 0) { /* as a host may leave them out */
        memory_free(bits);
        a->buffers[0] = NULL;
    }
}

static void make_column(const carpel_column *c, size_t column, size_t first, size_t count,
                        struct ArrowArray *a)
{
    *a = (struct ArrowArray){
        .length = (int64_t)count, .n_buffers = 2, .release = release_column};
    a->buffers = memory_alloc_zero_array(3, sizeof *a->buffers);
    fill_present(a, column, first, count);
    switch (c->type) {
    case CARPEL_BOOL: fill_bools(a, first, count); break;
    case CARPEL_NUMBER: fill_numbers(a, first, count); break;
    case CARPEL_DATE: fill_dates(a, first, count); break;
    case CARPEL_STRING:
    case CARPEL_PERSON: fill_texts(a, column, first, count); break;
    case CARPEL_TIME: fill_wholes(a, column, true, first, count); break;
    case CARPEL_INT:
    case CARPEL_DECIMAL:
    case CARPEL_DURATION: fill_wholes(a, column, false, first, count); break;
    case CARPEL_LIST: break; /* outputs get none */
    }
}

static void release_batch(struct ArrowArray *array)
{
    kit_feed *feed = array->private_data;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release)
            array->children[i]->release(array->children[i]);
        memory_free(array->children[i]);
    }
    memory_free(array->children);
    memory_free(array->buffers);
    feed->unreleased--;
    array->release = NULL;
}

static void make_batch(kit_feed *f, size_t count, struct ArrowArray *out)
{
    *out = (struct ArrowArray){.length = (int64_t)count,
                               .n_buffers = 1,
                               .n_children = (int64_t)f->column_count,
                               .private_data = f,
                               .release = release_batch};
    out->buffers = memory_alloc_zero(sizeof *out->buffers);
    out->children = memory_alloc_array(f->column_count, sizeof *out->children);
    for (size_t i = 0; i < f->column_count; i++) {
        out->children[i] = memory_alloc(sizeof **out->children);
        make_column(&f->columns[i], i, f->rows, count, out->children[i]);
    }
    f->unreleased++;
    f->rows += count;
}

/* ---- the schema ---------------------------------------------------------------------------- */

static void release_child(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_schema(struct ArrowSchema *schema)
{
    kit_feed *feed = schema->private_data;
    for (int64_t i = 0; i < schema->n_children; i++)
        memory_free(schema->children[i]);
    memory_free(schema->children);
    feed->unreleased--;
    schema->release = NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    kit_feed *f = stream->private_data;
    *out = (struct ArrowSchema){.format = "+s",
                                .n_children = (int64_t)f->column_count,
                                .private_data = f,
                                .release = release_schema};
    out->children = memory_alloc_array(f->column_count, sizeof *out->children);
    for (size_t i = 0; i < f->column_count; i++) {
        out->children[i] = memory_alloc(sizeof **out->children);
        *out->children[i] =
            (struct ArrowSchema){.format = carpel_type_format(f->columns[i].type),
                                 .name = f->columns[i].name,
                                 .flags = ARROW_FLAG_NULLABLE,
                                 .release = release_child};
    }
    f->unreleased++;
    return 0;
}

/* ---- the stream ------------------------------------------------------------------------------ */

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    kit_feed *f = stream->private_data;
    *out = (struct ArrowArray){0};
    f->batches++;
    if (f->batches == f->cancel_before)
        cancel_ask(f->stop);
    if (f->fail_before > 0 && f->batches >= f->fail_before)
        return EIO;
    bool is_empty = f->has_empty_batches && !f->is_next_full;
    f->is_next_full = is_empty;
    size_t left = f->row_count - f->rows;
    if (left == 0 && !is_empty)
        return 0;
    make_batch(f, is_empty ? 0 : left < f->batch_rows ? left : f->batch_rows, out);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    const kit_feed *f = stream->private_data;
    bool has_failed = f->fail_before > 0 && f->batches >= f->fail_before;
    return has_failed ? "the rows cannot be read" : NULL;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

void kit_feed_stream(kit_feed *feed, const carpel_column *columns, size_t count,
                     cancel *stop, struct ArrowArrayStream *out)
{
    feed->columns = columns;
    feed->column_count = count;
    feed->stop = stop;
    *out = (struct ArrowArrayStream){.get_schema = get_schema,
                                     .get_next = get_next,
                                     .get_last_error = get_last_error,
                                     .release = release_stream,
                                     .private_data = feed};
}
