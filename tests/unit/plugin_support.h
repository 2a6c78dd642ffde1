/* SPDX-License-Identifier: MIT
 *
 * plugin_support -- runs a built source the way carpel does, for tests: it is loaded
 * from CARPEL_PLUGIN_PATH, its options are read from YAML, and its batches are checked
 * against the contract of <carpel/plugin.h> and printed as text:
 *
 *     2: ann|1250|-                           line, then the cells; - is missing
 *     ! a.csv,3,"column ""amount"": ..."      a row that was set aside
 *     error: "a.csv" has no column "person"   the source failed
 *     log: "b.csv" is empty
 *
 * Times and dates are printed as the numbers that Arrow carries.
 */
#ifndef UNIT_PLUGIN_SUPPORT_H
#define UNIT_PLUGIN_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include <carpel/plugin.h>

#include "base/arena.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/plugin_folders.h"
#include "base/text.h"
#include "base/utf8.h"
#include "config/options.h"
#include "plugin/catalog.h"
#include "plugin/host.h"
#include "plugin/results.h"
#include "report/diags.h"

/* A folder of its own for each test program. */
static char support_directory[] = "/tmp/carpel-test-XXXXXX";

static inline int support_begin(void **state)
{
    (void)state;
    return mkdtemp(support_directory) == NULL ? -1 : 0;
}

static inline int support_end(void **state)
{
    path_list files = {0};
    carpel_error err;
    char pattern[256];
    (void)state;
    snprintf(pattern, sizeof pattern, "%s/*", support_directory);
    path_glob(pattern, &files, &err);
    for (size_t i = 0; i < files.count; i++)
        unlink(files.items[i]);
    path_list_done(&files);
    rmdir(support_directory);
    return 0;
}

/* The path of a file in the folder; valid until the fourth next call. */
static inline const char *support_path(const char *name)
{
    static char paths[4][300];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", support_directory, name);
    return path;
}

static inline void support_write(const char *name, const char *data, size_t size)
{
    carpel_error err;
    if (!file_write_whole(support_path(name), data, size, &err))
        fail_msg("%s", err.message);
}

/* Append one gzip member to a file. */
static inline void support_append_gzip(const char *name, const char *data, size_t size)
{
    gzFile file = gzopen(support_path(name), "ab");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, data, (unsigned)size), (int)size);
    assert_int_equal(gzclose(file), Z_OK);
}

static inline catalog *support_catalog(void)
{
    path_list directories = {0};
    assert_non_null(getenv("CARPEL_PLUGIN_PATH"));
    plugin_folders(&directories);
    catalog *c = catalog_new((const char *const *)directories.items, directories.count);
    path_list_done(&directories);
    return c;
}

/* ---- batches ------------------------------------------------------------ */

static inline bool support_is_present(const struct ArrowArray *array, int64_t row)
{
    const uint8_t *bits = array->buffers[0];
    int64_t at = array->offset + row;
    return bits == NULL || (bits[at / 8] >> (at % 8) & 1) != 0;
}

static inline void support_check_text_column(const struct ArrowArray *array)
{
    const int32_t *offsets = (const int32_t *)array->buffers[1] + array->offset;
    assert_int_equal(array->n_buffers, 3);
    assert_non_null(array->buffers[1]);
    assert_non_null(array->buffers[2]);
    for (int64_t i = 0; i < array->length; i++) {
        assert_true(offsets[i] <= offsets[i + 1]);
        assert_true(utf8_is_valid((const char *)array->buffers[2] + offsets[i],
                                  (size_t)(offsets[i + 1] - offsets[i])));
    }
}

/* What <carpel/plugin.h> and Arrow promise of a column. */
static inline void support_check_column(const struct ArrowSchema *shape,
                                        const struct ArrowArray *array, int64_t length)
{
    int64_t nulls = 0;
    assert_non_null(array->release);
    assert_int_equal(array->length, length);
    for (int64_t i = 0; i < length; i++)
        nulls += !support_is_present(array, i);
    assert_int_equal(array->null_count, nulls);
    if (strcmp(shape->format, "u") == 0) {
        support_check_text_column(array);
        return;
    }
    if (strcmp(shape->format, "+s") == 0) {
        for (int64_t i = 0; i < shape->n_children; i++)
            support_check_column(shape->children[i], array->children[i], length);
        return;
    }
    assert_int_equal(array->n_buffers, 2);
    assert_non_null(array->buffers[1]);
    if (strcmp(shape->format, "+l") == 0)
        support_check_column(shape->children[0], array->children[0],
                             ((const int32_t *)array->buffers[1])[length]);
    if (shape->dictionary == NULL)
        return;
    const int32_t *codes = (const int32_t *)array->buffers[1] + array->offset;
    assert_string_equal(shape->format, "i");
    assert_non_null(array->dictionary);
    support_check_text_column(array->dictionary);
    for (int64_t i = 0; i < length; i++)
        if (support_is_present(array, i))
            assert_in_range(codes[i], 0, array->dictionary->length - 1);
}

