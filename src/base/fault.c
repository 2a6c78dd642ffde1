/* SPDX-License-Identifier: MIT
 *
 * Counters, one a kind. Empty but in the programs that are built with CARPEL_FAULTS.
 */
#include "base/fault.h"

#ifdef CARPEL_FAULTS

#include <errno.h>
#include <stddef.h>
#include <stdatomic.h>

typedef struct fault_counter {
    atomic_uint_fast64_t count, nth;
} fault_counter;

static fault_counter counters[FAULT_KIND_COUNT];
static _Atomic(const char *) struck;

void fault_arm(fault_kind kind, uint64_t nth)
{
    atomic_store(&counters[kind].count, 0);
    atomic_store(&counters[kind].nth, nth);
    atomic_store(&struck, NULL);
}

uint64_t fault_count(fault_kind kind)
{
    return atomic_load(&counters[kind].count);
}

const char *fault_struck(void)
{
    return atomic_load(&struck);
}

bool fault_strikes(fault_kind kind, const char *call)
{
    fault_counter *c = &counters[kind];
    if (atomic_fetch_add(&c->count, 1) + 1 != atomic_load(&c->nth))
        return false;
    atomic_store(&struck, call);
    errno = kind == FAULT_MEMORY ? ENOMEM : EIO;
    return true;
}

static void (*_Atomic listener)(const fault_change *change);

void fault_hear(void (*hear)(const fault_change *change))
{
    atomic_store(&listener, hear);
}

void fault_tell(const fault_change *change)
{
    void (*hear)(const fault_change *) = atomic_load(&listener);
    int reason = errno;
    if (hear)
        hear(change);
    errno = reason;
}

#else

typedef int fault_nothing; /* a file of C holds something */

#endif
