/* SPDX-License-Identifier: MIT
 *
 * An output that fails TIMES times in its function `where`, so that it may be tried again. It
 * writes how many rows there are into a file of the host's, and appends the names of its functions
 * to another one.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct later_options {
    const char *path, *calls, *where;
    int64_t times;
} later_options;

static const carpel_option options_table[] = {
    {.name = "path",
     .type = CARPEL_OPTION_OUTPUT_PATH,
     .offset = offsetof(later_options, path),
     .required = true,
     .help = "The file with the number of rows."},
    {.name = "calls",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(later_options, calls),
     .required = true,
     .help = "The file with the calls."},
    {.name = "where",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(later_options, where),
     .required = true,
     .help = "The function that fails."},
    {.name = "times",
     .type = CARPEL_OPTION_INTEGER,
     .offset = offsetof(later_options, times),
     .default_text = "1",
     .help = "How often."},
    {0}};

typedef struct later {
    const carpel_host *host;
    const later_options *options;
    carpel_file *file;
} later;

/* Note the call, and fail when it is one of those. */
static bool does(const later_options *options, const char *function, carpel_error *err)
{
    static int64_t failed;
    FILE *calls = fopen(options->calls, "a");
    if (calls) {
        fprintf(calls, "%s ", function);
        fclose(calls);
    }
    return strcmp(options->where, function) != 0 || failed++ >= options->times ||
           carpel_fail(err, CARPEL_E_LATER, "the table is busy");
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    later l = {.host = host, .options = delivery->options};
    if (!does(l.options, "begin", err) ||
        !host->file_open(host, l.options->path, &l.file, err))
        return false;
    *instance = malloc(sizeof l);
    memcpy(*instance, &l, sizeof l);
    return true;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    later *l = instance;
    struct ArrowArray batch;
    char line[40];
    long long count = 0;
    while (rows->get_next(rows, &batch) == 0 && batch.release) {
        count += (long long)batch.length;
        batch.release(&batch);
    }
    snprintf(line, sizeof line, "%lld rows\n", count);
    return l->host->file_write(l->file, line, strlen(line)) &&
           does(l->options, "write", err);
}

static bool prepare(void *instance, carpel_error *err)
{
    return does(((later *)instance)->options, "prepare", err);
}

static bool commit(void *instance, carpel_error *err)
{
    return does(((later *)instance)->options, "commit", err);
}

static void abort_output(void *instance)
{
    carpel_error ignored;
    does(((later *)instance)->options, "abort", &ignored);
}

static void close_output(void *instance)
{
    carpel_error ignored;
    does(((later *)instance)->options, "close", &ignored);
    free(instance);
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .abort = abort_output,
                                     .close = close_output};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "later",
    .version = "1.0",
    .summary = "Goes well at last.",
    .options_size = sizeof(later_options),
    .options = options_table,
    .output = &output,
};
