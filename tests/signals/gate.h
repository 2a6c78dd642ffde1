/* SPDX-License-Identifier: MIT
 *
 * gate -- what the connectors of the signal tests do at the stage they were told: they
 * say so through the pipe whose number is in CARPEL_GATE, and then do not come back by
 * themselves.
 */
#ifndef GATE_H
#define GATE_H

#include <carpel/plugin.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const gate_manners[] = {"pass", "ask",   "finish",
                                           "spin", "sleep", NULL};

static inline void gate_say(void)
{
    const char *number = getenv("CARPEL_GATE");
    if (number != NULL && write(atoi(number), "x", 1) != 1)
        abort();
}

/* "pass": go on. Until the host is cancelled: "ask", which fails then, and "finish", which
 * goes on. For ever: "spin", "sleep". */
static inline bool gate_enter(const carpel_host *host, const char *manner,
                              carpel_error *err)
{
    volatile unsigned turns = 0;
    gate_say();
    if (strcmp(manner, "pass") == 0)
        return true;
    bool asks = strcmp(manner, "ask") == 0 || strcmp(manner, "finish") == 0;
    while (!asks || !host->is_cancelled(host)) {
        if (strcmp(manner, "sleep") == 0)
            pause();
        else
            turns++;
    }
    if (strcmp(manner, "finish") == 0)
        return true;
    return carpel_fail(err, CARPEL_E_CANCELLED, "the gate was asked to stop");
}

#endif
