/* SPDX-License-Identifier: MIT
 *
 * retrying -- what is tried again, since a plugin said that it may go well later.
 *
 *     retrying again;
 *     retrying_init(&again, &config->retry, e->cancel, listener);
 *     while (!try_it(..., host, &err))
 *         if (!retrying_wait(&again, host, &err))
 *             return false;
 *
 * The waits are of about 1, 2, 4 ... seconds up to the longest one, of which up to a half is left
 * to chance, so that those who failed together do not come again together. Each is told.
 */
#ifndef ENGINE_RETRYING_H
#define ENGINE_RETRYING_H

#include "config/project.h"
#include "engine/engine.h"
#include "plugin/host.h"

/* What time and chance are; for tests other ones. */
typedef struct retrying_clock {
    void *context;
    /* Wait so long; false, at once, when somebody wants the end. */
    bool (*pause)(void *context, const cancel *c, double seconds);
    /* From 0 to below 1. */
    double (*chance)(void *context);
} retrying_clock;

typedef struct retrying {
    const config_retry *limits;
    const cancel *cancel;
    const engine_listener *listener;
    const retrying_clock *clock;
    int64_t tries; /* that failed */
} retrying;

/* All of these outlive it. */
void retrying_init(retrying *r, const config_retry *limits, const cancel *c,
                   const engine_listener *listener);

/* After a try with `host` that failed with *err: is it to be tried again, now? It has been waited
 * then. Else *err says how often it was tried, or that somebody stopped. */
bool retrying_wait(retrying *r, plugin_host *host, carpel_error *err);

#endif
