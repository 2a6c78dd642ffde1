/* SPDX-License-Identifier: MIT
 *
 * dump -- the tree of a file as text, for comparing two trees.
 */
#ifndef SUPPORT_DUMP_H
#define SUPPORT_DUMP_H

#include "base/text.h"
#include "lang/ast.h"

/* Append the tree without places and comments, one node a line. */
void ast_dump(const ast_file *file, text *out);

#endif
