/* SPDX-License-Identifier: MIT */
#include "base/aside.h"

#include <pthread.h>

#include "base/memory.h"

struct aside {
    pthread_t thread;
    void (*work)(void *context);
    void *context;
};

static void *do_work(void *argument)
{
    aside *a = argument;
    a->work(a->context);
    return NULL;
}

aside *aside_begin(void (*work)(void *context), void *context)
{
    aside *a = memory_alloc(sizeof *a);
    *a = (aside){.work = work, .context = context};
    if (pthread_create(&a->thread, NULL, do_work, a) == 0)
        return a;
    memory_free(a);
    return NULL;
}

void aside_end(aside *a)
{
    if (a)
        pthread_join(a->thread, NULL);
    memory_free(a);
}
