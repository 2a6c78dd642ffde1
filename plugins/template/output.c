/* SPDX-License-Identifier: MIT
 *
 * An output to copy: the smallest one that is whole. It writes how many people are in
 * each segment, a line each:
 *
 *     vip 1204
 *     lifecycle.active 8310
 *
 * An output begins, takes all rows, and is closed. The file is the host's: it puts it in
 * place together with those of all other outputs, or removes it when anything fails. An
 * output that writes elsewhere, such as to a database, has prepare, commit and abort too.
 */
#include <carpel/plugin.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct template_options {
    const char *path;
} template_options;

static const carpel_option options_table[] = {
    {.name = "path",
     .type = CARPEL_OPTION_OUTPUT_PATH,
     .offset = offsetof(template_options, path),
     .required = true,
     .help = "The file to write; \"-\" is standard output."},
    {0}}; /* an option without a name ends the table */

/* One output under way: the segment whose rows are being counted. Rows come segment by
 * segment. */
typedef struct counter {
    const carpel_host *host;
    carpel_file *file;
    size_t column; /* where the segments stand */
    char *segment; /* NULL: before the first row */
    uint64_t count;
} counter;

static void write_count(const counter *c)
{
    char line[32];
    if (c->segment == NULL)
        return;
    int size = snprintf(line, sizeof line, " %" PRIu64 "\n", c->count);
    c->host->file_write(c->file, c->segment, strlen(c->segment));
    c->host->file_write(c->file, line, (size_t)size);
}

static bool count_member(counter *c, const char *segment, size_t size, carpel_error *err)
{
    if (c->segment == NULL || strlen(c->segment) != size ||
        memcmp(c->segment, segment, size) != 0) {
        write_count(c);
        free(c->segment);
        c->count = 0;
        c->segment = strndup(segment, size);
        if (c->segment == NULL)
            return carpel_fail(err, CARPEL_E_SYSTEM, "out of memory");
    }
    c->count++;
    return true;
}

/* One batch: a struct of columns, of which the segment's is an Arrow string column. Its
 * second buffer holds row_count + 1 offsets into the third, which holds the bytes. */
static bool count_batch(counter *c, const struct ArrowArray *batch, carpel_error *err)
{
    const struct ArrowArray *column = batch->children[c->column];
    const int32_t *offsets = (const int32_t *)column->buffers[1] + column->offset;
    const char *bytes = column->buffers[2];
    for (int64_t row = batch->offset; row < batch->offset + batch->length; row++) {
        size_t size = (size_t)(offsets[row + 1] - offsets[row]);
        if (!count_member(c, bytes + offsets[row], size, err))
            return false;
    }
    return true;
}

/* Ask for batch after batch; the last one has no release function. */
static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    counter *c = instance;
    for (;;) {
        struct ArrowArray batch;
        if (c->host->is_cancelled(c->host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        int number = rows->get_next(rows, &batch);
        if (number != 0) {
            const char *why = rows->get_last_error(rows);
            return carpel_fail(err, carpel_error_code_of(number), "%s",
                               why != NULL ? why : "no reason");
        }
        if (batch.release == NULL)
            break;
        bool ok = count_batch(c, &batch, err);
        batch.release(&batch); /* whoever is handed a batch releases it */
        if (!ok)
            return false;
    }
    write_count(c);
    return true;
}

/* Columns are found by their names: others may come with them. */
static bool find_column(const carpel_delivery *delivery, const char *name, size_t *out)
{
    for (size_t i = 0; i < delivery->column_count; i++) {
        *out = i;
        if (strcmp(delivery->columns[i].name, name) == 0)
            return delivery->columns[i].type == CARPEL_STRING;
    }
    return false;
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const template_options *options = delivery->options;
    counter c = {.host = host};
    if (!find_column(delivery, "segment", &c.column))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "there is no column \"segment\" to count");
    if (!host->file_open(host, options->path, &c.file, err))
        return false;
    *instance = malloc(sizeof c);
    if (*instance == NULL)
        return carpel_fail(err, CARPEL_E_SYSTEM, "out of memory");
    memcpy(*instance, &c, sizeof c);
    return true;
}

static void close_counter(void *instance)
{
    counter *c = instance;
    free(c->segment);
    free(c);
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .close = close_counter};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "template", /* the file is output_template.so */
    .version = "1.0",
    .summary = "How many people are in each segment; an output to copy.",
    .manual = "outputs:\n"
              "  - plugin: template\n"
              "    path: counts.txt\n",
    .options_size = sizeof(template_options),
    .options = options_table,
    .output = &output,
};
