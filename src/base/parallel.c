/* SPDX-License-Identifier: MIT
 *
 * Threads that take numbered pieces of work from one counter.
 */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/memory.h"

/* What all workers of one run share. */
typedef struct run {
    parallel_work work;
    void *context;
    size_t piece_count;
    atomic_size_t next_piece;
} run;

typedef struct worker {
    run *shared;
    size_t number;
    pthread_t thread;
    bool is_running;
} worker;

static void *work_on_pieces(void *argument)
{
    worker *me = argument;
    run *shared = me->shared;
    for (;;) {
        size_t piece = atomic_fetch_add(&shared->next_piece, 1);
        if (piece >= shared->piece_count)
            return NULL;
        shared->work(shared->context, piece, me->number);
    }
}

void parallel_run(size_t thread_count, size_t piece_count, parallel_work work,
                  void *context)
{
    if (thread_count > piece_count)
        thread_count = piece_count;
    if (thread_count == 0)
        thread_count = 1;
    run shared = {work, context, piece_count, 0};
    worker *workers = memory_alloc_zero_array(thread_count, sizeof *workers);
    for (size_t i = 0; i < thread_count; i++) {
        worker *w = &workers[i];
        w->shared = &shared;
        w->number = i;
        if (i > 0)
            w->is_running = pthread_create(&w->thread, NULL, work_on_pieces, w) == 0;
    }
    work_on_pieces(&workers[0]);
    for (size_t i = 1; i < thread_count; i++) {
        if (workers[i].is_running)
            pthread_join(workers[i].thread, NULL);
    }
    memory_free(workers);
}

size_t parallel_processor_count(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : (size_t)count;
}
