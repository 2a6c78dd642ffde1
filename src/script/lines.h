/* SPDX-License-Identifier: MIT
 *
 * lines -- which lines of the scripts of a set were run, for those who ask which were not.
 *
 *     script_set_watch_lines(set, true);      // states that are made from now on note lines
 *     ... calls ...
 *     script_set_watch_lines(set, false);
 *     for (size_t i = 0; script_set_lines(set, i, &found); i++)
 *         ...
 *
 * States are slow while they note lines, and a call may take ten times as long as otherwise. What
 * was noted is added up, also by several workers at once, and belongs to the set.
 */
#ifndef SCRIPT_LINES_H
#define SCRIPT_LINES_H

#include "script/script.h"

typedef enum script_line {
    SCRIPT_LINE_EMPTY, /* nothing on it can be run */
    SCRIPT_LINE_NOT_RUN,
    SCRIPT_LINE_RUN
} script_line;

typedef struct script_lines {
    const char *path;
    size_t count, can_run, was_run; /* lines of the file; how many of each */
    const struct line_notes *notes;
} script_lines;

void script_set_watch_lines(script_set *s, bool is_on);

/* The number-th file of the project's scripts, with those that are required; of what comes with
 * carpel nothing is told. False: there are no more. */
bool script_set_lines(const script_set *s, size_t number, script_lines *out);

/* Is a function made of the file? */
bool script_lines_serve(const script_set *s, const script_lines *l, size_t function);

/* Lines count from 1. */
script_line script_lines_at(const script_lines *l, size_t line);

#endif
