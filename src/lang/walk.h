/* SPDX-License-Identifier: MIT
 *
 * walk -- the expressions inside an expression.
 */
#ifndef LANG_WALK_H
#define LANG_WALK_H

#include "lang/ast.h"

/* Does `test` hold for the expression or for any that it is made of, those that judge the
 * events of a pattern inside it (a `where`, a selected value) among them? */
bool expr_any(const ast_expr *expr, bool (*test)(const ast_expr *expr));

/* The same over all expressions of a declaration. */
bool decl_any(const ast_decl *decl, bool (*test)(const ast_expr *expr));

/* A literal, or worked out of its parts alone, whoever and whenever is asked about? */
bool expr_is_plain(const ast_expr *expr);

#endif
