/* SPDX-License-Identifier: MIT
 *
 * load_partitions -- the partitions of a source that goes on where it was, read side by side.
 *
 *     partitions_load p = {.engine = e, .source = s, .host = host, ...};
 *     ok = engine_load_partitions(&p, loader, &err);
 *
 * All rows are taken or the load fails, whichever partition it was that failed.
 */
#ifndef ENGINE_LOAD_PARTITIONS_H
#define ENGINE_LOAD_PARTITIONS_H

#include "engine/parts.h"
#include "engine/retrying.h"

typedef struct partitions_load {
    engine *engine;
    const engine_source *source;
    plugin_host *host; /* to which all messages go */
    const carpel_request *request;
    size_t threads; /* 0: one a processor */
    retrying *again;
    bool has_cursors; /* it is to be known where it is: */
    char *cursor;     /* where at the end; the caller frees it */
    bool can_go_on;   /* nothing of it was read, so that it may be tried again */
} partitions_load;

/* The plugin has partitions (guarded_partitioning). */
bool engine_load_partitions(partitions_load *p, loader *l, carpel_error *err);

#endif
