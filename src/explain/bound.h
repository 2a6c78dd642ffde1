/* SPDX-License-Identifier: MIT
 *
 * bound -- where the border of a ranking lies, and who stands at it.
 *
 * `revenue in top 20%` is asked of everyone, with the value that is ranked; the border is the
 * value of the last one who is inside. With `within each` it is that of the person's class.
 */
#ifndef EXPLAIN_BOUND_H
#define EXPLAIN_BOUND_H

#include "explain/reason.h"
#include "lang/rulebook.h"

typedef struct bounds_request {
    const rulebook *book;
    const zone *zone;
    weekday week_start;
    const script_set *scripts;
    const store *store; /* everyone */
    const cancel *cancel;
    size_t person;       /* whose class it is */
    const char *account; /* the same of accounts; NULL: of people */
    int64_t as_of;
} bounds_request;

/* Fill it in, in `memory`. */
bool bound_find(const bounds_request *request, ranking *out, arena *memory,
                carpel_error *err);

#endif
