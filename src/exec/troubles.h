/* SPDX-License-Identifier: MIT
 *
 * troubles -- values that could not be worked out, whose they are, and how that is told.
 *
 * One bad value concerns its person alone: a number that leaves 64 bits, a text on which a
 * pattern gives up, a script that raises, a history too long for a series. Who is concerned
 * is a bitmap, so that a person counts once, and who is named is the lowest number,
 * whichever worker came first.
 *
 *     trouble t = {0};
 *     trouble_add(&t, people_count, person, "a number leaves ...", "");
 *     trouble_merge(&all, &t, people_count);
 *     trouble_done(&t);
 */
#ifndef EXEC_TROUBLES_H
#define EXEC_TROUBLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dictionary.h"
#include "base/text.h"
#include "exec/plan.h"
#include "exec/run.h"

#define NOBODY SIZE_MAX

/* Values of one node, or rows of one domain, that went missing. */
typedef struct trouble {
    uint64_t count;   /* values; 0: none, and nothing else is set */
    uint64_t *people; /* a bit for each person; NULL when nobody in particular */
    size_t person;    /* the lowest of them, or NOBODY */
    char *message;    /* what happened to that person's first value */
    char *value;      /* what it came from: a text, arguments; "" */
} trouble;

/* `person` may be NOBODY: a value that does not differ between people. */
void trouble_add(trouble *t, size_t people_count, size_t person, const char *message,
                 const char *value);
void trouble_merge(trouble *into, const trouble *from, size_t people_count);
void trouble_done(trouble *t);

/* The beginning of a text in quotes, on one line. */
void trouble_append_text(slice value, text *out);

/* A trouble with the place it is at. */
typedef struct finding {
    run_trouble_kind kind;
    const graph *graph; /* with `id`, what it is about: equal ones of two runs meet */
    uint32_t id;        /* of the node, or of the domain for TROUBLE_ROWS */
    const node *series; /* of the run's own graph: the judgements it is from; or NULL */
    const rule *rule;   /* the first that reads it */
    const char *subject;
    const dictionary *ids;
    size_t
        judged_count; /* how many there are: whom it concerns when nobody in particular */
    bool of_accounts;
    trouble trouble;
} finding;

typedef struct findings {
    finding *items;
    size_t count, capacity;
} findings;

/* Add `trouble` (which is copied) to the finding of the same kind, graph and id. */
void findings_add(findings *f, const finding *what, size_t people_count);
void findings_done(findings *f);

/* Put them in an order that does not depend on which worker came across what. */
void findings_sort(findings *f);

/* What is told to the user about a finding; lives in `memory`. */
run_trouble finding_told(const finding *f, arena *memory);

/* All of them; the array lives in `memory`, too. */
run_trouble *findings_told(const findings *f, arena *memory, size_t *count);

/* Mark every node that is made of a node, or of the rows of a domain (RUN: none). */
void mark_users(const graph *g, const node *of, uint32_t domain, bool *marks);

/* The first rule that is made of it, or NULL. */
const rule *first_user(const graph *g, const node *of, uint32_t domain);

#endif
