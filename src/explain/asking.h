/* SPDX-License-Identifier: MIT
 *
 * asking -- what the files share that turn a rule into reasons. reason.h is the public face.
 *
 *     reason.c            the tree: conditions, rules by their names, groups, scores
 *     reason_operands.c   what a value is worked out of
 */
#ifndef EXPLAIN_ASKING_H
#define EXPLAIN_ASKING_H

#include "explain/reason.h"

/* `as of` an instant around what is asked; the innermost comes first. */
typedef struct vista {
    const ast_expr *at;
    const struct vista *outer;
} vista;

typedef struct asking {
    arena *memory;
    ast_list *questions;
    const reason_moment *moment;
    const vista *vista; /* or NULL: as of now */
    size_t depth;
    ast_list
        opened; /* values (`let`, `score`) whose parts stand in this condition already */
} asking;

/* Rules inside rules are opened so far; deeper, a rule is told by its name. */
enum { ASKING_MOST_DEPTH = 40 };

/* What is joined by arithmetic or given to a function, also behind the name of a `let` or a score: the
 * terms of a sum, the factors of a product. Of anything else, and of a name that is open already,
 * nothing. */
ast_list asking_operands(asking *a, const ast_expr *expr);

/* The `if` that it is, also behind the name of a `let` that is not open already; NULL: it is none. */
const ast_expr *asking_choice(asking *a, const ast_expr *expr);

/* Does it, or the `let` that it names, divide one by another? */
bool asking_divides(const ast_expr *expr);

#endif
