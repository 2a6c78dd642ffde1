/* SPDX-License-Identifier: MIT
 *
 * id_kind -- the kinds of ids that people have (id_kinds.def), and texts that stand where
 * an id is not known.
 *
 *     id_kind kind;
 *     if (id_kind_find("email", &kind) && !id_is_none(text)) ...
 */
#ifndef VALUE_ID_KIND_H
#define VALUE_ID_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* The strongest first. */
typedef enum id_kind {
#define X(ID, name, most, what) ID_##ID,
#include "value/id_kinds.def"
#undef X
    ID_KIND_COUNT
} id_kind;

extern const char *const id_kind_names[]; /* by id_kind */

/* How many other ids may be linked with one of the kind, when the project says nothing. */
extern const uint32_t id_kind_most[];

bool id_kind_find(const char *name, id_kind *out);

/* "user, email, phone, device, cookie" */
void id_kind_append_all(text *out);

enum { ID_LONGEST_WORD = 15 }; /* of those that stand for no id */

/* May it be such a word, or nothing but zeros and signs? Of most ids one look at either end tells that it is not: no
 * word ends in a digit. */
static inline bool id_may_be_none(slice s)
{
    if (s.size == 0)
        return true;
    unsigned char first = (unsigned char)s.data[0],
                  last = (unsigned char)s.data[s.size - 1];
    bool is_over =
        (last >= '0' && last <= '9') || (s.size > ID_LONGEST_WORD && last > ' ');
    return first <= '0' || !is_over;
}

/* The same for one that may be. */
bool id_stands_for_none(slice s);

/* Is it what programs write when they know no id: nothing but zeros and signs, "null",
 * "undefined" and the like, in any case, with blanks at either end? */
static inline bool id_is_none(slice s)
{
    return id_may_be_none(s) && id_stands_for_none(s);
}

#endif
