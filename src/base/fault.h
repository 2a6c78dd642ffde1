/* SPDX-License-Identifier: MIT
 *
 * fault -- calls of the machine that fail when a test says so.
 *
 * Every call for memory or files goes through base/system.h, which asks here first. In a
 * program that is built with CARPEL_FAULTS (tests/faults) the n-th call of a kind can be
 * told to fail; everywhere else the question is a constant and costs nothing.
 *
 *     fault_arm(FAULT_FILE, 17);     // the 17th from now on; 0: none, only count
 *     ...
 *     fault_count(FAULT_FILE)        // how many there were
 *
 * A test can also hear of each call that changed a file or a folder, or synced one.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum fault_kind { FAULT_FILE, FAULT_MEMORY, FAULT_KIND_COUNT } fault_kind;

typedef enum fault_change_kind {
    CHANGE_OPEN,   /* path, flags, fd */
    CHANGE_WRITE,  /* fd, data, size */
    CHANGE_SYNC,   /* fd */
    CHANGE_CLOSE,  /* fd */
    CHANGE_RENAME, /* path, to */
    CHANGE_LINK,   /* path, to */
    CHANGE_UNLINK, /* path */
    CHANGE_MKDIR,  /* path */
    CHANGE_RMDIR   /* path */
} fault_change_kind;

/* A call that succeeded. */
typedef struct fault_change {
    fault_change_kind kind;
    const char *path, *to;
    int fd, flags;
    const void *data;
    size_t size;
} fault_change;

#ifdef CARPEL_FAULTS

/* Forget what was counted, and let the `nth` call of this kind fail. */
void fault_arm(fault_kind kind, uint64_t nth);

/* The calls since; from any thread. */
uint64_t fault_count(fault_kind kind);

/* The name of the call that failed ("rename"), or NULL. */
const char *fault_struck(void);

/* Count a call. True when it is to fail: then errno says EIO or ENOMEM. */
bool fault_strikes(fault_kind kind, const char *call);

/* Let `hear` be told of each change, by the thread that makes it; NULL: nobody. */
void fault_hear(void (*hear)(const fault_change *change));
void fault_tell(const fault_change *change);

#else

static inline bool fault_strikes(fault_kind kind, const char *call)
{
    (void)kind;
    (void)call;
    return false;
}

static inline void fault_tell(const fault_change *change)
{
    (void)change;
}

#endif
#endif
