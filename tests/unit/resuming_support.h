/* SPDX-License-Identifier: MIT
 *
 * resuming_support -- sources that go on behind a growing value: a batch ends where one does, and from behind each batch
 * the other rows come, and no others.
 */
#ifndef RESUMING_SUPPORT_H
#define RESUMING_SUPPORT_H

#include "unit/plugin_support.h"

enum { RESUMING_MOST_BATCHES = 100 };

/* What came up to the end of a batch. */
typedef struct resuming_stop {
    char cursor[CARPEL_CURSOR_SIZE];
    int64_t rows, last; /* of all batches; the growing value of the last row */
} resuming_stop;

typedef struct resuming_stops {
    resuming_stop items[RESUMING_MOST_BATCHES];
    size_t count;
} resuming_stops;

typedef struct resuming_case {
    const carpel_plugin *plugin;
    const carpel_column *columns; /* the first one grows, and is an int */
    size_t column_count;
    const void *options;
} resuming_case;

static inline void resuming_read(const resuming_case *c, const char *cursor,
                                 resuming_stops *out)
{
    carpel_error err;
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    plugin_host *host = host_new(NULL, NULL, NULL);
    const carpel_request request = {.struct_size = sizeof(carpel_request),
                                    .name = "x",
                                    .options = c->options,
                                    .columns = c->columns,
                                    .column_count = c->column_count,
                                    .project_directory = support_directory,
                                    .cursor = cursor};
    *out = (resuming_stops){0};
    if (!c->plugin->source->open(host_interface(host), &request, &stream, &err))
        fail_msg("%s", err.message);
    for (resuming_stop at = {.last = INT64_MIN};; out->items[out->count++] = at) {
        if (stream.get_next(&stream, &batch) != 0)
            fail_msg("%s", stream.get_last_error(&stream));
        if (!batch.release)
            break;
        assert_true(out->count < RESUMING_MOST_BATCHES);
        const int64_t *values = batch.children[0]->buffers[1];
        if (batch.length > 0)
            assert_true(values[0] > at.last);
        at.last = batch.length > 0 ? values[batch.length - 1] : at.last;
        at.rows += batch.length;
        batch.release(&batch);
        if (!c->plugin->source->resuming->cursor(&stream, at.cursor, sizeof at.cursor,
                                                 &err))
            fail_msg("%s", err.message);
    }
    stream.release(&stream);
    host_free(host);
}

/* Returns how many batches there were. */
static inline size_t resuming_check(const char *name, const char *yaml,
                                    const carpel_column *columns, size_t column_count)
{
    carpel_error err;
    catalog *all = support_catalog();
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml, strlen(yaml));
    resuming_case c = {.columns = columns, .column_count = column_count};
    resuming_stops *stops = memory_alloc(sizeof *stops),
                   *others = memory_alloc(sizeof *others);
    if (!catalog_find(all, CARPEL_SOURCE, name, &c.plugin, &err))
        fail_msg("%s", err.message);
    c.options = support_read_options(c.plugin, yaml, memory, file);
    resuming_read(&c, NULL, stops);
    size_t count = stops->count;
    assert_true(count > 0);
    int64_t rows = stops->items[count - 1].rows;
    for (size_t i = 0; i < count; i++) {
        resuming_read(&c, stops->items[i].cursor, others);
        int64_t rest = others->count > 0 ? others->items[others->count - 1].rows : 0;
        assert_int_equal(stops->items[i].rows + rest, rows);
    }
    memory_free(stops);
    memory_free(others);
    source_free(file);
    arena_free(memory);
    catalog_free(all);
    return count;
}

#endif
