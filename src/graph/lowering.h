/* SPDX-License-Identifier: MIT
 *
 * lowering -- what the files that build the graph share. lower.h is the public face.
 *
 *   lower.c             declarations
 *   lower_tasks.c       declarations at instants: each built once, in a bounded stack
 *   lower_expr.c        values
 *   lower_arithmetic.c  sums, products, quotients
 *   lower_test.c        conditions
 *   lower_days.c        days of the local calendar
 *   lower_compare.c     comparisons, exact
 *   lower_aggregate.c   what people did: did, aggregates, first and last
 *   lower_rows.c        events: which rows of which tables
 *   lower_properties.c  what such a row has
 *   lower_items.c       lists inside events
 *   lower_row.c         events in a row
 *   lower_sequence.c    sequences: their steps
 *   lower_sequence_rows.c  and the rows that these look at
 *   lower_window.c      windows of time
 *   lower_beside.c      instants that differ between events
 *   lower_units.c       aggregates of what each calendar unit has
 *   lower_some.c        how many kinds of events somebody has
 *   lower_lasting.c     how long a condition on traits has lasted
 *   lower_population.c  people among others, memory
 *   lower_questions.c   what scenarios ask
 */
#ifndef GRAPH_LOWERING_H
#define GRAPH_LOWERING_H

#include <setjmp.h>

#include "graph/lower.h"
#include "graph/make.h"
#include "lang/meaning.h"
#include "lang/rulebook.h"

/* What some rows were asked last, so that alternatives that have rows in common ask them
 * once. Rows that differ only in mask or `is_declared` may share it. */
typedef struct row_answer {
    const node *node; /* the value of: (NULL: nothing was asked) */
    const char *name; /* a property; NULL: the pseudo-property `which` */
    type type;
    pseudo_property which;
    bool is_declared;

    const char *typed_name; /* which type has the property of this name? */
    bool has_type;
    type found_type;

    const struct row_set *items, *items_of; /* the items of exactly these rows, */
    const char *items_name;                 /* in the list of this name */
} row_answer;

/* The rows that an event of the rules stands for: a table, a filtered one, or a union.
 * `mask` (or NULL) narrows them further without making a table of its own. */
typedef struct row_set {
    uint32_t domain;
    const node *mask;
    bool is_declared; /* gap and nth count the rows of this very table */
    size_t kind;      /* of the schema, else SCHEMA_NONE */
    const node *now;  /* users: the instant at which the people are judged */
    const struct row_set *
        *members; /* a union's; the one that was filtered; those that end a match;
                                       items: those of the holder's members, NULL without */
    size_t member_count;
    const struct row_set *parent; /* items of a list: the rows that hold them */
    size_t list;        /* items: the schema's kind of the list, or of one of them */
    row_answer *answer; /* NULL: nothing is kept */
} row_set;

/* The rows of a pattern that lie in its windows. */
typedef struct selected {
    const row_set *rows;
    const node *window;
    const node *mask; /* or NULL: all */
} selected;

/* A value under construction. A quotient of exact numbers stays a pair until somebody
 * needs one number, so that comparisons are exact; `time since x` keeps x, so that it
 * can be compared with months. */
typedef struct value {
    const node *node; /* the value, or the numerator; NULL for a calendar duration */
    const node *denominator; /* or NULL */
    const node *anchor;      /* `time since/until anchor`; else NULL */
    bool is_until;
    bool is_calendar; /* months, quarters, years: */
    calendar_span calendar;
    const node *days; /* days of the local calendar, beside the exact length; or NULL */
} value;

/* Where an expression stands. */
typedef struct context {
    const node *now;     /* the instant of the judgement, or what `as of` says */
    const row_set *rows; /* the events that a `where` judges, or NULL */
    bool by_calendar;    /* what is asked for is the local day of a time: `now + 1 day` is
                            tomorrow, however long the days are */
} context;

/* What each `where` behind the name of a sequence asks: not of the match, but of the event
 * that its last step takes. The innermost comes first. */
