/* SPDX-License-Identifier: MIT
 *
 * checker -- what the files of the type checker share. passes.h is its public face.
 *
 *   check.c            declarations
 *   check_expr.c       expressions: literals, logic, which function looks at what
 *   check_names.c      declarations, properties, traits, parts of times
 *   check_call.c       functions, built in and of scripts
 *   check_arithmetic.c sums, products, quotients
 *   check_compare.c    comparisons, texts, lists, memberships
 *   check_events.c     events with their `where`
 *   check_sequence.c   sequences of events
 *   check_selection.c  what aggregates look at
 *   check_aggregate.c  `did`, aggregates, `first` and `last`
 *   check_window.c     windows of time
 *   check_lasting.c    states that last
 *   check_population.c rankings
 *   check_scenario.c   the lines of scenarios
 */
#ifndef LANG_CHECKER_H
#define LANG_CHECKER_H

#include "lang/depends.h"
#include "lang/meaning.h"
#include "lang/rulebook.h"
#include "lang/telling.h"

typedef struct checker {
    const rulebook *book;
    diags *diags;
    level level; /* of the declaration under check; a value takes that of what it uses */
} checker;

/* check.c: what stands here is about people, or about accounts. Reports when the other
 * is due. */
void need_level(checker *c, level wanted, span where, const char *name);
void check_among(checker *c, const ast_ref *among);

/* The types that have one form only. */
static const type NO_TYPE = {TYPE_ERROR, 0};
#define refuse(c, where, ...) (error(c, where, __VA_ARGS__), NO_TYPE)
static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};
static const type NUMBER = {TYPE_NUMBER, 0};
static const type DURATION = {TYPE_DURATION, 0};
static const type TEXT = {TYPE_STRING, 0};
static const type DATE = {TYPE_DATE, 0};
static const type TIME = {TYPE_TIME, 0};

/* check_expr.c. The first also notes the type in the expression, where the second reads
 * it. */
type check_expr(checker *c, ast_expr *expr);
type expr_type(const ast_expr *expr);
void check_condition(checker *c, ast_expr *expr, const char *what);

/* The type of both branches of a choice, or TYPE_ERROR when they do not meet. */
type type_join(type a, type b);
bool type_takes(type wanted,
                type given);   /* may such a value be given where one is due? */
bool is_error(type a, type b); /* is one of them TYPE_ERROR? */

/* check_call.c */
type check_call(checker *c, ast_expr *expr);

/* What a function of a script gives is for its use to tell; until then it counts as a
 * number. ask_for() tells the type of such an expression, and take_any() that any type
 * does. Two values that meet tell each other's, unless both wait to be told (false). */
bool is_untold(const ast_expr *expr);
void ask_for(ast_expr *expr, type wanted);
void take_any(ast_expr *expr);
bool ask_each_other(ast_expr *left, ast_expr *right);
type report_untold(checker *c, const ast_expr *expr);

type pseudo_type(pseudo_property which);

/* check_names.c. The second is the type of `x.weekday`, when x is a time or a date. */
type check_meaning(checker *c, meaning *m, span where);
type part_type(checker *c, type whole, time_part part, span where);
type check_last_change(checker *c, const ast_expr *expr);

/* check_arithmetic.c */
type check_arithmetic(checker *c, ast_expr *expr);
type check_negate(checker *c, ast_expr *expr);

/* check_compare.c */
void check_written_version(checker *c, const ast_expr *literal); /* is it one? */
type check_compare(checker *c, ast_expr *expr);
type check_text_test(checker *c, ast_expr *expr, const char *word);
type check_is_missing(checker *c, ast_expr *expr);
type check_in_values(checker *c, ast_expr *expr);
type check_in_named(checker *c, ast_expr *expr);
type check_member(checker *c, ast_expr *expr);

/* check_events.c. Users are no events, and stand in few places; nor are the items of a list. */
void check_step(checker *c, ast_step *step);
void check_users_alone(checker *c, const ast_step *step, bool stands_alone);
void refuse_list(checker *c, const ast_event *event, const char *where_to);

/* What a `did` in a row needs; one of an aggregate, which has none; are all events of the step
 * events of the data? Reports those that are not. */
void check_row(checker *c, const ast_expr *did);
void refuse_row(checker *c, const ast_expr *aggregate);
void check_row_step(checker *c, const ast_step *step);

/* check_sequence.c */
void check_length(checker *c, const ast_duration *duration);
void check_pattern(checker *c, ast_pattern *pattern);
void check_event(checker *c, ast_pattern *pattern); /* of a declared event */

/* check_selection.c: the type of what is looked at, TIME for events themselves; and
 * whether it is a value of the events. */
type check_selection(checker *c, ast_selection *selection);
bool selects_value(const ast_selection *selection);

/* check_aggregate.c */
type check_did(checker *c, ast_expr *expr);
type check_did_some(checker *c, ast_expr *expr);
type check_aggregate(checker *c, ast_expr *expr);

/* Is it list(...)? That is no value by itself: it is checked as an argument of a script's
 * function, the only place where it can stand; *item is what it has a list of. */
bool expr_is_list(const ast_expr *expr);
void check_list_of_values(checker *c, ast_expr *expr);
type check_per_unit(checker *c, ast_expr *expr); /* avg(sum(e.p) per day) */
type check_pick(checker *c, ast_expr *expr);

/* check_window.c: windows on events, or on a time value. */
void check_windows(checker *c, const ast_list *windows, const ast_pattern *pattern);
/* Those behind a time or a date. */
void check_windows_of_value(checker *c, const ast_list *windows, type t);

/* An expression that names an instant or a local day. */
void check_instant(checker *c, ast_expr *expr, diag_code code, const char *what);

/* Months, quarters or years, which only a calendar gives a length. */
bool expr_is_calendar(const ast_expr *expr);

/* check_lasting.c: `C for at least 7 days`. */
type check_lasting(checker *c, ast_expr *expr);

/* check_population.c */
type check_population(checker *c, ast_expr *expr);

/* What asks about others is judged for all at one instant; false when reported. */
bool check_same_instant(checker *c, const ast_expr *instant, bool of_population);

/* check_scenario.c */
void check_scenario(checker *c, const ast_decl *decl);

/* check_expr.c: the words for a type in a message. */
const char *type_words(type t);

/* check_hints.c: what to write instead. Each adds to the newest message, or does nothing. */
void hint_ordered_text(checker *c, const ast_expr *left, const ast_expr *right);
void hint_comparison(checker *c, const ast_expr *left, const ast_expr *right);
void hint_number_window(checker *c, const ast_expr *asked);
void hint_alternatives(checker *c, const ast_expr *before, const ast_expr *value);

/* `a = 1 or 2 or 3`, at the 2: reported with all that follow, to the last of which *at goes. */
bool report_alternatives(checker *c, const ast_expr *joined, size_t *at);
void hint_instant(checker *c, const ast_expr *expr);
void hint_split_unit(checker *c, const ast_duration *duration);
void hint_selected_time(checker *c, const ast_name *name, const event_scope *scope);
void hint_property(checker *c, const ast_expr *aggregate, const char *example);

#endif
