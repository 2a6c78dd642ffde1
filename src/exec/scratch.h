/* SPDX-License-Identifier: MIT
 *
 * scratch -- buffers of one worker that are used over and over.
 *
 *     int64_t *values = scratch_take(s, count * sizeof *values);
 *     ...
 *     scratch_give(s, values);
 *
 * Buffers are aligned to 64 bytes and hold whatever was in them before.
 */
#ifndef EXEC_SCRATCH_H
#define EXEC_SCRATCH_H

#include <stddef.h>

typedef struct scratch scratch;

scratch *scratch_new(void);
void scratch_free(scratch *s); /* with all buffers, given back or not */

void *scratch_take(scratch *s, size_t size);
void scratch_give(scratch *s, void *buffer); /* accepts NULL */

#endif
