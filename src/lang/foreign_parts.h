/* SPDX-License-Identifier: MIT
 *
 * foreign_parts -- what the files about functions of other tools (foreign_calls.h) share: how calls
 * are named and written, and the hints that no row of foreign_calls.def gives. A hint_...() adds to
 * the newest message what to write instead, or returns false where the call is none of its own.
 */
#ifndef LANG_FOREIGN_PARTS_H
#define LANG_FOREIGN_PARTS_H

#include "base/text.h"
#include "lang/ast_ask.h"
#include "report/diags.h"

/* The name of a call that has one word as its name. */
const char *name_of_call(const ast_expr *call);

/* Is it one of a list of functions, but for letter case and `_`, in any language of
 * foreign_functions.def? What is listed has small letters and no `_`, and blanks between. */
bool is_function_of(const char *written, const char *listed);

/* The words of an argument; a call inside of a call is written as it is here, too. */
void append_argument(text *out, const ast_expr *argument);

/* Is it a condition, here? */
bool is_foreign_test(const ast_expr *call);

bool is_whole_number(const ast_expr *expr);
bool is_truth(const ast_expr *expr, bool wanted); /* `true`, TRUE, yes */

/* foreign_forms.c, foreign_dates.c, foreign_around.c */
bool hint_product(diags *diags, const ast_expr *call);
bool hint_named_quantile(diags *diags, const ast_expr *call);
bool hint_choices(diags *diags, const ast_expr *call);
bool hint_moved(diags *diags, const ast_expr *call);
bool hint_nullif(diags *diags, const ast_expr *call);

/* `p90`, `percentile_90`, `quantile95`: 90, 90, 95; or -1. */
int share_in_name(const char *name);

#endif
