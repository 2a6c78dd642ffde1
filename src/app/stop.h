/* SPDX-License-Identifier: MIT
 *
 * stop -- SIGINT, SIGTERM and SIGHUP end a command within a second, with one line.
 *
 *     stop_begin();                             // at the start of a command that writes
 *     engine_set_cancel(e, stop_cancel());      // long work looks at the flag
 *     ...
 *     return stop_end(code);                    // says who stopped it, if somebody did
 *
 * The first signal asks the work to end by itself. When that has not come after
 * STOP_GRACE_MILLISECONDS, or with a second signal, the process ends at once: what it had
 * written aside is removed, the line is said, and the exit code is the same. Only what
 * holds the flag, the moment in which outputs are put in place, is waited for, and at most
 * five seconds.
 *
 * A signal that is ignored when the command starts, as under nohup, stays ignored.
 * Commands that write no files leave all this to the system, which ends them at once.
 */
#ifndef APP_STOP_H
#define APP_STOP_H

#include "base/cancel.h"

enum { STOP_GRACE_MILLISECONDS = 700 };

/* From now on signals ask. */
void stop_begin(void);

/* The flag; never NULL. */
cancel *stop_cancel(void);

/* What is true of the outputs when a command is stopped before they are in place, such as
 * "outputs are as they were"; NULL (at first): nothing is said of them. A literal. */
void stop_promise(const char *promise);

/* The end of a command: its exit code, or EXIT_CANCELLED, and the line, when it was
 * stopped. Signals change nothing of it after. */
int stop_end(int code);

#endif
