/* SPDX-License-Identifier: MIT
 *
 * moments -- dates and times of the day as people write them.
 */
#ifndef COMMON_MOMENTS_H
#define COMMON_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

/* The instants, in microseconds, and the days since 1970 of the years 1 to 9999, which is what carpel has. */
#define MOMENT_FIRST     INT64_C(-62135596800000000)
#define MOMENT_LAST      INT64_C(253402300799999999)
#define MOMENT_FIRST_DAY INT64_C(-719162)
#define MOMENT_LAST_DAY  INT64_C(2932896)

/* The quotient rounded down, and what is left, which is never negative. */
int64_t moment_split(int64_t value, int64_t by, int64_t *left);

/* The civil date of a day since 1970; before the year 1 is the year 0. */
void moment_civil(int64_t day, int64_t *year, int64_t *month, int64_t *of_month);

/* Write a day since 1970 as 2026-03-01; returns its length. */
size_t moment_write_date(int64_t day, char *out, size_t room);

/* Write so many units since 1970, of which a second has `per_second`, as 2026-03-01T10:00:00.25
 * with `between` in the place of the T, and `behind` after it. */
size_t moment_write_time(int64_t units, int64_t per_second, char between,
                         const char *behind, char *out, size_t room);

/* Write a length as "-90.500000 seconds"; returns its size. */
size_t moment_write_length(int64_t microseconds, char *out, size_t room);

#endif
