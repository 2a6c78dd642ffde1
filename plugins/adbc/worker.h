/* SPDX-License-Identifier: MIT
 *
 * worker -- a thread that makes the calls that may take long, so that whoever waits for one can
 * ask meanwhile whether somebody wants to stop.
 *
 *     worker_begin(&w)
 *     worker_start(&w, job, context);
 *     while (!worker_is_done(&w, 50))          // waits so many milliseconds at most
 *         ...
 *     worker_end(&w);                          // no job is under way
 */
#ifndef ADBC_WORKER_H
#define ADBC_WORKER_H

#include <pthread.h>
#include <stdbool.h>

typedef void worker_job(void *context);

typedef struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    worker_job *job; /* to be done, or under way; NULL: none */
    void *context;
    bool is_there, is_ending;
} worker;

/* False: there can be no further thread. */
bool worker_begin(worker *w);
void worker_end(worker *w); /* also of one that is zeroed */

void worker_start(worker *w, worker_job *job, void *context);
bool worker_is_done(worker *w, int milliseconds);

#endif
