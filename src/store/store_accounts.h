/* SPDX-License-Identifier: MIT
 *
 * store_accounts -- the histories of accounts that were made of a store, kept with it, so
 * that they are made once and not in each run. What they hold is no matter of the store
 * (exec/accounts.h); it holds the last that were made, and releases them when it goes.
 *
 * A store whose maker keeps none (NULL) has them made for each run. Any thread may ask.
 */
#ifndef STORE_STORE_ACCOUNTS_H
#define STORE_STORE_ACCOUNTS_H

#include <pthread.h>

#include "store/store.h"

typedef struct store_accounts {
    pthread_mutex_t lock; /* of what follows, and of making what is not there */
    store *latest;        /* or NULL */
} store_accounts;

store_accounts *store_accounts_new(void);

/* Accepts NULL. Before anything else of the store goes. */
void store_accounts_free(store_accounts *a);

#endif
