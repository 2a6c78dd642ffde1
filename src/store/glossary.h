/* SPDX-License-Identifier: MIT
 *
 * glossary -- the dictionaries of a store on the disk, by name.
 *
 * Codes of texts are the same in all parts of a store, and stay the same for ever: texts are
 * only added. The dictionary GLOSSARY_PEOPLE numbers the people; that of a column has the name
 * of the column (part.h). What each load adds is a file of its own.
 *
 *     glossary *g = glossary_new();
 *     for each file of texts in the manifest, in order:
 *         glossary_read(g, file, err);
 *     uint32_t code = dictionary_add(glossary_get(g, "purchase/item"), "hat", 3);
 *     if (glossary_has_new(g))
 *         glossary_write(g, writer);          // only what was added since
 *     glossary_free(g);
 */
#ifndef STORE_GLOSSARY_H
#define STORE_GLOSSARY_H

#include "base/dictionary.h"
#include "store/section_file.h"
#include "store/section_writer.h"

#define GLOSSARY_PEOPLE "people"

typedef struct glossary glossary;

glossary *glossary_new(void);
void glossary_free(glossary *g); /* accepts NULL */

/* The dictionary of this name, made when it is not there; it lives as long as `g`. */
dictionary *glossary_get(glossary *g, const char *name);

/* Append the texts of a file, whose sections were checked; they stay in it, and it goes over
 * to the glossary. CARPEL_E_INPUT when they do not follow those that are there. */
bool glossary_read(glossary *g, section_file *f, carpel_error *err);

/* What was read counts as new, too. */
void glossary_write_all(glossary *g);

bool glossary_has_new(const glossary *g);
void glossary_write(glossary *g, section_writer *w);

#endif
