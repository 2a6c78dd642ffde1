/* SPDX-License-Identifier: MIT
 *
 * bind -- a plan and a store brought together for one run: what depends on the data but
 * is the same for everyone.
 *
 * Tests of a text against constants become a table over the dictionary, so that a regular
 * expression is matched once for each distinct text and never for each row. Texts from
 * different dictionaries meet in the codes of a common one.
 */
#ifndef EXEC_BIND_H
#define EXEC_BIND_H

#include "base/cancel.h"
#include "base/dictionary.h"
#include "base/error.h"
#include "exec/plan.h"
#include "store/store.h"

/* Codes of one dictionary in the common one, or as numbers of persons. */
typedef struct translation {
    text_origin origin;
    const uint32_t *codes;
} translation;

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
    dictionary *common;              /* texts of all dictionaries that have to meet */
    size_t known_count;              /* of them, when the tables were made */
    struct late_texts *late;         /* those that scripts return during a run */
    dictionary *weekdays;
    translation *translations;
    size_t translation_count;
    translation *persons;
    size_t persons_count;
    const uint32_t
        *version_places;  /* by common code: of texts that are versions; or NULL */
    uint64_t **tables;    /* by node id: which codes pass a text test; or NULL */
    uint64_t **gave_up;   /* by node id: on which codes its pattern gave up; NULL: none */
    uint32_t *only_codes; /* by node id: the only code that passes; or DICTIONARY_NONE */
    uint32_t
        *constant_codes; /* by node id: of a constant text, in the common dictionary */
    arena *memory;
} bound;

/* A pattern that gives up on so many texts ends the run: what it costs is bounded. */
enum { MOST_GIVEN_UP = 1000 };

/* NULL when a pattern gives up on more than MOST_GIVEN_UP texts, which *err names, or when
 * the work was stopped. Plan, store and `c` (may be NULL) outlive it. `now` may be set anew
 * between runs. */
bound *bind_plan(const plan *p, const store *s, int64_t now, const cancel *c,
                 carpel_error *err);
void bound_free(bound *b);

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
