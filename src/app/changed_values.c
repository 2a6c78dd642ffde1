/* SPDX-License-Identifier: MIT
 *
 * A line a value, in the order of the files; more than the limit says are counted.
 */
#include "app/changed_values.h"

#include <inttypes.h>

#include "app/say.h"
#include "engine/changed_values.h"
#include "report/json.h"
#include "report/terminal.h"

typedef struct change_output {
    text *out;
    json_writer *json; /* NULL: as text */
} change_output;

static void append_quoted(text *out, slice s)
{
    text_append_char(out, '"');
    terminal_append_safe(out, s);
    text_append_char(out, '"');
}

/* "sales.csv:2: amount "1.070,10" is "1070.10" (thousands, decimal)" */
static void append_value(text *out, const changed_value *v)
{
    terminal_append_safe(out, slice_of(v->file));
    text_append_format(out, ":%" PRIu64 ": %s ", v->line, v->field);
    append_quoted(out, v->before);
    text_append(out, v->is_refused ? " cannot be read"
                     : v->after    ? " is "
                                   : " is missing");
    if (v->after)
        append_quoted(out, slice_of(v->after));
    for (size_t i = 0; i < v->step_count; i++)
        text_append_format(out, "%s%s", i == 0 ? " (" : ", ", v->steps[i]);
    text_append(out, ")\n");
}

static void write_value(json_writer *w, const changed_value *v)
{
    json_object_begin(w);
    json_key(w, "source");
    json_string(w, v->source);
    json_key(w, "file");
    json_string(w, v->file);
    json_key(w, "line");
    json_int(w, (int64_t)v->line);
    json_key(w, "field");
    json_string(w, v->field);
    json_key(w, "before");
    json_string(w, v->before.data);
    json_key(w, "after");
    json_string(w, v->after);
    json_key(w, "refused");
    json_bool(w, v->is_refused);
    json_key(w, "steps");
    json_array_begin(w);
    for (size_t i = 0; i < v->step_count; i++)
        json_string(w, v->steps[i]);
    json_array_end(w);
    json_object_end(w);
}

static void add_value(void *context, const changed_value *v)
{
    const change_output *o = context;
    if (o->json)
        write_value(o->json, v);
    else
        append_value(o->out, v);
}

static bool append_all(engine *e, const char *source, bool is_json, text *out,
                       carpel_error *err)
{
    json_writer w;
    change_output o = {out, is_json ? &w : NULL};
    uint64_t more = 0;
    if (is_json) {
        json_begin(&w, out);
        json_array_begin(&w);
    }
    bool is_good = engine_list_changed(e, source, add_value, &o, &more, err);
    if (is_json) {
        json_array_end(&w);
        json_end(&w);
    }
    if (more > 0)
        say_note("%" PRIu64 " more values are not listed (limits: refused_list_rows)",
                 more);
    return is_good;
}

int changed_values_print(engine *e, const char *source, const command_line *line)
{
    carpel_error err;
    text out;
    text_init(&out);
    int code = append_all(e, source, line->json, &out, &err) ? say_result(&out)
                                                             : say_failure(&err);
    text_done(&out);
    return code;
}
