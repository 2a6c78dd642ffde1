/* SPDX-License-Identifier: MIT
 *
 * meaning -- what resolve and check found out about an expression.
 *
 * resolve fills what a name stands for; check fills the type. Later passes only read.
 */
#ifndef LANG_MEANING_H
#define LANG_MEANING_H

#include "lang/ast_ask.h"
#include "lang/events.h"
#include "report/diags.h"

typedef enum meaning_kind {
    MEANING_NONE, /* not a name, or reported already */
    MEANING_DECL, /* decl: a let or a score */
    MEANING_PROPERTY, /* of the event that a `where` judges: name, in every kind of the scope */
    MEANING_PSEUDO,  /* pseudo */
    MEANING_TRAIT,   /* trait: user.x */
    MEANING_LIST,    /* is a value in a list of values? name: "x" in tags */
    MEANING_BUILTIN, /* function: a built-in of builtins.def */
    MEANING_SCRIPT   /* function: of the script set */
} meaning_kind;

/* `.weekday` and so on at the end of a name. */
typedef enum time_part {
    PART_NONE,
#define X(name, spelling, type, doc) PART_##name,
#include "lang/time_parts.def"
#undef X
    PART_COUNT
} time_part;

typedef struct time_part_row {
    const char *name;
    type_kind type;
} time_part_row;

extern const time_part_row time_parts[PART_COUNT];

time_part time_part_find(const char *name); /* PART_NONE: it is none */

/* How far a duration can be counted on. */
typedef enum duration_form {
    DURATION_EXACT,    /* microseconds */
    DURATION_CALENDAR, /* months, quarters, years: only a calendar gives it a length */
    DURATION_SINCE     /* time since or until an instant: can meet both others */
} duration_form;

/* Whose history a declaration is about. */
typedef enum level {
    LEVEL_ANY, /* anybody's: a value that people's and accounts' rules may use */
    LEVEL_PERSON,
    LEVEL_ACCOUNT
} level;

typedef struct meaning {
    meaning_kind kind;
    ast_decl *decl;
    const char *name;         /* PROPERTY, LIST */
    const event_scope *scope; /* PROPERTY, PSEUDO, LIST: the events that it belongs to */
    bool is_of_outer; /* the same: not of the items that are judged, but of their event */
    pseudo_property pseudo;
    size_t trait, function;
    bool is_declared; /* SCRIPT: its file says what it takes and gives */
    bool takes_any;   /* SCRIPT: only asked whether there is a value, of whatever type */
    type item;        /* of a list of values: what they are */
    bool is_of_account; /* TRAIT: account.x, which accounts have */
    bool is_left; /* reported with what stands around it; below, nothing was looked up */
    time_part part;

    type type;
    duration_form duration;
    level level;        /* of a declaration */
    bool of_population; /* of a declaration: others' values decide, too */
    bool is_steady;    /* of a declaration: nothing but a trait that changes changes it */
    bool varies;       /* of a declaration: with the person or the instant */
    bool is_of_person; /* of a value's declaration: it differs between people or events */
    bool differs; /* of an event: another at another instant, for one and the same row */
    bool is_zero_of_nothing; /* of a value's declaration: 0 for whoever did nothing */
    size_t events_below;     /* of an event: how many it leans on in a row */
    bool has_matches;        /* of an event: it is, or may be, the match of a sequence */
} meaning;

/* Report that `whole` has no such part, as times have. */
void report_part(diags *d, const char *whole, const ast_name *name);

/* "address.city" of the first `count` names. */
const char *joined_names(arena *memory, const ast_list *names, size_t count);

/* The property of the scope that most of the names are: *taken of them; or NULL. */
const char *scope_find_property(const event_scope *scope, const ast_list *names,
                                arena *memory, size_t *taken);

#endif
