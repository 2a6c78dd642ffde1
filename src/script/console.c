/* SPDX-License-Identifier: MIT
 *
 * A chunk is tried as an expression first, as "return ..."; what it gives is shown with its type.
 */
#include "script/console.h"

#include <assert.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "script/batch.h"
#include "script/checked.h"
#include "script/internals.h"
#include "script/require.h"
#include "script/result.h"
#include "script/sandbox.h"

enum { MOST_OFFERED = 2, MOST_CALLS = 100, MOST_ENTRIES = 20 };

typedef struct offer {
    script_console *console;
    const char *name;
    console_function *function;
    void *data;
} offer;

struct script_console {
    script_state *state;
    offer offers[MOST_OFFERED];
    size_t offer_count;
    int calls;   /* of what is offered, in this chunk */
    text reason; /* why a function that is offered failed */
};

/* A chunk on its way. */
typedef struct entry {
    script_console *console;
    slice chunk;
    text *out;
    bool is_open;
} entry;

/* Its address is the key of the globals in Lua's registry. */
static const char globals;

/* ---- what is there -------------------------------------------------------- */

/* The clock stands still in what is offered: without a limit a chunk could call it for ever. */
static void count_call(lua_State *L, const offer *o)
{
    char message[100];
    if (++o->console->calls <= MOST_CALLS)
        return;
    snprintf(message, sizeof message, "it calls \"%s\" more often than %d times", o->name,
             MOST_CALLS);
    guard_stop_load(guard_of(L), L, message);
}

static int call_offer(lua_State *L)
{
    const offer *o = lua_touserdata(L, lua_upvalueindex(1));
    script_state *s = script_state_of(L);
    script_value result = {.kind = SCRIPT_MISSING};
    size_t size;
    const char *argument = luaL_checklstring(L, 1, &size);
    if (memchr(argument, '\0', size))
        return luaL_error(L, "the text that \"%s\" is given holds a zero byte", o->name);
    count_call(L, o);
    text_clear(&o->console->reason);
    guard_leave(&s->guard);
    bool ok = o->function(o->data, argument, &result, &o->console->reason);
    guard_return(&s->guard);
    if (!ok)
        return luaL_error(L, "%s", o->console->reason.data);
    script_push_value(L, &result, NULL);
    return 1;
}

/* Push a table with the functions of a module, as rules see them. */
static void push_functions(lua_State *L, const script_set *set, size_t module)
{
    lua_newtable(L);
    for (size_t f = 0; f < set->function_count; f++) {
        if (set->functions[f].module != module)
            continue;
        script_push_checked(L, set, f);
        lua_setfield(L, -2, set->functions[f].name);
    }
}

static void push_new_globals(lua_State *L, script_console *c)
{
    const script_set *set = c->state->set;
    sandbox_push_globals(L);
    for (size_t i = 0; i < set->module_count; i++) {
        if (!set->modules[i]->is_offered)
            continue;
        push_functions(L, set, i);
        lua_setfield(L, -2, set->modules[i]->name);
    }
    for (size_t i = 0; i < c->offer_count; i++) {
        lua_pushlightuserdata(L, &c->offers[i]);
        lua_pushcclosure(L, call_offer, 1);
        lua_setfield(L, -2, c->offers[i].name);
    }
}

static void push_globals(lua_State *L, script_console *c)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &globals) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    push_new_globals(L, c);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &globals);
}

/* ---- showing -------------------------------------------------------------- */

static const char *type_of(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TNUMBER)
        return batch_type_name(L, index);
    return lua_isinteger(L, index) ? "integer" : "float";
}

/* A text in quotes, a number with all digits, of others the kind. */
static void append_scalar(lua_State *L, int index, text *out)
{
    size_t size;
    switch (lua_type(L, index)) {
    case LUA_TNIL: text_append(out, "nil"); break;
    case LUA_TBOOLEAN:
        text_append(out, lua_toboolean(L, index) ? "true" : "false");
        break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index))
            text_append_format(out, "%lld", (long long)lua_tointeger(L, index));
        else
            text_append_format(out, "%.17g", lua_tonumber(L, index));
        break;
    case LUA_TSTRING: {
        const char *data = lua_tolstring(L, index, &size);
        text_append_char(out, '"');
        text_append_bytes(out, data, size);
        text_append_char(out, '"');
        break;
    }
    default: text_append(out, batch_type_name(L, index));
    }
}

/* "a = ", "[2.5] = "; nothing in front of what a list has in its place. */
static void append_key(lua_State *L, int key, bool is_in_place, text *out)
{
    if (is_in_place)
        return;
    if (lua_type(L, key) == LUA_TSTRING) {
        text_append_format(out, "%s = ", lua_tostring(L, key));
        return;
    }
    text_append_char(out, '[');
    append_scalar(L, key, out);
    text_append(out, "] = ");
}

