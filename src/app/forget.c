/* SPDX-License-Identifier: MIT
 *
 * `carpel forget`: people are taken out of all that carpel remembers.
 */
#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "report/table.h"
#include "report/terminal.h"

/* Outputs tell of nobody who is forgotten, not even that they left. */
static void append_outputs(const engine *e, text *out)
{
    size_t count = engine_output_count(e);
    if (count == 0)
        return;
    text_append(out, "not forgotten is what was delivered to ");
    for (size_t i = 0; i < count; i++) {
        text_append(out, i == 0 ? "\"" : i + 1 == count ? " and \"" : ", \"");
        terminal_append_safe(out, slice_of(engine_output_name(e, i)));
        text_append_char(out, '"');
    }
    text_append(out, ": remove them there by hand, no change tells that they left\n");
}

static int tell(const session *s, const engine_forgotten *gone)
{
    text out;
    text_init(&out);
    bool has_store = engine_store_path(s->engine) != NULL;
    text_append(&out, "forgotten at once: ");
    if (has_store) {
        format_append_counted(gone->rows, "row", "rows", &out);
        text_append(&out, " of the store, and places in ");
    } else {
        text_append(&out, "places in ");
    }
    format_append_counted(gone->runs, "run", "runs", &out);
    text_append(&out, has_store
                          ? "\nloads leave out what the sources still have of them\n"
                          : "\nthe next run reads what the sources still have of them\n");
    append_outputs(s->engine, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

/* Whoever mistypes an id is to see that nobody was forgotten. */
static int tell_unknown(const session *s, const engine_forgotten *gone)
{
    bool has_store = engine_store_path(s->engine) != NULL;
    for (size_t i = 0; i < gone->unknown_count; i++) {
        say_error(has_store
                      ? "nobody in the data has the id \"%s\": who gets it is kept out "
                        "from now on"
                      : "no remembered run has the id \"%s\"",
                  gone->unknown[i]);
        if (gone->questions[i])
            say_hint("%s", gone->questions[i]);
    }
    return gone->unknown_count > 0 ? EXIT_FAULT : EXIT_GOOD;
}

static bool has_empty_id(const command_line *line)
{
    for (size_t i = 0; i < line->argument_count; i++)
        if (line->arguments[i][0] == '\0')
            return true;
    return false;
}

static int forget(const session *s, const command_line *line)
{
    carpel_error err;
    engine_forgotten gone;
    if (!engine_forget(s->engine, (const char *const *)line->arguments,
                       line->argument_count, &gone, &err))
        return say_failure(&err);
    int code = line->quiet ? EXIT_GOOD : tell(s, &gone);
    return code == EXIT_GOOD ? tell_unknown(s, &gone) : code;
}

int command_forget(const command_line *line)
{
    session s;
    if (has_empty_id(line)) {
        say_error("an id of a person has to have a character");
        return EXIT_BAD_USAGE;
    }
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = forget(&s, line);
    session_close(&s);
    return code;
}
