/* SPDX-License-Identifier: MIT
 *
 * foreign_calls -- functions of SQL and of spreadsheets, and what is written here instead.
 *
 *     COUNTIF(purchase.amount, ">100")        count(purchase where (amount > 100))
 *     coalesce(user.nps, 0)                   (if user.nps is not missing then user.nps else 0)
 */
#ifndef LANG_FOREIGN_CALLS_H
#define LANG_FOREIGN_CALLS_H

#include "lang/ast_ask.h"
#include "report/diags.h"

/* Is it known from elsewhere? */
bool is_foreign_call(const char *name);

/* Add to the newest message, about the unknown function, what to write instead. */
void hint_foreign_call(diags *diags, const ast_expr *call);

/* ---- foreign_compared.c --------------------------------------------------------------- */

/* `lower(user.city) = "berlin"`, `datediff(now, last purchase) > 30`: report it with what is
 * said instead, which depends on what it is compared with. False when nothing was reported. */
bool report_compared_call(diags *diags, const ast_expr *compare);

/* Likewise `lower(user.city) contains "berlin"`, `lower(user.country) in ("de", "at")`. */
bool report_folded_test(diags *diags, const ast_expr *test);

#endif
