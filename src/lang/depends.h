/* SPDX-License-Identifier: MIT
 *
 * depends -- on what an expression, or all that a declaration says, depends: the person, other
 * people, the instant. What is asked of an expression is asked of it alone, whatever its parts
 * are; expr_find() and decl_any() ask all of them. Needs: resolved names, and the declarations
 * that are named were checked.
 */
#ifndef LANG_DEPENDS_H
#define LANG_DEPENDS_H

#include "lang/ast.h"
#include "schema/schema.h"

/* What it looks at beside its parts: the column of exprs.def. */
typedef enum asked {
    ASKS_NOTHING, /* a literal, or worked out of its parts alone */
    ASKS_NAME,    /* what the name stands for tells */
    ASKS_INSTANT,
    ASKS_EVENTS,
    ASKS_PEOPLE
} asked;

asked expr_asks(const ast_expr *expr);

/* With the person or the instant? */
bool expr_varies(const ast_expr *expr);

/* Does the value differ between people or events? */
bool expr_is_of_person(const ast_expr *expr);
bool decl_is_of_person(const ast_decl *decl);

/* Does it ask about other people (rankings, an account's users, who somebody else is), or for a
 * memory? */
bool expr_is_of_population(const ast_expr *expr);
bool decl_is_of_population(const ast_decl *decl);

/* How long a condition has lasted is known where nothing but a trait that changes can change
 * it. Events, `now`, other people and memories make it unsteady. */
bool expr_is_unsteady(const ast_expr *expr);
bool decl_is_steady(const ast_decl *decl);

/* May it be another at another instant, for one and the same row? Accepts NULL. This one looks
 * at all its parts, too. */
bool expr_differs(const ast_expr *expr);

/* The same of the rows that a pattern stands for. */
bool pattern_differs(const ast_pattern *pattern, const schema *s);

#endif
