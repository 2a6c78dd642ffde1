/* SPDX-License-Identifier: MIT
 *
 * `carpel load`: bring the store of the project up to date, and tell what became of the rows
 * of each source.
 */
#include "app/commands.h"
#include "app/failures.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "report/table.h"
#include "report/terminal.h"

static void add_source(table *t, const engine_intake *i)
{
    char buffer[28];
    table_cell(t, i->source);
    table_cell(t, format_count(i->taken, buffer));
    table_cell(t, format_count(i->added, buffer));
    table_cell(t, format_count(i->skipped, buffer));
    table_cell(t, format_count(i->refused, buffer));
}

static int print_sources(const session *s)
{
    text out;
    text_init(&out);
    table *t = table_new();
    table_column(t, "source", TABLE_LEFT);
    table_column(t, "rows", TABLE_RIGHT);
    table_column(t, "new", TABLE_RIGHT);
    table_column(t, "skipped", TABLE_RIGHT);
    table_column(t, "refused", TABLE_RIGHT);
    for (size_t i = 0; i < engine_intake_count(s->engine); i++)
        add_source(t, engine_intake_of(s->engine, i));
    table_append(t, &out, terminal_width(stdout), terminal_has_utf8());
    table_free(t);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

int command_load(const command_line *line)
{
    session s;
    stop_begin();
    stop_promise("the store is as it was");
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = session_check_keeps(&s);
    if (code == EXIT_GOOD)
        code = session_load(&s, line);
    if (code == EXIT_GOOD && !line->quiet)
        code = print_sources(&s);
    if (code == EXIT_GOOD)
        failures_say_refused(s.engine);
    session_close(&s);
    return code;
}
