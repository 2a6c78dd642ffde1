/* SPDX-License-Identifier: MIT
 *
 * suggest -- the name that somebody probably meant.
 *
 *     suggestion s = suggest_begin("purchse");
 *     suggest_consider(&s, "purchase");
 *     const char *similar = suggest_best(&s);      // or NULL
 */
#ifndef REPORT_SUGGEST_H
#define REPORT_SUGGEST_H

#include <stddef.h>

typedef struct suggestion {
    const char *wanted;
    const char *best;
    size_t best_distance;
} suggestion;

suggestion suggest_begin(const char *wanted);

/* Weigh one candidate, whose text has to outlive the suggestion. */
void suggest_consider(suggestion *s, const char *candidate);

/* The nearest candidate, if it is near enough: the optimal string alignment distance
 * (insert, delete, replace, swap neighbours; letter case, `_`, `-` and blanks count for
 * nothing) is at most a third of the longer name. The first of equals wins; the wanted
 * name itself and names of more than 64 signs are not considered. NULL: none. */
const char *suggest_best(const suggestion *s);

#endif
