/* SPDX-License-Identifier: MIT
 *
 * forgotten_file -- whom a store has to forget, in a file beside its folder: who removes a store,
 * because it is damaged or to be made anew, does not take back what people have asked for.
 *
 *     carpel forgotten 1
 *     key 5a1f...
 *     forgotten 77c0...       once for each
 *     checksum 0123456789abcdef
 *
 * The file of ".carpel/store" is ".carpel/store.forgotten". It is replaced as a whole, and on the
 * disk when writing returns.
 */
#ifndef STORE_FORGOTTEN_FILE_H
#define STORE_FORGOTTEN_FILE_H

#include "store/forgotten.h"

/* Add whom the file has, if there is one, to whom the manifest of the store has, which have the same
 * key; *count is how many the file has. CARPEL_E_INPUT: it is damaged, or that of another store. */
bool forgotten_file_read(const char *store, forgotten *f, size_t *count,
                         carpel_error *err);

bool forgotten_file_write(const char *store, const forgotten *f, carpel_error *err);

#endif
