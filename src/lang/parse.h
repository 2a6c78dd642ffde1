/* SPDX-License-Identifier: MIT
 *
 * parse -- text to tree. Needs: a source. Gives: every declaration that could be read;
 * what could not is reported, and reading goes on at the next word at the left margin
 * that begins a declaration.
 */
#ifndef LANG_PARSE_H
#define LANG_PARSE_H

#include "lang/ast.h"
#include "lang/data_names.h"
#include "report/diags.h"

/* Deepest nesting of brackets; more is E0120. */
#define PARSE_MAX_DEPTH 200

/* Most expressions one under another, as in a long sum; more is E0120, so that passes
 * that go down the tree never run out of stack. */
#define PARSE_MAX_HEIGHT 1000

/* Most names with points between them, as in user.address.city; more is E0120. */
#define PARSE_MAX_PARTS 100

/* Never NULL; lives in `memory`. `names`: those of the data, which hints mention; or
 * NULL. */
ast_file *parse_rules(const source *file, const data_names *names, arena *memory,
                      diags *diags);

/* Can this be read as one declaration, without a message? Quick, as no hint is looked for. */
bool parse_is_good(slice declaration);

/* As parse_rules, without data. */
ast_file *parse_segments(const source *file, arena *memory, diags *diags);

#endif
