/* SPDX-License-Identifier: MIT
 *
 * people_listed -- people whom outputs leave out: those of a file, or of a segment.
 *
 * A file has an id a line, or the SHA-256 of one in 64 hexadecimal digits. Ids fit whatever their
 * letter case and the blanks around them, and phones however they are written: leaving out
 * somebody too many does no harm. Each id that somebody has counts, also one that is known to be theirs
 * only since the run's instant. A file of a trait fits who ever had one of its values; of these, phones
 * without the code of a country are looked for in the countries of all outputs.
 *
 *     people_lists *lists = people_lists_new(e, memory);
 *     const people_list *list = people_lists_open(lists, &config, result, &err);
 *     ... list && people_are_listed(list, person) ...
 *     people_lists_free(lists);
 */
#ifndef ENGINE_PEOPLE_LISTED_H
#define ENGINE_PEOPLE_LISTED_H

#include "engine/engine.h"

typedef struct people_lists people_lists;

/* By person; the latter is NULL where nothing more is known. */
typedef struct people_list {
    const engine *engine;
    const uint64_t *in, *in_later; /* on it as the run knows them; by all that is known */
    const store *all_links;        /* whose people the latter has: identities.h */
} people_list;

people_lists *people_lists_new(engine *e, arena *memory);
void people_lists_free(people_lists *lists); /* accepts NULL */

/* Read the file, unless it was, or find the segment. NULL: err is filled. */
const people_list *people_lists_open(people_lists *lists, const config_suppress *config,
                                     const run_result *result, carpel_error *err);

bool people_are_listed(const people_list *list, uint32_t person);

/* Report files and names that are not there. */
void people_lists_check(const engine *e, diags *diags);

#endif
