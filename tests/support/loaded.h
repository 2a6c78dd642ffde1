/* SPDX-License-Identifier: MIT
 *
 * loaded -- a world as a store on the disk that came about in many loads.
 *
 * The rows are split into sources and files; each load brings some files of one source, in no
 * order, so that rows come late; some sources were loaded otherwise before, and are loaded
 * again; and parts are put together in between. What comes of it has to be what one load of everything gives (world_store).
 */
#ifndef TESTS_LOADED_H
#define TESTS_LOADED_H

#include "support/world.h"

/* Loads drawn by the seed, into the folder, which is not there before and afterwards. The
 * caller frees the store. */
store *world_loaded_store(const world *w, const char *folder, uint64_t seed);

#endif
