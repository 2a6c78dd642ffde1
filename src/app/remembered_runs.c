/* SPDX-License-Identifier: MIT */
#include "app/remembered_runs.h"

#include <inttypes.h>
#include <stdio.h>

#include "app/say.h"
#include "app/session.h"
#include "report/terminal.h"
#include "value/value.h"

int runs_read(runs_session *s, const command_line *line)
{
    carpel_error err;
    run_folder_free(s->folder);
    s->folder = run_folder_open(session_directory(line), &err);
    return s->folder ? EXIT_GOOD : say_failure(&err);
}

void runs_warn(const runs_session *s)
{
    for (size_t i = 0; i < s->folder->count; i++)
        if (s->folder->items[i].damage)
            say_warning("%s", s->folder->items[i].damage);
}

bool runs_have(const runs_session *s, uint64_t number)
{
    if (run_folder_remembers(s->folder, number))
        return true;
    say_error("no run with the number %" PRIu64 " is remembered", number);
    say_hint("\"carpel runs\" lists those that are.");
    return false;
}

int runs_open(runs_session *s, const command_line *line)
{
    *s = (runs_session){.diags = diags_new()};
    s->engine = engine_open_rules(session_directory(line), s->diags);
    if (!s->engine) {
        session_print_diags(s->diags, line);
        return EXIT_NO_INPUT;
    }
    return runs_read(s, line);
}

void runs_close(runs_session *s)
{
    run_folder_free(s->folder);
    engine_close(s->engine);
    diags_free(s->diags);
}

void runs_append_time(const runs_session *s, int64_t instant, text *out)
{
    value_append_time(instant, engine_zone(s->engine), out);
}

void runs_write_time(const runs_session *s, const char *key, int64_t instant,
                     json_writer *w)
{
    text time;
    text_init(&time);
    runs_append_time(s, instant, &time);
    json_key(w, key);
    json_string(w, time.data);
    text_done(&time);
}

void runs_write_run(json_writer *w, const char *key, const remembered_run *r,
                    const zone *z)
{
    text at;
    json_key(w, key);
    if (!r) {
        json_null(w);
        return;
    }
    text_init(&at);
    value_append_time(r->as_of, z, &at);
    json_object_begin(w);
    json_key(w, "run");
    if (r->number > 0)
        json_int(w, (int64_t)r->number);
    else
        json_null(w);
    json_key(w, "as_of");
    json_string(w, at.data);
    json_object_end(w);
    text_done(&at);
}

void runs_append_table(const table *t, text *out)
{
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
}
