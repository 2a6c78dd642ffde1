/* SPDX-License-Identifier: MIT
 *
 * remembering -- what a run leaves for those that come after it, and what those before left
 * for its outputs.
 *
 *     remembering *m;                                        // with the project's lock
 *     remembering_begin(e, result, audiences, listener, &m, err) ...
 *     remembering_changes(m, "crm", &changes, err) ...       // of each output of changes
 *     remembering_put(m, files, err) ...                     // beside the outputs' files
 *     ...                                                    // all are in place
 *     remembering_prune(m);
 *     remembering_free(m);
 *
 * The run's file is put in place together with the outputs' files, so a run is remembered
 * exactly when its outputs are there. A run with the instant, the rules and the results of
 * the last one at that instant is that run, made again: it keeps its number, and each output
 * what it was compared with.
 */
#ifndef ENGINE_REMEMBERING_H
#define ENGINE_REMEMBERING_H

#include "base/placing.h"
#include "engine/audience.h"
#include "engine/deliveries.h"
#include "engine/engine.h"

typedef struct remembering remembering;

/* *out is NULL where runs are not remembered: the project says so, or the folder cannot be
 * written, which is noted. The latter is an error when an output tells changes. The engine,
 * result, audiences and listener outlive it. */
bool remembering_begin(const engine *e, const run_result *result,
                       const audiences *audiences, const engine_listener *listener,
                       remembering **out, carpel_error *err);

/* The same for a look at what would be written: nothing is made on the disk, and nothing may be put.
 * *out is NULL where runs are not remembered. */
bool remembering_foresee(const engine *e, const run_result *result,
                         const audiences *audiences, const engine_listener *listener,
                         remembering **out, carpel_error *err);

/* The run, as it would be remembered, and those before it. */
const remembered_run *remembering_run(const remembering *m);
const struct run_folder *remembering_folder(const remembering *m);

/* The changes for an output, and a note of what they are told against. *out lives as long as
 * `m`, which is not NULL. False when that run cannot be read. */
bool remembering_changes(remembering *m, const char *output, told_changes *out,
                         carpel_error *err);

/* All of these accept NULL, and do nothing then. */
bool remembering_put(const remembering *m, placing *files, carpel_error *err);

/* Is its file one more, and nothing replaced? Then it is in place, or not, by one renaming; what a killed run left
 * of it is removed by the next one, without a journal. */
bool remembering_adds(const remembering *m);
bool remembering_owns(const remembering *m, const char *path);

/* Remove runs that are too old, of those that were there before this one: the last of them
 * stays, and so do those that outputs were compared with. */
void remembering_prune(remembering *m);

void remembering_free(remembering *m);

#endif
