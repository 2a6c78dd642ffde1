/* SPDX-License-Identifier: MIT
 *
 * open_store -- a store out of the files that a folder (store_folder.h) names.
 *
 *     store *s = store_open(folder, schema, names, count, NULL, err);
 *     ...
 *     store_free(s);
 *
 * Where the people of many ids were kept joined, they are opened in the place of the parts, which are
 * read only when somebody asks for them:
 *
 *     store *joined = store_open_joined(folder, schema, names, count, &notes, err);
 *     const store *loaded = store_open_parts(joined, err);          // lives as long as `joined`
 */
#ifndef STORE_OPEN_STORE_H
#define STORE_OPEN_STORE_H

#include "store/assemble.h"
#include "store/store_folder.h"

/* Open and check the parts of the sources with these names, in the project's order; others are
 * left alone. Tables that are not wanted (NULL: all are) are neither checked nor read, and have no rows. The
 * texts go over to the store: nothing can be added to `f` after. NULL: err is filled. */
store *store_open(store_folder *f, const schema *s, const char *const *sources,
                  size_t count, const wanted_tables *wanted, carpel_error *err);

/* The same of the people who are kept joined, which the manifest has to name. `*notes` are those that were kept
 * with them; they live as long as the store. NULL: `f` is as it was, for store_open(). */
store *store_open_joined(store_folder *f, const schema *s, const char *const *sources,
                         size_t count, slice *notes, carpel_error *err);

/* The store of the parts, of whose people a store of store_open_joined() is made: checked and read by the first
 * call. It is released with that. NULL: err is filled. */
store *store_open_parts(store *joined, carpel_error *err);

#endif
