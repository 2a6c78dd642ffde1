/* SPDX-License-Identifier: MIT
 *
 * batch -- functions that are declared by a batch and not by a call: they get a column of each
 * argument, and give a table with the result of each row.
 *
 *     batch_push(L, 2);                         // what the module offers, over the function on top
 *     batch_call(L, rows, numbers, count);      // for these rows; the table is on top then
 *
 * A column is a userdata: `#column`, and `column[i]` for i from 1 on, nil where the value is missing. It
 * cannot be changed, other places than its rows raise an error, and so does each once the
 * call is over. Nothing of the rows is copied but what is looked at.
 */
#ifndef SCRIPT_BATCH_H
#define SCRIPT_BATCH_H

#include <lua.h>

#include "script/script.h"

/* Push a function of `argument_count` values that calls the one on top, which it takes, for a batch of
 * one row. So scripts, and who calls for a single set of arguments, see a function like others. */
void batch_push(lua_State *L, lua_Integer argument_count);

/* Is the value one? */
int batch_is(lua_State *L, int index);

/* The type of a value, as messages name it: "number", "table", "column". */
const char *batch_type_name(lua_State *L, int index);

/* Call that of the value at 1, which is one, for some rows, and push two values: what keeps its
 * columns alive until it is popped, and the table of results, for lua_rawgeti(). */
void batch_call(lua_State *L, const script_rows *r, const size_t *rows, size_t count);

#endif
