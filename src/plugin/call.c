/* SPDX-License-Identifier: MIT
 *
 * A stack of calls for each thread, on the stacks of those who call.
 */
#include "plugin/call.h"

#include <stdatomic.h>
#include <stddef.h>

static _Thread_local plugin_call *innermost;
static const char *_Atomic *shown; /* or NULL; set before there are threads */

static void show(const plugin_call *c)
{
    if (shown)
        atomic_store_explicit(shown, c ? c->function : NULL, memory_order_relaxed);
}

void plugin_call_show(const char *_Atomic *place)
{
    shown = place;
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
