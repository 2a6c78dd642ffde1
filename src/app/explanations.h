/* SPDX-License-Identifier: MIT
 *
 * explanations -- an explanation to read, and for programs.
 */
#ifndef APP_EXPLANATIONS_H
#define APP_EXPLANATIONS_H

#include "app/page.h"
#include "explain/explain.h"

/* What was explained, of whom, and when. */
typedef struct explained {
    const explanation *x;
    const char *rule, *person;
    int64_t as_of;
} explained;

/* The answer, the tree, when it changes, what would change it. */
void explained_put_text(page *p, const explained *e);

/* The tree alone, with values and without rows. */
void explained_put_short(page *p, const explained *e, size_t depth);

/* One JSON document; docs/explain.md names its keys. */
void explained_put_json(const page *p, const explained *e);

/* Is waiting a way in? */
bool explained_comes_by_waiting(const explanation *x);

/* Conditions hold or not; others have a value. */
bool reason_is_condition(const reason *r);

#endif
