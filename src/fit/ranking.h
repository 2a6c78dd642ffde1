/* SPDX-License-Identifier: MIT
 *
 * ranking -- people in the order of their scores.
 */
#ifndef FIT_RANKING_H
#define FIT_RANKING_H

#include <stddef.h>

typedef struct ranked {
    double score;
    size_t number; /* of the person, as the scores had them */
} ranked;

/* The highest first; of equals the first. The caller frees it. */
ranked *fit_rank(const double *scores, size_t count);

#endif
