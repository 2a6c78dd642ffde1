/* SPDX-License-Identifier: MIT
 *
 * foreign_parts -- what the files about functions of other tools (foreign_calls.h) share: how calls
 * are named and written, and the hints of each group of functions. A hint_...() adds to the
 * newest message what to write instead, or returns false where the call is none of its own.
 */
#ifndef LANG_FOREIGN_PARTS_H
#define LANG_FOREIGN_PARTS_H

#include "base/text.h"
#include "lang/ast.h"
#include "report/diags.h"

/* The name of a call that has one word as its name. */
const char *name_of_call(const ast_expr *call);

/* Are they the same but for letter case and `_`, in any language of foreign_functions.def? What
 * is listed has small letters and no `_`. */
bool is_same_function(const char *written, const char *listed);
bool is_one_of_functions(const char *written, const char *const *listed, size_t count);

#define IS_ONE_OF(written, list)                                                         \
    is_one_of_functions(written, list, sizeof(list) / sizeof *(list))

/* The words of an argument; a call inside of a call is written as it is here, too. */
void append_argument(text *out, const ast_expr *argument);

/* ---- foreign_conditional.c ---------------------------------------------------------- */

bool hint_criteria(diags *diags, const ast_expr *call);
bool hint_conditional(diags *diags, const ast_expr *call);
bool hint_choices(diags *diags, const ast_expr *call);
bool hint_truth(diags *diags, const ast_expr *call);

/* ---- foreign_dates.c ---------------------------------------------------------------- */

bool is_whole_number(const ast_expr *expr);

bool hint_date(diags *diags, const ast_expr *call);
bool hint_moved(diags *diags, const ast_expr *call);

/* ---- foreign_around.c --------------------------------------------------------------- */

bool hint_nullif(diags *diags, const ast_expr *call);
bool hint_row_number(diags *diags, const ast_expr *call);

#endif
