/* SPDX-License-Identifier: MIT
 *
 * An output that writes the number of rows, and has the one flaw that its option names: what `carpel
 * plugins test` is to find. tests/plugins/kit.sh says what it has to say.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct careless_options {
    const char *flaw, *path, *database;
} careless_options;

static const carpel_option options_table[] = {
    {.name = "flaw",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(careless_options, flaw),
     .required = true,
     .help = "What to do wrong."},
    {.name = "path",
     .type = CARPEL_OPTION_OUTPUT_PATH,
     .offset = offsetof(careless_options, path),
     .required = true,
     .help = "The file."},
    {.name = "database",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(careless_options, database),
     .help = "Another file, which is made without asking the host, as databases do."},
    {0}}; /* an option without a name ends the table */

typedef struct careless {
    const carpel_host *host;
    const char *flaw, *run;
    carpel_file *file;
    size_t column_count;
    int64_t rows, batches;
} careless;

static int64_t runs;

static void touch(const char *path)
{
    FILE *file = path && path[0] ? fopen(path, "a") : NULL;
    if (file)
        fclose(file);
}

static bool has_flaw(const careless *o, const char *flaw)
{
    return strcmp(o->flaw, flaw) == 0;
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const careless_options *options = delivery->options;
    careless *o = calloc(1, sizeof *o);
    *o = (careless){.host = host,
                    .flaw = options->flaw,
                    .run = delivery->run,
                    .column_count = delivery->column_count};
    touch(options->database);
    if (!host->file_open(host, options->path, &o->file, err) &&
        !has_flaw(o, "goes on without a file")) {
        free(o);
        return false;
    }
    *instance = o;
    return true;
}

static bool take(careless *o, struct ArrowArray *batch, carpel_error *err)
{
    o->rows += batch->length;
    o->batches++;
    if (!has_flaw(o, "keeps batches"))
        batch->release(batch);
    if (has_flaw(o, "fails late") && o->column_count > 3)
        return carpel_fail(err, CARPEL_E_INPUT, "there are more columns than three");
    return true;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    careless *o = instance;
    for (;;) {
        struct ArrowArray batch;
        if (!has_flaw(o, "deaf") && o->host->is_cancelled(o->host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        if (rows->get_next(rows, &batch) != 0) {
            if (has_flaw(o, "blind to failures"))
                break;
            return carpel_fail(err, CARPEL_E_SYSTEM, "%s", rows->get_last_error(rows));
        }
        if (!batch.release)
            break;
        if (!take(o, &batch, err))
            return false;
    }
    if (has_flaw(o, "crashes without rows") && o->rows == 0)
        abort();
    if (has_flaw(o, "releases the stream"))
        rows->release(rows);
    char line[80];
    int size = snprintf(line, sizeof line, "%lld %lld\n", (long long)o->rows,
                        (long long)(has_flaw(o, "counts runs")      ? ++runs
                                    : has_flaw(o, "counts batches") ? o->batches
                                                                    : 0));
    if (o->file)
        o->host->file_write(o->file, line, (size_t)size);
    if (has_flaw(o, "tells the run"))
        o->host->log(o->host, CARPEL_LOG_INFO, o->run ? o->run : "no run");
    return true;
}

static void close_output(void *instance)
{
    careless *o = instance;
    if (!has_flaw(o, "leak"))
        free(o);
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .close = close_output};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "careless",
    .version = "1.0",
    .summary = "How many rows there are, with a flaw.",
    .options_size = sizeof(careless_options),
    .options = options_table,
    .output = &output,
};
