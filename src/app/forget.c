/* SPDX-License-Identifier: MIT
 *
 * `carpel forget`: people are taken out of all that carpel remembers.
 */
#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "report/table.h"

static void append_counted(text *out, uint64_t count, const char *one, const char *many)
{
    char buffer[28];
    text_append_format(out, "%s %s", format_count(count, buffer),
                       count == 1 ? one : many);
}

static int tell(const session *s, const engine_forgotten *gone)
{
    text out;
    text_init(&out);
    bool has_store = engine_store_path(s->engine) != NULL;
    text_append(&out, "forgotten at once: ");
    if (has_store) {
        append_counted(&out, gone->rows, "row", "rows");
        text_append(&out, " of the store, and places in ");
    } else {
        text_append(&out, "places in ");
    }
    append_counted(&out, gone->runs, "run", "runs");
    text_append(&out, has_store
                          ? "\nloads leave out what the sources still have of them\n"
                          : "\nthe next run reads what the sources still have of them\n");
    int code = say_result(&out);
    text_done(&out);
    return code;
}

int command_forget(const command_line *line)
{
    session s;
    carpel_error err;
    engine_forgotten gone;
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD &&
        !engine_forget(s.engine, (const char *const *)line->arguments, line->argument_count, &gone, &err))
        code = say_failure(&err);
    else if (code == EXIT_GOOD && !line->quiet)
        code = tell(&s, &gone);
    session_close(&s);
    return code;
}
