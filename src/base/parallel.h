/* SPDX-License-Identifier: MIT
 *
 * parallel -- the same function on several threads, over numbered pieces of work.
 */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

/* Work on piece `piece`; `worker` is 0 .. thread_count-1 and names the caller's
 * scratch memory. Pieces are taken from a shared counter, in any order. */
typedef void (*parallel_work)(void *context, size_t piece, size_t worker);

/* Run `work` for pieces 0 .. piece_count-1 on `thread_count` threads (at least 1; the
 * calling thread is one of them) and return when all are done. When a thread cannot
 * be started, the others do its work. */
void parallel_run(size_t thread_count, size_t piece_count, parallel_work work,
                  void *context);

/* How many processors this process may use, at least 1. */
size_t parallel_processor_count(void);

#endif
