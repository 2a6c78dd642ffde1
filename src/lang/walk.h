/* SPDX-License-Identifier: MIT
 *
 * walk -- the nodes right below a node of the tree, for passes that look at all of them.
 *
 * A visitor says what is to be done with each kind of node; visit_*() calls it for the
 * children of a node, and stops at the first call that returns true, which it then
 * returns, too. To go deeper, the visitor calls visit_*() for the node that it was given;
 * what a walk has to remember stands behind the visitor in a struct of its own:
 *
 *     typedef struct counter { ast_visitor visitor; size_t *count; } counter;
 */
#ifndef LANG_WALK_H
#define LANG_WALK_H

#include "lang/ast.h"

typedef struct ast_visitor ast_visitor;

struct ast_visitor {
    bool (*expr)(const ast_visitor *v, const ast_expr *expr);
    /* NULL: it is passed through, to what stands below it */
    bool (*step)(const ast_visitor *v, const ast_step *step);
    bool (*pattern)(const ast_visitor *v, const ast_pattern *pattern);
    bool (*window)(const ast_visitor *v, const ast_window *window);
};

bool visit_expr(const ast_visitor *v, const ast_expr *expr);
bool visit_step(const ast_visitor *v, const ast_step *step);
bool visit_pattern(const ast_visitor *v, const ast_pattern *pattern);
bool visit_window(const ast_visitor *v, const ast_window *window);
bool visit_decl(const ast_visitor *v, const ast_decl *decl);

/* The first expression for which `test` holds: this one or any that it is made of, those
 * that judge the events of a pattern inside it (a `where`, a selected value) among them; or
 * NULL. Accepts NULL. */
const ast_expr *expr_find(const ast_expr *expr, bool (*test)(const ast_expr *expr));

/* Does it hold for any expression of a declaration? */
bool decl_any(const ast_decl *decl, bool (*test)(const ast_expr *expr));

#endif
