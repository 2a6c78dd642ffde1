/* SPDX-License-Identifier: MIT
 *
 * moments -- dates and times of the day as people write them.
 */
#ifndef COMMON_MOMENTS_H
#define COMMON_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

/* The quotient rounded down, and what is left, which is never negative. */
int64_t moment_split(int64_t value, int64_t by, int64_t *left);

/* Write a day since 1970 as 2026-03-01; returns its length. */
size_t moment_write_date(int64_t day, char *out, size_t room);

/* Write so many units since 1970, of which a second has `per_second`, as 2026-03-01T10:00:00.25
 * with `between` in the place of the T, and `behind` after it. */
size_t moment_write_time(int64_t units, int64_t per_second, char between,
                         const char *behind, char *out, size_t room);

#endif
