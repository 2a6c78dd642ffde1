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

typedef struct scratch scratch;

scratch *scratch_new(void);
scratch *scratch_new_passing(void);
void scratch_free(scratch *s); /* with all buffers, given back or not */

void *scratch_take(scratch *s, size_t size);
void scratch_give(scratch *s, void *buffer); /* accepts NULL */
void scratch_pass(scratch *s);

/* Were others than passing buffers taken since? They are to be given back. */
bool scratch_has_large(const scratch *s);

#endif
