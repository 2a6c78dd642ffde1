/* SPDX-License-Identifier: MIT
 *
 * bind -- a plan and a store brought together for one run: what depends on the data but
 * is the same for everyone.
 *
 * Tests of a text against constants look into a table over the dictionary, so that a
 * regular expression is matched once for each distinct text and never for each row. Texts
 * from different dictionaries meet in the codes of a common one. All this is kept with the
 * store (store_texts.h), but for texts that scripts make, which die with the run.
 */
#ifndef EXEC_BIND_H
#define EXEC_BIND_H

#include "base/cancel.h"
#include "base/dictionary.h"
#include "base/error.h"
#include "exec/plan.h"
#include "store/store.h"
#include "store/store_texts.h"

/* Codes of the texts of an origin in the common dictionary, or as numbers of persons. */
typedef struct translation {
    text_origin origin;
    const text_codes *codes;
} translation;

/* A test of a node with its table, or with NULL where its texts are not known before. */
typedef struct bound_test {
    text_test test;
    text_table *table;
} bound_test;

typedef struct bound {
    const plan *plan;
    const store *store;
    int64_t now;
    int64_t judged_at;      /* who is known at it is judged, and */
    const uint64_t *judged; /* that is a bit each; NULL: everybody is */
    const cancel *cancel;   /* what long work looks at, or NULL */
    size_t most_rows_beside;
    struct run_function *functions;  /* by number, shared by workers: atomic */
    const store *people;             /* of accounts: whose store this one regroups */
    const struct run_score *imports; /* of the accounts' rules: what people's say */
    store_texts *texts;              /* what is known of the store's texts */
    store_texts *joined;             /* the same of those of the common dictionary */
    dictionary *common;              /* texts of all dictionaries that have to meet */
    struct series **series;  /* by node id: how far `judged every` has come; or NULL */
    struct late_texts *late; /* those that scripts return during a run */
    translation *translations;
    size_t translation_count;
    translation *persons;
    size_t persons_count;
    version_order *versions;       /* of the common dictionary, or NULL */
    const bound_test **tests;      /* by node id: of a text against constants; or NULL */
    const text_table **numbers;    /* of each histogram of the plan: by code */
    packed *newest;                /* by domain id, of stored tables: store_newest.h */
    const bound_test **open_tests; /* those whose texts are told when they are met */
    size_t open_test_count;
    uint32_t
        *constant_codes; /* by node id: of a constant text, in the common dictionary */
    arena *memory;
} bound;

/* NULL when a pattern gives up on more than MOST_GIVEN_UP texts, which *err names, or when
 * the work was stopped. Plan, store and `c` (may be NULL) outlive it. `now` may be set anew
 * between runs. */
bound *bind_plan(const plan *p, const store *s, int64_t now, const cancel *c,
                 carpel_error *err);
void bound_free(bound *b);

/* Fail when a pattern turned out to give up too often while texts were met. */
bool bound_check_tests(const bound *b, carpel_error *err);

/* By the code of a text, its number among the counts of the histogram that a count is in. */
const uint8_t *bound_numbers(const bound *b, const node *count);

/* Does the node test texts against constants? */
bool bound_is_test(const node *n);

/* What a node that tests texts asks. */
text_question bound_question(node_kind kind);

/* The dictionary of an origin. */
const dictionary *bound_dictionary(const bound *b, text_origin origin);

/* The text of a code. */
slice bound_text(const bound *b, text_origin origin, uint32_t code);

/* The common code of a text that comes up during a run; any worker. Between runs
 * bound_settle_texts() moves such texts into the common dictionary, codes as they are. */
uint32_t bound_add_text(const bound *b, slice text);
void bound_settle_texts(bound *b);

/* The codes of an origin in the common dictionary, or NULL when they are those already. */
const uint32_t *bound_translation(const bound *b, text_origin origin);

/* The place of a version among all that the run knows, by its code. */
int64_t bound_version_place(const bound *b, text_origin origin, uint32_t code);

/* The person that each text of an origin is the id of, or DICTIONARY_NONE; NULL when
 * the codes are the numbers of persons already. */
const uint32_t *bound_person_numbers(const bound *b, text_origin origin);

/* The table of rows of a stored domain (events or a trait). */
const event_table *bound_table(const bound *b, const domain *d);

bool origin_equals(text_origin a, text_origin b);

#endif
