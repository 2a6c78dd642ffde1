/* SPDX-License-Identifier: MIT
 *
 * dictionary -- distinct byte strings, numbered 0, 1, 2, ... as they are first met.
 *
 *     dictionary *names = dictionary_new();
 *     uint32_t code = dictionary_add(names, "shoes", 5);
 *     slice text = dictionary_text(names, code);      // until the free
 *     dictionary_free(names);
 *
 * Hashes are XXH3 with a fixed seed, so runs repeat. Reading from several threads
 * is fine while nobody adds. Texts that lie in memory already (a mapped file) may stay there;
 * they are hashed when somebody looks for a text, and never when all just have codes.
 */
#ifndef BASE_DICTIONARY_H
#define BASE_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define DICTIONARY_NONE UINT32_MAX

typedef struct dictionary dictionary;

dictionary *dictionary_new(void);
void dictionary_free(dictionary *d);

/* The code of the text, added when it is new (the bytes are copied, any bytes are
 * fine). At most 2^32 - 2 texts: one more ends the process, as no memory does. */
uint32_t dictionary_add(dictionary *d, const char *data, size_t size);

/* Make room for so many more texts, where it is known how many come. */
void dictionary_reserve(dictionary *d, size_t count);

/* Append texts that lie one behind the other, each with a NUL, and stay there as long as the
 * dictionary. All differ, from each other and from those that it has. */
void dictionary_append_in_place(dictionary *d, const char *bytes, const uint32_t *sizes,
                                size_t count);

/* The same of texts that lie anywhere, each with a NUL behind it. */
void dictionary_append_texts(dictionary *d, const slice *texts, size_t count);

/* Append copies of all texts of another dictionary, none of which it has. */
void dictionary_append_copies(dictionary *d, const dictionary *from);

/* The code of a text for whoever asks once: where nobody looked for a text yet, all are gone through. */
uint32_t dictionary_find_once(const dictionary *d, const char *data, size_t size);

/* The codes of many texts, as dictionary_add gives them one after the other, but quicker in a
 * large dictionary. */
void dictionary_add_many(dictionary *d, const slice *texts, size_t count,
                         uint32_t *codes);

/* The code of the text, or DICTIONARY_NONE. */
uint32_t dictionary_find(const dictionary *d, const char *data, size_t size);

/* The codes of many texts, each as dictionary_find gives it, but quicker in a large dictionary. */
void dictionary_find_many(const dictionary *d, const slice *texts, size_t count,
                          uint32_t *codes);

/* The text of a code below dictionary_count(); NUL-ended in memory. The bytes stay
 * where they are until dictionary_free(). */
slice dictionary_text(const dictionary *d, uint32_t code);

/* The texts of many codes in any order, quicker in a large dictionary. */
void dictionary_texts(const dictionary *d, const uint32_t *codes, size_t count,
                      slice *out);

/* Make the index by which texts are found; the first that looks for one does so otherwise. Any thread
 * may, while others add and find. */
void dictionary_make_index(const dictionary *d);

/* Some texts are looked at next: their bytes are on the way then. */
void dictionary_expect(const dictionary *d, const uint32_t *codes, size_t count);

size_t dictionary_count(const dictionary *d);

/* About how much memory it takes. */
size_t dictionary_bytes(const dictionary *d);

/* A hash of all texts in the order of their codes: the same for dictionaries that hold the
 * same. */
uint64_t dictionary_fingerprint(const dictionary *d);

/* Put the first `count` codes in the order of their texts' bytes into out[count]. */
void dictionary_sort(const dictionary *d, size_t count, uint32_t *out);

#endif
