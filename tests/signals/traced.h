/* SPDX-License-Identifier: MIT
 *
 * traced -- the command, ended at one of its system calls.
 *
 *     uint64_t stops = traced_run(arguments, UINT64_MAX, SIGKILL, &status);   // to the end
 *     traced_run(arguments, 1 + traced_draw(stops), SIGKILL, &status);
 *
 * Stops are counted by ptrace, before each call and behind it, so that a seed names the same ones
 * again. Where ptrace is not allowed, none is counted.
 */
#ifndef TESTS_SIGNALS_TRACED_H
#define TESTS_SIGNALS_TRACED_H

#include <stdbool.h>
#include <stdint.h>

enum { TRACED_TEXT_SIZE = 4096 };

/* Make a folder below /tmp and go there; traced_remove_folder() removes it. */
void traced_begin_folder(void);
bool traced_remove_folder(void);

void traced_seed(uint64_t seed);
uint64_t traced_draw(uint64_t limit);

/* Most of a command is its start; three of four stops are drawn from the last third. */
uint64_t traced_draw_stop(uint64_t count);

/* The number behind an option of the test. */
uint64_t traced_option(int count, char **arguments, const char *name, uint64_t otherwise);

/* The test itself cannot go on. */
_Noreturn void traced_bail_out(const char *what);

void traced_write_file(const char *name, const char *body);

/* False when there is no such file; `out` has room for TRACED_TEXT_SIZE. */
bool traced_read_file(const char *name, char *out);

/* Run $CARPEL with these arguments, ended by NULL, and wait; standard output goes to "stdout" of the
 * folder, standard error to "stderr". Returns the status of waitpid. */
int traced_run_whole(const char *const *arguments);

/* The same up to the `stop`-th stop, where the signal is sent. Returns how many stops there
 * were. */
uint64_t traced_run(const char *const *arguments, uint64_t stop, int signal_number,
                    int *status);

#endif
