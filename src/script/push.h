/* SPDX-License-Identifier: MIT
 *
 * push -- arguments on their way into Lua.
 */
#ifndef SCRIPT_PUSH_H
#define SCRIPT_PUSH_H

#include <lua.h>

#include "script/script.h"

/* A list as a function of steps gets it in the place of a table: its values are pushed one
 * by one. */
typedef struct list_view {
    const script_column *column; /* whose items it is a part of; NULL: */
    script_part part;
    const script_value *items; /* these are its values, part.count of them */
} list_view;

/* A value, or that of a row. With a view a list is pushed as a pointer to it, which nothing
 * but steps_call() looks at, and otherwise as a table. */
void script_push_value(lua_State *L, const script_value *value, list_view *view);
void script_push_column(lua_State *L, const script_column *c, size_t row,
                        list_view *view);

/* Value `i` of a view, from 0 on. */
void script_push_item(lua_State *L, const list_view *view, size_t i);

#endif