typedef struct ending {
    const ast_expr *where;
    const struct ending *rest; /* or NULL */
} ending;

/* From where events are looked at: an instant, which may be another one for each row of some
 * table (`orders as of time` in a `where`). What is asked of the events may then have another
 * answer for each of those rows, so that each gets a copy of the person's events of its own:
 * the events are taken "beside" the rows of that table. lower_beside.c draws it. */
typedef struct vantage {
    const node *now;
    uint32_t beside;      /* the table; PEOPLE: one copy for the person does */
    const ending *ending; /* what is asked of them; NULL: nothing */
} vantage;

/* A declaration to be built for an instant. */
typedef struct task {
    const ast_decl *decl;
    const node *now, *horizon;
    size_t part; /* of a set: which group, or behind the last, the people of none of the
                    first so many; of an event: beside which rows; of a value: whether
                    its days go by the calendar */
    const ending *ending; /* of an event */
} task;

/* What a declaration became: the rows of an event, or a value. */
typedef struct built {
    value value;
    const row_set *rows;
} built;

/* What the lowerings of one compilation share: where they all end when one of them has to
 * give up. */
typedef struct undertaking {
    diags *diags; /* NULL: nobody can be told, so nobody gives up */
    jmp_buf given_up;
    struct lowering *first; /* all that are not done */
    size_t elsewhere;       /* nodes in the graphs of judgements */
} undertaking;

typedef struct lowering {
    const rulebook *book;
    struct lowering *people; /* of the accounts' graph: that of the people; else NULL */
    graph *graph;
    arena *memory;       /* scratch of the building */
    const node *horizon; /* no event behind it exists; NULL: behind the run's now */
    struct memo *memos;  /* declarations that were built, by instant */
    size_t memo_count, memo_slots;
    task *tasks; /* those under way, each for the one before */
    size_t task_count, task_capacity;
    size_t level;    /* how deep the building is, since the stack was let go */
    bool is_running; /* its tasks are run: */
    jmp_buf retreat; /* where the stack is let go */
    size_t nesting;  /* memories inside memories: how many are around this one */
    const lower_instants *instants; /* NULL: rules are built for the run's now */
    lowered_list *conditions; /* where those of the rules are noted; NULL: nowhere */
    const ast_decl **judged;  /* by the number of their judgement */
    size_t judged_count, judged_capacity;
    undertaking *whole;
    struct lowering *next; /* of the undertaking */
} lowering;

/* Join the undertaking. */
void lowering_begin(lowering *b, undertaking *whole);

/* Leave it, and give back what is not in the arena. */
void lowering_done(lowering *b);

/* lower_tasks.c */

/* What the declaration became for an instant and the horizon; built when it is asked for
 * the first time. */
built lower_built(lowering *b, const ast_decl *decl, const node *now, size_t part);

/* The same of a declared event: its rows. */
const row_set *lower_built_event(lowering *b, const ast_decl *decl, vantage from);

/* What an expression became in the same context and under the same horizon; or NULL. */
const value *lower_remembered(const lowering *b, const ast_expr *expr, context c);
void lower_remember(lowering *b, const ast_expr *expr, context c, value v);

/* Report that the rules cannot be built, with the chain of what is under way; does not
 * return. Needs an undertaking that can be told. */
_Noreturn void lower_give_up(lowering *b, const char *message, const char *hint);

/* lower.c */
built lower_decl(lowering *b, const task *t);

/* When all rules are there: those of the accounts (or none, without a graph) join those
 * of the people. */
void lowering_finish(lowering *people, lowering *accounts);

value lower_decl_value(lowering *b, const ast_decl *decl, const node *now);
/* The same of a time or a duration whose days are to go by the calendar. */
value lower_decl_by_calendar(lowering *b, const ast_decl *decl, const node *now);
const node *lower_member(lowering *b, const ast_ref *ref, const node *now);
/* What the accounts' rules read of people is kept by the people's graph. */
void lower_imports(lowering *people, const graph *accounts);

