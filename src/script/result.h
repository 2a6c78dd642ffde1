/* SPDX-License-Identifier: MIT
 *
 * result -- what a function gave, held against what it should: the type that the rule asks
 * for, and what the file declares.
 */
#ifndef SCRIPT_RESULT_H
#define SCRIPT_RESULT_H

#include "script/script.h"

enum { SCRIPT_MOST_RESULT_BYTES = 1024 }; /* texts are kept until the end of the run */

/* What is wrong with a result that is there, behind the function's name: "returned a text,
 * and the rule asks for a number". False when nothing is. `s` may be NULL; a type of
 * TYPE_ERROR takes any. */
bool script_result_fault(type wanted, const script_signature *s, const script_value *r,
                         text *out);

/* A number that is good as what is stored of such a type. */
int64_t script_result_whole(type wanted, const script_signature *s,
                            const script_value *r);

/* As messages show it: 12.5, missing, "x", [1, 2, 3]; of a list the first `count` of `all`. */
void script_value_append(const script_value *v, text *out);
void script_list_append(const script_value *items, size_t count, size_t all, text *out);

#endif
