/* SPDX-License-Identifier: MIT
 *
 * lints -- what the files of the lints share. passes.h is their public face.
 *
 *   lint.c        the walk, and what concerns whole conditions
 *   lint_did.c    what people did, and did not
 *   lint_range.c  constants that a value never takes
 *   lint_sequence.c  sequences that nothing can be
 *   lint_time.c   times and windows
 *   lint_compared.c  two sides that do not fit each other
 *   lint_where.c  what stands in a `where`
 *   lint_group.c  bounds of groups and of points
 *   lint_text.c  texts that are no text of the data
 *   lint_habit.c  what means something else in other tools
 */
#ifndef LANG_LINTS_H
#define LANG_LINTS_H

#include "lang/meaning.h"
#include "lang/rulebook.h"
#include "lang/telling.h"
#include "lang/walk.h"

/* Where an expression stands. */
typedef struct lint {
    ast_visitor visitor;
    const rulebook *book;
    diags *diags;
    const ast_decl *decl;
    const ast_list *chain;       /* the parts of the nearest `and` around it; or empty */
    const ast_list *either;      /* of the `or` that it is a part of; or empty */
    const ast_window **previous; /* the `in previous` of the rule; NULL: none */
    size_t *window_count;        /* of the rule */
    bool is_denied;              /* it stands in the brackets of a `not`, or is counted */
    bool is_of_event;            /* it is asked of each event, or of each user */
} lint;

#define X(kind, name) void lint_##name(const lint *l, const ast_expr *expr);
#include "lang/lints.def"
#undef X

/* ---- of other parts of the tree ---------------------------------------------------- */

/* lint_time.c: `(a then no b within 1 day) in last 1 day`. */
void lint_closed_sequence(const lint *l, const ast_pattern *pattern,
                          const ast_list *windows);

/* lint_sequence.c: `(run then directly run)`, of a sequence with a name; and the bounds of
 * steps, `then b more than 3 days later within 1 day`. */
void lint_direct(const lint *l, const ast_pattern *sequence);
void lint_bounds(const lint *l, const ast_pattern *sequence);

/* lint_habit.c: `within 7 days of user.birthday`; `after 2026-03-01`, which leaves out the first
 * of March; `between 2026-01-01 and 2026-02-01`, which lets in the first of February. */
void lint_birthday_window(const lint *l, const ast_window *window);
void lint_day_left_out(const lint *l, const ast_window *window);
void lint_day_let_in(const lint *l, const ast_window *window);

/* The same: `in previous 30 days`, the only window of a rule. */
void lint_time_before(const lint *l, const ast_window *window);
void lint_cut_window(const lint *l, const ast_list *windows);

/* lint_where.c: the parts of its `where` that say nothing of the event; and whose `where` it
 * is, in `(a or b where (c))`. */
void lint_same_for_all(const lint *l, const ast_event *event);
void lint_reach_of_where(const lint *l, const ast_step *step);

/* lint_group.c: a set of groups, and a line of a score. */
void lint_groups(const lint *l, const ast_decl *groups);
void lint_cap(const lint *l, const ast_point *point);

/* ---- parts of lints ------------------------------------------------------------------ */

/* What a `let` stands for, when the expression is the name of one; else itself. */
const ast_expr *behind_let(const ast_expr *expr);

/* The trait or the property that it is; NULL: neither, or of events of several kinds. */
const property *property_of(const rulebook *book, const meaning *m);

/* lint_range.c: its value. */
double number_of(const ast_number *n);

/* Which part of a time it is: `user.birthday.year`, `last purchase.time.weekday`. */
time_part asked_part(const ast_expr *expr);

/* Do two expressions read alike, whatever blanks stand between the words? */
bool are_same_words(const ast_expr *a, const ast_expr *b);

/* `user.plan`, or a part of such a value. */
static inline bool names_trait(const ast_expr *expr)
{
    return expr && expr->kind == EXPR_PATH && expr->meaning &&
           expr->meaning->kind == MEANING_TRAIT;
}

/* Is `part` the expression or a part of it? */
static inline bool holds_expr(const ast_expr *expr, const ast_expr *part)
{
    return part->where.begin >= expr->where.begin && part->where.end <= expr->where.end;
}

/* lint.c: does the sentence ask elsewhere whether there is such a value; does another part of
 * it ask for events at all? */
bool is_asked_elsewhere(const lint *l, const ast_expr *expr, const ast_expr *value);
bool has_guard(const lint *l, const ast_expr *expr);

/* Of what is compared with a constant: `where (event = "typo")`; a quotient that is a share,
 * `count(x where (...)) / count(x)`, and one with a percentage that lacks its sign. */
void lint_event_name(const lint *l, const ast_expr *value, const ast_expr *literal);
bool is_share_of_count(const ast_expr *expr);
void lint_quotient(const lint *l, const ast_expr *value, const ast_expr *literal);

/* The only window of an aggregate, when it is `in last D`; or NULL. */
const ast_window *window_up_to_now(const ast_expr *expr);

/* Is it the name of a trait that holds a day of birth? */
bool names_birthday(const char *name);

/* Is it a trait that tells when somebody was born? */
bool lint_is_birthday(const lint *l, const ast_expr *expr);

#endif
