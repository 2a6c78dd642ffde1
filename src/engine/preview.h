/* SPDX-License-Identifier: MIT
 *
 * preview -- what a run would send to each output, and what would be another thing than in the run
 * before. Nothing is written, and the run is not remembered.
 *
 *     preview *p = engine_preview(e, result, &listener, &err);
 *     for (size_t i = 0; i < p->output_count; i++) ... p->outputs[i].rows ...
 *     preview_free(p);
 */
#ifndef ENGINE_PREVIEW_H
#define ENGINE_PREVIEW_H

#include "engine/engine.h"
#include "runs/run_changes.h"

typedef struct output_preview {
    const char *name, *plugin;
    bool is_changes;
    uint64_t rows;               /* that it would be given */
    const run_changes *changes;  /* of an output of changes: what they tell; else NULL */
    const remembered_run *since; /* and against what; NULL: the output has taken no run */
    const char
        *losses; /* what is withheld of it or cannot be told of people, a line each */
    const char
        *refusal; /* why a run would stop there (`most_changes`); NULL: it would not */
} output_preview;

typedef struct preview {
    output_preview *outputs; /* in the order of the project */
    size_t output_count;
    run_changes *changes;   /* since the run before; NULL: runs are not remembered */
    remembered_run *before; /* or NULL: there is none */
    bool has_later;         /* runs of later instants are remembered */
    struct remembering *run;
    struct audiences *audiences;
    arena *memory;
} preview;

/* Engine, result and listener outlive it; the engine was opened with its outputs. NULL: *err is
 * filled. */
preview *engine_preview(engine *e, const run_result *result,
                        const engine_listener *listener, carpel_error *err);
void preview_free(preview *p); /* accepts NULL */

#endif
