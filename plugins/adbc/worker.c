/* SPDX-License-Identifier: MIT
 *
 * One job at a time. Signals are for the other threads.
 */
#include "adbc/worker.h"

#include <signal.h>
#include <time.h>

static void *work(void *context)
{
    worker *w = context;
    pthread_mutex_lock(&w->lock);
    while (!w->is_ending) {
        if (!w->job) {
            pthread_cond_wait(&w->changed, &w->lock);
            continue;
        }
        worker_job *job = w->job;
        pthread_mutex_unlock(&w->lock);
        job(w->context);
        pthread_mutex_lock(&w->lock);
        w->job = NULL;
        pthread_cond_broadcast(&w->changed);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

bool worker_begin(worker *w)
{
    sigset_t all, before;
    pthread_condattr_t clock;
    *w = (worker){0};
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &clock);
    pthread_condattr_destroy(&clock);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    w->is_there = pthread_create(&w->thread, NULL, work, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return w->is_there;
}

void worker_end(worker *w)
{
    if (!w->is_there)
        return;
    pthread_mutex_lock(&w->lock);
    w->is_ending = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    w->is_there = false;
}

void worker_start(worker *w, worker_job *job, void *context)
{
    pthread_mutex_lock(&w->lock);
    w->context = context;
    w->job = job;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
}

bool worker_is_done(worker *w, int milliseconds)
{
    struct timespec until;
    int result = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += milliseconds * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&w->lock);
    while (w->job && result == 0)
        result = pthread_cond_timedwait(&w->changed, &w->lock, &until);
    bool is_done = !w->job;
    pthread_mutex_unlock(&w->lock);
    return is_done;
}
