/* SPDX-License-Identifier: MIT
 *
 * hostile_support -- tables by chance whose names, columns and values are made to do harm,
 * for the connectors of databases: what goes out through the output comes back byte by
 * byte through the source.
 *
 *     hostile_table t;
 *     hostile_make(&t, &random, 3);
 *     hostile_write("sqlite", yaml, &t);
 *     hostile_expect("sqlite", yaml, &t);
 *     hostile_done(&t);
 */
#ifndef UNIT_HOSTILE_SUPPORT_H
#define UNIT_HOSTILE_SUPPORT_H

#include "plugin_support.h"
#include "unit_random.h"

#include "plugin/arrow.h"
#include "plugin/cells.h"

enum { HOSTILE_WIDTH = 9, HOSTILE_HEIGHT = 10, HOSTILE_PIECES = 4 };

typedef struct hostile_table {
    char name[64];
    char column_names[HOSTILE_WIDTH][64];
    carpel_column columns[HOSTILE_WIDTH]; /* the first is the key */
    text values[HOSTILE_HEIGHT][HOSTILE_WIDTH];
    bool is_missing[HOSTILE_HEIGHT][HOSTILE_WIDTH];
    bool is_over;
} hostile_table;

/* Texts of up to some pieces, beginning with `begin`; `most` limits the bytes. */
static inline void hostile_text(random_numbers *r, const char *begin, size_t most,
                                text *out)
{
    static const char *const pieces[] = {"\"",
                                         "'",
                                         ";",
                                         "--",
                                         "/*",
                                         "*/",
                                         "\\",
                                         "$1$",
                                         "?",
                                         ":a",
                                         "@x",
                                         "%s%n",
                                         "\n",
                                         "\t",
                                         "\r",
                                         "\xc3\xbc",
                                         "\xf0\x9d\x84\x9e",
                                         "\xe2\x80\xae",
                                         "]",
                                         "`",
                                         " ",
                                         "NULL",
                                         "select ",
                                         "}",
                                         "\\N",
                                         "\\.",
                                         ",",
                                         "\\\\",
                                         "0",
                                         "007",
                                         "1e5",
                                         "\b",
                                         "\x7f",
                                         "(",
                                         ")",
                                         ".",
                                         "');drop table canary;--",
                                         "\";drop table canary;--",
                                         "'||(select 1)||'",
                                         "\\');drop table canary;--"};
    text_append(out, begin);
    for (size_t count = random_below(r, HOSTILE_PIECES + 1); count > 0; count--) {
        const char *piece = pieces[random_below(r, sizeof pieces / sizeof *pieces)];
        if (out->size + strlen(piece) <= most)
            text_append(out, piece);
    }
}

static inline void hostile_name(random_numbers *r, const char *begin, char out[64])
{
    text name;
    text_init(&name);
    hostile_text(r, begin, 60, &name);
    snprintf(out, 64, "%s", name.data);
    text_done(&name);
}

static inline void hostile_make(hostile_table *t, random_numbers *r, size_t number)
{
    char begin[32];
    *t = (hostile_table){0};
    /* a table of its own, also when digits follow the number */
    snprintf(begin, sizeof begin, "t%zu_", number);
    hostile_name(r, begin, t->name);
    for (size_t c = 0; c < HOSTILE_WIDTH; c++) {
        snprintf(begin, sizeof begin, "c%zu", c);
        hostile_name(r, begin, t->column_names[c]);
        t->columns[c] = (carpel_column){.name = t->column_names[c],
                                        .from = t->column_names[c],
                                        .type = CARPEL_STRING};
    }
    for (size_t row = 0; row < HOSTILE_HEIGHT; row++) {
        for (size_t c = 0; c < HOSTILE_WIDTH; c++) {
            snprintf(begin, sizeof begin, "%zu", row);
            text_init(&t->values[row][c]);
            t->is_missing[row][c] = c > 0 && random_below(r, 8) == 0;
            hostile_text(r, c == 0 ? begin : "", 1000, &t->values[row][c]);
        }
    }
}

static inline void hostile_done(hostile_table *t)
{
    for (size_t row = 0; row < HOSTILE_HEIGHT; row++)
        for (size_t c = 0; c < HOSTILE_WIDTH; c++)
            text_done(&t->values[row][c]);
}

/* A text as YAML takes it in any case. */
static inline void hostile_quote(const char *value, text *out)
{
    text_append(out, "\"");
    for (const char *c = value; *c != '\0'; c++) {
        bool is_plain =
            (*c & 0x80) != 0 || (*c >= ' ' && *c < 0x7f && *c != '"' && *c != '\\');
        if (is_plain)
            text_append_bytes(out, c, 1);
        else
            text_append_format(out, "\\x%02x", (unsigned)(unsigned char)*c);
    }
    text_append(out, "\"");
}

/* ---- as a stream ------------------------------------------------------------------ */

static inline int hostile_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    hostile_table *t = stream->private_data;
    arrow_schema_init(out, "+s", "", HOSTILE_WIDTH);
    for (size_t c = 0; c < HOSTILE_WIDTH; c++)
        arrow_schema_init(out->children[c], "u", t->columns[c].name, 0);
    return 0;
}

