/* SPDX-License-Identifier: MIT
 *
 * ahead -- threads work ahead of the calling one, which takes what they have done in its order, and works itself
 * while there is nothing to take. So what comes out does not depend on who did what when.
 *
 *     static const ahead_kind reading_of_parts = {is_over, claim, read_part, note_read, is_ready, take};
 *     ahead a;
 *     ahead_init(&a, &reading_of_parts, context);
 *     ok = ahead_run(&a, thread_count, &err);
 *     ahead_done(&a);
 *
 * What is shared is guarded by the lock.
 */
#ifndef BASE_AHEAD_H
#define BASE_AHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* All but `work` and `take` are called with the lock held. */
typedef struct ahead_kind {
    bool (*is_over)(const void *context); /* all is taken */
    bool (*claim)(void *context,
                  size_t *item); /* what is to be done next; false: nothing now */
    void (*work)(void *context, size_t item);
    void (*note_done)(void *context, size_t item);
    bool (*is_ready)(const void *context); /* what is taken next was done */
    bool (*take)(void *context, carpel_error *err);
} ahead_kind;

typedef struct ahead {
    const ahead_kind *kind;
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_stopped;
} ahead;

void ahead_init(ahead *a, const ahead_kind *kind, void *context);
void ahead_done(ahead *a);

/* Take all, with so many threads, the calling one among them. When one cannot be started, the others do its
 * work. False: a take has failed; no item is being worked on any more. */
bool ahead_run(ahead *a, size_t thread_count, carpel_error *err);

/* For `work` and `take`, around what they share with others. */
void ahead_lock(ahead *a);
void ahead_unlock(ahead *a);

#endif
