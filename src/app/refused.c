/* SPDX-License-Identifier: MIT
 *
 * `carpel refused`: the rows that were refused when the store was loaded.
 */
#include <inttypes.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "engine/refused_list.h"
#include "report/json.h"
#include "report/terminal.h"

typedef struct refused_output {
    text *out;
    json_writer json;
} refused_output;

/* "data/a.csv:7: REASON", and the line below it. */
static void append_row(void *context, const listed_row *row)
{
    text *out = ((refused_output *)context)->out;
    terminal_append_safe(out, slice_of(row->file));
    text_append_format(out, ":%" PRIu64 ": ", row->line);
    terminal_append_safe(out, slice_of(row->reason));
    if (row->count > 1)
        text_append_format(out, " (the first of %" PRIu64 " rows that are not listed)",
                           row->count);
    text_append_char(out, '\n');
    if (!row->text)
        return;
    text_append(out, "    ");
    terminal_append_safe(out, slice_of(row->text));
    text_append_char(out, '\n');
}

static void write_row(void *context, const listed_row *row)
{
    json_writer *w = &((refused_output *)context)->json;
    json_object_begin(w);
    json_key(w, "source");
    json_string(w, row->source);
    json_key(w, "file");
    json_string(w, row->file);
    json_key(w, "line");
    json_int(w, (int64_t)row->line);
    json_key(w, "reason");
    json_string(w, row->reason);
    json_key(w, "count");
    json_int(w, (int64_t)row->count);
    json_key(w, "text");
    json_string(w, row->text);
    json_object_end(w);
}

static bool append_all(const session *s, const command_line *line, text *out,
                       carpel_error *err)
{
    const char *source = line->argument_count > 0 ? line->arguments[0] : NULL;
    refused_output o = {.out = out};
    if (!line->json)
        return engine_list_refused(s->engine, source, append_row, &o, err);
    json_begin(&o.json, out);
    json_array_begin(&o.json);
    bool is_good = engine_list_refused(s->engine, source, write_row, &o, err);
    json_array_end(&o.json);
    json_end(&o.json);
    return is_good;
}

static int list(const session *s, const command_line *line)
{
    carpel_error err;
    text out;
    text_init(&out);
    int code = append_all(s, line, &out, &err) ? say_result(&out) : say_failure(&err);
    text_done(&out);
    return code;
}

int command_refused(const command_line *line)
{
    session s;
    int code = session_open_rules(&s, line);
    if (code == EXIT_GOOD)
        code = session_check_store(&s);
    if (code == EXIT_GOOD)
        code = list(&s, line);
    session_close(&s);
    return code;
}
