/* SPDX-License-Identifier: MIT
 *
 * terminal -- what the other end of a stream can show.
 */
#ifndef REPORT_TERMINAL_H
#define REPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/text.h"

/* Is there a terminal, whatever it can, and no pipe or file? */
bool terminal_is_there(FILE *stream);

/* A terminal that can move its cursor (TERM is not "dumb"); and NO_COLOR is not set
 * (or empty). */
bool terminal_is_interactive(FILE *stream);
bool terminal_has_colour(FILE *stream);

/* Columns: of the terminal, else COLUMNS, else 80; between 40 and 400. */
size_t terminal_width(FILE *stream);

/* Columns of a terminal; SIZE_MAX for a pipe or a file, whose lines are not wrapped. */
size_t terminal_line_width(FILE *stream);

/* Append a line, broken between words where it is longer than the width. What goes on stands
 * under the text behind a first column ("yes    did purchase"), or is indented by two. */
void terminal_append_wrapped(text *out, const char *line, size_t width);

/* May block elements and other signs beyond ASCII be shown (LC_ALL, LC_CTYPE, LANG)? */
bool terminal_has_utf8(void);

/* Append a text that came from outside so that it cannot move the cursor or turn
 * the reading direction: controls (tabs too) and malformed bytes become U+FFFD. */
void terminal_append_safe(text *out, slice value);

/* The same line by line; the last one ends in a line feed, too. */
void terminal_append_safe_lines(text *out, slice lines);

#endif
