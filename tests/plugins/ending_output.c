/* SPDX-License-Identifier: MIT
 *
 * An output that writes a file of the host's and does WHAT in its function WHERE.
 */
#include <carpel/plugin.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct ending_options {
    const char *path;
} ending_options;

static const carpel_option options_table[] = {{.name = "path",
                                               .type = CARPEL_OPTION_OUTPUT_PATH,
                                               .offset = offsetof(ending_options, path),
                                               .required = true,
                                               .help = "The file."},
                                              {0}};

static carpel_file *file;

static bool does_at(const char *function)
{
    return strcmp(WHERE, function) != 0 || (WHAT);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    const ending_options *options = delivery->options;
    *instance = NULL;
    return host->file_open(host, options->path, &file, err) &&
           host->file_write(file, "today\n", 6) && does_at("begin");
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    return does_at("write");
}

static bool prepare(void *instance, carpel_error *err)
{
    return does_at("prepare");
}

static bool commit(void *instance, carpel_error *err)
{
    return does_at("commit");
}

static void close_output(void *instance)
{
    (void)does_at("close");
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .close = close_output};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "ending",
    .version = "1.0",
    .summary = "Wrong on purpose.",
    .options_size = sizeof(ending_options),
    .options = options_table,
    .output = &output,
};
