/* SPDX-License-Identifier: MIT
 *
 * reason -- a rule as a tree of reasons, in the words of the rule file.
 *
 * Each condition of the rule is a reason with the span of its text; what it is made of are its
 * parts: the operands of `and`, the rule behind `in vip`, the value of a `let`. Whether it
 * holds, and which values it compares, are questions to a graph of their own (graph/lower.h),
 * built and worked out like any rule: nothing here knows what a rule means.
 *
 *     reasons r = reasons_ask(&moment, decl, part, false, memory);
 *     graph *g = graph_lower_questions(book, &r.questions);
 *     ... the value of question r.root->question ...
 */
#ifndef EXPLAIN_REASON_H
#define EXPLAIN_REASON_H

#include "exec/horizon.h"
#include "explain/window_span.h"
#include "graph/lower.h"
#include "store/row_origins.h"

#define NO_QUESTION SIZE_MAX

typedef enum reason_kind {
    REASON_ALL,   /* `and`, and a rule with its `among` */
    REASON_ANY,   /* `or` */
    REASON_SOME,  /* `at least 2 of` */
    REASON_NOT,   /* one part, which must not hold */
    REASON_IF,    /* condition, then, else */
    REASON_FIRST, /* groups: the first part that holds */
    REASON_NAMED, /* a rule or a `let`: its name, and what it says as parts */
    REASON_TEST,  /* no conditions inside */
    REASON_VALUE, /* of a score: no condition */
    REASON_EACH,  /* `plus 10 each buy`: how often; no condition */
    REASON_JUDGED /* `judged every month`: what decided the last time */
} reason_kind;

/* A value beside another. */
typedef struct reason_value {
    span where;
    size_t question;            /* NO_QUESTION: it is written out */
    const char *shown;          /* filled by explain: NULL when it is missing */
    const char *lack;           /* why it is missing, where that is known; or NULL */
    struct reason_value *parts; /* what it is worked out of: terms, factors, arguments */
    size_t part_count;
    bool is_quotient;
    const char *role;  /* of a part of a choice: "if", "then", "else"; or NULL */
    bool is_condition; /* filled by explain: `holds`, and no value */
    bool holds;
    bool is_choice; /* as that of a reason */
} reason_value;

/* A place among others: whom it is about, and where the border lies. */
typedef struct ranking {
    const ast_expr *holds, *value; /* asked of everyone */
    const ast_expr *within;        /* the class, or NULL */
    const ast_expr *among;         /* who takes part; NULL: everyone who has a value */
    bool is_top;

    /* filled by explain */
    size_t inside, entrants; /* of the person's class */
    const char *person;      /* the last one who is inside; NULL: nobody is */
    const char *bound;       /* their value */
} ranking;

/* A row that a condition looks at. */
typedef struct witness {
    bool is_trait;
    size_t table;
    size_t row;    /* of the person's rows of that table: the first is 0 */
    size_t person; /* filled by explain: whose, by number in the store */
    int64_t time;
    bool has_origin; /* filled by explain: where it stands is known */
    row_origin origin;
} witness;

/* Rows between two instants, as many of the latest as are told. */
typedef struct witnesses {
    bool has_from, has_until;
    int64_t from, until;
    size_t count; /* all that count */
    witness *items;
    size_t item_count, capacity;
} witnesses;

typedef struct reason {
    reason_kind kind;
    span where;
    const char
        *name; /* NAMED: of the rule or let; parts of FIRST: of the group; or NULL */
    const char *
        role; /* of a part of IF, of a choice, or of JUDGED: "if", "then", "when", "stay while"; or NULL */
    bool is_group; /* NAMED: a part of FIRST that is one of the groups */
    bool
        is_choice; /* VALUE: an `if`. Its parts are the condition and both branches; once it is filled, the
                       condition and the branch taken */
    size_t question;
    struct reason **parts;
    size_t part_count;    /* of FIRST, once it is filled: up to the group that holds */
    reason_value *values; /* of a TEST: what is compared, or given to a function */
    size_t value_count;
    ranking *ranking;       /* or NULL */
    size_t in_window;       /* whether a moment is in a window: that, not denied; or
                         NO_QUESTION */
    int64_t judged;         /* JUDGED: when */
    reason_value points;    /* of a line of points: what it gives; else NO_QUESTION */
    reason_value unbounded; /* of an `each` with `at most`: what it would give without */

    /* filled by explain */
    bool holds;
    window_span window;   /* of `in_window`, as far as it has ends */
    reason_value value;   /* VALUE and EACH: what `question` came to */
    witnesses *looked_at; /* of each fold below it */
    size_t looked_at_count;
} reason;

typedef struct reasons {
    reason *root;
    lower_questions questions;
} reasons;

/* When it is asked, in the project's calendar. */
typedef struct reason_moment {
    int64_t as_of;
    const zone *zone;
    weekday week_start;
} reason_moment;

/* About a segment, a set of groups (part: SIZE_MAX), a group or arm of one, a score, a value; of people, or
 * of accounts: a value does not say which itself. */
reasons reasons_ask(const reason_moment *moment, ast_decl *decl, size_t part,
                    bool is_of_account, arena *memory);

#endif
