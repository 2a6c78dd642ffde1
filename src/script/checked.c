/* SPDX-License-Identifier: MIT
 *
 * The function that lines call has the function itself and its number as upvalues.
 */
#include "script/checked.h"

#include <lauxlib.h>

#include "script/batch.h"
#include "script/internals.h"
#include "script/result.h"

static bool is_counted(const script_parameter *p)
{
    return p->type.kind == TYPE_DECIMAL || p->type.kind == TYPE_DATE;
}

static bool is_of_type(lua_State *L, int index, const script_parameter *p)
{
    int whole = 0;
    if (p->is_list)
        return lua_istable(L, index);
    switch (p->type.kind) {
    case TYPE_BOOL: return lua_isboolean(L, index);
    case TYPE_NUMBER:
    case TYPE_TIME:
    case TYPE_DURATION: return lua_type(L, index) == LUA_TNUMBER;
    case TYPE_DECIMAL:
    case TYPE_DATE:
        if (lua_type(L, index) == LUA_TNUMBER)
            lua_tointegerx(L, index, &whole);
        return whole != 0;
    default: return lua_type(L, index) == LUA_TSTRING;
    }
}

/* The value as words: 0.5, a text in quotes, of others the kind. */
static const char *push_shown(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TSTRING)
        return lua_pushfstring(L, "\"%s\"", lua_tostring(L, index));
    if (lua_type(L, index) == LUA_TNUMBER || lua_isboolean(L, index))
        return luaL_tolstring(L, index, NULL);
    return lua_pushfstring(L, "a %s", batch_type_name(L, index));
}

/* Numbers arrive as they do from a rule: floats, or integers where they are counted. */
static void take_argument(lua_State *L, int index, const script_parameter *p,
                          const function *f)
{
    if (!is_of_type(L, index, p))
        luaL_error(L, "\"%s\" of \"%s\" is %s, and %s is none", p->name, f->full_name,
                   p->spelling, push_shown(L, index));
    if (lua_type(L, index) != LUA_TNUMBER)
        return;
    if (is_counted(p))
        lua_pushinteger(L, lua_tointeger(L, index));
    else
        lua_pushnumber(L, lua_tonumber(L, index));
    lua_replace(L, index);
}

static void check_count(lua_State *L, const function *f, size_t count)
{
    const script_signature *s = f->signature;
    size_t least = script_signature_least(s), most = s->parameter_count;
    if (count >= least && count <= most)
        return;
    text *words = &script_state_of(L)->message;
    text_clear(words);
    script_signature_append(s, words);
    luaL_error(L, "\"%s\" is declared as %s%s, and gets %d value%s", f->full_name,
               f->full_name, words->data, (int)count, count == 1 ? "" : "s");
}

/* False: one is missing without which a rule would not call the function. */
static bool take_arguments(lua_State *L, const function *f)
{
    bool are_there = true;
    size_t count = (size_t)lua_gettop(L);
    check_count(L, f, count);
    for (size_t i = 0; i < count; i++) {
        const script_parameter *p = &f->signature->parameters[i];
        if (!lua_isnil(L, (int)i + 1))
            take_argument(L, (int)i + 1, p, f);
        else if (!p->may_be_missing)
            are_there = false;
    }
    return are_there;
}

static void check_result(lua_State *L, const function *f)
{
    const script_signature *s = f->signature;
    text *fault = &script_state_of(L)->message;
    script_value result = script_read_result(L);
    if (script_result_fault(s->result.type, s, &result, fault))
        luaL_error(L, "the function \"%s\" %s", f->full_name, fault->data);
}

static int call_checked(lua_State *L)
{
    const script_set *set = script_state_of(L)->set;
    const function *f = &set->functions[lua_tointeger(L, lua_upvalueindex(2))];
    if (!take_arguments(L, f)) {
        lua_pushnil(L);
        return 1;
    }
    int count = lua_gettop(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, count, 1);
    check_result(L, f);
    return 1;
}

void script_push_checked(lua_State *L, const script_set *set, size_t number)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, FIRST_FUNCTION_SLOT + (lua_Integer)number);
    if (!set->functions[number].signature)
        return;
    lua_pushinteger(L, (lua_Integer)number);
    lua_pushcclosure(L, call_checked, 2);
}
