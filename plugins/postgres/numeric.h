/* SPDX-License-Identifier: MIT
 *
 * numeric -- numbers of PostgreSQL's type `numeric`, as it sends them in binary form.
 */
#ifndef POSTGRES_NUMERIC_H
#define POSTGRES_NUMERIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Groups of four digits, of which the first counts 10000^weight; `scale` digits stand behind the point. */
typedef struct numeric {
    const char *groups;
    int count, weight, scale;
    bool is_negative;
    const char *special; /* "NaN", "Infinity", "-Infinity"; NULL: it is a number */
} numeric;

/* False: the bytes are no numeric. It points to them. */
bool numeric_open(const char *data, size_t size, numeric *out);

/* Write a number with its point; it takes numeric_room bytes at most. Returns how many it took. */
size_t numeric_room(const numeric *n);
size_t numeric_write(const numeric *n, char *out);

/* A number: digits * 10^exponent. */
typedef struct numeric_parts {
    int64_t digits;
    int exponent;
} numeric_parts;

/* Take it apart. False also when it has more digits than 64 bits hold, or is NaN or infinite. */
bool numeric_read(const char *data, size_t size, numeric_parts *out);

/* 10 to the power, which is 0 to 18. */
int64_t numeric_power_of_ten(int power);

#endif
