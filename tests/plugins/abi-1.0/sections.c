/* SPDX-License-Identifier: MIT
 *
 * A source of interface 1.0 with the helper for row after row, kept as it is: a section is a row, and
 * its name the field "section".
 */
#include <carpel/row_stream.h>

typedef struct ini_options {
    const char *file;
} ini_options;

static const carpel_option options_table[] = {
    {.name = "file",
     .type = CARPEL_OPTION_PATH,
     .offset = offsetof(ini_options, file),
     .required = true,
     .help = "The file to read."},
    {0}}; /* an option without a name ends the table */

typedef struct ini {
    carpel_row_stream stream;
    FILE *file;
    uint64_t line;
    char text[4096]; /* of the line */
} ini;

static bool read_line(ini *m)
{
    if (!fgets(m->text, sizeof m->text, m->file))
        return false;
    m->line++;
    m->text[strcspn(m->text, "\r\n")] = '\0';
    return true;
}

/* A section up to the empty line behind it. */
static bool read_row(carpel_row_stream *s, bool *is_end, carpel_error *err)
{
    ini *m = (ini *)s;
    (void)err;
    *is_end = !read_line(m);
    if (*is_end || m->text[0] != '[')
        return true;
    s->host->row_begin(s->rows, m->line);
    carpel_row_stream_set(s, "section", m->text + 1, strcspn(m->text + 1, "]"));
    while (read_line(m) && m->text[0] != '\0') {
        char *equals = strchr(m->text, '=');
        if (!equals) {
            s->host->row_refuse(s->rows, "a line is KEY=VALUE");
            continue;
        }
        *equals = '\0';
        carpel_row_stream_set(s, m->text, equals + 1, strlen(equals + 1));
    }
    s->host->row_end(s->rows);
    return true;
}

static void end(carpel_row_stream *s)
{
    fclose(((ini *)s)->file);
    free(s);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    const char *path = ((const ini_options *)request->options)->file;
    FILE *file = fopen(path, "r");
    ini *m = file ? calloc(1, sizeof *m) : NULL;
    if (!m)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot open \"%s\"", path);
    m->file = file;
    if (!carpel_row_stream_begin(&m->stream, host, request, read_row, end, out, err))
        return false;
    host->rows_begin_file(m->stream.rows, path);
    return true;
}

static const carpel_source source = {.struct_size = sizeof(carpel_source),
                                     .open = open_source};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "sections",
    .version = "1.0",
    .summary = "Sections of an ini-like file.",
    .options_size = sizeof(ini_options),
    .options = options_table,
    .source = &source,
};
