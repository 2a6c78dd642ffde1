/* SPDX-License-Identifier: MIT
 *
 * An output to copy: the smallest one that is whole. It writes how many people are in
 * each segment, a line each:
 *
 *     vip 1204
 *     lifecycle.active 8310
 *
 * An output is one function, which takes all rows and puts the result in place whole,
 * or fails and leaves what was there before.
 */
#include <carpel/plugin.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct template_options {
    const char *path;
} template_options;

static const carpel_option options_table[] = {
    {.name = "path",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(template_options, path),
     .required = true,
     .help = "The file to write, in a folder that exists."},
    {0}}; /* an option without a name ends the table */

/* The segment whose rows are being counted. Rows come segment by segment. */
typedef struct counter {
    FILE *file;
    char *segment; /* NULL: before the first row */
    uint64_t count;
} counter;

static void write_count(const counter *c)
{
    if (c->segment != NULL)
        fprintf(c->file, "%s %" PRIu64 "\n", c->segment, c->count);
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

/* One batch: a struct whose first column is the segment, an Arrow string column. Its
 * second buffer holds row_count + 1 offsets into the third, which holds the bytes. */
static bool count_batch(counter *c, const struct ArrowArray *batch, carpel_error *err)
{
    const struct ArrowArray *column = batch->children[0];
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
static bool count_all(const carpel_host *host, struct ArrowArrayStream *rows, counter *c,
                      carpel_error *err)
{
    for (;;) {
        struct ArrowArray batch;
        if (host->is_cancelled(host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        if (rows->get_next(rows, &batch) != 0) {
            const char *why = rows->get_last_error(rows);
            return carpel_fail(err, CARPEL_E_SYSTEM, "%s",
                               why != NULL ? why : "no reason");
        }
        if (batch.release == NULL)
            return true;
        bool ok = count_batch(c, &batch, err);
        batch.release(&batch); /* whoever is handed a batch releases it */
        if (!ok)
            return false;
    }
}

static bool fail_to_write(const char *path, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_SYSTEM, "cannot write \"%s\": %s", path,
                       strerror(errno));
}

/* Write beside the place, and rename only what is complete and on the disk. */
static bool write_rows(const carpel_host *host, const void *options,
                       struct ArrowArrayStream *rows, carpel_error *err)
{
    const template_options *o = options;
    char aside[4096];
    if (snprintf(aside, sizeof aside, "%s.XXXXXX", o->path) >= (int)sizeof aside)
        return carpel_fail(err, CARPEL_E_INPUT, "the path \"%.80s...\" is too long",
                           o->path);
    int fd = mkstemp(aside);
    if (fd < 0)
        return fail_to_write(o->path, err);
    counter c = {.file = fdopen(fd, "w")};
    bool ok =
        c.file != NULL ? count_all(host, rows, &c, err) : fail_to_write(o->path, err);
    if (ok)
        write_count(&c);
    bool is_written = c.file != NULL && fflush(c.file) == 0 && fsync(fd) == 0;
    is_written = (c.file != NULL ? fclose(c.file) : close(fd)) == 0 && is_written;
    free(c.segment);
    if (ok && !(is_written && rename(aside, o->path) == 0))
        ok = fail_to_write(o->path, err);
    if (!ok)
        unlink(aside);
    return ok;
}

static const carpel_output output = {.write = write_rows};

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
