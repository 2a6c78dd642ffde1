/* SPDX-License-Identifier: MIT
 *
 * instants -- does what is asked of a row depend on when it is asked?
 */
#ifndef LANG_INSTANTS_H
#define LANG_INSTANTS_H

#include "lang/ast.h"
#include "schema/schema.h"

/* May it be another at another instant, for one and the same row? Accepts NULL. */
bool expr_differs(const ast_expr *expr);

/* The same of the rows that a pattern stands for. Needs: the declared events that it
 * names were checked. */
bool pattern_differs(const ast_pattern *pattern, const schema *s);

#endif
