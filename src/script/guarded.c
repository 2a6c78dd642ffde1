/* SPDX-License-Identifier: MIT
 *
 * Running C functions in a Lua state under its limits: an error of the script comes back
 * as a reason, and a limit that was passed ends the state.
 */
#include "script/internals.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "script/batch.h"
#include "script/left_out.h"

enum { MAX_REASON_BYTES = 400 }; /* of what Lua says */

/* One line of bounded length, cut between characters. */
void script_set_reason(script_state *s, const char *reason, size_t size)
{
    text_clear(&s->reason);
    size_t length;
    for (size_t at = 0; at < size && at < MAX_REASON_BYTES; at += length) {
        utf8_decode(reason + at, size - at, &length);
        unsigned char first = (unsigned char)reason[at];
        if (first < ' ' || first == 0x7F)
            text_append_char(&s->reason, ' ');
        else if (length == 1 && first >= 0x80)
            text_append_char(&s->reason, '?');
        else
            text_append_bytes(&s->reason, reason + at, length);
    }
    if (size > MAX_REASON_BYTES)
        text_append(&s->reason, "...");
}

void script_drop_lua(script_state *s)
{
    guard_clear(&s->guard);
    s->lua = NULL;
    s->running = NULL;
}

void script_set_reason_from_stack(script_state *s)
{
    size_t size;
    if (lua_type(s->lua, -1) == LUA_TSTRING) {
        const char *reason = lua_tolstring(s->lua, -1, &size);
        script_set_reason(s, reason, size);
    } else {
        text_clear(&s->reason);
        text_append_format(&s->reason, "it raised a %s instead of a message",
                           batch_type_name(s->lua, -1));
    }
}

/* Is this the place that the message begins with, "m.lua:3: "? */
static bool is_place(const lua_Debug *frame, const char *message)
{
    char place[LUA_IDSIZE + 24];
    snprintf(place, sizeof place, "%s:%d: ", frame->short_src, frame->currentline);
    return strncmp(message, place, strlen(place)) == 0;
}

/* Push the places behind the frame that fails, from the inside out; how many. */
static int push_callers(lua_State *L, const char *message)
{
    enum { MOST_SHOWN = 5 };
    lua_Debug frame;
    bool is_found = false;
    int count = 0;
    for (int level = 1; lua_getstack(L, level, &frame) && count <= MOST_SHOWN; level++) {
        lua_getinfo(L, "Sl", &frame);
        bool is_lua = frame.source[0] == '@'; /* a file's, and none of carpel's own */
        if (is_found && is_lua && count++ == MOST_SHOWN)
            lua_pushliteral(L, ", ...");
        else if (is_found && is_lua)
            lua_pushfstring(L, "%s%s:%d", count > 1 ? ", " : " (called at ",
                            frame.short_src, frame.currentline);
        is_found = is_found || (is_lua && is_place(&frame, message));
    }
    return count;
}

int script_add_callers(lua_State *L)
{
    if (lua_type(L, 1) != LUA_TSTRING)
        return 1;
    lua_settop(L, 1);
    left_out_push(L, lua_tostring(L, 1));
    int count = push_callers(L, lua_tostring(L, 1));
    if (count > 0)
        lua_pushliteral(L, ")");
    lua_concat(L, lua_gettop(L));
    return 1;
}

bool script_run_guarded(script_state *s, lua_CFunction body, void *data,
                        int64_t limit_microseconds)
{
    if (setjmp(s->guard.stop) != 0) {
        s->is_impure = s->guard.is_impure;
        script_set_reason(s, s->guard.message, strlen(s->guard.message));
        script_drop_lua(s);
        return false;
    }
    guard_begin(&s->guard, limit_microseconds);
    if (s->lua == NULL)
        s->lua = guard_open(&s->guard);
    if (s->lua == NULL) {
        static const char too_small[] = "the limit of memory is too small for Lua";
        script_set_reason(s, too_small, sizeof too_small - 1);
        script_drop_lua(s);
        return false;
    }
    lua_settop(s->lua, 0);
    lua_pushcfunction(s->lua, script_add_callers);
    lua_pushcfunction(s->lua, body);
    lua_pushlightuserdata(s->lua, data);
    int status = lua_pcall(s->lua, 1, 1, 1);
    if (status == LUA_OK)
        return true;
    script_set_reason_from_stack(s);
    if (status == LUA_ERRMEM)
        script_drop_lua(s);
    return false;
}
