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

/* Is it what programs write when they know no id: nothing but zeros and signs, "null",
 * "undefined" and the like, in any case? */
bool id_is_none(slice s);

#endif
