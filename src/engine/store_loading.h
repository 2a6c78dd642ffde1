/* SPDX-License-Identifier: MIT
 *
 * store_loading -- one load into the store, while it is at work: what it knows of the sources, and
 * taking the rows of one of them.
 */
#ifndef ENGINE_STORE_LOADING_H
#define ENGINE_STORE_LOADING_H

#include "engine/source_states.h"

typedef struct store_loading {
    engine *engine;
    const engine_load_options *options;
    store_folder *folder;
    bool is_locked, has_changed;
    bool starts_over;     /* a source has to be read as a whole after all */
    source_state *states; /* by source */
} store_loading;

void store_loading_note(const store_loading *r, const char *message);

/* Read what is new of a source, and put it beside what there is of it, or in its place. When a row
 * turns out to stand before one that was taken with its id, nothing is kept, and the source is to
 * be read as a whole: all start over. */
bool store_loading_take(store_loading *r, size_t source, carpel_error *err);

/* What became of the rows of a source when it was loaded. */
bool store_loading_repeat(store_loading *r, size_t source, carpel_error *err);

#endif