static inline void support_append_text(const struct ArrowArray *array, int64_t row,
                                       text *out)
{
    const int32_t *offsets = (const int32_t *)array->buffers[1] + array->offset + row;
    text_append_bytes(out, (const char *)array->buffers[2] + offsets[0],
                      (size_t)(offsets[1] - offsets[0]));
}

static inline void support_append_cell(const struct ArrowSchema *shape,
                                       const struct ArrowArray *array, int64_t row,
                                       text *out);

/* "(A1/3 -/4)": the items of a list, their cells. */
static inline void support_append_list(const struct ArrowSchema *shape,
                                       const struct ArrowArray *array, int64_t row,
                                       text *out)
{
    const int32_t *offsets = (const int32_t *)array->buffers[1] + array->offset + row;
    const struct ArrowSchema *item = shape->children[0];
    bool is_record = strcmp(item->format, "+s") == 0;
    text_append(out, "(");
    for (int32_t i = offsets[0]; i < offsets[1]; i++) {
        text_append(out, i > offsets[0] ? " " : "");
        if (!is_record)
            support_append_cell(item, array->children[0], i, out);
        for (int64_t f = 0; is_record && f < item->n_children; f++) {
            text_append(out, f > 0 ? "/" : "");
            support_append_cell(item->children[f], array->children[0]->children[f], i,
                                out);
        }
    }
    text_append(out, ")");
}

static inline void support_append_cell(const struct ArrowSchema *shape,
                                       const struct ArrowArray *array, int64_t row,
                                       text *out)
{
    int64_t at = array->offset + row;
    const void *values = array->buffers[1];
    if (strcmp(shape->format, "+l") == 0) {
        support_append_list(shape, array, row, out);
        return;
    }
    if (!support_is_present(array, row))
        text_append(out, "-");
    else if (strcmp(shape->format, "u") == 0)
        support_append_text(array, row, out);
    else if (strcmp(shape->format, "i") == 0)
        support_append_text(array->dictionary, ((const int32_t *)values)[at], out);
    else if (strcmp(shape->format, "b") == 0)
        text_append(out,
                    ((const uint8_t *)values)[at / 8] >> (at % 8) & 1 ? "true" : "false");
    else if (strcmp(shape->format, "g") == 0)
        text_append_format(out, "%g", ((const double *)values)[at]);
    else if (strcmp(shape->format, "tdD") == 0)
        text_append_format(out, "%d", (int)((const int32_t *)values)[at]);
    else
        text_append_format(out, "%lld", (long long)((const int64_t *)values)[at]);
}

static inline void support_append_batch(const struct ArrowSchema *shape,
                                        const struct ArrowArray *batch, text *out)
{
    int64_t columns = shape->n_children - 2;
    assert_int_equal(batch->n_children, shape->n_children);
    for (int64_t i = 0; i < shape->n_children; i++)
        support_check_column(shape->children[i], batch->children[i], batch->length);
    for (int64_t row = 0; row < batch->length; row++) {
        support_append_cell(shape->children[columns + 1], batch->children[columns + 1],
                            row, out);
        for (int64_t i = 0; i < columns; i++) {
            text_append(out, i == 0 ? ": " : "|");
            support_append_cell(shape->children[i], batch->children[i], row, out);
        }
        text_append(out, "\n");
    }
}

/* ---- schema ------------------------------------------------------------- */

static inline void support_check_schema(const struct ArrowSchema *shape,
                                        const carpel_column *columns, size_t count)
{
    static const char *const formats[] = {"",        "b",   "l",   "l", "g", "u",
                                          "tsu:UTC", "tdD", "tDu", "u", "+l"};
    assert_string_equal(shape->format, "+s");
    assert_int_equal(shape->n_children, count + 2);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(shape->children[i]->name, columns[i].name);
        const struct ArrowSchema *values = shape->children[i];
        if (values->dictionary) { /* of texts: codes */
            assert_string_equal(values->format, "i");
            values = values->dictionary;
        }
        assert_string_equal(values->format, formats[columns[i].type]);
    }
    assert_string_equal(shape->children[count]->name, "file");
    assert_string_equal(shape->children[count + 1]->name, "line");
}

