/* SPDX-License-Identifier: MIT
 *
 * The batches of a piece of a source.
 */
#include "ingest/portion.h"

#include "base/memory.h"

void portion_init(portion *p, const mapping *m)
{
    *p = (portion){.mapping = m, .next_row = 1};
    refused_rows_init(&p->refused);
}

static void forget_batches(portion *p)
{
    for (size_t i = 0; i < p->count; i++) {
        batch_done(&p->batches[i]);
        p->arrays[i].release(&p->arrays[i]);
    }
    p->count = 0;
}

void portion_done(portion *p)
{
    forget_batches(p);
    if (p->schema.release)
        p->schema.release(&p->schema);
    memory_free(p->batches);
    memory_free(p->arrays);
    refused_rows_done(&p->refused);
    *p = (portion){0};
}

/* A batch that is judged against the portion's schema, which it does not own. */
static void begin_batch(portion *p, batch *b)
{
    batch_init(b, p->mapping);
    b->schema = p->schema;
    b->schema.release = NULL;
}

static void add_batch(portion *p, const batch *b, const struct ArrowArray *array)
{
    if (p->count == p->capacity) {
        p->capacity = p->capacity * 2 + 4;
        p->batches = memory_resize_array(p->batches, p->capacity, sizeof *p->batches);
        p->arrays = memory_resize_array(p->arrays, p->capacity, sizeof *p->arrays);
    }
    p->batches[p->count] = *b;
    p->arrays[p->count++] = *array;
}

/* Set the bad rows of a batch aside. */
static void collect_refused(portion *p, batch *b, uint64_t first_row)
{
    for (size_t row = 0; row < b->row_count; row++)
        if (b->kinds[row] != KIND_SKIPPED && b->reasons[row])
            refused_rows_add(&p->refused, batch_person_of(b, row), batch_file_of(b, row),
                             batch_line_of(b, row, first_row), b->reasons[row]);
}

static bool judge_next(portion *p, const struct ArrowArray *array)
{
    batch b;
    begin_batch(p, &b);
    if (!batch_check_schema(&b, &p->error) || !batch_open(&b, array, &p->error)) {
        batch_done(&b);
        return false;
    }
    batch_judge(&b);
    collect_refused(p, &b, p->next_row);
    p->next_row += b.row_count;
    add_batch(p, &b, array);
    return true;
}

static bool read_schema(portion *p, struct ArrowArrayStream *stream)
{
    if (p->schema.release)
        return true;
    int code = stream->get_schema(stream, &p->schema);
    if (code == 0)
        return true;
    p->schema.release = NULL;
    return batch_fail_stream(p->mapping, stream, code, &p->error);
}

static bool has_room(const portion *p)
{
    return p->count < PORTION_BATCHES &&
           (p->most_rows == 0 || p->next_row - p->first_row < p->most_rows);
}

static bool read_batches(portion *p, struct ArrowArrayStream *stream, const cancel *c)
{
    while (has_room(p)) {
        struct ArrowArray array = {0};
        if (cancel_is_asked(c))
            return cancel_fail(&p->error);
        int code = stream->get_next(stream, &array);
        if (code != 0)
            return batch_fail_stream(p->mapping, stream, code, &p->error);
        p->is_over = !array.release;
        if (p->is_over)
            return true;
        if (!judge_next(p, &array)) {
            array.release(&array);
            return false;
        }
    }
    return true;
}

void portion_read(portion *p, struct ArrowArrayStream *stream, const cancel *c)
{
    forget_batches(p);
    refused_rows_clear(&p->refused);
    p->first_row = p->next_row;
    p->has_failed = !read_schema(p, stream) || !read_batches(p, stream, c);
}
