/* SPDX-License-Identifier: MIT
 *
 * foreseen -- what the parts of foresee share: foresee.c has the horizons and the order of things,
 * explained.c the explanations.
 */
#ifndef DIFFERENTIAL_FORESEEN_H
#define DIFFERENTIAL_FORESEEN_H

#include "differential/histories.h"
#include "exec/horizon.h"
#include "explain/explain.h"

typedef struct tally {
    unsigned long pairs, wrong, looks;
    unsigned long changes, stays, open;
    unsigned long explained, scores, groups, accounts, suggestions, entered;
} tally;

/* What is tried of one world. */
typedef struct trial {
    const setting *setting;
    const world_rules *rules;
    const store *store;
    moments *moments, *brute;
    random_source *random;
    tally *tally;
    unsigned long seed, number, looks;
    subject subject; /* a person or an account */
    const char *who;
    const rule *rule;
    const char *name;
    bool is_held; /* does the rule hold now? */
} trial;

/* What is tried of a rule. */
typedef struct questioned {
    ast_decl *decl;
    size_t part;
    graph *graph;
    plan *plan;
    horizon *horizon;
} questioned;

typedef struct said {
    bool has;
    uint64_t key;
} said;

/* foresee.c: what the rule says at an instant. */
said foreseen_value(trial *t, int64_t instant);

/* Something is wrong: at an instant, where another was told. */
void foreseen_complain(trial *t, const char *what, int64_t at, int64_t told);

/* What cannot fail ends the program. */
void foreseen_must(bool ok, const carpel_error *err);

/* explained.c: an explanation of the rule says what the engine says, and each change that it suggests,
 * happening, makes the rule hold. */
void foreseen_try_explanation(trial *t, const questioned *q);

/* Of a whole set, the group that holds (or NULL) is told. */
void foreseen_try_group(trial *t, ast_decl *decl, const char *holds);

#endif
