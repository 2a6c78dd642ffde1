/* SPDX-License-Identifier: MIT
 *
 * names -- messages about columns that are not there: what there is, and the name that
 * was probably meant.
 */
#ifndef COMMON_NAMES_H
#define COMMON_NAMES_H

#include <carpel/error.h>

#include <stdbool.h>
#include <stddef.h>

/* The nearest of `names`, when it is near: at most a third of its letters differ
 * (inserted, deleted, replaced; letter case counts for nothing). NULL: none. */
const char *names_nearest(const char *wanted, const char *const *names, size_t count);

/* Fail with `WHERE has no WHAT "WANTED"; did you mean "NEAREST"? its WHATs are ...`. */
void names_fail(carpel_error *err, const char *where, const char *what,
                const char *wanted, const char *const *names, size_t count);

/* Fail with `WHERE has no column "WANTED"; did you mean "NEAREST"? its columns are ...`. */
bool names_fail_missing(carpel_error *err, const char *where, const char *wanted,
                        const char *const *names, size_t count);

#endif
