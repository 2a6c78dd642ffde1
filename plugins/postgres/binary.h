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
    FORM_LOCAL_TIME,
    FORM_DATE,
    FORM_INTERVAL,
    FORM_TEXTS, /* an array, cast to text[] */
} binary_form;

/* A column of the rows that the server sends. */
typedef struct sent_column {
    size_t place; /* among the columns of the table or query */
    binary_form form;
    const char *data; /* of the row at hand; NULL: missing */
    size_t size;
} sent_column;

/* The form for a column of this type; false, with a reason, when no value of it can be
 * what is wanted. `type` is the number that the server gives it. */
bool binary_choose(Oid type, const carpel_column *wanted, binary_form *out,
                   const char **reason);

/* What no number or time of the type is greater than: infinity, or, of numbers that have none in a
 * server of that version, NaN. NULL: the type has no such value. */
const char *binary_limit(Oid type, int server_version);

/* What the column is cast to in a query: "::text", or nothing. */
const char *binary_cast(binary_form form);

/* Set a cell of the row. False when the bytes are not as the form says. */
bool binary_set(const carpel_host *host, carpel_rows *rows, size_t column,
                const carpel_column *wanted, binary_form form, const char *data,
                size_t size);

/* Values by themselves. False: the bytes are not as the form says, or it is a value that cannot be told
 * so. Times are microseconds, and dates are days, since 1970. */
bool binary_read_int(const char *data, size_t size, int64_t *out);
bool binary_read_float(const char *data, size_t size, double *out);
bool binary_read_time(const char *data, size_t size, int64_t *out); /* nor infinite;
                                     without a zone as a clock shows it */
bool binary_read_date(const char *data, size_t size, int64_t *out); /* nor infinite */

typedef enum interval_kind {
    INTERVAL_GOOD,
    INTERVAL_CALENDAR, /* months have no length */
    INTERVAL_TOO_LONG,
    INTERVAL_BROKEN,
} interval_kind;

/* An interval in microseconds. */
interval_kind binary_read_interval(const char *data, size_t size, int64_t *out);

/* A number: digits * 10^exponent. */
typedef struct binary_decimal {
    int64_t digits;
    int exponent;
} binary_decimal;

/* False also when it has more digits than 64 bits hold, or is NaN or infinite. */
bool binary_read_decimal(const char *data, size_t size, binary_decimal *out);

/* 10 to the power, which is 0 to 18. */
int64_t binary_power_of_ten(int power);

/* Whole numbers of the protocol. */
int16_t binary_int16(const char *data);
int32_t binary_int32(const char *data);
int64_t binary_int64(const char *data);

#endif
