/* SPDX-License-Identifier: MIT
 *
 * A thread that waits for the end of the work, or for the end of its patience.
 */
#include "kit/patience.h"

#include <errno.h>
#include <time.h>

/* By a clock that nobody sets. */
static struct timespec moment_in(double seconds)
{
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    long nanoseconds = moment.tv_nsec + (long)((seconds - (double)(long)seconds) * 1e9);
    moment.tv_sec += (time_t)seconds + nanoseconds / 1000000000;
    moment.tv_nsec = nanoseconds % 1000000000;
    return moment;
}

static void *wait_for_end(void *context)
{
    kit_patience *p = context;
    const struct timespec moment = moment_in(p->seconds);
    int number = 0;
    pthread_mutex_lock(&p->lock);
    while (!p->is_over && number != ETIMEDOUT)
        number = pthread_cond_timedwait(&p->has_ended, &p->lock, &moment);
    if (!p->is_over)
        cancel_ask(p->stop);
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* A condition that is waited for by the clock of moment_in(). */
static void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

void kit_patience_begin(kit_patience *p, double seconds, cancel *stop)
{
    *p = (kit_patience){.seconds = seconds, .stop = stop};
    if (seconds <= 0)
        return;
    pthread_mutex_init(&p->lock, NULL);
    condition_init(&p->has_ended);
    p->is_begun = pthread_create(&p->thread, NULL, wait_for_end, p) == 0;
}

void kit_patience_end(kit_patience *p)
{
    if (!p->is_begun)
        return;
    pthread_mutex_lock(&p->lock);
    p->is_over = true;
    pthread_cond_signal(&p->has_ended);
    pthread_mutex_unlock(&p->lock);
    pthread_join(p->thread, NULL);
    pthread_cond_destroy(&p->has_ended);
    pthread_mutex_destroy(&p->lock);
    p->is_begun = false;
}
