/* SPDX-License-Identifier: MIT
 *
 * Declarations are kept in a table of Lua's registry while their file is run, and checked
 * at once, so that a mistake is told with the line of the file that makes it. The table has
 * them in their order, and under their names.
 */
#include "script/define.h"

#include <lauxlib.h>
#include <string.h>

#include "base/memory.h"
#include "script/batch.h"
#include "script/steps.h"

static const char *const fields[] = {"name", "help",   "args",  "result", "call",
                                     "step", "finish", "batch", NULL};

/* Their addresses are keys of the registry: the list that declarations go to while a file
 * is run, and the list of the file that was run last. */
static const char taken, ended;

/* Where a declaration stands, "at m.lua:3"; no field of a file has such a name. */
#define PLACE "(place)"

static void push_place(lua_State *L)
{
    luaL_where(L, 1); /* "m.lua:3: " */
    size_t size;
    const char *where = lua_tolstring(L, -1, &size);
    lua_pushliteral(L, "at ");
    lua_pushlstring(L, where, size > 2 ? size - 2 : 0);
    lua_concat(L, 2);
    lua_replace(L, -2);
}

static bool is_field(const char *name)
{
    for (size_t i = 0; fields[i]; i++)
        if (strcmp(fields[i], name) == 0)
            return true;
    return false;
}

static void check_fields(lua_State *L)
{
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;
        if (!name || !is_field(name))
            luaL_error(L,
                       "carpel.define knows no field \"%s\"; there are name, help, "
                       "args, result, call, step, finish and batch",
                       name ? name : "without a name");
    }
}

/* A text is missing; of which function, when it has a name. */
static void refuse_text(lua_State *L, int table, const char *name)
{
    const char *function =
        lua_getfield(L, table, "name") == LUA_TSTRING ? lua_tostring(L, -1) : "";
    luaL_error(L, "carpel.define%s%s%s needs a text as \"%s\"",
               function[0] ? " of \"" : "", function, function[0] ? "\"" : "", name);
}

/* The text of a field, which stays in the table. */
static const char *field_text(lua_State *L, int table, const char *name)
{
    table = lua_absindex(L, table);
    if (lua_getfield(L, table, name) != LUA_TSTRING || lua_rawlen(L, -1) == 0)
        refuse_text(L, table, name);
    const char *found = lua_tostring(L, -1);
    lua_pop(L, 1);
    return found;
}

static void check_parameter(lua_State *L, const char *spelling, bool is_result,
                            script_parameter *out)
{
    char reason[256];
    if (!script_parameter_parse(spelling, is_result, out, reason, sizeof reason))
        luaL_error(L, "%s", reason);
}

/* How many arguments the declaration at `table` has. */
static size_t argument_count(lua_State *L, int table)
{
    size_t count = lua_getfield(L, table, "args") == LUA_TTABLE ? lua_rawlen(L, -1) : 0;
    lua_pop(L, 1);
    return count;
}

static void read_argument(lua_State *L, int table, size_t i, script_parameter *out)
{
    table = lua_absindex(L, table);
    lua_getfield(L, table, "args");
    if (lua_rawgeti(L, -1, (lua_Integer)i + 1) != LUA_TSTRING)
        luaL_error(L,
                   "carpel.define: each of \"args\" is a text such as \"orders: int\"");
    check_parameter(L, lua_tostring(L, -1), false, out);
    lua_pop(L, 2);
}

static void check_arguments(lua_State *L)
{
    int type = lua_getfield(L, 1, "args");
    lua_pop(L, 1);
    size_t count = argument_count(L, 1);
    if (type != LUA_TNIL && type != LUA_TTABLE)
        luaL_error(
            L, "carpel.define: \"args\" is a list of texts such as {\"orders: int\"}");
    if (count > SCRIPT_MOST_PARAMETERS)
        luaL_error(L, "a function takes at most %d arguments", SCRIPT_MOST_PARAMETERS);
    for (size_t i = 0; i < count; i++) {
        script_parameter parameter;
        read_argument(L, 1, i, &parameter);
    }
}

/* Which of the arguments are lists, a bit for each. */
static lua_Integer lists_of(lua_State *L, int table)
{
    uint64_t lists = 0;
    size_t count = argument_count(L, table);
    for (size_t i = 0; i < count; i++) {
        script_parameter parameter;
        read_argument(L, table, i, &parameter);
        lists |= (uint64_t)parameter.is_list << i;
    }
    return (lua_Integer)lists;
}

/* False when the field of the declaration at 1 is not there. */
static bool check_function(lua_State *L, const char *name)
{
    int type = lua_getfield(L, 1, name);
    lua_pop(L, 1);
    if (type != LUA_TNIL && type != LUA_TFUNCTION)
        luaL_error(L, "carpel.define: \"%s\" is a function", name);
    return type == LUA_TFUNCTION;
}

/* A call, a batch, or a step with a list to go through. */
static void check_functions(lua_State *L)
{
    bool has_call = check_function(L, "call"), has_step = check_function(L, "step"),
         has_batch = check_function(L, "batch");
    if (has_call + has_step + has_batch > 1)
        luaL_error(L,
                   "carpel.define takes a \"call\", a \"step\" or a \"batch\", and not "
                   "two of them");
    if (has_batch && argument_count(L, 1) == 0)
        luaL_error(L,
                   "carpel.define: a \"batch\" needs an argument, whose column says how "
                   "many rows there are");
    if (check_function(L, "finish") && !has_step)
        luaL_error(L, "carpel.define: a \"finish\" needs a \"step\" before it");
    if (has_step && lists_of(L, 1) == 0)
        luaL_error(L, "carpel.define: a \"step\" needs a list to go through, such as "
                      "\"amounts: list of number\"");
}

