/* SPDX-License-Identifier: MIT
 *
 * joined_file -- a joined store (joined.h) in a section file: the tables of a part (part.h) whose rows
 * are those of joined people, and the ids that these have.
 *
 *     joined_content content = {.joined = joined, .links = links, .notes = notes};
 *     joined_file_write(path, &content, &identity, err);
 *     ...
 *     joined_file_read(f, glossary, schema, memory, &names, err); // beside the tables of the part
 *
 * People are numbered by their place. It holds nothing that could not be made anew of the parts, and its codes of texts are those of
 * the store. Texts of ids are not in it, but those that notes quote.
 */
#ifndef STORE_JOINED_FILE_H
#define STORE_JOINED_FILE_H

#include "store/glossary.h"
#include "store/joined.h"

typedef struct joined_content {
    const store *joined;      /* by place */
    const store_links *links; /* of the store whose people are joined */
    slice notes; /* what commands tell of the ids: lines, each with a NUL behind it */
} joined_content;

bool joined_file_write(const char *path, const joined_content *content,
                       section_file_identity *out, carpel_error *err);

/* The ids of joined people, as a store has them. */
typedef struct joined_names {
    size_t person_count;
    dictionary *persons; /* to be freed; its texts lie in the glossary */
    uint32_t *persons_of;
    slice notes; /* in the file */
} joined_names;

/* Of a file that was checked, but for its tables. */
bool joined_file_read(const section_file *f, glossary *g, const schema *s, arena *memory,
                      joined_names *out, carpel_error *err);

#endif