/* lower_expr.c */
value lower_value(lowering *b, const ast_expr *expr, context c);
const node *lower_condition(lowering *b, const ast_expr *expr, context c);
const node *lower_single(lowering *b, const ast_expr *expr, context c); /* one node */
/* The last value of a trait that was set at or before `now`. */
const node *lower_trait(lowering *b, size_t trait, const node *now);
value value_of(const node *n);
/* Is the instant there for everybody who is judged? */
bool lower_is_certain(const node *instant);

/* lower_arithmetic.c */
value lower_arithmetic(lowering *b, const ast_expr *expr, context c);
/* One number out of a quotient: the nearest double; of a duration, the nearest microsecond. */
const node *value_single(lowering *b, value v);
/* x - y, of type `t`: between moments the duration, and dates are whole days apart. */
const node *lower_difference(lowering *b, type t, const node *x, const node *y);

/* lower_test.c: a condition, but not denied yet where the expression is. */
const node *lower_test(lowering *b, const ast_expr *expr, context c);
/* Do at least 2, exactly 3 ... of the conditions hold? */
const node *lower_so_many(lowering *b, const ast_times *times, const node *const *holds,
                          size_t count, context c);

static inline bool node_is_exact(const node *n)
{
    return n->type.kind == TYPE_DECIMAL || n->type.kind == TYPE_DURATION;
}

static inline const node *lower_negated(lowering *b, bool is_negated, const node *holds)
{
    return is_negated ? make_not(b->graph, holds) : holds;
}

/* lower_days.c: lengths with days of the calendar */
bool lower_are_days(const ast_duration *d);
value lower_days(lowering *b, const ast_duration *d);
/* The same length when each day has 24 hours. */
const node *lower_exact_days(lowering *b, value length);
const node *lower_moved(lowering *b, const node *time, value length, int64_t sign);
value lower_days_joined(lowering *b, node_kind add_or_subtract, value x, value y);
value lower_days_negated(lowering *b, value length);
value lower_days_times(lowering *b, value length, const node *factor);
value lower_days_chosen(lowering *b, const node *condition, value yes, value no);

/* `time` at a part of it: the wall clock's weekday, hour, ... */
const node *lower_part(lowering *b, const node *moment, time_part part);

/* lower_compare.c */
const node *lower_compare(lowering *b, ast_compare compare, value left, value right,
                          context c);

/* lower_aggregate.c */
/* The whole numbers that `at least 3`, `fewer than 2` ... allow; none when most < least. */
void quantity_bounds(const ast_times *times, int64_t *least, int64_t *most);
const node *lower_did(lowering *b, const ast_expr *expr, context c);
const node *lower_did_some(lowering *b, const ast_expr *expr,
                           context c);                              /* lower_some.c */
value lower_per_unit(lowering *b, const ast_expr *expr, context c); /* lower_units.c */
/* An aggregate of rows that were selected. `values` are what it looks at; NULL: what its
 * expression names. */
value lower_aggregate_of(lowering *b, const ast_expr *expr, selected rows,
                         const node *values, context c);
/* The number of the calendar unit that each row lies in. */
const node *unit_numbers(lowering *b, const row_set *rows, calendar_unit unit);
value lower_aggregate(lowering *b, const ast_expr *expr, context c);
const node *lower_pick(lowering *b, const ast_expr *expr, context c);
/* Points: amount * count of the pattern's events. */
const node *lower_times(lowering *b, const ast_pattern *pattern, const ast_list *windows,
                        context c);

/* lower_rows.c */
selected lower_selected(lowering *b, const ast_selection *what, const ast_list *windows,
                        context c, bool with_conditions);
const row_set *lower_step(lowering *b, const ast_step *step, vantage from,
                          bool with_conditions);
const row_set *lower_anything(lowering *b, uint32_t beside);
/* All events of a kind of the data. */
const row_set *lower_events(lowering *b, size_t kind, uint32_t beside);
/* The rows of a declared event. */
const row_set *lower_declared(lowering *b, const ast_decl *decl, vantage from);

