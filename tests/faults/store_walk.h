/* SPDX-License-Identifier: MIT
 *
 * store_walk -- each call for files fails once that a load, a compaction, forgetting and a run over a
 * store make.
 */
#ifndef FAULTS_STORE_WALK_H
#define FAULTS_STORE_WALK_H

#include <stdbool.h>

/* Walk in the folder, which is empty; speaks TAP under this number. `told` is what the child
 * writes its count of calls and the call that failed into, in memory that is shared with it. */
typedef struct store_told {
    unsigned long long count; /* of calls for files */
    char struck[32];
} store_told;

bool store_walk(const char *folder, int number, store_told *told);

#endif
