/* SPDX-License-Identifier: MIT
 *
 * Values as texts, with blanks between them.
 */
#include "script/print.h"

#include <lauxlib.h>

#include "base/utf8.h"
#include "script/builtins.h"
#include "script/internals.h"

void script_set_print_to(script_set *s, script_printer to)
{
    s->printer = to;
}

/* Replaces the arguments by one text. */
static void join(lua_State *L)
{
    int count = lua_gettop(L);
    luaL_Buffer line;
    luaL_checkstack(L, 10, NULL);
    for (int i = 1; i <= count; i++) {
        lua_pushcfunction(L, builtin_tostring);
        lua_pushvalue(L, i);
        lua_call(L, 1, 1);
        lua_replace(L, i);
    }
    luaL_buffinit(L, &line);
    for (int i = 1; i <= count; i++) {
        lua_pushvalue(L, i);
        luaL_addvalue(&line);
        if (i < count)
            luaL_addchar(&line, ' '); /* a tab would be shown as a mark */
    }
    luaL_pushresult(&line);
}

/* Not in the middle of a character. */
static slice cut(slice line)
{
    size_t at = 0, length = 0;
    for (; at < line.size; at += length) {
        utf8_decode(line.data + at, line.size - at, &length);
        if (at + length > SCRIPT_MOST_PRINTED_BYTES)
            break;
    }
    return (slice){line.data, at};
}

int script_print(lua_State *L)
{
    script_state *s = script_state_of(L);
    const script_printer *to = &s->set->printer;
    slice line;
    if (!to->line)
        return luaL_error(L,
                          "print is read by nobody in a run: \"carpel lua\" shows what a "
                          "function prints; take it out here");
    if (s->is_muted)
        return 0;
    if (s->printed++ >= SCRIPT_MOST_PRINTED)
        return luaL_error(L, "it prints more than %d lines", SCRIPT_MOST_PRINTED);
    join(L);
    line.data = lua_tolstring(L, -1, &line.size);
    guard_check_time(guard_of(L), L);
    to->line(to->data, cut(line));
    return 0;
}
