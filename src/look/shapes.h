/* SPDX-License-Identifier: MIT
 *
 * shapes -- files that many people have (look/shapes.def).
 */
#ifndef LOOK_SHAPES_H
#define LOOK_SHAPES_H

#include "look/profile.h"

typedef enum shape_row_kind {
    ROW_SHAPE,
    ROW_KNOWN_BY,
    ROW_SOURCE,
    ROW_FORMAT,
    ROW_EACH,
    ROW_PERSON,
    ROW_TIME,
    ROW_EVENT_WHEN,
    ROW_EVENT,
    ROW_EVENTS,
    ROW_ID,
    ROW_SKIP,
    ROW_FIELD,
    ROW_CENTS,
    ROW_FIELDS,
    ROW_TRAIT,
    ROW_TRAITS,
    ROW_END
} shape_row_kind;

/* Of KNOWN_BY and all that name a field, `a` is the first argument, and so on. */
typedef struct shape_row {
    shape_row_kind kind;
    const char *a, *b, *c;
} shape_row;

/* The first row of the shape that the file is of, or NULL. Its rows end where the next shape begins,
 * or at ROW_END. */
const shape_row *shape_of(const look_file *f);

/* "orders of Shopify, a line an item" */
const char *shape_title(const shape_row *shape);

/* The shape of this number, for lists of them; NULL: there are no more. */
const shape_row *shape_at(size_t number);

#endif