static inline void hostile_take_column(const hostile_table *t, size_t c,
                                       struct ArrowArray *out)
{
    text reason;
    cells column;
    text_init(&reason);
    cells_init(&column, &t->columns[c], NULL);
    for (size_t row = 0; row < HOSTILE_HEIGHT; row++) {
        const text *value = &t->values[row][c];
        if (!t->is_missing[row][c] &&
            !cells_set_text(&column, row, value->data, value->size, true, &reason))
            fail_msg("%s", reason.data);
        cells_end_row(&column, row);
    }
    cells_take(&column, HOSTILE_HEIGHT, out);
    cells_done(&column);
    text_done(&reason);
}

static inline int hostile_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    hostile_table *t = stream->private_data;
    *out = (struct ArrowArray){0};
    if (t->is_over)
        return 0;
    arrow_array_init(out, HOSTILE_HEIGHT, 0, 1, HOSTILE_WIDTH);
    for (size_t c = 0; c < HOSTILE_WIDTH; c++)
        hostile_take_column(t, c, out->children[c]);
    t->is_over = true;
    return 0;
}

static inline const char *hostile_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static inline void hostile_release(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

static inline bool hostile_steps(const carpel_output *output, void *instance,
                                 hostile_table *t, carpel_error *err)
{
    struct ArrowArrayStream stream = {hostile_schema, hostile_next, hostile_error,
                                      hostile_release, t};
    t->is_over = false;
    return output->write(instance, &stream, err) && output->prepare(instance, err) &&
           output->commit(instance, err);
}

/* Write the table through the output. */
static inline void hostile_write(const char *plugin_name, const char *yaml,
                                 hostile_table *t)
{
    const carpel_plugin *plugin;
    carpel_error err;
    void *instance;
    catalog *c = support_catalog();
    if (!catalog_find(c, CARPEL_OUTPUT, plugin_name, &plugin, &err))
        fail_msg("%s", err.message);
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml, strlen(yaml));
    plugin_host *host = host_new(NULL, NULL, NULL);
    const carpel_delivery delivery = {
        .struct_size = sizeof(carpel_delivery),
        .options = support_read_options(plugin, yaml, memory, file),
        .columns = t->columns,
        .column_count = HOSTILE_WIDTH};
    if (!plugin->output->begin(host_interface(host), &delivery, &instance, &err))
        fail_msg("%s: %s", yaml, err.message);
    if (!hostile_steps(plugin->output, instance, t, &err))
        fail_msg("%s: %s", yaml, err.message);
    plugin->output->close(instance);
    host_free(host);
    arena_free(memory);
    source_free(file);
    catalog_free(c);
}

/* ---- and back --------------------------------------------------------------------- */

/* The row of the table whose key this is. */
static inline size_t hostile_row(const hostile_table *t, const text *key)
{
    for (size_t row = 0; row < HOSTILE_HEIGHT; row++)
        if (t->values[row][0].size == key->size &&
            memcmp(t->values[row][0].data, key->data, key->size) == 0)
            return row;
    fail_msg("nothing was written with the key %s", key->data);
    return 0;
}

static inline void hostile_check_row(const hostile_table *t,
                                     const struct ArrowSchema *shape,
                                     const struct ArrowArray *batch, int64_t at)
{
    text found;
    text_init(&found);
    support_append_cell(shape->children[0], batch->children[0], at, &found);
    size_t row = hostile_row(t, &found);
    for (size_t c = 0; c < HOSTILE_WIDTH; c++) {
        text_clear(&found);
        support_append_cell(shape->children[c], batch->children[c], at, &found);
        assert_int_equal(support_is_present(batch->children[c], at),
                         !t->is_missing[row][c]);
        if (t->is_missing[row][c])
            continue;
        assert_int_equal(found.size, t->values[row][c].size);
        assert_memory_equal(found.data, t->values[row][c].data, found.size);
    }
    text_done(&found);
}

static inline void hostile_check_stream(const hostile_table *t,
                                        struct ArrowArrayStream *stream)
{
    int64_t count = 0;
    struct ArrowSchema shape;
    assert_int_equal(stream->get_schema(stream, &shape), 0);
    for (;;) {
        struct ArrowArray batch;
        if (stream->get_next(stream, &batch) != 0)
            fail_msg("%s", stream->get_last_error(stream));
        if (batch.release == NULL)
            break;
        for (int64_t row = 0; row < batch.length; row++)
            hostile_check_row(t, &shape, &batch, row);
        count += batch.length;
        batch.release(&batch);
    }
    shape.release(&shape);
    assert_int_equal(count, HOSTILE_HEIGHT);
}

/* Read the table through the source: all is as it was written. */
static inline void hostile_expect(const char *plugin_name, const char *yaml,
                                  const hostile_table *t)
{
    const carpel_plugin *plugin;
    carpel_error err;
    struct ArrowArrayStream stream;
    catalog *c = support_catalog();
    if (!catalog_find(c, CARPEL_SOURCE, plugin_name, &plugin, &err))
        fail_msg("%s", err.message);
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml, strlen(yaml));
    plugin_host *host = host_new(NULL, NULL, NULL);
    const carpel_request request = {.struct_size = sizeof(carpel_request),
                                    .name = "hostile",
                                    .options =
                                        support_read_options(plugin, yaml, memory, file),
                                    .columns = t->columns,
                                    .column_count = HOSTILE_WIDTH,
                                    .project_directory = support_directory};
    if (!plugin->source->open(host_interface(host), &request, &stream, &err))
        fail_msg("%s: %s", yaml, err.message);
    hostile_check_stream(t, &stream);
    stream.release(&stream);
    host_free(host);
    arena_free(memory);
    source_free(file);
    catalog_free(c);
}

#endif