/* A name is declared once. */
static void check_is_new(lua_State *L, int list, const char *name)
{
    if (lua_getfield(L, list, name) == LUA_TTABLE) {
        lua_getfield(L, -1, PLACE);
        luaL_error(L, "carpel.define names \"%s\" twice: %s and here", name,
                   lua_tostring(L, -1));
    }
    lua_pop(L, 1);
}

static void copy_field(lua_State *L, const char *name)
{
    lua_getfield(L, 1, name);
    lua_setfield(L, -2, name);
}

/* Push a declaration like the one at 1, which the file may go on to change. */
static void push_copy(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; fields[i]; i++)
        copy_field(L, fields[i]);
    size_t count = argument_count(L, 1);
    lua_createtable(L, (int)count, 0);
    lua_getfield(L, 1, "args");
    for (lua_Integer i = 1; i <= (lua_Integer)count; i++) {
        lua_rawgeti(L, -1, i);
        lua_rawseti(L, -3, i);
    }
    lua_pop(L, 1);
    lua_setfield(L, -2, "args");
    push_place(L);
    lua_setfield(L, -2, PLACE);
}

int define_function(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    script_parameter result;
    check_fields(L);
    field_text(L, 1, "name");
    if (strchr(field_text(L, 1, "help"), '\n'))
        luaL_error(L, "carpel.define: \"help\" is one line");
    check_arguments(L);
    check_parameter(L, field_text(L, 1, "result"), true, &result);
    check_functions(L);
    lua_settop(L, 1);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &taken) != LUA_TTABLE)
        luaL_error(L, "carpel.define belongs at the top of a file, outside of functions");
    int list = lua_gettop(L);
    const char *name = field_text(L, 1, "name");
    check_is_new(L, list, name);
    push_copy(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, list, name);
    lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
    return 0;
}

void define_begin(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &taken);
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &taken);
}

/* The function on top, which the file offers, is not the one that its declaration brings. */
static void refuse_second(lua_State *L, int declaration, const char *name)
{
    lua_Debug other;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &other);
    lua_getfield(L, declaration, PLACE);
    luaL_error(L,
               "there are two functions \"%s\": one of carpel.define %s, the other at "
               "%s:%d",
               name, lua_tostring(L, -1), other.short_src, other.linedefined);
}

/* Push the function that the declaration brings; false: it brings none. */
static bool push_own(lua_State *L, int declaration)
{
    if (lua_getfield(L, declaration, "step") == LUA_TFUNCTION) {
        lua_getfield(L, declaration, "finish");
        steps_push(L, lists_of(L, declaration));
        return true;
    }
    if (lua_getfield(L, declaration, "batch") == LUA_TFUNCTION) {
        batch_push(L, (lua_Integer)argument_count(L, declaration));
        return true;
    }
    lua_pop(L, 2);
    return lua_getfield(L, declaration, "call") == LUA_TFUNCTION;
}

/* The declaration on top is of a function that is there. */
static void complete(lua_State *L, int functions)
{
    int declaration = lua_gettop(L);
    const char *name = field_text(L, declaration, "name");
    bool brings = push_own(L, declaration);
    lua_pushstring(L, name);
    bool has = lua_rawget(L, functions) == LUA_TFUNCTION;
    if (!brings && !has)
        luaL_error(L, "carpel.define names \"%s\", and the file has no such function",
                   name);
    if (brings && has && !lua_rawequal(L, -1, -2))
        refuse_second(L, declaration, name);
    lua_pop(L, 1);
    if (brings)
        lua_setfield(L, functions, name);
}

void define_end(lua_State *L, int functions, int outer)
{
    functions = lua_absindex(L, functions);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &taken);
    int list = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, list, i);
        complete(L, functions);
        lua_settop(L, list);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ended);
    lua_pushvalue(L, outer);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &taken);
}

void define_forget(lua_State *L)
{
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &taken);
}

static void fill(lua_State *L, int declaration, script_signature *s)
{
    s->help = memory_copy_string(field_text(L, declaration, "help"));
    check_parameter(L, field_text(L, declaration, "result"), true, &s->result);
    s->has_steps = lua_getfield(L, declaration, "step") == LUA_TFUNCTION;
    s->has_batch = lua_getfield(L, declaration, "batch") == LUA_TFUNCTION;
    lua_pop(L, 2);
    s->parameter_count = argument_count(L, declaration);
    s->parameters =
        memory_alloc_zero_array(s->parameter_count + 1, sizeof *s->parameters);
    for (size_t i = 0; i < s->parameter_count; i++)
        read_argument(L, declaration, i, &s->parameters[i]);
}

bool define_signature(lua_State *L, const char *name, script_signature **out)
{
    int top = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &ended);
    if (lua_getfield(L, -1, name) == LUA_TTABLE) {
        *out = memory_alloc_zero(sizeof **out);
        fill(L, lua_gettop(L), *out);
    }
    lua_settop(L, top);
    return *out != NULL;
}
