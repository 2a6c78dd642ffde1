/* SPDX-License-Identifier: MIT
 *
 * command -- a program whose output is read as if it were a file, or that is given one to read.
 *
 *     command *c = command_start(words, count, folder, cancel, &err);   // NULL: *err says why
 *     ... read command_path(c) to its end ...
 *     ok = command_end(c, is_read, &err);                               // always
 *
 *     ok = command_feed(words, count, folder, fd, cancel, &said, &err);  // reads fd to its end
 *
 * The words are the program and its arguments; no shell reads them. It runs in `folder`, reads nothing, and is a group
 * of processes of its own, which is killed when the work is to stop, when not all of its
 * output was read, and when this process ends.
 */
#ifndef BASE_COMMAND_H
#define BASE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cancel.h"
#include "base/text.h"

typedef struct command command;

command *command_start(const char *const *words, size_t count, const char *folder,
                       const cancel *cancel, carpel_error *err);

/* The file that its output is, until the end. */
const char *command_path(const command *c);

/* What it is called in messages: its first words. */
const char *command_title(const command *c);

/* Wait for its end, or, when its output was not `read` to the end, kill it. False with *err filled
 * when it failed: how it ended, and the last lines that it wrote to standard error. What it wrote there
 * otherwise is appended to `said`. */
bool command_end(command *c, bool is_read, text *said, carpel_error *err);

/* Run one to its end that reads what is in the file `input` from where that stands. False as
 * command_end; what it wrote, to standard output, too, is appended to `said`. */
bool command_feed(const char *const *words, size_t count, const char *folder, int input,
                  const cancel *cancel, text *said, carpel_error *err);

/* Kill all that run. Any signal handler, right before the process ends by force. */
void commands_kill_all(void);

#endif
