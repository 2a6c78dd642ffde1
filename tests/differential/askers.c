/* SPDX-License-Identifier: MIT */
#include "differential/askers.h"

#include <assert.h>
#include <pthread.h>

enum { ASKERS = 2, QUESTIONS = 3 };

/* One run at a time adds to what is known of the store's texts (store/store_texts.h). */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

typedef struct asker {
    pthread_t thread;
    const world *world;
    const world_rules *rules;
    const store *store;
    int64_t instants[QUESTIONS];
} asker;

static run_result *run_in_turn(const world *w, const world_rules *rules, const store *s,
                               int64_t now, size_t threads, size_t block_people)
{
    pthread_mutex_lock(&turn);
    run_result *result = world_run(w, rules, s, now, threads, block_people);
    pthread_mutex_unlock(&turn);
    return result;
}

static void forget(run_result *result)
{
    pthread_mutex_lock(&turn);
    run_result_free(result);
    pthread_mutex_unlock(&turn);
}

static void *ask(void *context)
{
    asker *a = context;
    for (size_t i = 0; i < QUESTIONS; i++)
        forget(run_in_turn(a->world, a->rules, a->store, a->instants[i], 1, 4096));
    return NULL;
}

/* Instants at which something changed, all over the log; `now` where nothing did. */
static void begin(asker *a, size_t number, int64_t now)
{
    const world *w = a->world;
    for (size_t i = 0; i < QUESTIONS; i++) {
        size_t place = number * QUESTIONS + i, places = ASKERS * QUESTIONS;
        a->instants[i] =
            w->event_count > 0 ? w->events[place * w->event_count / places].time : now;
    }
    int failure = pthread_create(&a->thread, NULL, ask, a);
    assert(failure == 0);
    (void)failure;
}

run_result *run_among_askers(const world *w, const world_rules *rules, const store *s,
                             int64_t now, size_t threads, size_t block_people)
{
    asker askers[ASKERS];
    for (size_t i = 0; i < ASKERS; i++) {
        askers[i] = (asker){.world = w, .rules = rules, .store = s};
        begin(&askers[i], i, now);
    }
    run_result *result = run_in_turn(w, rules, s, now, threads, block_people);
    for (size_t i = 0; i < ASKERS; i++)
        pthread_join(askers[i].thread, NULL);
    return result;
}
