/* SPDX-License-Identifier: MIT
 *
 * loaded -- a project with its data, for programs that measure.
 *
 *     loaded l;
 *     bool is_loaded = loaded_open(&l, "shop", "2026-01-01");     // says why not
 *     ... l.engine, l.as_of ...
 *     loaded_close(&l);                                          // also when it failed
 */
#ifndef BENCH_LOADED_H
#define BENCH_LOADED_H

#include "engine/engine.h"

typedef struct loaded {
    engine *engine;
    int64_t as_of;
    diags *notes;
} loaded;

bool loaded_open(loaded *l, const char *project, const char *as_of);
void loaded_close(loaded *l);

/* Says on standard error what is wrong; returns the exit code 1. */
int complain(const char *message);

#endif
