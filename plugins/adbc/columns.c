/* SPDX-License-Identifier: MIT
 *
 * A stream has one batch; its arrays are released one by one, by whoever has them.
 */
#include "adbc/columns.h"

#include <stdio.h>
#include <string.h>

#include "common/arrays.h"
#include "common/memory.h"

enum { MOST_ROWS = 100000, MOST_BYTES = 64 << 20 };

void out_batch_begin(out_batch *b, const carpel_column *columns, size_t count)
{
    *b = (out_batch){.wanted = columns,
                     .columns = common_alloc(count, sizeof *b->columns),
                     .column_count = count};
}

static void empty(out_column *c)
{
    buffer_done(&c->present);
    buffer_done(&c->values);
    buffer_done(&c->bytes);
    *c = (out_column){0};
}

void out_batch_done(out_batch *b)
{
    for (size_t i = 0; i < b->column_count; i++)
        empty(&b->columns[i]);
    free(b->columns);
    *b = (out_batch){0};
}

bool out_batch_is_full(const out_batch *b)
{
    for (size_t i = 0; i < b->column_count; i++)
        if (b->columns[i].bytes.size > MOST_BYTES)
            return true;
    return b->row_count >= MOST_ROWS;
}

/* ---- adding ------------------------------------------------------------------------ */

static void add_bit(buffer *bits, size_t row, bool is_set)
{
    if (row % 8 == 0)
        buffer_add_bytes(bits, "", 1);
    if (is_set)
        bits->data[row / 8] = (char)(bits->data[row / 8] | 1 << row % 8);
}

/* Of a text where it ends; 128 bits of a decimal. */
static void add_value(out_column *c, size_t row, const delivered *v)
{
    int32_t end = 0, day = (int32_t)v->whole;
    int64_t wide[2] = {v->whole, v->whole < 0 ? -1 : 0};
    switch (v->column->type) {
    case CARPEL_STRING:
    case CARPEL_PERSON:
        if (row == 0)
            buffer_add_bytes(&c->values, (const char *)&end, sizeof end);
        if (!v->is_missing)
            buffer_add_bytes(&c->bytes, v->text, v->size);
        end = (int32_t)c->bytes.size;
        buffer_add_bytes(&c->values, (const char *)&end, sizeof end);
        break;
    case CARPEL_BOOL: add_bit(&c->values, row, v->whole != 0); break;
    case CARPEL_NUMBER:
        buffer_add_bytes(&c->values, (const char *)&v->number, sizeof v->number);
        break;
    case CARPEL_DATE: buffer_add_bytes(&c->values, (const char *)&day, sizeof day); break;
    case CARPEL_DECIMAL:
        buffer_add_bytes(&c->values, (const char *)wide, sizeof wide);
        break;
    default:
        buffer_add_bytes(&c->values, (const char *)&v->whole, sizeof v->whole);
        break;
    }
}

void out_batch_add(out_batch *b, const delivered *row)
{
    for (size_t i = 0; i < b->column_count; i++) {
        out_column *c = &b->columns[i];
        add_bit(&c->present, b->row_count, !row[i].is_missing);
        add_value(c, b->row_count, &row[i]);
        c->missing_count += row[i].is_missing;
    }
    b->row_count++;
}

/* ---- the schema -------------------------------------------------------------------- */

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release)
            schema->children[i]->release(schema->children[i]);
        free(schema->children[i]);
    }
    free(schema->children);
    free(schema->private_data);
    schema->release = NULL;
}

/* The format and the name in one block. */
static void make_schema(struct ArrowSchema *out, const char *format, const char *name,
                        size_t children)
{
    size_t size = strlen(format) + 1;
    char *block = common_alloc(size + strlen(name) + 1, 1);
    memcpy(block, format, size);
    memcpy(block + size, name, strlen(name));
    *out = (struct ArrowSchema){.format = block,
                                .name = block + size,
                                .flags = ARROW_FLAG_NULLABLE,
                                .n_children = (int64_t)children,
                                .release = release_schema,
                                .private_data = block};
    out->children = children > 0 ? common_alloc(children, sizeof *out->children) : NULL;
    for (size_t i = 0; i < children; i++)
        out->children[i] = common_alloc(1, sizeof **out->children);
}

/* ---- the batch --------------------------------------------------------------------- */

/* The block of a buffer, which is the array's from here on, and never NULL. */
static const void *give(buffer *b)
{
    void *block = b->data ? b->data : common_alloc(8, 1);
    *b = (buffer){0};
    return block;
}

static void take_column(out_column *c, const carpel_column *wanted, size_t rows,
                        struct ArrowArray *out)
{
    bool is_text = wanted->type == CARPEL_STRING || wanted->type == CARPEL_PERSON;
    array_begin(out, rows, is_text ? 3 : 2, 0);
    out->null_count = (int64_t)c->missing_count;
    out->buffers[0] = give(&c->present);
    out->buffers[1] = give(&c->values);
    if (is_text)
        out->buffers[2] = give(&c->bytes);
    c->missing_count = 0;
}

/* ---- the stream -------------------------------------------------------------------- */

typedef struct one_batch {
    const carpel_column *wanted;
    size_t column_count;
    struct ArrowArray batch; /* released: it was given */
} one_batch;

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const one_batch *b = stream->private_data;
    char decimal[32];
    make_schema(out, "+s", "", b->column_count);
    out->flags = 0;
    for (size_t i = 0; i < b->column_count; i++) {
        const carpel_column *c = &b->wanted[i];
        snprintf(decimal, sizeof decimal, "d:38,%u", (unsigned)c->scale);
        make_schema(out->children[i],
                    c->type == CARPEL_DECIMAL ? decimal : carpel_type_format(c->type),
                    c->name, 0);
    }
    return 0;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    one_batch *b = stream->private_data;
    *out = b->batch;
    b->batch = (struct ArrowArray){0};
    return 0;
}

static const char *stream_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    one_batch *b = stream->private_data;
    if (b->batch.release)
        b->batch.release(&b->batch);
    free(b);
    stream->release = NULL;
}

void out_batch_take(out_batch *b, struct ArrowArrayStream *out)
{
    one_batch *taken = common_alloc(1, sizeof *taken);
    taken->wanted = b->wanted;
    taken->column_count = b->column_count;
    array_begin(&taken->batch, b->row_count, 1, b->column_count);
    for (size_t i = 0; i < b->column_count; i++)
        take_column(&b->columns[i], &b->wanted[i], b->row_count,
                    taken->batch.children[i]);
    b->row_count = 0;
    *out = (struct ArrowArrayStream){stream_schema, stream_next, stream_error,
                                     stream_release, taken};
}
