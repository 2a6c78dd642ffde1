/* SPDX-License-Identifier: MIT
 *
 * kept_people -- people of many ids, as they are joined now, kept in the store for the next command.
 *
 * To join people takes longer than to judge them. The first command that reads a store after a
 * load joins them by the links that are known by now, and keeps them beside the parts; the next ones read
 * that instead. They are of use as long as neither the store nor what the project says about joining changes, and
 * each commit to the store drops them. Whoever cannot write them goes on as if they were not there.
 *
 *     if (!kept_people_fit(e, folder) || !kept_people_open(e, folder, names, err))
 *         e->store = store_open(...), kept_people_keep(e, folder, is_locked);
 */
#ifndef ENGINE_KEPT_PEOPLE_H
#define ENGINE_KEPT_PEOPLE_H

#include "engine/parts.h"
#include "store/store_folder.h"

/* Does the store, whose manifest was read, have the people of now? */
bool kept_people_fit(const engine *e, store_folder *f);

/* Let the engine have them. `sources` are all of the project. False: the folder is as it was, to be opened
 * without them; they are only a copy. */
bool kept_people_open(engine *e, store_folder *f, const char *const *sources,
                      carpel_error *err);

/* Has a commit overtaken what was read of the folder, so that it is to be read again? */
bool kept_people_are_overtaken(const store_folder *f);

/* Keep the people of the engine's store, which was opened of the folder; is the folder locked by us? Where
 * none have several ids nothing is kept. */
void kept_people_keep(engine *e, store_folder *f, bool is_locked);

#endif
