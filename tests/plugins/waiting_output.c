/* SPDX-License-Identifier: MIT
 *
 * An output that waits before it begins, for up to an hour: until it is asked to stop, unless it
 * IS_DEAF.
 */
#include <carpel/plugin.h>

#include <time.h>

typedef struct waiting_options {
    const char *path;
    double wait;
} waiting_options;

static const carpel_option options_table[] = {{.name = "path",
                                               .type = CARPEL_OPTION_OUTPUT_PATH,
                                               .offset = offsetof(waiting_options, path),
                                               .required = true,
                                               .help = "The file."},
                                              {.name = "wait",
                                               .type = CARPEL_OPTION_NUMBER,
                                               .offset = offsetof(waiting_options, wait),
                                               .minimum = 0,
                                               .maximum = 3600,
                                               .help = "Seconds."},
                                              {0}};

static carpel_file *file;

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const waiting_options *options = delivery->options;
    const struct timespec moment = {0, 10000000};
    *instance = (void *)host;
    for (double left = options->wait; left > 0; left -= 0.01) {
        if (!IS_DEAF && host->is_cancelled(host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        nanosleep(&moment, NULL);
    }
    return host->file_open(host, options->path, &file, err);
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    const carpel_host *host = instance;
    for (;;) {
        struct ArrowArray batch;
        if (host->is_cancelled(host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        if (rows->get_next(rows, &batch) != 0)
            return carpel_fail(err, CARPEL_E_SYSTEM, "%s", rows->get_last_error(rows));
        if (!batch.release)
            return true;
        batch.release(&batch);
    }
}

static void close_output(void *instance)
{
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .close = close_output};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,     .kind = CARPEL_OUTPUT,
    .name = "waiting",        .version = "1.0",
    .summary = "Waits.",      .options_size = sizeof(waiting_options),
    .options = options_table, .output = &output,
};
