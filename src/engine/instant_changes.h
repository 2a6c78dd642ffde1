/* SPDX-License-Identifier: MIT
 *
 * instant_changes -- who entered, left and moved between two instants, by the rules of now.
 *
 *     instant_changes *c = engine_changes(e, since, to, threads, &listener, &err);
 *     const rule_changes *vip = run_changes_find(c->changes, "vip");
 *     ... vip->entered, vip->left, vip->rows ...
 *     instant_changes_free(c);
 *
 * Everybody is judged at both instants, as a run of then would have judged them, and the two are
 * compared as remembered runs are (runs/run_changes.h). No run has to be remembered.
 */
#ifndef ENGINE_INSTANT_CHANGES_H
#define ENGINE_INSTANT_CHANGES_H

#include "engine/engine.h"
#include "runs/run_changes.h"

typedef struct instant_changes {
    remembered_run *before, *now; /* their numbers are 0: nobody remembers them */
    run_changes *changes;
    run_result *results[2]; /* whose texts all of it has */
} instant_changes;

/* `since` is before `to`. The engine is loaded, and outlives it. NULL: *err is filled, as by
 * engine_run. */
instant_changes *engine_changes(engine *e, int64_t since, int64_t to, size_t threads,
                                const engine_listener *listener, carpel_error *err);
void instant_changes_free(instant_changes *c); /* accepts NULL */

#endif
