/* SPDX-License-Identifier: MIT
 *
 * call -- which function of which plugin is at work in this thread.
 *
 * Whoever calls a plugin says so around the call (guarded.c does):
 *
 *     plugin_call call;
 *     plugin_call_begin(&call, "csv", "get_next", failure);
 *     code = stream->get_next(stream, &array);
 *     plugin_call_end(&call);
 *
 * So a function of the host that is called without its object still finds whom to blame,
 * and a process that ends in the middle can say who ended it. Calls may be nested.
 */
#ifndef PLUGIN_CALL_H
#define PLUGIN_CALL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "plugin/failure.h"

typedef struct plugin_call {
    const char *plugin, *function;
    instance_failure *failure; /* of the instance; NULL: there is none yet */
    struct plugin_call *outer;
} plugin_call;

/* The texts outlive the call. */
void plugin_call_begin(plugin_call *c, const char *plugin, const char *function,
                       instance_failure *failure);
void plugin_call_end(plugin_call *c);

/* The innermost one of this thread, or NULL. May be asked from a signal handler. */
const plugin_call *plugin_call_current(void);

/* The functions at work in a process, by thread, for another that outlives it: memory of both, and
 * zeroed. More threads than that are not shown. */
enum { CALL_SLOTS = 64, CALL_NAME = 48 };

typedef struct call_board {
    atomic_uint begun; /* calls so far */
    struct call_slot {
        atomic_uint is_taken; /* no bool: whoever has the memory may write anything */
        unsigned begun;
        char name[CALL_NAME];
    } slots[CALL_SLOTS];
} call_board;

/* From now on show there what is at work in this process, which has no other threads yet. */
void plugin_call_show(call_board *board);

/* What began last of that which was at work when the process ended; false: nothing. */
bool plugin_call_shown(const call_board *board, char out[CALL_NAME]);

/* The plugin that is at work called `function` of the host without its object. */
void plugin_call_lacks_object(const char *function);

#endif
