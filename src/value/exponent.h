/* SPDX-License-Identifier: MIT
 *
 * exponent -- numbers with an exponent, "-1.25e3", as JSON and spreadsheets write them.
 */
#ifndef VALUE_EXPONENT_H
#define VALUE_EXPONENT_H

#include "base/text.h"

enum { EXPONENT_PLAIN_SIZE = 64 }; /* bytes of a number written without an exponent */

/* Write "1.25e3" as "1250", without a NUL. Returns the size; 0 when the text has no exponent,
 * is no number, or is a very long one. */
size_t exponent_write_plain(slice s, char out[EXPONENT_PLAIN_SIZE]);

/* Read a decimal with an exponent or without one, exactly (value_read_decimal). */
bool exponent_read_decimal(slice s, unsigned scale, int64_t *out, const char **why);

#endif
