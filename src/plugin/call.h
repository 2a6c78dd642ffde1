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

/* From now on let this place know the name of the function that is at work; NULL: none. It is of
 * the whole process, for a child that may not live to tell. */
void plugin_call_show(const char *_Atomic *place);

/* The plugin that is at work called `function` of the host without its object. */
void plugin_call_lacks_object(const char *function);

#endif
