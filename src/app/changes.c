/* SPDX-License-Identifier: MIT
 *
 * `carpel changes [NAME]`: who entered, left and moved between two remembered runs, or, with --to,
 * between two instants that are judged now.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/changed_people.h"
#include "app/commands.h"
#include "app/failures.h"
#include "app/names.h"
#include "app/remembered_runs.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "engine/instant_changes.h"

/* The two runs, and what is different. */
typedef struct comparison {
    remembered_run *before, *now; /* before NULL: there is none */
    run_changes *changes;
} comparison;

/* ---- which runs ------------------------------------------------------------------------ */

static bool is_number(const char *typed)
{
    return typed[0] != '\0' && typed[strspn(typed, "0123456789")] == '\0';
}

/* The number of the run up to a time; 0: the user was told that there is none. */
static uint64_t find_up_to(const runs_session *s, const char *typed, int *code)
{
    carpel_error err;
    int64_t instant;
    if (!engine_read_time(s->engine, typed, &instant, &err)) {
        say_failure(&err);
        say_hint("--since is the number of a run, too: \"carpel runs\" lists them.");
        *code = EXIT_BAD_USAGE;
        return 0;
    }
    const remembered_run *found = run_folder_up_to(s->folder, instant);
    if (found)
        return found->number;
    say_error("no run up to %s is remembered", typed);
    say_hint("\"carpel runs\" lists those that are; with --to, too, both instants are "
             "judged now, and no run is needed.");
    *code = EXIT_FAULT;
    return 0;
}

/* The number of the run to compare with; 0: none, or *code says that it failed. */
static uint64_t find_before(const runs_session *s, const remembered_run *now,
                            const char *since, int *code)
{
    const remembered_run *before = run_folder_before(s->folder, now);
    if (!since)
        return before ? before->number : 0;
    if (!is_number(since))
        return find_up_to(s, since, code);
    uint64_t number = strtoull(since, NULL, 10);
    if (runs_have(s, number))
        return number;
    *code = EXIT_FAULT;
    return 0;
}

static remembered_run *read_run(const runs_session *s, uint64_t number, int *code)
{
    carpel_error err;
    remembered_run *r = run_folder_read(s->folder, number, &err);
    if (!r)
        *code = say_failure(&err);
    return r;
}

/* What looks like an answer and is none: the latest run beside itself. */
static void warn_of_itself(const remembered_run *now, const char *since)
{
    say_warning("--since %s is run %" PRIu64
                ", the latest one itself: nothing can have changed since",
                since, now->number);
    say_hint("\"carpel runs\" lists earlier ones.");
}

static int compare(const runs_session *s, const char *since, comparison *out)
{
    int code = EXIT_GOOD;
    const remembered_run *now = run_folder_up_to(s->folder, INT64_MAX);
    if (!now) {
        say_error("no run is remembered yet");
        if (engine_keeps_runs(s->engine))
            say_hint("\"carpel run\" makes one; with --since and --to two instants are "
                     "judged now, and no run is needed.");
        else
            say_hint(
                "The project says \"keep_runs: none\": leave it out, and \"carpel run\" "
                "makes one. With --since and --to no run is needed.");
        return EXIT_FAULT;
    }
    uint64_t before = find_before(s, now, since, &code);
    if (since && before == now->number)
        warn_of_itself(now, since);
    if (code == EXIT_GOOD)
        out->now = read_run(s, now->number, &code);
    if (code == EXIT_GOOD && before > 0)
        out->before = read_run(s, before, &code);
    if (code == EXIT_GOOD)
        out->changes = run_changes_between(out->before, out->now);
    return code;
}

static int compare_runs(const command_line *line)
{
    runs_session s;
    int code = runs_open(&s, line);
    comparison c = {0};
    if (code == EXIT_GOOD) {
        runs_warn(&s);
        code = compare(&s, line->since, &c);
    }
    if (code == EXIT_GOOD)
        code = changed_people_print(
            &(changed_people){engine_zone(s.engine), c.before, c.now, c.changes}, line);
    run_changes_free(c.changes);
    remembered_run_free(c.before);
    remembered_run_free(c.now);
    runs_close(&s);
    return code;
}

/* ---- two instants ---------------------------------------------------------------------- */

static bool read_instant(const session *s, const char *option, const char *written,
                         int64_t *out)
{
    carpel_error err;
    if (engine_read_time(s->engine, written, out, &err))
        return true;
    say_failure(&err);
    say_hint("With --to, both are times such as 2026-05-01: %s is judged then.", option);
    return false;
}

static bool read_instants(const session *s, const command_line *line, int64_t *since,
                          int64_t *to)
{
    if (!read_instant(s, "--since", line->since, since) ||
        !read_instant(s, "--to", line->to, to))
        return false;
    if (*since < *to)
        return true;
    say_error("--since is not before --to");
    return false;
}

/* One rule alone is judged when it is named. */
static int choose_rule(const session *s, const command_line *line)
{
    if (line->argument_count == 0)
        return EXIT_GOOD;
    const char *name = line->arguments[0];
    if (!names_check_rule(s->engine, name))
        return EXIT_BAD_USAGE;
    return session_select_rule(s, name);
}

static int judge_both(session *s, const command_line *line, int64_t since, int64_t to)
{
    carpel_error err;
    instant_changes *c = session_changes(s, line, since, to, &err);
    if (!c)
        return say_failure(&err);
    int code = changed_people_print(
        &(changed_people){engine_zone(s->engine), c->before, c->now, c->changes}, line);
    failures_say_refused(s->engine);
    failures_say_missing(c->results[1]);
    instant_changes_free(c);
    return code;
}

static int compare_instants(const command_line *line)
{
    session s;
    int64_t since, to;
    stop_begin();
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD && !read_instants(&s, line, &since, &to))
        code = EXIT_BAD_USAGE;
    if (code == EXIT_GOOD)
        code = choose_rule(&s, line);
    if (code == EXIT_GOOD)
        code = session_read(&s, line);
    if (code == EXIT_GOOD)
        code = judge_both(&s, line, since, to);
    session_close(&s);
    return code;
}

/* ---- the command ----------------------------------------------------------------------- */

static int check_usage(const command_line *line)
{
    if (line->json && line->csv) {
        say_error("the options \"--json\" and \"--csv\" exclude each other");
        return EXIT_BAD_USAGE;
    }
    if (line->to && !line->since) {
        say_error("--to needs --since, the instant that it is compared with");
        say_hint("Who left vip in May: carpel changes vip --since 2026-05-01 --to "
                 "2026-06-01");
        return EXIT_BAD_USAGE;
    }
    return EXIT_GOOD;
}

int command_changes(const command_line *line)
{
    int code = check_usage(line);
    if (code != EXIT_GOOD)
        return code;
    return line->to ? compare_instants(line) : compare_runs(line);
}
