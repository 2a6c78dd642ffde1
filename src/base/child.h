/* SPDX-License-Identifier: MIT
 *
 * child -- a function that is run in a child process, so that it can crash or hang without
 * harm, and gives back one text.
 *
 *     child_end end = child_run(judge, &what, 3000, &said);
 *     if (end.kind == CHILD_SAID) ... said ...
 *
 * The child reads and writes nothing but that text. Not for a process with other threads.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include "base/text.h"

typedef enum child_end_kind {
    CHILD_SAID,    /* the text is there */
    CHILD_CRASHED, /* a signal ended it: `number` */
    CHILD_LEFT,    /* it ended itself, with the exit code `number`, and said nothing */
    CHILD_HUNG,    /* it took too long, and was ended */
    CHILD_NOT_MADE /* the system has no process for it: errno is `number` */
} child_end_kind;

typedef struct child_end {
    child_end_kind kind;
    int number;
} child_end;

/* Work on `context` in the child and append the answer, which has no NUL in it, to `out`. */
typedef void (*child_function)(void *context, text *out);

/* Run it for at most so long. `said` is appended to. */
child_end child_run(child_function function, void *context, int limit_milliseconds,
                    text *said);

/* Begin a child that works on by itself, ends with the thread that made it at the latest, does not heed
 * signals that stop the command, and leaves no core file: 0 in the child, -1 when there is none. */
int child_begin(void);

/* Has it ended? It is still to be waited for. */
bool child_is_over(int child);

/* Wait for its end, by force when that is wanted: CHILD_CRASHED or CHILD_LEFT. */
child_end child_wait(int child, bool by_force);

/* Zeroed memory that children have in common with this process, and its end. NULL: there is none. */
void *child_common_memory(size_t size);
void child_common_memory_free(void *memory, size_t size);

#endif