/* ---- a run -------------------------------------------------------------- */

static inline void *support_read_options(const carpel_plugin *plugin, const char *yaml,
                                         arena *memory, source *file)
{
    diags *d = diags_new();
    text messages;
    text_init(&messages);
    void *options = arena_alloc(memory, plugin->options_size + 1);
    const options_context context = {.owner = plugin->name,
                                     .project_directory = support_directory};
    yaml_node *node = yaml_parse(file, NULL, memory, d);
    bool ok = options_read(node, plugin->options, plugin->options_size, &context, options,
                           memory, d);
    diags_append(d, &messages, false);
    if (!ok)
        fail_msg("options:\n%s\n%s", yaml, messages.data);
    text_done(&messages);
    diags_free(d);
    return options;
}

static inline void support_log(void *context, carpel_log_level level, const char *message)
{
    (void)level;
    text_append_format(context, "log: %s\n", message);
}

static inline void support_append_bad_rows(quarantine *q, const char *path, text *out)
{
    carpel_error err;
    text list;
    text_init(&list);
    if (!quarantine_finish(q, &err))
        fail_msg("%s", err.message);
    if (file_exists(path) && file_read(path, 1 << 20, &list, &err)) {
        char *line = strchr(list.data, '\n') + 1;
        for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
            text_append_format(out, "! %.*s\n", (int)(end - line), line);
    }
    text_done(&list);
}

/* Take everything from a stream as text. */
static inline void support_append_stream(struct ArrowArrayStream *stream,
                                         const carpel_column *columns, size_t count,
                                         text *out)
{
    struct ArrowSchema shape;
    assert_int_equal(stream->get_schema(stream, &shape), 0);
    support_check_schema(&shape, columns, count);
    for (;;) {
        struct ArrowArray batch;
        if (stream->get_next(stream, &batch) != 0) {
            text_append_format(out, "error: %s\n", stream->get_last_error(stream));
            break;
        }
        if (batch.release == NULL)
            break;
        support_append_batch(&shape, &batch, out);
        batch.release(&batch);
    }
    shape.release(&shape);
}

/* Run source `name`; returns what it gave, to be released with memory_free. */
static inline char *support_run(const char *name, const char *yaml,
                                const carpel_column *columns, size_t count)
{
    carpel_error err;
    text out;
    text_init(&out);
    catalog *c = support_catalog();
    const carpel_plugin *plugin;
    if (!catalog_find(c, CARPEL_SOURCE, name, &plugin, &err))
        fail_msg("%s", err.message);
    arena *memory = arena_new();
    source *file = source_new("carpel.yaml", yaml, strlen(yaml));
    quarantine *q = quarantine_new(support_path("bad.csv"), false);
    const host_listener listener = {.context = &out, .log = support_log};
    plugin_host *host = host_new(NULL, q, &listener);
    const carpel_request request = {.struct_size = sizeof(carpel_request),
                                    .name = name,
                                    .options =
                                        support_read_options(plugin, yaml, memory, file),
                                    .columns = columns,
                                    .column_count = count,
                                    .project_directory = support_directory};
    struct ArrowArrayStream stream;
    if (plugin->source->open(host_interface(host), &request, &stream, &err)) {
        support_append_stream(&stream, columns, count, &out);
        stream.release(&stream);
        assert_null(stream.release);
    } else {
        text_append_format(&out, "error: %s\n", err.message);
    }
    assert_true(host_is_well(host, &err));
    support_append_bad_rows(q, support_path("bad.csv"), &out);
    host_free(host);
    quarantine_free(q);
    arena_free(memory);
    source_free(file);
    catalog_free(c);
    return out.data;
}

/* The plain table of memberships. */
static const result_column support_membership_columns[] = {
    {.kind = RESULT_SEGMENT}, {.kind = RESULT_ID}, {.kind = RESULT_INSTANT}};
static const carpel_column support_membership_names[] = {
    {.name = "segment", .type = CARPEL_STRING},
    {.name = "person", .type = CARPEL_STRING},
    {.name = "as_of", .type = CARPEL_TIME}};

static inline result_table support_memberships(const result_item *items, size_t count,
                                               int64_t as_of)
{
    return (result_table){.items = items,
                          .item_count = count,
                          .columns = support_membership_columns,
                          .told = support_membership_names,
                          .column_count = 3,
                          .as_of = as_of};
}

#endif
