/* SPDX-License-Identifier: MIT
 *
 * States of programs.
 */
#include "exec/states.h"

void states_done(states *s)
{
    sql_done(&s->text);
}

void states_take(states *s, part state)
{
    if (state.size == 0)
        return;
    sql_clear(&s->text);
    sql_add_bytes(&s->text, state.data, state.size);
    s->is_behind = false;
}
