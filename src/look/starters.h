/* SPDX-License-Identifier: MIT
 *
 * starters -- first rules for a drafted project, that fit the kinds and traits which were found
 * (look/starters.def).
 */
#ifndef LOOK_STARTERS_H
#define LOOK_STARTERS_H

#include "look/draft.h"

/* Of traits so many rules at most. */
enum { STARTERS_OF_TRAITS = 12 };

void starters_append(const draft *d, text *out);

#endif
