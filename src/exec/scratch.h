/* SPDX-License-Identifier: MIT
 *
 * scratch -- buffers of one worker that are used over and over.
 *
 *     int64_t *values = scratch_take(s, count * sizeof *values);
 *     ...
 *     scratch_give(s, values);
 *
 * Buffers are aligned to 64 bytes and hold whatever was in them before.
 *
 * With passing buffers, small ones (aligned to 16 bytes) cost next to nothing and are all
 * given back at once, by scratch_pass, whether they were given back before or not.
 */
#ifndef EXEC_SCRATCH_H
#define EXEC_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct scratch {
    char *next, *end; /* of the chunk of passing buffers; equal when there is none */
    struct scratch_buffers *others;
} scratch;

enum { SCRATCH_PASSING = 48, SCRATCH_MOST_PASSING = 16384 };

scratch *scratch_new(void);
scratch *scratch_new_passing(void);
void scratch_free(scratch *s); /* with all buffers, given back or not */

void *scratch_take_other(scratch *s, size_t size);
void scratch_give_other(scratch *s, void *buffer);
void scratch_pass(scratch *s);

static inline void *scratch_take(scratch *s, size_t size)
{
    size_t bytes = (size + sizeof(uint64_t) + 15) / 16 * 16;
    if (size > SCRATCH_MOST_PASSING || (size_t)(s->end - s->next) < bytes)
        return scratch_take_other(s, size);
    char *buffer = s->next;
    ((uint64_t *)(void *)buffer)[-1] = SCRATCH_PASSING;
    s->next += bytes;
    return buffer;
}

/* Accepts NULL. */
static inline void scratch_give(scratch *s, void *buffer)
{
    if (buffer && ((const uint64_t *)buffer)[-1] != SCRATCH_PASSING)
        scratch_give_other(s, buffer);
}

/* Were others than passing buffers taken since? They are to be given back. */
bool scratch_has_large(const scratch *s);

#endif
