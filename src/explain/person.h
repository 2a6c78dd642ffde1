/* SPDX-License-Identifier: MIT
 *
 * person -- all that is known of one person at an instant: what happened, what they are, which
 * rules hold and since when.
 *
 *     person_view *v = person_view_new(&request, &err);
 *     for (size_t i = 0; i < v->standing_count; i++) ... v->standings[i] ...
 *     person_view_free(v);
 *
 * All values are those of the engine, for this person, as in an explanation; since when a rule
 * holds is found with the horizon on the person's own history. Of rules about people among others
 * it is not told.
 */
#ifndef EXPLAIN_PERSON_H
#define EXPLAIN_PERSON_H

#include "exec/plan.h"
#include "explain/reason.h"
#include "explain/since.h"
#include "lang/rulebook.h"
#include "store/store.h"

typedef struct person_request {
    const rulebook *book;
    const zone *zone;
    weekday week_start;
    const script_set *scripts;
    const store *store;
    const cancel *cancel;
    size_t person;
    int64_t as_of;
    size_t most_rows; /* of the timeline, the latest */
} person_request;

/* A rule about the person. */
typedef struct standing {
    const ast_decl *decl;
    const char *path;  /* "vip", "lifecycle.active" */
    const char *title; /* of the segment, or of the group; or NULL */
    bool is_value;     /* a score, or a `let` */
    bool needs_others;
    bool holds;         /* unless it is a value */
    const char *value;  /* or NULL: missing */
    since_answer since; /* of one that holds: THEN, FIRST or OPEN */
    int64_t since_at;
} standing;

typedef struct person_view {
    size_t person; /* the number in the store */
    int64_t known_since;
    standing *standings; /* in the order of the rules */
    size_t standing_count;
    witness *rows; /* of the timeline, the latest first */
    size_t row_count, row_total;
    witness *traits; /* the latest value of each that has one, since it is that */
    size_t trait_count;
    const char *account;   /* of a project with accounts; or NULL */
    const witness *joined; /* where that is said */
    arena *memory;
} person_view;

/* NULL: *err is filled. What the request points at outlives it; rows are those of its store. */
person_view *person_view_new(const person_request *request, carpel_error *err);
void person_view_free(person_view *v); /* accepts NULL */

#endif
