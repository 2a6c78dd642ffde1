/* SPDX-License-Identifier: MIT
 *
 * ast -- the tree of a segment file, just as it was written.
 *
 * The parser (grammar/segment.y) builds it; passes read it, and the type checker notes
 * what it found in the fields under "filled by". Everything lives in one arena. Names
 * are NUL-ended and unquoted; every node carries its span.
 *
 *     ast_file
 *       ast_decl             segment vip "VIP" ... when EXPR
 *         ast_expr           sum(SELECTION mods) >= 500
 *           ast_selection    purchase.amount where (EXPR)
 *             ast_pattern    a step, or (a then b within 1 day)
 *           ast_window       in last 90 days
 */
#ifndef LANG_AST_H
#define LANG_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/dictionary.h"
#include "base/name_index.h"
#include "lang/aggregates.h"
#include "report/source.h"
#include "value/calendar.h"
#include "value/type.h"

typedef struct ast_expr ast_expr;
typedef struct ast_decl ast_decl;

/* A growing list of nodes of one kind. */
typedef struct ast_list {
    void **items;
    size_t count, capacity;
} ast_list;

void ast_list_add(arena *memory, ast_list *list, void *item);

/* A loop over the items of a list, which have that type; `break` leaves it.
 *
 *     each (const ast_event, event, &step->events)
 *         collect_event(c, event);
 */
