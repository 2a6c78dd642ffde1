/* SPDX-License-Identifier: MIT
 *
 * states -- where a program was, as it told last.
 */
#ifndef EXEC_STATES_H
#define EXEC_STATES_H

#include "common/sql.h"
#include "exec/parts.h"

typedef struct states {
    sql text;       /* the newest; of no size: there is none */
    bool is_behind; /* there are records behind it */
} states;

void states_done(states *s);

/* Keep this one. */
void states_take(states *s, part state);

#endif
