/* SPDX-License-Identifier: MIT */
#include "base/ahead.h"

#include "base/memory.h"

void ahead_init(ahead *a, const ahead_kind *kind, void *context)
{
    *a = (ahead){.kind = kind, .context = context};
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
}

void ahead_done(ahead *a)
{
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
}

void ahead_lock(ahead *a)
{
    pthread_mutex_lock(&a->lock);
}

void ahead_unlock(ahead *a)
{
    pthread_mutex_unlock(&a->lock);
}

/* With the lock, which is given back meanwhile. */
static void work_or_wait(ahead *a)
{
    size_t item;
    if (!a->kind->claim(a->context, &item)) {
        pthread_cond_wait(&a->changed, &a->lock);
        return;
    }
    ahead_unlock(a);
    a->kind->work(a->context, item);
    ahead_lock(a);
    a->kind->note_done(a->context, item);
    pthread_cond_broadcast(&a->changed);
}

/* Likewise. */
static bool take_one(ahead *a, carpel_error *err)
{
    ahead_unlock(a);
    bool ok = a->kind->take(a->context, err);
    ahead_lock(a);
    pthread_cond_broadcast(&a->changed);
    return ok;
}

static void *work_ahead(void *context)
{
    ahead *a = context;
    ahead_lock(a);
    while (!a->is_stopped)
        work_or_wait(a);
    ahead_unlock(a);
    return NULL;
}

static bool take_all(ahead *a, carpel_error *err)
{
    bool ok = true;
    ahead_lock(a);
    while (ok && !a->kind->is_over(a->context)) {
        if (a->kind->is_ready(a->context))
            ok = take_one(a, err);
        else
            work_or_wait(a);
    }
    a->is_stopped = true;
    pthread_cond_broadcast(&a->changed);
    ahead_unlock(a);
    return ok;
}

bool ahead_run(ahead *a, size_t thread_count, carpel_error *err)
{
    size_t started = 0;
    pthread_t *threads = memory_alloc_array(thread_count + 1, sizeof *threads);
    while (started + 1 < thread_count &&
           pthread_create(&threads[started], NULL, work_ahead, a) == 0)
        started++;
    bool ok = take_all(a, err);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    memory_free(threads);
    return ok;
}
