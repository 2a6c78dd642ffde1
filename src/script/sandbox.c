/* SPDX-License-Identifier: MIT
 *
 * The allow list, and the tables that scripts see it through. There is no setmetatable:
 * metatables bring finalizers and closing functions, which run where no limit reaches,
 * and weak tables, whose contents depend on when garbage is collected.
 */
#include "script/sandbox.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stddef.h>

#include "script/builtins.h"
#include "script/print.h"
#include "script/require.h"
#include "script/special.h"

/* How a function is handed out: as it is, behind a check, or carpel's own. */
typedef struct allowed {
    const char *library; /* NULL: a global */
    const char *name;
    lua_CFunction function; /* NULL: Lua's own as it is */
} allowed;

static const allowed allow_list[] = {
    {NULL, "assert", NULL},
    {NULL, "error", NULL},
    {NULL, "ipairs", NULL},
    {NULL, "pairs", builtin_pairs},
    {NULL, "pcall", NULL},
    {NULL, "print", script_print},
    {NULL, "require", require_file},
    {NULL, "select", NULL},
    {NULL, "tonumber", builtin_timed},
    {NULL, "tostring", builtin_tostring},
    {NULL, "type", NULL},
    {NULL, "xpcall", NULL},
    {"carpel", "beta_below", NULL},
    {"carpel", "beta_quantile", NULL},
    {"carpel", "day", NULL},
    {"carpel", "define", NULL},
    {"carpel", "hour", NULL},
    {"carpel", "log_beta", NULL},
    {"carpel", "log_gamma", NULL},
    {"carpel", "log_hyp2f1", NULL},
    {"carpel", "minute", NULL},
    {"carpel", "normal_below", NULL},
    {"carpel", "week", NULL},
    {"math", "abs", NULL},
    {"math", "acos", NULL},
    {"math", "asin", NULL},
    {"math", "atan", NULL},
    {"math", "ceil", NULL},
    {"math", "cos", NULL},
    {"math", "deg", NULL},
    {"math", "exp", NULL},
    {"math", "floor", NULL},
    {"math", "fmod", NULL},
    {"math", "huge", NULL},
    {"math", "log", NULL},
    {"math", "max", NULL},
    {"math", "maxinteger", NULL},
    {"math", "min", NULL},
    {"math", "mininteger", NULL},
    {"math", "modf", NULL},
    {"math", "pi", NULL},
    {"math", "rad", NULL},
    {"math", "sin", NULL},
    {"math", "sqrt", NULL},
    {"math", "tan", NULL},
    {"math", "tointeger", NULL},
    {"math", "type", NULL},
    {"math", "ult", NULL},
    {"string", "byte", builtin_timed},
    {"string", "char", builtin_timed},
    {"string", "find", builtin_find},
    {"string", "format", builtin_format},
    {"string", "gmatch", builtin_search_all},
    {"string", "gsub", builtin_replace},
    {"string", "len", NULL},
    {"string", "lower", builtin_timed},
    {"string", "match", builtin_search},
    {"string", "rep", builtin_rep},
    {"string", "reverse", builtin_timed},
    {"string", "sub", builtin_timed},
    {"string", "upper", builtin_timed},
    {"table", "concat", builtin_array},
    {"table", "insert", builtin_array},
    {"table", "pack", NULL},
    {"table", "remove", builtin_array},
    {"table", "sort", builtin_sort},
    {"table", "unpack", builtin_array},
    {"utf8", "char", builtin_timed},
    {"utf8", "charpattern", NULL},
    {"utf8", "codepoint", builtin_timed},
    {"utf8", "codes", builtin_timed},
    {"utf8", "len", builtin_timed},
    {"utf8", "offset", builtin_timed},
};

static const struct {
    const char *name;
    lua_CFunction open;
} libraries[] = {{LUA_GNAME, luaopen_base},       {"carpel", special_open},
                 {LUA_MATHLIBNAME, luaopen_math}, {LUA_STRLIBNAME, luaopen_string},
                 {LUA_TABLIBNAME, luaopen_table}, {LUA_UTF8LIBNAME, luaopen_utf8}};

/* Push what Lua has under this name, as scripts get it. */
static void push_allowed(lua_State *L, const allowed *a)
{
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_getfield(L, -1, a->library != NULL ? a->library : LUA_GNAME);
    lua_getfield(L, -1, a->name);
    lua_replace(L, -3);
    lua_pop(L, 1);
    if (a->function != NULL)
        lua_pushcclosure(L, a->function, 1);
}

/* Push the table of a library inside the table on top, which is made when new. */
static void push_library(lua_State *L, const char *library)
{
    if (library == NULL) {
        lua_pushvalue(L, -1);
    } else if (lua_getfield(L, -1, library) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, library);
    }
}

/* Push a new table with the allowed functions. */
static void push_functions(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < sizeof allow_list / sizeof *allow_list; i++) {
        push_library(L, allow_list[i].library);
        push_allowed(L, &allow_list[i]);
        lua_setfield(L, -2, allow_list[i].name);
        lua_pop(L, 1);
    }
}

/* Methods of texts, as in name:upper(), are found in a table of their own. */
static void set_text_methods(lua_State *L)
{
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    push_functions(L);
    lua_getfield(L, -1, "string");
    lua_setfield(L, -3, "__index");
    lua_pop(L, 3);
}

static int refuse_new_global(lua_State *L)
{
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    return luaL_error(L, "the global '%s' cannot be set in a call; is a 'local' missing?",
                      name);
}

void sandbox_open(lua_State *L)
{
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        luaL_requiref(L, libraries[i].name, libraries[i].open, 0);
        lua_pop(L, 1);
    }
    set_text_methods(L);
}

void sandbox_push_globals(lua_State *L)
{
    lua_newtable(L);
    lua_createtable(L, 0, 2); /* its metatable */
    push_functions(L);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

void sandbox_lock_globals(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_getmetatable(L, index);
    lua_getfield(L, -1, "__index"); /* the functions, where the globals move to */
    for (lua_pushnil(L); lua_next(L, index);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, index); /* clearing a field is fine while going over a table */
    }
    lua_pushcfunction(L, refuse_new_global);
    lua_setfield(L, -3, "__newindex");
    lua_pop(L, 2);
}

bool sandbox_has(lua_State *L, int index)
{
    lua_CFunction function = lua_tocfunction(L, index);
    index = lua_absindex(L, index);
    for (size_t i = 0; i < sizeof allow_list / sizeof *allow_list; i++) {
        push_allowed(L, &allow_list[i]);
        bool is_same = allow_list[i].function != NULL ? allow_list[i].function == function
                                                      : lua_rawequal(L, -1, index);
        lua_pop(L, 1);
        if (is_same)
            return true;
    }
    return false;
}
