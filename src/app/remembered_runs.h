/* SPDX-License-Identifier: MIT
 *
 * remembered_runs -- what the commands about remembered runs do alike.
 */
#ifndef APP_REMEMBERED_RUNS_H
#define APP_REMEMBERED_RUNS_H

#include "app/command_line.h"
#include "engine/engine.h"
#include "report/json.h"
#include "report/table.h"
#include "runs/run_folder.h"

/* A project that is asked for its runs; its rules may be wrong. */
typedef struct runs_session {
    engine *engine;
    diags *diags;
    run_folder *folder;
} runs_session;

/* Returns the exit code. */
int runs_open(runs_session *s, const command_line *line);
void runs_close(runs_session *s);

/* Read the folder again, which has changed. Returns the exit code. */
int runs_read(runs_session *s, const command_line *line);

/* Warn of damaged runs. */
void runs_warn(const runs_session *s);

/* False: the user was told that no run with this number is remembered. */
bool runs_have(const runs_session *s, uint64_t number);

/* An instant in the project's zone. */
void runs_append_time(const runs_session *s, int64_t instant, text *out);
void runs_write_time(const runs_session *s, const char *key, int64_t instant,
                     json_writer *w);

/* Of a run its number and instant, the number null when it is not remembered; NULL: null. */
void runs_write_run(json_writer *w, const char *key, const remembered_run *r,
                    const zone *z);

/* A table without bars: in a pipe nothing is cut. */
void runs_append_table(const table *t, text *out);

#endif
