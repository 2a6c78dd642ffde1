/* SPDX-License-Identifier: MIT
 *
 * `carpel sources`: which field of each source becomes what, and what is done to its texts before they
 * are read; or, for a privacy page, what is read, how long it is kept and who gets it. No data are read,
 * unless it is asked which values are changed.
 */
#include "app/changed_values.h"
#include "app/commands.h"
#include "app/ending.h"
#include "app/say.h"
#include "app/session.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"

static void add_row(void *context, const engine_field *f)
{
    table *t = context;
    table_cell(t, f->source);
    table_cell(t, f->name);
    table_cell(t, f->from);
    table_cell(t, f->type);
    table_cell(t, f->steps);
}

static void append_table(const engine *e, const char *source, text *out)
{
    static const char *const heads[] = {"source", "what", "field", "type", "steps"};
    table *t = table_new();
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        table_column(t, heads[i], TABLE_LEFT);
    engine_list_fields(e, source, add_row, t);
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
    table_free(t);
}

static void write_row(void *context, const engine_field *f)
{
    json_writer *w = context;
    const char *const parts[][2] = {{"source", f->source},
                                    {"what", f->name},
                                    {"field", f->from},
                                    {"type", f->type},
                                    {"steps", f->steps}};
    json_object_begin(w);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_key(w, parts[i][0]);
        json_string(w, parts[i][1]);
    }
    json_object_end(w);
}

static void append_json(const engine *e, const char *source, text *out)
{
    json_writer w;
    json_begin(&w, out);
    json_array_begin(&w);
    engine_list_fields(e, source, write_row, &w);
    json_array_end(&w);
    json_end(&w);
}

static int print_fields(engine *e, const command_line *line)
{
    const char *source = line->argument_count > 0 ? line->arguments[0] : NULL;
    if (source && !engine_has_source(e, source)) {
        fprintf(stderr, "carpel: no source is named \"%s\"\n", source);
        return EXIT_FAULT;
    }
    if (line->changed)
        return changed_values_print(e, source, line);
    text out;
    text_init(&out);
    if (line->json)
        append_json(e, source, &out);
    else
        append_table(e, source, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

static int print_explanation(const engine *e)
{
    text out;
    text_init(&out);
    engine_explain_use(e, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

int command_sources(const command_line *line)
{
    session s;
    if (line->explain && (line->json || line->changed || line->argument_count > 0)) {
        say_error("\"--explain\" is about the whole project, as a text");
        return EXIT_FAULT;
    }
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = line->explain ? print_explanation(s.engine) : print_fields(s.engine, line);
    session_close(&s);
    return code;
}
