/* SPDX-License-Identifier: MIT
 *
 * sized_rules -- is there a segment or a group among the rules that are meant? Scores have no size,
 * and some commands look at people alone: rather than an empty table, the user is told why.
 */
#ifndef APP_SIZED_RULES_H
#define APP_SIZED_RULES_H

#include "engine/engine.h"

/* Before any data are read. `does` says what the command does: "a history tells the sizes of". Returns
 * the exit code, and has said what is meant instead. */
int sized_rules_check(const engine *e, const char *does, bool of_people_alone);

#endif
