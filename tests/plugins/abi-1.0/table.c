/* SPDX-License-Identifier: MIT
 *
 * An output of interface 1.0, kept as it is: the names of the columns, and a line for each row, in a file
 * of the host's. It has all functions, and tells what it is told of the run.
 */
#include <carpel/plugin.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct table_options {
    const char *path;
    bool is_told;
} table_options;

static const carpel_option options_table[] = {{.name = "path",
                                               .type = CARPEL_OPTION_OUTPUT_PATH,
                                               .offset = offsetof(table_options, path),
                                               .required = true,
                                               .help = "The file to write."},
                                              {.name = "told",
                                               .type = CARPEL_OPTION_BOOLEAN,
                                               .offset = offsetof(table_options, is_told),
                                               .help = "Tell of each step."},
                                              {0}};

typedef struct table {
    const carpel_host *host;
    const carpel_delivery *delivery;
    carpel_file *file;
    bool is_told;
} table;

static void tell(const table *t, const char *step)
{
    char message[300];
    const carpel_delivery *d = t->delivery;
    snprintf(message, sizeof message, "%s %s, run %s, changes %s, %s", step, d->name,
             d->run ? "named" : "nameless", d->changes ? d->changes : "none",
             d->is_sequel ? "sequel" : "first");
    if (t->is_told)
        t->host->log(t->host, CARPEL_LOG_INFO, message);
}

/* ---- rows ------------------------------------------------------------------------- */

static void put(table *t, const char *text, size_t size)
{
    t->host->file_write(t->file, text, size);
}

static void put_whole(table *t, int64_t value)
{
    char text[30];
    put(t, text, (size_t)snprintf(text, sizeof text, "%" PRId64, value));
}

static bool is_missing(const struct ArrowArray *a, int64_t at)
{
    const uint8_t *present = a->n_buffers > 0 ? a->buffers[0] : NULL;
    return present && a->null_count != 0 && !(present[at / 8] >> (at % 8) & 1);
}

static void put_text(table *t, const struct ArrowArray *a, int64_t at)
{
    const int32_t *ends = a->buffers[1];
    put(t, (const char *)a->buffers[2] + ends[at], (size_t)(ends[at + 1] - ends[at]));
}

static void put_value(table *t, const carpel_column *c, const struct ArrowArray *a,
                      int64_t at)
{
    char text[60];
    const void *values = a->buffers[1];
    switch (c->type) {
    case CARPEL_BOOL:
        put_whole(t, ((const uint8_t *)values)[at / 8] >> (at % 8) & 1);
        break;
    case CARPEL_NUMBER:
        put(t, text,
            (size_t)snprintf(text, sizeof text, "%.6g", ((const double *)values)[at]));
        break;
    case CARPEL_DATE: put_whole(t, ((const int32_t *)values)[at]); break;
    case CARPEL_STRING:
    case CARPEL_PERSON: put_text(t, a, at); break;
    case CARPEL_INT:
    case CARPEL_DECIMAL:
    case CARPEL_TIME:
    case CARPEL_DURATION:
    default: put_whole(t, ((const int64_t *)values)[at]);
    }
}

static void put_row(table *t, const struct ArrowArray *batch, int64_t row)
{
    for (size_t i = 0; i < t->delivery->column_count; i++) {
        const struct ArrowArray *a = batch->children[i];
        int64_t at = row + a->offset;
        put(t, "|", i > 0);
        if (is_missing(a, at))
            put(t, "-", 1);
        else
            put_value(t, &t->delivery->columns[i], a, at);
    }
    put(t, "\n", 1);
}

/* The columns as they are told: "amount<sum:3.2", and "!" for what is written as it is. */
static void put_columns(table *t)
{
    char text[300];
    for (size_t i = 0; i < t->delivery->column_count; i++) {
        const carpel_column *c = &t->delivery->columns[i];
        int size = snprintf(text, sizeof text, "%s%s<%s:%d.%" PRIu32 "%s",
                            i > 0 ? "|" : "", c->name, c->from ? c->from : "",
                            (int)c->type, c->scale, c->is_verbatim ? "!" : "");
        put(t, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
    }
    put(t, "\n", 1);
}

static bool check_schema(const table *t, struct ArrowArrayStream *rows, carpel_error *err)
{
    struct ArrowSchema schema;
    bool ok = rows->get_schema(rows, &schema) == 0 ||
              carpel_fail(err, CARPEL_E_PLUGIN, "there is no schema");
    if (!ok)
        return false;
    for (size_t i = 0; ok && i < t->delivery->column_count; i++)
        ok = strcmp(schema.children[i]->format,
                    carpel_type_format(t->delivery->columns[i].type)) == 0 ||
             carpel_fail(err, CARPEL_E_PLUGIN, "column %zu is \"%s\"", i,
                         schema.children[i]->format);
    schema.release(&schema);
    return ok;
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    table *t = instance;
    struct ArrowArray batch;
    int number = 0;
    tell(t, "write");
    if (!check_schema(t, rows, err))
        return false;
    put_columns(t);
    while (!t->host->is_cancelled(t->host)) {
        number = rows->get_next(rows, &batch);
        if (number != 0)
            return carpel_fail(err, carpel_error_code_of(number), "%s",
                               rows->get_last_error(rows));
        if (!batch.release)
            return true;
        for (int64_t i = 0; i < batch.length; i++)
            put_row(t, &batch, i + batch.offset);
        batch.release(&batch);
    }
    return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
}

/* ---- steps ------------------------------------------------------------------------ */

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const table_options *options = delivery->options;
    table *t = calloc(1, sizeof *t);
    if (!t)
        return carpel_fail(err, CARPEL_E_LIMIT, "there is no memory");
    t->host = host;
    t->delivery = delivery;
    t->is_told = options->is_told;
    if (!host->file_open(host, options->path, &t->file, err)) {
        free(t);
        return false;
    }
    tell(t, "begin");
    *instance = t;
    return true;
}

static bool prepare(void *instance, carpel_error *err)
{
    (void)err;
    tell(instance, "prepare");
    return true;
}

static bool commit(void *instance, carpel_error *err)
{
    (void)err;
    tell(instance, "commit");
    return true;
}

static void undo(void *instance)
{
    tell(instance, "abort");
}

static void close_table(void *instance)
{
    tell(instance, "close");
    free(instance);
}

static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const table_options *options = inquiry->options;
    (void)err;
    if (options->is_told)
        host->log(host, CARPEL_LOG_INFO, inquiry->name);
    return CARPEL_REACHED;
}

static const carpel_output output = {.struct_size = sizeof output,
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .abort = undo,
                                     .close = close_table,
                                     .check = check};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "table",
    .version = "1.0",
    .summary = "A line for each row.",
    .options_size = sizeof(table_options),
    .options = options_table,
    .output = &output,
};
