/* SPDX-License-Identifier: MIT
 *
 * How often, how long, and what is said of it.
 */
#include "engine/retrying.h"

#include <inttypes.h>

#include "base/entropy.h"

static bool pause_really(void *context, const cancel *c, double seconds)
{
    (void)context;
    return cancel_pause(c, seconds);
}

static double draw_chance(void *context)
{
    uint32_t bits = 0;
    carpel_error ignored; /* then there is no chance in it */
    (void)context;
    (void)entropy_fill(&bits, sizeof bits, &ignored);
    return bits / 4294967296.0;
}

static const retrying_clock real_clock = {.pause = pause_really, .chance = draw_chance};

void retrying_init(retrying *r, const config_retry *limits, const cancel *c,
                   const engine_listener *listener)
{
    *r = (retrying){
        .limits = limits, .cancel = c, .listener = listener, .clock = &real_clock};
}

/* Before the next try. */
static double pause_seconds(const retrying *r)
{
    double longest = (double)r->limits->longest_wait_seconds, pause = 1;
    for (int64_t i = 1; i < r->tries && pause < longest; i++)
        pause *= 2;
    return (pause < longest ? pause : longest) *
           (1 - r->clock->chance(r->clock->context) / 2);
}

/* At once, not when the stage is over: who waits, or stops the wait, is to know why. */
static void tell(const retrying *r, const carpel_error *err, double seconds)
{
    char line[sizeof err->message + 100], pause[40] = "";
    if (seconds > 0)
        snprintf(pause, sizeof pause, " in %.1f seconds", seconds);
    snprintf(line, sizeof line,
             "%s; it is tried again%s (attempt %" PRId64 " of %" PRId64 ")", err->message,
             pause, r->tries + 1, r->limits->attempts);
    void (*say)(void *, const char *) =
        r->listener->waits ? r->listener->waits : r->listener->log;
    if (say)
        say(r->listener->context, line);
}

/* Append what was tried to the message. */
static bool give_up(carpel_error *err, const char *format, double number)
{
    carpel_error said = *err;
    char why[100];
    snprintf(why, sizeof why, format, number);
    return carpel_fail(err, said.code, "%.400s %s", said.message, why);
}

bool retrying_wait(retrying *r, plugin_host *host, carpel_error *err)
{
    double wish;
    if (!host_asks_again(host, &wish) || cancel_is_asked(r->cancel))
        return false;
    if (++r->tries >= r->limits->attempts)
        return r->tries > 1 && give_up(err, "(tried %.0f times)", (double)r->tries);
    if (wish > (double)r->limits->longest_wait_seconds && wish > 0)
        return give_up(err,
                       "(it is to be tried again in %.0f seconds, which is longer than "
                       "\"longest_wait\")",
                       wish);
    double seconds = pause_seconds(r);
    seconds = wish > seconds ? wish : seconds;
    tell(r, err, seconds);
    return r->clock->pause(r->clock->context, r->cancel, seconds) || cancel_fail(err);
}