#define each(type, item, list)                                                           \
    for (size_t item##_at = 0, item##_goes_on = 1;                                       \
         item##_goes_on && item##_at < (list)->count;                                    \
         item##_at++, item##_goes_on = !item##_goes_on)                                  \
        for (type *item = (list)->items[item##_at]; item##_goes_on; item##_goes_on = 0)

/* A name or a text as it stands in the file. `text` is NULL where nothing stands. */
typedef struct ast_name {
    const char *text;
    span where;
    bool is_quoted; /* in backticks */
} ast_name;

/* A number as written: value / 10^scale, exactly. `60%` is 60 / 10^2 with is_percent. */
typedef struct ast_number {
    int64_t value;
    unsigned scale;
    bool is_percent;
} ast_number;

/* `90 days`, `1.5 hours`. Only second to week may have a fraction. */
typedef struct ast_duration {
    ast_number count;
    calendar_unit unit;
    span where;
} ast_duration;

/* `vip`, `lifecycle.active`: something that has members. */
typedef struct ast_ref {
    ast_name name, member; /* member.text is NULL for `vip` */
    span where;
    ast_decl *decl; /* filled by resolve */
    size_t group;   /* filled by resolve: index into decl->groups, for a member */
} ast_ref;

/* ---- behaviour ---------------------------------------------------------- */

/* `purchase where (amount > 100)`. */
typedef struct ast_event {
    ast_name name; /* the kind; `anything` has is_anything */
    bool is_anything;
    ast_expr *where; /* or NULL */
    span place;

    /* filled by resolve: what the name stands for */
    ast_decl *decl; /* a declared event, or NULL: */
    size_t
        kind; /* the schema's kind; SIZE_MAX for `anything`, lists and after an error */
    bool is_setting;    /* `kind` is of the settings of a list that people have */
    bool is_of_account; /* the same: account.x */
    const char *list;   /* "items": a list inside the events of a `where`, or NULL */
    const struct event_scope *list_scope; /* the events that hold it */
    bool
        is_of_outer; /* the list is not of the items that a `where` judges, but of their event */
    bool
        is_counted; /* the `where` asks which of several it is: `nth`, `gap`, or of the newest
                        N. Behind the name of a sequence it is asked of the match then. */
} ast_event;

/* One event, or `(a or b) where (...)`. */
typedef struct ast_step {
    ast_list events; /* ast_event; more than one: alternatives */
    ast_expr *where; /* of the whole group; NULL, always NULL for a single event */
    span place;
    bool is_counted; /* filled by resolve: of this `where`, as of that of an event */
} ast_step;

typedef enum ast_quantity {
    QUANTITY_AT_LEAST,
    QUANTITY_AT_MOST,
    QUANTITY_EXACTLY,
    QUANTITY_MORE_THAN,
    QUANTITY_FEWER_THAN
} ast_quantity;

/* `within 3 days`, or `more than 0 seconds later`. */
typedef struct ast_spacing {
    bool is_within;
    ast_quantity quantity; /* unless is_within */
    ast_duration duration;
} ast_spacing;

/* One step of a sequence with how it follows the one before. */
typedef struct ast_link {
    ast_step *step;
    bool is_negated;   /* then no x */
    bool is_direct;    /* then directly x */
    ast_list spacings; /* ast_spacing */
    span place;
} ast_link;

/* A single step, or a sequence. */
typedef struct ast_pattern {
    bool is_sequence;
    bool is_any_order;   /* (a and b): a sequence whose steps come in any order */
    size_t least;        /* in any order: so many of the steps make a match; 0: all */
    ast_step *step;      /* unless is_sequence */
    ast_list links;      /* ast_link; the first has no spacing */
    ast_list same;       /* ast_name *: with same p */
    ast_list all_within; /* ast_duration * */
    ast_list only; /* ast_step: with only (a or b); more than one is an error of check */
    ast_list without_repeats, strictly_later; /* span: where it is said; the same */
    span place;
} ast_pattern;

/* What an aggregate or `last` looks at: events, or a value of each event. */
typedef struct ast_selection {
    ast_pattern *pattern;    /* the events */
    ast_list names;          /* ast_name: behind the event, of purchase.amount,
                             purchase.address.city; none: the events themselves */
    ast_expr *value;         /* purchase.(price * quantity): instead of names */
    ast_duration *half_life; /* sum(...) with half-life 30 days; NULL without */
    span place;

    struct meaning *meaning; /* filled by check: of the property */
    size_t list_names; /* filled by resolve: how many of the names belong to a list's:
                                1 in cart.items.price, of the list "cart.items" */
} ast_selection;

typedef enum ast_window_kind {
#define X(kind, ...) WINDOW_##kind,
#include "lang/window_kinds.def"
#undef X
} ast_window_kind;

/* The parts that a window has. */
typedef enum ast_window_shape {
    SHAPE_DAY,       /* none */
    SHAPE_DURATION,  /* duration */
    SHAPE_UNITS,     /* count full units */
    SHAPE_EVENTS,    /* count, name: in last 5 purchase */
    SHAPE_UNIT,      /* unit */
    SHAPE_UNIT_NEAR, /* unit, from: in week of X */
    SHAPE_END,       /* from */
    SHAPE_ENDS,      /* from, to */
    SHAPE_OCCASION,  /* name */
    SHAPE_NEAR       /* duration, and an anchor: from, or step */
} ast_window_shape;

/* By ast_window_kind. */
extern const struct ast_window_form {
    ast_window_shape shape;
    const char *words, *form;
    bool is_fixed;
} window_forms[];

typedef struct ast_window {
    ast_window_kind kind;
    ast_duration duration;
    int64_t count;
    calendar_unit unit;
    bool is_bare; /* LAST_FULL, NEXT_FULL: without a number */
    bool is_full; /* PERIOD: of the calendar, else reckoned from now */
    ast_expr *from, *to;
    ast_name name;
    ast_step *step; /* WITHIN_*: of any E */
    ast_name same;  /* ... with same p; text NULL without */
    span place;
} ast_window;

/* `at least 3 times`. */
typedef struct ast_times {
    ast_quantity quantity;
    int64_t count;
    span place;
} ast_times;

/* `in at least 3 of last 4 weeks`: in so many of the last `count` units. */
typedef struct ast_periods {
    const ast_times *times;
    int64_t count;
    calendar_unit unit;
    bool is_full;
    span place;
} ast_periods;
/* `in a row`, `in a row among (a or b)`. */
typedef struct ast_row {
    ast_step *among; /* NULL: among all events */
    span place;
} ast_row;

/* What may follow the events of a `did` or an aggregate, in any order. */
typedef struct ast_modifiers {
    ast_list windows; /* ast_window */
    ast_list times;   /* ast_times; more than one is an error of check */
    ast_list periods; /* ast_periods; the same */
    ast_list rows;    /* ast_row; the same */
} ast_modifiers;

/* ---- expressions -------------------------------------------------------- */

/* exprs.def tells which parts each has. */
typedef enum ast_expr_kind {
#define X(kind, ...) EXPR_##kind,
#include "lang/exprs.def"
#undef X
} ast_expr_kind;

typedef enum ast_compare {
    COMPARE_EQ,
    COMPARE_NE,
    COMPARE_LT,
    COMPARE_GT,
    COMPARE_LE,
    COMPARE_GE
} ast_compare;

typedef enum ast_has { HAS_ANY, HAS_ALL, HAS_NONE } ast_has;

/* `top 20%`, `bottom 100`, `top half`, `bottom third`. */
typedef struct ast_amount {
    bool is_top;
    bool is_count;     /* 100: people; else a share */
    ast_number number; /* the count, or the share when it is not 1/divisor */
    unsigned divisor;  /* half 2, third 3, quarter 4, ... 0: use number */
    span place;
} ast_amount;

struct ast_expr {
    ast_expr_kind kind;
    span where;
    bool is_negated;
    bool is_last;          /* PICK */
    bool boolean;          /* BOOL */
    ast_compare compare;   /* COMPARE */
    ast_has has;           /* HAS */
    ast_number number;     /* NUMBER, NTILE */
    ast_name text;         /* STRING: its content; NUMBER, DATE, TIME: as written;
                                NOW: the part of it, or NULL */
    int64_t time;          /* DATE: days since 1970; TIME: see time_has_zone */
    bool time_has_zone;    /* TIME: microseconds of UTC, else of the project's clock */
    ast_duration duration; /* DURATION, AGO, LASTING */
    ast_quantity quantity; /* LASTING */
    ast_list names;        /* ast_name: PATH, CALL, LAST_CHANGE, NEXT_OCCASION */
    ast_list list;         /* ast_expr: AND, OR, CALL, IN_VALUES */
    ast_expr *condition, *left, *right;
    calendar_unit unit; /* PER_UNIT */
    bool counts_empty;  /* PER_UNIT: `else 0`: also units without events */
    aggregate_kind aggregate;
    ast_selection *selection;
    ast_modifiers modifiers;
    const ast_times *times; /* SOME_OF, DID_SOME: how many */
    ast_amount amount;
    ast_ref ref;           /* IN_NAMED, MEMBER */
    ast_ref among;         /* rankings; name.text NULL without */
    ast_expr *within_each; /* rankings: the class, or NULL */

    /* filled by resolve and check */
    struct meaning *meaning;
};

/* ---- declarations ------------------------------------------------------- */

typedef enum ast_decl_kind {
    DECL_USE,
    DECL_LET,
    DECL_LIST,
    DECL_EVENT,
    DECL_SEGMENT,
    DECL_GROUPS,
    DECL_SCORE,
    DECL_OCCASION,
    DECL_SPLIT,
    DECL_SCENARIO
} ast_decl_kind;

/* One of a set of groups; `when` is NULL for `otherwise`. */
typedef struct ast_group {
    ast_name name, title;
    ast_expr *when;
    span place;
} ast_group;

/* `plus 20 when C`, or `minus 10 each E in last 30 days at most 40`. */
typedef struct ast_point {
    bool is_minus;
    ast_number amount;
    ast_expr *when; /* or NULL: each */
    ast_pattern *pattern;
    ast_list windows; /* ast_window */
    bool has_cap;
    ast_number cap;
    span place;
} ast_point;

typedef enum ast_occasion_kind {
    OCCASION_DAY,
    OCCASION_SPAN,
    OCCASION_WEEKDAY,
    OCCASION_DATES
} ast_occasion_kind;

typedef struct ast_month_day {
    unsigned month, day;
} ast_month_day;

typedef struct ast_occasion {
    ast_occasion_kind kind;
    ast_month_day first, last; /* DAY: first; SPAN: both */
    int ordinal;               /* WEEKDAY: 1 to 5, -1 for last */
    weekday weekday;
    unsigned month;
    ast_list dates; /* DATES: ast_expr of kind EXPR_DATE */
} ast_occasion;

typedef struct ast_arm {
    ast_name name;
    ast_number share;
    span place;
} ast_arm;

/* One item of a list that a scenario tells: `(sku = "A1", price = 10)`, or a plain value
 * as a setting without a name. */
typedef struct ast_item {
    ast_list settings; /* ast_setting */
} ast_item;

/* `sku = "A1"` in a scenario, or `tags ("vip", "new")`. */
typedef struct ast_setting {
    ast_name name;   /* of a field of a record: "address.city" */
    ast_list names;  /* ast_name: its parts */
    ast_expr *value; /* what is told, or expected; NULL of a list */
    ast_expr *call;  /* EXPECT_CALL: the function with its arguments, without a name */
    ast_expr *tolerance; /* how far from it a value may lie; or NULL */
    bool is_list;
    ast_list items; /* ast_item, of a list */

    /* filled by resolve */
    bool is_missing; /* `= missing`; the value has no meaning then */
    size_t property; /* DID: of the kind; HAS: the trait; of a list the kind of its items;
                          SCHEMA_NONE after an error */
    const struct property
        *told_as;     /* DID, HAS: the property or trait that it is about; NULL of
                                        a list and after an error */
    ast_expr *holds;  /* EXPECT_HAS, _CALL: the condition that is expected; or NULL */
    ast_expr *result; /* EXPECT_HAS, _CALL: what is compared with the value; or NULL */

    struct told_value
        *told; /* filled by the engine, in its memory: DID, HAS: the value */
} ast_setting;

typedef enum ast_line_kind {
    LINE_DID,
    LINE_HAS,
    LINE_EXPECT_IN,
    LINE_EXPECT_HAS,
    LINE_EXPECT_CALL /* of nobody: what a function gives */
} ast_line_kind;

typedef struct ast_line {
    ast_line_kind kind;
    ast_name person, event;
    bool is_negated;   /* EXPECT_IN: not in */
    bool is_crossing;  /* EXPECT_IN: and the opposite a microsecond before */
    ast_list settings; /* ast_setting */
    ast_ref ref;
    ast_expr *at; /* EXPR_TIME; NULL: since ever */
    span place;

    /* filled by resolve and check */
    size_t event_kind;  /* DID: of the schema; SCHEMA_NONE after an error */
    ast_expr *holds;    /* EXPECT_IN: the condition that is expected */
    bool is_of_account; /* EXPECT_*: `person` is the name of an account */
} ast_line;

/* A declaration that another one names, and where. */
typedef struct ast_use {
    ast_decl *decl;
    span where;
} ast_use;

struct ast_decl {
    ast_decl_kind kind;
    span where;      /* from its keyword to its last word */
    ast_name name;   /* USE, SCENARIO: the text */
    ast_name module; /* USE: "rate" of lib.rate, of which the name is the path */
    ast_name title;
    ast_list notes; /* ast_name: the texts of `note`, in pieces */
    ast_name owner, purpose;
    ast_list tags;    /* ast_name */
    ast_name subject; /* for each NAME */
    ast_ref among;
    bool is_judged; /* judged every unit */
    calendar_unit judged_unit;
    span judged_place;
    ast_expr *value; /* LET, SCORE; SEGMENT: when */
    ast_expr *stay;
    ast_list values;       /* LIST: ast_expr */
    ast_name from;         /* LIST from a file */
    dictionary *file_list; /* filled by read_files: its members */
    ast_pattern *pattern;  /* EVENT */
    ast_list groups;       /* GROUPS: ast_group */
    ast_list points;       /* SCORE as a plan: ast_point */
    ast_occasion occasion;
    ast_name by;    /* SPLIT */
    ast_list arms;  /* SPLIT: ast_arm */
    ast_list lines; /* SCENARIO: ast_line */
    size_t number;  /* its place among those of the rulebook, which fills it */

    /* filled by resolve */
    bool is_used;
    ast_list uses;          /* ast_use: what it names, in the order of its text */
    int order_state;        /* of resolve_order.c */
    name_index group_names; /* GROUPS, SPLIT: which group or arm has a name */
    const struct event_scope *kinds; /* EVENT: what it may be; NULL in a circle */
    struct meaning *meaning;
};

/* A comment: its text from `#` to before the line end, and whether it has the line to
 * itself. */
typedef struct ast_comment {
    const char *text;
    span where;
    bool is_alone;
    bool is_after_blank_line;
} ast_comment;

typedef struct ast_file {
    const source *source;
    ast_list decls;    /* ast_decl, in the order of the file */
    ast_list comments; /* ast_comment, in the order of the file */
    ast_list broken;   /* ast_name: declared, but the rest could not be read. Who uses
                          such a name is not to blame. */
} ast_file;

#endif
