/* SPDX-License-Identifier: MIT
 *
 * lints -- what the files of the lints share. passes.h is their public face.
 *
 *   lint.c        the walk, and what concerns whole conditions
 *   lint_range.c  constants that a value never takes
 *   lint_event.c  names of events in quotes
 *   lint_sequence.c  sequences that nothing can be
 *   lint_time.c   times and windows
 *   lint_count.c  numbers of events that were meant as numbers of values
 *   lint_itself.c  values compared with themselves
 *   lint_quotient.c  quotients compared with percentages that lack their sign
 *   lint_window.c  windows that do not fit each other
 *   lint_where.c  parts of a `where` that say nothing of the event
 *   lint_group.c  bounds of groups and of points
 *   lint_text.c  texts that are no text of the data
 *   lint_habit.c  what means something else in other tools
 */
#ifndef LANG_LINTS_H
#define LANG_LINTS_H

#include "lang/meaning.h"
#include "lang/rulebook.h"

/* What a `let` stands for, when the expression is the name of one; else itself. */
const ast_expr *behind_let(const ast_expr *expr);

/* lint_range.c: its value. */
double number_of(const ast_number *n);

/* lint_range.c: a comparison, or `x in (...)`. */
void lint_range(const rulebook *book, const ast_expr *expr, diags *diags);

/* Which part of a time it is: `user.birthday.year`, `last purchase.time.weekday`. */
time_part asked_part(const ast_expr *expr);

/* lint_event.c: `where (event = "typo")`; `literal` is a text. */
void lint_event_name(const ast_expr *value, const ast_expr *literal, diags *diags);

/* lint_time.c: `last login > 30 days ago`. */
void lint_two_readings(const ast_expr *compare, diags *diags);

/* `time since last purchase = 30 days`, to the microsecond. */
void lint_exact_distance(const ast_expr *compare, diags *diags);

/* The instant of `time until user.trial_ends <= 7 days`, which may be past; else NULL. */
const ast_expr *time_ahead(const ast_expr *compare);
void report_past_too(const ast_expr *compare, const ast_expr *instant, diags *diags);

/* `(a then no b within 1 day) in last 1 day`. */
void lint_closed_sequence(const ast_pattern *pattern, const ast_list *windows,
                          diags *diags);

/* lint_sequence.c: `(run then directly run)`, of a sequence with a name. */
void lint_direct(const rulebook *book, const ast_pattern *sequence, diags *diags);

/* The bounds of steps, `then b more than 3 days later within 1 day`. */
void lint_bounds(const ast_pattern *sequence, diags *diags);

/* `did not x within 7 days after y`, when nothing else in the sentence asks about y. */
void report_open_window(const ast_window *window, diags *diags);

/* lint_text.c: texts with signs of patterns in them, or several values. */
void lint_texts(const ast_expr *expr, diags *diags);

/* lint_habit.c: what means something else in the tools that people come from. Is it a part of an
 * `or`? */
void lint_habits(const rulebook *book, const ast_expr *expr, bool is_of_or, diags *diags);

/* `within 7 days of user.birthday`. */
void lint_birthday_window(const rulebook *book, const ast_window *window, diags *diags);

/* `after 2026-03-01`, which leaves out the first of March. */
void lint_day_left_out(const ast_window *window, diags *diags);

/* `between 2026-01-01 and 2026-02-01`, which lets in the first of February. */
void lint_day_let_in(const ast_window *window, diags *diags);

/* lint_count.c: `count(purchase.category) >= 3`. */
void lint_counted_texts(const ast_expr *compare, diags *diags);

/* lint_itself.c: `revenue > 2 * revenue`. */
void lint_itself(const ast_expr *compare, diags *diags);

/* lint_quotient.c: `count(x where (...)) / count(x)`, which runs from 0 to 1. */
bool is_share_of_count(const ast_expr *expr);

/* `sum(refund.amount) / sum(purchase.amount) > 25`; `literal` is a number. */
void lint_quotient(const ast_expr *value, const ast_expr *literal, diags *diags);

/* `sum(x.y in last 90 days) / count(x)`. */
void lint_average(const ast_expr *quotient, diags *diags);

/* lint_window.c: the only window of an aggregate, when it is `in last D`; or NULL. */
const ast_window *window_up_to_now(const ast_expr *expr);

/* `count(x in last 30 days) < count(x in last 60 days)`. */
void lint_overlap(const ast_expr *compare, diags *diags);

/* `in previous 30 days`, the only window of a rule. */
void lint_time_before(const ast_window *window, diags *diags);

/* `avg(count(x) per week in last 12 full weeks)`, without the weeks that have none. */
void lint_empty_units(const ast_expr *per_unit, diags *diags);

/* lint_where.c: the parts of its `where` that say nothing of the event. */
void lint_same_for_all(const schema *s, const ast_event *event, diags *diags);

/* lint_group.c: a set of groups, and a line of a score. */
void lint_groups(const ast_decl *groups, diags *diags);
void lint_cap(const ast_point *point, diags *diags);

/* Is it the name of a trait that holds a day of birth? */
bool names_birthday(const char *name);

#endif
