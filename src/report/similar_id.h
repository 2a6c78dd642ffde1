/* SPDX-License-Identifier: MIT
 *
 * similar_id -- the ids of people that somebody probably meant.
 *
 * A table of another program has written an id otherwise: "3" of "00003", "12361" of "12361.0",
 * "Ann " of "ann". Such ids are meant before all that are similar by their letters; and of
 * numbers, which are nearly all alike, nothing else is.
 *
 *     similar_ids s = similar_ids_begin("3");
 *     similar_ids_consider(&s, "00003");
 *     similar_ids_append(&s, &hint);      // Did you mean "00003"?
 */
#ifndef REPORT_SIMILAR_ID_H
#define REPORT_SIMILAR_ID_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/dictionary.h"
#include "base/text.h"
#include "report/suggest.h"

enum { SIMILAR_IDS = 3 };

typedef struct similar_ids {
    suggestion near;
    const char *same[SIMILAR_IDS]; /* but for how they are written */
    size_t same_count;             /* also of those that have no place there */
} similar_ids;

similar_ids similar_ids_begin(const char *wanted);

/* Weigh one, which has to outlive them. */
void similar_ids_consider(similar_ids *s, const char *id);

/* Weigh all; `memory`, which has to outlive them, gets copies. */
void similar_ids_consider_all(similar_ids *s, const dictionary *known, arena *memory);

/* Append the question, safe for a terminal; false: nothing is similar. */
bool similar_ids_append(const similar_ids *s, text *out);

/* Are they the same but for letter case, blanks around them, zeros before a number, and a point with
 * zeros behind it? */
bool similar_ids_are_same(slice a, slice b);

#endif
