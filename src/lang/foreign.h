/* SPDX-License-Identifier: MIT
 *
 * foreign -- words of other languages and tools, and what is written here instead.
 *
 *     const foreign_word *word = foreign_find("und", NULL);    // word->ours is "and"
 *     word = foreign_find("less than", word);                  // another meaning, or NULL
 */
#ifndef LANG_FOREIGN_H
#define LANG_FOREIGN_H

#include <stdbool.h>

typedef struct foreign_word {
    const char *word, *ours;
} foreign_word;

/* The first row of the table behind `after` (NULL: of all) with this word, whatever the
 * case of its letters. */
const foreign_word *foreign_find(const char *name, const foreign_word *after);

/* What is written instead when a unit of time, a function, or a value is meant, or NULL. */
const char *foreign_unit(const char *name);
const char *foreign_function(const char *name);
const char *foreign_value(const char *name);

#endif
