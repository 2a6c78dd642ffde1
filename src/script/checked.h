/* SPDX-License-Identifier: MIT
 *
 * checked -- a function as lines of a console call it: what its file declares of it holds,
 * as in a rule.
 */
#ifndef SCRIPT_CHECKED_H
#define SCRIPT_CHECKED_H

#include <lua.h>

#include "script/script.h"

/* Push a function of the set that is held against its declaration: too many or too few
 * arguments, one of another type and a result that is not what was declared are errors;
 * without an argument that has to be there the result is nil, and the function is not
 * called. Without a declaration it is pushed as it is. The state of the set runs, and its
 * `message` is used. */
void script_push_checked(lua_State *L, const script_set *set, size_t number);

#endif
