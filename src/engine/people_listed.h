/* SPDX-License-Identifier: MIT
 *
 * people_listed -- people whom outputs leave out: those of a file, or of a segment.
 *
 * A file has an id a line, or the SHA-256 of one in 64 hexadecimal digits. Ids fit whatever their
 * letter case and the blanks around them, and phones however they are written: leaving out
 * somebody too many does no harm. A file of a trait fits who ever had one of its values.
 *
 *     people_lists *lists = people_lists_new(e, memory);
 *     people_list list;
 *     if (people_lists_open(lists, &config, result, &list, &err))
 *         ... people_are_listed(&list, person) ...
 *     people_lists_free(lists);
 */
#ifndef ENGINE_PEOPLE_LISTED_H
#define ENGINE_PEOPLE_LISTED_H

#include "engine/engine.h"

typedef struct people_lists people_lists;

typedef struct people_list {
    const struct list_members *members; /* of a file; NULL: it is a segment's */
    const store *store;
    const event_table *trait;      /* the file has values of it; NULL: ids */
    const uint64_t *in, *in_later; /* the segment at the run's instant, and by all that is
                                           known; the latter may be NULL */
} people_list;

people_lists *people_lists_new(engine *e, arena *memory);
void people_lists_free(people_lists *lists); /* accepts NULL */

/* Read the file, unless it was; or find the segment. */
bool people_lists_open(people_lists *lists, const config_suppress *config,
                       const run_result *result, people_list *out, carpel_error *err);

bool people_are_listed(const people_list *list, uint32_t person);

/* Report files and names that are not there. */
void people_lists_check(const engine *e, diags *diags);

#endif
