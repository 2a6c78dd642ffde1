/* SPDX-License-Identifier: MIT
 *
 * builtins -- carpel's own versions of functions of Lua.
 *
 * Lua's own take time without bound, show addresses of memory, or go in an order that
 * changes from run to run.
 */
#ifndef SCRIPT_BUILTINS_H
#define SCRIPT_BUILTINS_H

#include <lua.h>

/* Tables with more keys or elements are refused by functions that go over all of them; with
 * a short limit of time those with less, as guard_allowed() tells. */
#define BUILTINS_MAX_KEYS     100000
#define BUILTINS_MAX_ELEMENTS 1000000

int builtin_pairs(lua_State *L);    /* in the order of keys */
int builtin_tostring(lua_State *L); /* "table" for a table, without its address */
int builtin_rep(lua_State *L);      /* the result is bounded */
int builtin_format(lua_State *L);   /* no %p; upvalue 1: Lua's own */
int builtin_sort(lua_State *L);     /* stable, and never "invalid order function" */
int builtin_timed(lua_State *L);    /* upvalue 1, after a look at the clock */
int builtin_array(lua_State *L);    /* the same for an array of bounded length */
int builtin_search(lua_State *L);   /* the same for match: bounded */
int builtin_replace(lua_State *L);  /* the same for gsub, with what it does of matches */
int builtin_find(lua_State *L);     /* the same for find, also of plain text */
int builtin_search_all(lua_State *L); /* the same for gmatch, where ^ is no anchor */

#endif
