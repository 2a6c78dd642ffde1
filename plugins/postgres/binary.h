/* SPDX-License-Identifier: MIT
 *
 * binary -- values as PostgreSQL sends them in binary form, given to the row builder.
 *
 * A column is asked for in the form that suits what the host wants: in that of its own
 * type, or as the text that the server makes of it.
 */
#ifndef POSTGRES_BINARY_H
#define POSTGRES_BINARY_H

#include <carpel/plugin.h>
#include <libpq-fe.h>

typedef enum binary_form {
    FORM_TEXT, /* whatever its type is, cast to text */
    FORM_BOOL,
    FORM_INT, /* 2, 4 or 8 bytes */
    FORM_FLOAT,
    FORM_NUMERIC,
    FORM_TIME, /* with time zone */
    FORM_DATE,
    FORM_INTERVAL,
    FORM_TEXTS, /* an array, cast to text[] */
} binary_form;

/* The form for a column of this type; false, with a reason, when no value of it can be
 * what is wanted. `type` is the number that the server gives it. */
bool binary_choose(Oid type, const carpel_column *wanted, binary_form *out,
                   const char **reason);

/* What the column is cast to in a query: "::text", or nothing. */
const char *binary_cast(binary_form form);

/* Set a cell of the row. False when the bytes are not as the form says. */
bool binary_set(const carpel_host *host, carpel_rows *rows, size_t column,
                const carpel_column *wanted, binary_form form, const char *data,
                size_t size);

/* Whole numbers of the protocol. */
int16_t binary_int16(const char *data);
int32_t binary_int32(const char *data);
int64_t binary_int64(const char *data);

#endif
