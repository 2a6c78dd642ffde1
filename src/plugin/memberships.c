/* SPDX-License-Identifier: MIT
 *
 * A finished run as batches: one segment after the other, and within it the people in
 * the order of their ids. Nothing is kept but the place where the last batch ended.
 */
#include "plugin/memberships.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "plugin/arrow.h"
#include "plugin/cells.h"

enum { BATCH_ROWS = 8192, COLUMN_COUNT = 3 };

typedef struct membership_stream {
    const membership *items;
    size_t count;
    int64_t as_of;
    size_t item, position; /* the next to look at */
    cells columns[COLUMN_COUNT];
    text reason; /* the cells' refusals go here: ids come from texts that were checked */
} membership_stream;

const carpel_column membership_columns[COLUMN_COUNT + 1] = {
    {.name = "segment", .type = CARPEL_STRING},
    {.name = "person", .type = CARPEL_STRING},
    {.name = "as_of", .type = CARPEL_TIME},
    {.name = NULL}};

static void add_member(membership_stream *s, size_t row, const membership *m,
                       uint32_t person)
{
    slice segment = slice_of(m->segment), id = dictionary_text(m->ids, person);
    cells_set_text(&s->columns[0], row, segment.data, segment.size, true, &s->reason);
    cells_set_text(&s->columns[1], row, id.data, id.size, true, &s->reason);
    cells_set_int(&s->columns[2], row, s->as_of, &s->reason);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        cells_end_row(&s->columns[i], row);
}

/* Collect up to a batch of members, over as many segments as that takes. */
static size_t collect(membership_stream *s)
{
    size_t row = 0;
    for (; s->item < s->count; s->item++, s->position = 0) {
        const membership *m = &s->items[s->item];
        size_t person_count = dictionary_count(m->ids);
        while (s->position < person_count) {
            if (row == BATCH_ROWS)
                return row;
            uint32_t person = m->order[s->position++];
            if (bitmap_get(m->members, person))
                add_member(s, row++, m, person);
        }
    }
    return row;
}

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    const membership_stream *s = stream->private_data;
    arrow_schema_init(out, "+s", "", COLUMN_COUNT);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        cells_schema(&s->columns[i], out->children[i]);
    return 0;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    membership_stream *s = stream->private_data;
    *out = (struct ArrowArray){0};
    size_t count = collect(s);
    if (count == 0)
        return 0;
    arrow_array_init(out, count, 0, 1, COLUMN_COUNT);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        cells_take(&s->columns[i], count, out->children[i]);
    return 0;
}

static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL; /* nothing can fail */
}

static void stream_release(struct ArrowArrayStream *stream)
{
    membership_stream *s = stream->private_data;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        cells_done(&s->columns[i]);
    text_done(&s->reason);
    memory_free(s);
    stream->release = NULL;
}

void memberships_stream(const membership *items, size_t count, int64_t as_of,
                        struct ArrowArrayStream *out)
{
    membership_stream *s = memory_alloc_zero(sizeof *s);
    s->items = items;
    s->count = count;
    s->as_of = as_of;
    text_init(&s->reason);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        cells_init(&s->columns[i], &membership_columns[i], NULL);
    *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                     .get_next = stream_next,
                                     .get_last_error = stream_last_error,
                                     .release = stream_release,
                                     .private_data = s};
}
