/* SPDX-License-Identifier: MIT
 *
 * A stack of calls for each thread, on the stacks of those who call.
 */
#include "plugin/call.h"

#include <stdio.h>
#include <string.h>

static _Thread_local plugin_call *innermost;
static _Thread_local struct call_slot *own; /* as long as a call is at work */
static call_board *board;                   /* or NULL; set before there are threads */

static struct call_slot *free_slot(void)
{
    for (size_t i = 0; i < CALL_SLOTS; i++)
        if (!atomic_exchange(&board->slots[i].is_taken, 1))
            return &board->slots[i];
    return NULL;
}

static void show(const plugin_call *c)
{
    if (!board)
        return;
    if (c && !own)
        own = free_slot();
    if (!own)
        return;
    if (c) {
        own->begun = atomic_fetch_add(&board->begun, 1) + 1;
        snprintf(own->name, sizeof own->name, "%s", c->function);
    } else {
        atomic_store(&own->is_taken, 0);
        own = NULL;
    }
}

void plugin_call_show(call_board *place)
{
    board = place;
}

/* Whoever wrote it may have written anything. */
bool plugin_call_shown(const call_board *from, char out[CALL_NAME])
{
    const struct call_slot *last = NULL;
    for (size_t i = 0; i < CALL_SLOTS; i++)
        if (atomic_load(&from->slots[i].is_taken) &&
            (!last || from->slots[i].begun > last->begun))
            last = &from->slots[i];
    if (!last)
        return false;
    memcpy(out, last->name, CALL_NAME);
    out[CALL_NAME - 1] = '\0';
    return true;
}

void plugin_call_begin(plugin_call *c, const char *plugin, const char *function,
                       instance_failure *failure)
{
    *c = (plugin_call){plugin, function, failure, innermost};
    innermost = c;
    show(c);
}

void plugin_call_end(plugin_call *c)
{
    innermost = c->outer;
    show(innermost);
}

const plugin_call *plugin_call_current(void)
{
    return innermost;
}

void plugin_call_lacks_object(const char *function)
{
    if (innermost != NULL && innermost->failure != NULL)
        instance_break(innermost->failure, "it calls %s without an object", function);
}
