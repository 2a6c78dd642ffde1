/* SPDX-License-Identifier: MIT
 *
 * explain -- why a person or an account is in a segment, or is not: its reasons with what they came
 * to.
 *
 *     explanation *x = explain(&request, &err);
 *     if (x->root->holds) ...
 *     explanation_free(x);
 *
 * All values are those of the engine, for this person, at this instant. What happened later is
 * not looked at, and the instant at which the answer changes is the one at which it does when
 * nothing happens. For rules about people among others the others are as the data have them, and
 * neither that instant nor suggestions are told.
 */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include "explain/advice.h"
#include "explain/reason.h"
#include "lang/rulebook.h"

typedef struct explain_request {
    const rulebook *book;
    const zone *zone;
    weekday week_start;
    const script_set *scripts;
    const store *store;
    const cancel *cancel;
    size_t person;
    const char *account; /* of rules about accounts, which one; else NULL */
    int64_t as_of;
    ast_decl *decl;    /* a segment, groups, a split or a score */
    size_t part;       /* which group or arm; SIZE_MAX: all groups */
    size_t most_looks; /* of the horizon; 0: as many as it takes (exec/horizon.h) */
    bool
        is_short; /* the reasons alone: neither when they change nor what would change them */
} explain_request;

typedef struct explanation {
    const reason *root;
    const char *group;      /* of all groups: the one that holds; or NULL */
    horizon_answer changes; /* of what the root says */
    int64_t changes_at;
    bool
        has_latest; /* of a condition that is OPEN: it is another at `latest`, perhaps earlier */
    int64_t latest;
    bool is_advised;         /* suggestions were looked for */
    advice_list suggestions; /* of a condition that does not hold */
    bool needs_others;
    bool is_of_account;
    const store *person; /* whose rows witnesses name; it owns it unless needs_others */
    arena *memory;
    store *own;
} explanation;

/* NULL: *err is filled, also when nobody is of the account then. What the request points at outlives it. */
explanation *explain(const explain_request *request, carpel_error *err);
void explanation_free(explanation *x);

/* Append what would have to happen: "purchase (amount = 37.50)". Rows are row_text.h's. */
void explain_append_advice(const explanation *x, const advice *a, text *out);

/* Append how one step that comes several times does: " at once", " 1 day apart"; or nothing. */
void explain_append_pace(const advice *a, text *out);

/* Append for how long nothing of it may happen then: ", then nothing for 1 day"; or nothing. */
void explain_append_waiting(const advice *a, text *out);

#endif
