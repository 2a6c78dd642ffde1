/* SPDX-License-Identifier: MIT
 *
 * The place where a store keeps the histories of its accounts.
 */
#include "store/store_accounts.h"

#include "base/memory.h"

store_accounts *store_accounts_new(void)
{
    store_accounts *a = memory_alloc_zero(sizeof *a);
    pthread_mutex_init(&a->lock, NULL);
    return a;
}

void store_accounts_free(store_accounts *a)
{
    if (!a)
        return;
    store_free(a->latest);
    pthread_mutex_destroy(&a->lock);
    memory_free(a);
}
