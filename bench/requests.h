/* SPDX-License-Identifier: MIT
 *
 * requests -- how `bench/evaluation` asks the engines that it measures, which stay open with
 * their data while others have their turn. A line on standard input is a word and, behind a
 * blank, what it is about; the answer is lines that end with one of
 *
 *     done MILLISECONDS
 *     failed MESSAGE
 */
#ifndef BENCH_REQUESTS_H
#define BENCH_REQUESTS_H

#include <stdbool.h>

/* Do what a request asks, or say why not in *message, which lives until the next request.
 * Lines may be printed; the caller adds the last one. */
typedef bool request_handler(void *context, const char *word, const char *about,
                             const char **message);

/* Answer requests until there are no more. `peak` is known here: the process's peak memory in
 * MiB, on a line of its own. */
void requests_answer(request_handler *handle, void *context);

#endif
