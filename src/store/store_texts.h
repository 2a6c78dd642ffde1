/* SPDX-License-Identifier: MIT
 *
 * store_texts -- what was found out about the texts of a store, kept from run to run: what
 * tests say of them, their codes in a common dictionary, the order of versions.
 *
 * It grows for texts that came later, and for what was not asked before. It belongs to a
 * store and dies with it; others may hold it longer (ref, unref), but not ask any more. One
 * thread adds; answers of text tables may be found by any.
 *
 *     text_table *t = store_texts_table(texts, column->dictionary, &test);
 *     const text_codes *c = store_texts_translate(texts, column->dictionary);
 */
#ifndef STORE_STORE_TEXTS_H
#define STORE_STORE_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/dictionary.h"
#include "store/text_table.h"

typedef struct store_texts store_texts;

/* The codes of the texts of one dictionary in another one; DICTIONARY_NONE: not there. */
typedef struct text_codes {
    const dictionary *from, *to;
    uint32_t *codes;                  /* by code of `from` */
    size_t count, capacity, to_count; /* texts of each that are looked at */
} text_codes;

/* The places of the versions of the common dictionary, equal ones have one; by code. It
 * stays as it is: for more texts there is another. */
typedef struct version_order {
    size_t users;
    size_t count;
    uint32_t *places;
} version_order;

store_texts *store_texts_new(void);
store_texts *store_texts_ref(store_texts *t);
void store_texts_unref(store_texts *t); /* accepts NULL */

/* The table of a test over a dictionary, to be prepared; made at the first call. */
text_table *store_texts_table(store_texts *t, const dictionary *texts,
                              const text_test *test);

/* Texts of all dictionaries that have to meet, and names of weekdays. */
dictionary *store_texts_common(store_texts *t);
const dictionary *store_texts_weekdays(store_texts *t);

/* The codes of all texts of a dictionary in the common one, where they are added; in one
 * that does not change. They stay where they are, and are brought up to date by the next
 * call. */
const text_codes *store_texts_translate(store_texts *t, const dictionary *from);
const text_codes *store_texts_find(store_texts *t, const dictionary *from,
                                   const dictionary *to);

/* The order of all versions in the common dictionary, to be released. */
version_order *store_texts_versions(store_texts *t);
void version_order_unref(version_order *v); /* accepts NULL */

/* Forget all about a dictionary that goes before the store. */
void store_texts_forget(store_texts *t, const dictionary *d);

#endif
