/* SPDX-License-Identifier: MIT
 *
 * source_states -- what has happened to each source since its rows were put into the store.
 *
 *     source_state *states = source_states_new(e);
 *     if (source_states_look(e, folder, states)) ... states[source].is_stale ...
 */
#ifndef ENGINE_SOURCE_STATES_H
#define ENGINE_SOURCE_STATES_H

#include "engine/cursors.h"
#include "ingest/meaning.h"
#include "store/store_folder.h"

/* What is known of a source before it is loaded. */
typedef struct source_state {
    bool is_stale;
    bool goes_on; /* what is loaded is put beside what there is */
    const char
        *why; /* it is loaded as a whole; NULL: it was never loaded, or is no file */
    const char *vanished;  /* a file that it was loaded from, or NULL */
    size_t vanished_count; /* such files */
    const char *copied;    /* one of these, of which another file is a copy ... */
    const char *copy;      /* ... which was loaded, too; or NULL */
    const char *doubt; /* a file may have changed, but cannot be loaded again; or NULL */
    bool resumes;      /* its plugin goes on by itself (carpel_resuming) */
    const char *position; /* where it was, in what is kept of it; NULL: nothing is */
    const char *told;     /* where it is after this load, to be acknowledged; or NULL */
    cursors *files;
    uint64_t meanings[MEANING_COUNT];
    uint64_t added; /* rows, by this load */
} source_state;

/* One a source of the project, and one more. Lives in the engine's memory. */
source_state *source_states_new(const engine *e);

/* Find out what is new of the sources; the folder has been read. True: something is. */
bool source_states_look(const engine *e, store_folder *f, source_state *states);

#endif
