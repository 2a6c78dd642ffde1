/* SPDX-License-Identifier: MIT
 *
 * html -- texts and small pictures of a page that stands alone: no script, no file beside it.
 *
 * Pages are HTML and well-formed XML. Colours are variables of the page's style sheet (`--ink`,
 * `--line`, `--fill`, ...), so that pictures are right on light and on dark ground.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stddef.h>

#include "base/text.h"

/* Append a text as it is to be read, with its signs escaped; what no page may hold is left out. */
void html_append(text *out, slice s);
void html_append_string(text *out, const char *s); /* NULL: nothing */

/* Begin a page up to the begin of its body, with the style sheet; and end it. */
void html_begin(text *out, const char *title);
void html_end(text *out);

/* A row of values as a line in a table. */
void html_append_trend(text *out, const double *values, size_t count);

/* A bar of a share, 0 to 1. */
void html_append_bar(text *out, double share);

/* A histogram of `count` columns between two values. */
void html_append_histogram(text *out, const size_t *columns, size_t count,
                           const char *lowest, const char *highest);

/* Who went from where to where: `moves[from * side + to]` with the names of both sides; what is 0
 * is not drawn. */
void html_append_flow(text *out, const char *const *names, const size_t *moves,
                      size_t side, const char *from_title, const char *to_title);

#endif
