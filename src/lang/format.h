/* SPDX-License-Identifier: MIT
 *
 * format -- a tree in the one canonical layout (`carpel fmt`).
 */
#ifndef LANG_FORMAT_H
#define LANG_FORMAT_H

#include "base/text.h"
#include "lang/ast.h"

/* Print the file with its comments. parse(format(x)) is the same tree as x, and
 * format(parse(format(x))) is format(x), byte for byte. */
void format_file(const ast_file *file, text *out);

/* Print one expression on one line, as the graph and messages show it. */
void format_expr(const ast_expr *expr, text *out);

#endif
