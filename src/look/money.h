/* SPDX-License-Identifier: MIT
 *
 * money -- which kind of events of a draft is about buying, and what says how much was paid, by the words of their names
 * (look/money.def). What is not sure is not answered.
 */
#ifndef LOOK_MONEY_H
#define LOOK_MONEY_H

#include "look/draft.h"

/* What was paid at one event: `amount`; or `quantity` pieces of the price `amount`. */
typedef struct draft_money {
    const draft_field *amount;   /* NULL: nothing says so */
    const draft_field *quantity; /* NULL: the amount is all */
} draft_money;

/* How surely events of this name are about buying: 0: the name does not say so. */
int money_rank_of_kind(const char *name);

/* Does the name say that nothing was bought in the end: a failure, a cancellation, a refund? */
bool money_is_ruled_out(const char *name);

/* Does a property of this name tell by itself that something was bought? */
bool money_is_paid(const char *property);

draft_money money_of(const draft *d, const draft_kind *kind);

/* The column that a source has for a property, or NULL. */
const look_column *money_column_of(const draft *d, const char *property);

#endif
