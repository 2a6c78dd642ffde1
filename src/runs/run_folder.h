/* SPDX-License-Identifier: MIT
 *
 * run_folder -- the runs that a project remembers: .carpel/runs/00000012.run, a file a run.
 *
 *     run_folder *f = run_folder_open(directory, err);
 *     for (size_t i = 0; i < f->count; i++)            // heads, in the order of making
 *         ... f->items[i].head, or f->items[i].damage ...
 *     remembered_run *r = run_folder_read(f, 12, err);
 *     run_folder_forget_run(f, 12, err);               // 00000012.forgotten
 *     run_folder_free(f);
 *
 * Which run an output is compared with is chosen here, too. A run that somebody had forgotten is none any more, but for outputs:
 * what one took last is what it has, so its next changes are told against that, whatever the instant was. The file
 * also keeps the number from being given again.
 */
#ifndef RUNS_RUN_FOLDER_H
#define RUNS_RUN_FOLDER_H

#include "base/directory.h"
#include "base/error.h"
#include "runs/remembered.h"

typedef struct run_entry {
    uint64_t number;
    char *path;
    remembered_run *head;         /* NULL: it cannot be read, or is forgotten */
    char *damage;                 /* why it cannot be read, or NULL */
    remembered_run *taken;        /* of one that is forgotten, unless it cannot be read */
    const remembered_run *before; /* as run_folder_before says */
} run_entry;

typedef struct run_folder {
    char *path;
    run_entry *items; /* by number */
    size_t count, capacity;
    path_list
        aside; /* files that were not put in place: of killed runs, or of one that goes on */
} run_folder;

/* `project` is the project's folder; where it has no folder of runs, there are none. NULL when
 * one cannot be read, which is not the same as damage. */
run_folder *run_folder_open(const char *project, carpel_error *err);
void run_folder_free(run_folder *f); /* accepts NULL */

/* Remove what killed runs have left. Only while nobody else can be writing a run: with the lock of the outputs, since
 * before the folder was opened. False: something could not be removed. */
bool run_folder_remove_aside(run_folder *f, carpel_error *err);

/* Where the run of that number is, or will be; release with memory_free. */
char *run_folder_file(const run_folder *f, uint64_t number);

/* The number of the next run. */
uint64_t run_folder_next(const run_folder *f);

/* Is it there, forgotten or not? Is it there and not forgotten? */
bool run_folder_has(const run_folder *f, uint64_t number);
bool run_folder_remembers(const run_folder *f, uint64_t number);

/* NULL: there is none, or it is damaged (*err says which, when it is needed). */
remembered_run *run_folder_read(const run_folder *f, uint64_t number, carpel_error *err);

/* *is_kept: there is a file of this run, whole, and what would be written of it now. False: the
 * file cannot be read, and err says why. */
bool run_folder_keeps(const run_folder *f, const remembered_run *run, bool *is_kept,
                      carpel_error *err);

/* The last run made of those at an instant; the last made of the latest instant up to one.
 * NULL: none. */
const remembered_run *run_folder_at(const run_folder *f, int64_t as_of);
const remembered_run *run_folder_up_to(const run_folder *f, int64_t as_of);

/* The same before one: of the latest instant that is earlier, or the same and made before. */
const remembered_run *run_folder_before(const run_folder *f, const remembered_run *run);

/* What an output is compared with at an instant: the last run up to it that it took, or a forgotten one if that
 * is what it took last, not counting those at an instant before another one that it had taken, nor those numbered
 * `before` and up. NULL: it took none. */
const remembered_run *run_folder_baseline(const run_folder *f, const char *output,
                                          int64_t as_of, uint64_t before);

/* A run at a later instant that the output has taken, not counting those numbered `before` and up,
 * or NULL. */
const remembered_run *run_folder_later(const run_folder *f, const char *output,
                                       int64_t as_of, uint64_t before);

/* The first that is damaged, or NULL. */
const run_entry *run_folder_damaged(const run_folder *f);

/* Forget one; the folder is to be opened anew then. On success this is on the disk. Only with the lock of the outputs. */
bool run_folder_forget_run(const run_folder *f, uint64_t number, carpel_error *err);

/* Remove the runs made before an instant and the forgotten ones, but for the newest and those with which one of
 * the outputs is to be compared next, or was last. Returns how many; what cannot be removed
 * stays. */
size_t run_folder_prune(run_folder *f, int64_t made_before, const char *const *outputs,
                        size_t output_count);

#endif
