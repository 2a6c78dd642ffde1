/* SPDX-License-Identifier: MIT
 *
 * session -- what the commands that need the rules do alike: open the project, compile,
 * read the data with progress, judge.
 *
 *     session s;
 *     int code = session_open(&s, line);           // compiled; messages are printed
 *     if (code == EXIT_GOOD)
 *         code = session_judge(&s, line);          // s.result is there
 *     ...
 *     session_close(&s);                           // always
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include <stdint.h>

#include "app/command_line.h"
#include "base/directory.h"
#include "engine/engine.h"
#include "report/progress.h"

typedef struct session {
    diags *diags;
    engine *engine;
    run_result *result; /* after session_judge */
    int64_t as_of;
    double begin_seconds; /* of clock_monotonic_seconds */
    double compile_seconds, read_seconds, judge_seconds, write_seconds; /* they took */
    progress *progress;
    char **notes; /* what sources say, printed when the bar is gone */
    size_t note_count, note_capacity, notes_printed;
    path_list *said; /* notes that are not said again, also of other sessions; or NULL */
} session;

/* The score that --value makes, beside the rules of the project. */
#define SESSION_VALUE "value_of_audit"

/* Read the project of the line without compiling its rules; release with project_free. Returns the
 * exit code, and has told what is wrong; then *out is NULL. */
int session_open_project(const command_line *line, project **out);

/* Open and compile the project of the line. */
int session_open(session *s, const command_line *line);

/* The same for what writes no outputs. */
int session_open_sources(session *s, const command_line *line);

/* The same with rules that stand in no file; messages call them by `name`. */
int session_open_with(session *s, const command_line *line, const char *name,
                      const char *rules);

/* The same for what needs no data: sources and outputs stay as they are. */
int session_open_rules(session *s, const command_line *line);

/* Keep to the rules of --select and --exclude. Returns the exit code; mistakes are told. */
int session_select(const session *s, const command_line *line);

/* The same where the arguments of the line are terms of a selection, too. */
int session_select_arguments(const session *s, const command_line *line);

/* The rules that these terms name, by the number of their declaration; all are judged all the same.
 * Without terms *chosen is left alone. Returns the exit code; mistakes are told. */
int session_choose(const session *s, const command_line *line, const bool **chosen);

/* Keep to the rule that has this name, or the group in it ("lifecycle.active"). */
int session_select_rule(const session *s, const char *path);

/* Does the line choose among the rules? */
bool line_selects(const command_line *line);

/* Does the project keep a store? Returns the exit code, and has said why not. */
int session_check_keeps(const session *s);

/* ... and is it there? Returns the exit code, and has said why not. */
int session_check_store(const session *s);

/* Put right what a killed run left of the project's outputs. */
int session_recover(session *s, const command_line *line);

/* Load what is new into the store. */
int session_load(session *s, const command_line *line);

/* Read all sources and judge everyone at --as-of. */
int session_judge(session *s, const command_line *line);

/* Read all sources and choose the instant, but judge nobody. */
int session_read(session *s, const command_line *line);

/* After session_read: a note when all events are over before any window begins at `instant`, which
 * `option` ("--as-of") chooses. session_judge, session_history and session_changes tell it by themselves. */
void session_note_instant(session *s, const command_line *line, int64_t instant,
                          const char *option);

/* Judge everyone at each instant, after session_read. NULL: *err is filled. */
struct history *session_history(session *s, const command_line *line,
                                const int64_t *instants, size_t count, carpel_error *err);

/* Who entered and left between two instants, after session_read. NULL: *err is filled. */
struct instant_changes *session_changes(session *s, const command_line *line,
                                        int64_t since, int64_t to, carpel_error *err);

/* Judge what differs between two sets of rules, after session_read of the new one. */
struct comparison;
int session_compare(session *s, const command_line *line, struct comparison *c);

/* Look into everybody's memberships, after session_judge. NULL: *err is filled. */
struct audit *session_audit(session *s, const command_line *line, carpel_error *err);

/* Write the outputs of the project. */
int session_write(session *s, const command_line *line);

void session_close(session *s);

/* Print the messages: all of them when there are errors, else warnings unless --quiet. */
void session_print_diags(const diags *d, const command_line *line);

/* The project's folder. */
const char *session_directory(const command_line *line);

/* Has that folder a carpel.yaml? */
bool session_has_project(const command_line *line);

#endif