/* Are they people, as an account's rule sees them? Then their traits are asked for. */
bool rows_are_of_users(const lowering *b, const row_set *rows);
const node *lower_user_property(lowering *b, const row_set *users, const char *name);

/* A table of exactly the rows that `rows` with its mask stands for. */
const row_set *rows_filtered(lowering *b, const row_set *rows);
const row_set *rows_united(lowering *b, const row_set **members, size_t count);
/* Which rows of a union are those of a member? */
const node *member_mask(lowering *b, const row_set *all, const row_set *member);

/* lower_items.c: the items of a list; and is a value one of them? */
selected lower_items(lowering *b, const ast_event *event, context c,
                     bool with_conditions);
const node *lower_list_test(lowering *b, const ast_expr *expr, context c);

/* lower_row.c: `did x ... in a row`: how many, in the longest row in the windows. */
const node *lower_longest_row(lowering *b, const ast_expr *did, const ast_list *windows,
                              context c);

/* lower_sequence.c: the matches of a sequence as rows, as seen from the same. */
const row_set *lower_sequence(lowering *b, const ast_pattern *pattern,
                              const ast_list *windows, context c, vantage same);

/* lower_beside.c: the table whose rows each need a copy of the events of their own, or
 * PEOPLE when one for the person does: for a selection, and for a sequence whose events are
 * already taken beside a table. */
uint32_t beside_of_selection(lowering *b, const ast_selection *s, const ast_list *windows,
                             context c);
uint32_t beside_of_sequence(lowering *b, const ast_list *windows, context c,
                            uint32_t beside);
/* A copy of `rows` for each row of that table; of PEOPLE, `rows` itself. */
const row_set *rows_beside(lowering *b, const row_set *rows, uint32_t beside);

/* lower_lasting.c */
const node *lower_lasting(lowering *b, const ast_expr *expr, context c);

/* lower_population.c */
value lower_ranking(lowering *b, const ast_expr *expr, context c);
const node *lower_in_ranks(lowering *b, const ast_expr *expr, context c);
const node *lower_judged(lowering *b, const ast_decl *decl, const node *now);
const node *row_property(lowering *b, const row_set *rows, const char *name);
/* The same, by the name in a `where` of rows that may be but some of those that it judges:
 * where these lack the property, they lack it with the type that the others have it with. */
const node *row_named_property(lowering *b, const row_set *rows, const meaning *m);
/* The same, of the rows that have it with this type. */
const node *row_property_of_type(lowering *b, const row_set *rows, const char *name,
                                 type t);
/* The type that the rows have it with. */
type row_property_type(const lowering *b, const row_set *rows, const char *name);
const node *row_pseudo(lowering *b, const row_set *rows, pseudo_property which);

/* lower_window.c */
typedef struct bounds {
    const node *lower, *upper; /* or NULL */
    bool lower_in, upper_in;
} bounds;

bounds lower_bounds(lowering *b, const ast_window *window, context c);
/* The rows up to now that lie in all windows; those that are no interval go into *mask. */
const node *lower_windows(lowering *b, const row_set *rows, const ast_list *windows,
                          context c, const node **mask);
/* All rows up to now. */
const node *lower_history(lowering *b, uint32_t rows, const node *now);

/* What is judged `as of` an instant is judged at it, but with no event behind the
 * instant of the judgement that asks. Change the horizon to that; returns the one to
 * restore. */
const node *lower_enter(lowering *b, const node *then, const node *now);

/* `now`, or the horizon where that comes first. */
const node *lower_until(lowering *b, const node *now);
/* Has the row happened by then, and by the instant of the run? */
const node *lower_happened(lowering *b, const row_set *rows, const node *now);
calendar_span lower_span(ast_duration d);
size_t lower_occasion(lowering *b, const ast_decl *decl);
/* Does a time or date value lie in all of the windows? */
const node *lower_in_windows(lowering *b, const ast_expr *moment, const ast_list *windows,
                             context c);

/* The instant that an expression names: of a date, the first of its day. */
const node *lower_instant(lowering *b, const ast_expr *expr, context c);

#endif
