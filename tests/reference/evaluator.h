/* SPDX-License-Identifier: MIT
 *
 * evaluator -- what the files of the reference evaluator share; reference.h is its public
 * face. Read them in this order:
 *
 *   value.c        numbers, and how they compare
 *   history.c      what a person did: events, sessions, traits
 *   days.c         days of the calendar
 *   windows.c      which instants a window holds
 *   sequences.c    a then b, by trying every choice of events
 *   aggregates.c   did, count, sum, ...
 *   half_life.c    sums that fade
 *   population.c   segments, groups, rankings, splits
 *   accounts.c     rules for each account
 *   items.c        lists inside events
 *   evaluate.c     every other expression
 */
#ifndef TESTS_REFERENCE_EVALUATOR_H
#define TESTS_REFERENCE_EVALUATOR_H

#include "base/arena.h"
#include "lang/meaning.h"
#include "reference/reference.h"

/* Something that a rule sees as an event: one of the data, a session, the match of a
 * sequence with a name, one of the people of an account, or an item
 * of a list. */
typedef struct occurrence {
    const world_event
        *event;  /* whose properties it has; a session's first; a user's none */
    size_t user; /* USER: who; `time` is that of the judgement */
    const struct occurrence *holder; /* ITEM: the event with the list, */
    size_t list_kind;                /* the schema's kind of the list, */
    const world_value *item;         /* and the item's own values */
    bool is_session;
    bool is_match;           /* of a sequence: it has what its last positive step has */
    const world_event *exit; /* SESSION: its last event, */
    int64_t event_count;     /* and how many it has */
    int64_t time;
    uint32_t arrival;
    value gap, nth;
} occurrence;

typedef struct values {
    value *items; /* in the order of their events */
    size_t count;
} values;

/* In the total order. */
typedef struct occurrences {
    occurrence *items;
    size_t count;
} occurrences;

/* What each `where` behind the name of a sequence asks of the event that ends a match; the
 * innermost comes first. */
typedef struct ending {
    const ast_expr *where;
    const struct ending *rest; /* or NULL */
} ending;

/* Whom, when, and inside a `where` which event is asked. */
typedef struct scope {
    size_t person;
    int64_t now;
    const occurrence *event; /* or NULL */
} scope;

/* Instants from first to last, both of them in; nothing when last < first. */
typedef struct interval {
    int64_t first, last;
} interval;

struct reference {
    const world *world;
    struct reference *people; /* of a reference of accounts: the one of their people */
    const size_t *account_of; /* and in which account each of them is, or SIZE_MAX */
    const rulebook *book;
    const zone *zone;
    int64_t now;
    int64_t horizon; /* nothing after it exists: now, or what an `as of` was asked at */
    occurrences *histories; /* by person: all their events */
    size_t budget;          /* how many occurrences may still be listed; 0: no limit */
    bool has_given_up;      /* there were more */
    int64_t *known_since;   /* by person: when the first row names them */
    const script_set *script_set;
    script_state *scripts;
    struct memo *memo; /* only for speed: what was worked out before */
    arena *memory;
};

/* history.c */
bool comes_before(const occurrence *a, const occurrence *b);
bool is_same_occurrence(const occurrence *a, const occurrence *b);
void history_read(reference *ref);
value stored_value(type t, const world_value *from);
value history_trait(const reference *ref, size_t person, size_t trait, int64_t at);
value history_last_change(const reference *ref, size_t person, size_t trait, int64_t at);
bool is_judged(const reference *ref, size_t person);
bool is_known(const reference *ref, size_t person, int64_t at);
value occurrence_property(const reference *ref, const occurrence *o, const char *name);
occurrences occurrences_of_name(reference *ref, const char *name, scope s);
/* Those of a step for which all of the ending holds. */
occurrences occurrences_of_step(reference *ref, const ast_step *step, scope s,
                                bool with_conditions, const ending *ending);
void occurrences_add(reference *ref, occurrences *list, occurrence o);

/* What a pattern finds, each in all of the windows (which may be NULL). */
occurrences occurrences_of_pattern(reference *ref, const ast_pattern *pattern,
                                   const ast_list *windows, scope s,
                                   bool with_conditions);

/* items.c */
occurrences items_of_event(reference *ref, const ast_event *event, scope s);
value item_property(const reference *ref, const occurrence *o, const char *name);
bool list_has_value(reference *ref, const meaning *list, value v, scope s);

/* days.c: a time or a date of which the local day is asked for */
value moment_by_calendar(reference *ref, const ast_expr *expr, scope s);

/* windows.c */
interval moment_interval(const reference *ref, value moment);
bool interval_is_missing(interval i); /* of a missing moment */
int64_t move_instant(const reference *ref, int64_t instant, ast_duration by, int factor);
/* What all windows that have ends leave of time; INT64_MIN: open. */
interval windows_interval(reference *ref, const ast_list *windows, scope s);
bool windows_hold(reference *ref, const ast_list *windows, scope s, const occurrence *o);
bool windows_hold_for_value(reference *ref, const ast_list *windows, scope s,
                            value moment);
value next_occasion(const reference *ref, const ast_decl *decl, int64_t now);
value next_anniversary(const reference *ref, value day, int64_t now);

/* sequences.c */
occurrences sequence_matches(reference *ref, const ast_pattern *pattern,
                             const ast_list *windows, scope s, const ending *ending);

/* aggregates.c */
value evaluate_did(reference *ref, const ast_expr *expr, scope s);
value evaluate_did_some(reference *ref, const ast_expr *expr, scope s); /* some.c */
value evaluate_per_unit(reference *ref, const ast_expr *expr, scope s);
value evaluate_aggregate(reference *ref, const ast_expr *expr, scope s);
values evaluate_list(reference *ref, const ast_expr *expr, scope s);
value selected_value(reference *ref, const ast_selection *selection, scope s,
                     const occurrence *o); /* of one event that an aggregate looks at */
value evaluate_pick(reference *ref, const ast_expr *expr, scope s);

/* half_life.c */
double weight_of_age(int128 age, int128 half_life);
value fading_sum(reference *ref, const ast_expr *expr, scope s, occurrences found);

/* population.c */
bool is_member(reference *ref, const ast_ref *of, size_t person, int64_t now);
value evaluate_ranking(reference *ref, const ast_expr *expr, scope s);
value evaluate_decl(reference *ref, const ast_decl *decl, size_t person, int64_t now);
int64_t horizon_enter(reference *ref, int64_t now);

/* evaluate.c */
value evaluate(reference *ref, const ast_expr *expr, scope s);
value part_of_moment(const reference *ref, value moment, time_part part);
bool quantity_holds(ast_quantity quantity, int order);
int64_t exact_microseconds(ast_duration d);

/* Evaluate inside a `where`: about an event of the person, or about a user. */
value evaluate_inside(reference *ref, const ast_expr *expr, scope s, const occurrence *o);

/* accounts.c */
occurrences users_of_account(reference *ref, size_t account, int64_t now);
value user_property(const reference *ref, const occurrence *o, const char *name);

/* memo.c */
value *memo_entry(reference *ref, const void *what, size_t member, size_t person,
                  int64_t now, bool *is_new);
void memo_free(struct memo *m);

#endif
