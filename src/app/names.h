/* SPDX-License-Identifier: MIT
 *
 * names -- do the names of the command line stand for something? If not, the user is told, with
 * the name that was probably meant.
 */
#ifndef APP_NAMES_H
#define APP_NAMES_H

#include "engine/engine.h"

/* Segments, groups ("lifecycle.active"), sets of groups and scores; needs no data. */
bool names_check_rule(const engine *e, const char *name);

/* Is the second the name of a rule, and the first of nothing? Needs no data. */
bool names_are_swapped(const engine *e, const char *rule, const char *subject);

/* An id, after the data were read. */
bool names_check_person(const engine *e, const char *id);

/* Of whom is that rule, which is there: of accounts, which a trait of people names, or of people? Then
 * the name is checked as one of these, after the data were read. */
bool names_rule_is_of_accounts(const engine *e, const char *rule);
bool names_check_subject(const engine *e, const char *rule, const char *name);

/* The id that is shown for the person who has this one. */
const char *names_shown(const engine *e, const char *id);

#endif