/* With the function pairs at `pairs`, which goes in the order of the keys. */
static void append_table(lua_State *L, int table, int pairs, text *out)
{
    lua_pushvalue(L, pairs);
    lua_pushvalue(L, table);
    lua_call(L, 1, 1);
    int iterator = lua_gettop(L), key = iterator + 1, value = iterator + 2;
    lua_Integer count = 0, listed = 0;
    text_append_char(out, '{');
    for (;; count++, lua_settop(L, iterator)) {
        lua_pushvalue(L, iterator);
        lua_call(L, 0, 2);
        if (lua_isnil(L, key) || count == MOST_ENTRIES)
            break;
        bool is_in_place = lua_isinteger(L, key) && lua_tointeger(L, key) == listed + 1;
        listed += is_in_place;
        text_append(out, count > 0 ? ", " : "");
        append_key(L, key, is_in_place, out);
        append_scalar(L, value, out);
    }
    text_append(out, lua_isnil(L, key) ? "}" : ", ...}");
    lua_settop(L, iterator - 1);
}

/* All values from `first` to the top, a line each: "2.5 (float)". */
static void append_values(lua_State *L, int first, text *out)
{
    int last = lua_gettop(L);
    luaL_checkstack(L, 10, NULL);
    sandbox_push_globals(L);
    lua_getfield(L, -1, "pairs");
    for (int i = first; i <= last; i++) {
        if (lua_istable(L, i))
            append_table(L, i, last + 2, out);
        else if (lua_type(L, i) != LUA_TFUNCTION)
            append_scalar(L, i, out);
        text_append_format(out,
                           lua_isnil(L, i)        ? "\n"
                           : lua_isfunction(L, i) ? "%s\n"
                                                  : " (%s)\n",
                           type_of(L, i));
    }
}

/* ---- running -------------------------------------------------------------- */

static bool ends_open(lua_State *L)
{
    slice message = {NULL, 0};
    message.data = lua_tolstring(L, -1, &message.size);
    return message.data && slice_ends_with(message, slice_of("<eof>"));
}

/* Push the chunk as a function; false: it is not finished. */
static bool load_entry(lua_State *L, entry *e)
{
    static const char name[] = SCRIPT_LINE_SOURCE;
    lua_pushliteral(L, "return ");
    lua_pushlstring(L, e->chunk.data, e->chunk.size);
    lua_concat(L, 2);
    size_t size;
    const char *expression = lua_tolstring(L, -1, &size);
    if (luaL_loadbufferx(L, expression, size, name, "t") == LUA_OK)
        return true;
    if (luaL_loadbufferx(L, e->chunk.data, e->chunk.size, name, "t") == LUA_OK)
        return true;
    if (ends_open(L))
        return false;
    lua_error(L);
    return false;
}

static int run_entry(lua_State *L)
{
    entry *e = lua_touserdata(L, 1);
    const script_set *set = e->console->state->set;
    if (!load_entry(L, e)) {
        e->is_open = true;
        return 0;
    }
    push_globals(L, e->console);
    lua_setupvalue(L, -2, 1); /* its _ENV */
    int function = lua_gettop(L);
    lua_call(L, 0, LUA_MULTRET);
    append_values(L, function, e->out);
    for (size_t i = 0; i < set->module_count; i++)
        if (set->modules[i]->is_offered)
            script_check_variables(L, set, i);
    require_push_variables(L, e->console->state->line_file);
    script_check_variable_list(L);
    return 0;
}

script_console *script_console_new(script_set *s)
{
    script_console *c = memory_alloc_zero(sizeof *c);
    c->state = script_state_new(s, NULL);
    c->state->line_set = s;
    c->state->line_file = script_set_line_module(s);
    text_init(&c->reason);
    return c;
}

void script_console_free(script_console *c)
{
    if (!c)
        return;
    script_state_free(c->state);
    text_done(&c->reason);
    memory_free(c);
}

void script_console_offer(script_console *c, const char *name, console_function *function,
                          void *data)
{
    assert(c->offer_count < MOST_OFFERED);
    c->offers[c->offer_count++] = (offer){c, name, function, data};
}

console_outcome script_console_run(script_console *c, slice chunk, text *out)
{
    script_state *s = c->state;
    entry e = {.console = c, .chunk = chunk, .out = out};
    size_t before = out->size;
    c->calls = 0;
    s->learns = NULL; /* a limit may have ended a line in the middle of a file */
    bool ok = (s->lua || script_open_lua(s)) &&
              script_run_guarded(s, run_entry, &e, s->set->limits.call_microseconds);
    s->printed = 0;
    if (ok)
        return e.is_open ? CONSOLE_OPEN : CONSOLE_GOOD;
    text_cut(out, before);
    text_append_bytes(out, s->reason.data, s->reason.size);
    if (!s->lua)
        text_append(out, "; what was typed before is forgotten");
    return CONSOLE_FAILED;
}
