/* SPDX-License-Identifier: MIT
 *
 * cursor -- a value of a growing column as a text that is kept, and as one of SQL. A letter before
 * it tells numbers (n) from times and dates (t) and texts (s).
 */
#ifndef ADBC_CURSOR_H
#define ADBC_CURSOR_H

#include <carpel/plugin.h>

#include "adbc/values.h"

/* Can values of this form tell where a source was? */
bool cursor_check(const form *f, const char *column, carpel_error *err);

void cursor_write(const form *f, const value *v, buffer *out);

/* Append it as a literal that all databases read alike. */
bool cursor_add_literal(const char *cursor, buffer *out, carpel_error *err);

#endif
