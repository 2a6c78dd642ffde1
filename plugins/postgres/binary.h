/* SPDX-License-Identifier: MIT
 *
 * binary -- values as PostgreSQL sends them in binary form: numbers have their highest byte first, and times
 * count from 2000-01-01.
 *
 * False: the bytes are not as that type has them, or it is a value that cannot be told so. Times are
 * microseconds, and dates are days, since 1970.
 */
#ifndef POSTGRES_BINARY_H
#define POSTGRES_BINARY_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BINARY_DAYS_TO_2000        10957
#define BINARY_MICROSECONDS_OF_DAY INT64_C(86400000000)

/* Whole numbers of the protocol. */
static inline int16_t binary_int16(const char *data)
{
    uint16_t value;
    memcpy(&value, data, sizeof value);
    return (int16_t)be16toh(value);
}

static inline int32_t binary_int32(const char *data)
{
    uint32_t value;
    memcpy(&value, data, sizeof value);
    return (int32_t)be32toh(value);
}

static inline int64_t binary_int64(const char *data)
{
    uint64_t value;
    memcpy(&value, data, sizeof value);
    return (int64_t)be64toh(value);
}

/* 2, 4 or 8 bytes. */
bool binary_read_int(const char *data, size_t size, int64_t *out);

/* Of 4 bytes, the number with the few digits that make it, and not the double beside it: 0.1 stays 0.1. */
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

#endif
