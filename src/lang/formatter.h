/* SPDX-License-Identifier: MIT
 *
 * formatter -- what the files of the formatter share. format.h is its public face.
 *
 *   format.c         files and declarations
 *   format_scenario.c  the lines of scenarios
 *   format_expr.c    expressions
 *   format_events.c  events, sequences, windows, and how often
 *
 * Each function puts its part of the tree on a layout; `column` is how far a line that is
 * broken inside it is indented.
 */
#ifndef LANG_FORMATTER_H
#define LANG_FORMATTER_H

#include "lang/ast_ask.h"
#include "lang/layout.h"

/* How tightly an expression binds, and how tightly a place asks it to: by its number in the forms
 * of exprs.def, where 0 takes any, and 4 a sum. */
typedef enum binding {
    BINDS_IF,
    BINDS_CHAIN,
    BINDS_LASTING,
    BINDS_TEST,
    BINDS_SUM,
    BINDS_TERM,
    BINDS_UNARY,
    BINDS_PRIMARY
} binding;

void put_number(layout *l, const ast_number *number);
void put_ref(layout *l, const ast_ref *ref);
void put_path(layout *l, const ast_list *names);
void put_values(layout *l, const ast_list *values, binding place);
void put_duration(layout *l, const ast_duration *duration);

extern const char *const quantity_words[]; /* by ast_quantity: "at least" ... */

void put_pattern(layout *l, const ast_pattern *pattern, int column);
void put_link(layout *l, const ast_link *link);
void put_bounds(layout *l, const ast_pattern *pattern, int column);
void put_selection(layout *l, const ast_selection *selection, int column);
void put_window(layout *l, const ast_window *window, bool is_followed);
void put_windows(layout *l, const ast_list *windows, int column);
void put_some(layout *l, const ast_times *times);
void put_modifiers(layout *l, const ast_modifiers *modifiers, int column);

/* `last purchase.amount`, or, with brackets, `last(purchase.amount)`. */
void put_picked(layout *l, const ast_expr *expr, bool has_brackets);

/* Words, then what they are about. */
void put_prefix(layout *l, const char *words, const ast_expr *operand, binding place);

/* An expression, in brackets when its place asks for more than it binds. */
void put_expr(layout *l, const ast_expr *expr, binding place);

/* The whole expression behind `when` or =: its joints hang before it. */
void put_whole(layout *l, const ast_expr *expr);
void put_lines(layout *l, const ast_decl *scenario);

#endif
