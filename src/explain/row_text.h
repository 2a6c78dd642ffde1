/* SPDX-License-Identifier: MIT
 *
 * row_text -- a row of somebody's history in words, and where it stands in the files.
 *
 *     purchase (order_id = "4", amount = 120.50)
 *     user.country = "DE"
 */
#ifndef EXPLAIN_ROW_TEXT_H
#define EXPLAIN_ROW_TEXT_H

#include "explain/person_store.h"
#include "explain/reason.h"

/* Is it no row of the data, but one of an account's people? */
bool row_is_of_user(const store *data, const witness *w);

/* Append a row of the person with this number there. */
void row_text_append(const store *data, size_t person, const witness *w, text *out);

/* The value of a property, as it stands in a row. */
void row_text_append_value(type t, const imagined_value *v, text *out);

/* The shortest digits that read back the same. */
void row_text_append_number(double value, text *out);

/* Fill in which line of which file it is, where the data know. */
void row_text_find_origin(const store *data, size_t person, witness *w);

#endif
