/* SPDX-License-Identifier: MIT
 *
 * data_names -- what the data have names for, for hints on rules that cannot be read: which
 * word is an event, a trait, a property. Whoever reads rules without data passes NULL.
 *
 *     const char *event = data_event(names, "bought");    // "purchase", or NULL
 */
#ifndef LANG_DATA_NAMES_H
#define LANG_DATA_NAMES_H

#include "schema/schema.h"

typedef struct data_names {
    const schema *schema;
    name_index words; /* names of the data that are words of the language, too */
} data_names;

/* `names` belongs to the caller, and what it holds lives in `memory`. */
void data_names_init(data_names *names, const schema *s, arena *memory);

/* The kind of events that a word means: its name, nearly its name, or the name of the same
 * thing in other words, such as "bought" for "purchase"; or NULL. */
const char *data_event(const data_names *names, const char *word);

/* Do people have such a trait; do events of some kind have such a property? */
bool data_has_trait(const data_names *names, const char *word);
bool data_has_property(const data_names *names, const char *word);

/* The kind that alone goes by another word for `word`, or NULL. */
const char *schema_same_kind(const schema *s, const char *word);

/* The trait that is the time when people joined, if one is called so, or NULL. */
const char *schema_joining_trait(const schema *s);

/* Does the word say that people joined: registration, joined, signing up? */
bool is_word_for_joining(const char *word);

#endif
