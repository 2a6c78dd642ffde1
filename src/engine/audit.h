/* SPDX-License-Identifier: MIT
 *
 * audit -- are the segments of use? How large they are, how much of a value they hold, how they
 * overlap, and what is odd about them, by the checklist that marketers are taught: measurable,
 * substantial, distinct, actionable.
 *
 *     audit_options o = {.floor = 50, .value = "spent"};
 *     audit *a = engine_audit(e, result, &o, &err);
 *     for (size_t i = 0; i < a->finding_count; i++) ... a->findings[i] ...
 *     audit_free(a);
 *
 * Only segments and groups about people are looked at.
 */
#ifndef ENGINE_AUDIT_H
#define ENGINE_AUDIT_H

#include "engine/engine.h"

typedef struct audited {
    const char *path, *title; /* title: or NULL */
    const run_segment *segment;
    const ast_decl *decl;
    bool is_group;
    double share; /* of the people */
    double value; /* the sum of its members' */
    double value_share;
    double
        turnover; /* who enters and leaves in a week, in parts of its size; 0: it is not known */
} audited;

/* Two segments with members in common. */
typedef struct overlap {
    const audited *one, *other; /* the smaller one first */
    size_t both;
    double jaccard;   /* both / either */
    double contained; /* both / the smaller one */
} overlap;

typedef enum finding_kind {
#define X(ID, word, test, advice) FINDING_##ID,
#include "engine/findings.def"
#undef X
    FINDING_KINDS
} finding_kind;

extern const char *const finding_words[], *const finding_tests[], *const finding_advice[];

typedef struct finding {
    finding_kind kind;
    const audited *about;
    const audited *other; /* of two; or NULL */
    const char *numbers;  /* "12 people (0.2%), below 50" */
} finding;

/* The segments that together hold most, each added for what the ones before leave. */
typedef struct cover {
    const audited **items;
    double *reached; /* the share that is held with each of them */
    size_t count;
} cover;

typedef struct audit {
    audited *items; /* in the order of the rules */
    size_t count;
    size_t people;
    double value; /* of everybody */
    bool has_value;
    overlap *overlaps; /* the worst by Jaccard */
    size_t overlap_count;
    finding *findings; /* by kind */
    size_t finding_count;
    cover of_people, of_value; /* up to 80 %, or as far as they go */
    arena *memory;
} audit;

typedef struct audit_options {
    size_t floor;      /* fewer people than that are small */
    const char *value; /* a score; NULL: none */
    size_t threads;
} audit_options;

/* The result is the engine's, and outlives it. NULL: *err is filled. */
audit *engine_audit(engine *e, const run_result *result, const audit_options *options,
                    carpel_error *err);
void audit_free(audit *a); /* accepts NULL */

#endif
