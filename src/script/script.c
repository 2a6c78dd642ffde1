/* SPDX-License-Identifier: MIT
 *
 * Sets of Lua files, the states that workers make of them, and calls. All Lua runs
 * inside run_guarded(): an error of the script comes back as a message, and a limit
 * that was passed ends the state.
 */
#include "script/script.h"

#include <assert.h>
#include <lauxlib.h>
#include <lua.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "report/suggest.h"
#include "script/guard.h"
#include "script/sandbox.h"

enum {
    MAX_FILE_BYTES = 1024 * 1024,
    LOAD_TIMES = 10,          /* running a file may take so many times a call's limit */
    MAX_REASON_BYTES = 400,   /* of what Lua says */
    FIRST_FUNCTION_SLOT = 100 /* in Lua's registry; the first few are Lua's */
};

typedef struct module {
    char *name, *path, *real_path;
    char *body;
    size_t size;
} module;

typedef struct function {
    size_t module;
    const char *name; /* inside full_name */
    char *full_name;
} function;

struct script_set {
    script_limits limits;
    module *modules;
    size_t module_count, module_capacity;
    function *functions;
    size_t function_count, function_capacity;
};

struct script_state {
    const script_set *set;
    bool is_impure; /* the last call changed what outlives it */
    int64_t wasted; /* processor time of the last call, which failed */
    guard guard;
    lua_State *lua; /* NULL: thrown away after a limit was passed */
    text reason;    /* why the last guarded run failed */
    text message;
};

/* ---- running Lua --------------------------------------------------------- */

/* One line of bounded length, cut between characters. */
static void set_reason(script_state *s, const char *reason, size_t size)
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

static void drop_lua(script_state *s)
{
    guard_clear(&s->guard);
    s->lua = NULL;
}

static void set_reason_from_stack(script_state *s)
{
    size_t size;
    if (lua_type(s->lua, -1) == LUA_TSTRING) {
        const char *reason = lua_tolstring(s->lua, -1, &size);
        set_reason(s, reason, size);
    } else {
        text_clear(&s->reason);
        text_append_format(&s->reason, "it raised a %s instead of a message",
                           luaL_typename(s->lua, -1));
    }
}

/* Run a C function in the state, which is made if there is none, under the limits.
 * False: s->reason says why, and s->lua is NULL when a limit was passed. */
static bool run_guarded(script_state *s, lua_CFunction body, void *data,
                        int64_t limit_microseconds)
{
    if (setjmp(s->guard.stop) != 0) {
        s->is_impure = s->guard.is_impure;
        set_reason(s, s->guard.message, strlen(s->guard.message));
        drop_lua(s);
        return false;
    }
    guard_begin(&s->guard, limit_microseconds);
    if (s->lua == NULL)
        s->lua = guard_open(&s->guard);
    if (s->lua == NULL) {
        static const char too_small[] = "the limit of memory is too small for Lua";
        set_reason(s, too_small, sizeof too_small - 1);
        drop_lua(s);
        return false;
    }
    lua_settop(s->lua, 0);
    lua_pushcfunction(s->lua, body);
    lua_pushlightuserdata(s->lua, data);
    int status = lua_pcall(s->lua, 1, 1, 0);
    if (status == LUA_OK)
        return true;
    set_reason_from_stack(s);
    if (status == LUA_ERRMEM)
        drop_lua(s);
    return false;
}

/* ---- modules ------------------------------------------------------------- */

/* Run a file. Pushes its globals, and the table that holds its functions. */
static void run_module(lua_State *L, const module *m)
{
    lua_pushfstring(L, "@%s", m->path);
    if (luaL_loadbufferx(L, m->body, m->size, lua_tostring(L, -1), "t") != LUA_OK)
        lua_error(L);
    lua_remove(L, -2);
    sandbox_push_globals(L);
    lua_insert(L, -2);
    lua_pushvalue(L, -2);
    lua_setupvalue(L, -2, 1); /* its _ENV */
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
    } else if (!lua_istable(L, -1)) {
        luaL_error(L, "it returns a %s, and a table of functions is needed",
                   luaL_typename(L, -1));
    }
}

/* The names of the functions that a module has. */
typedef struct discovery {
    const module *module;
    path_list names;
} discovery;

static bool is_function_name(const char *name, size_t size)
{
    return size > 0 && memchr(name, '\0', size) == NULL && utf8_is_valid(name, size);
}

/* Nothing in the loop allocates in Lua, so nothing jumps out of it. */
static int discover(lua_State *L)
{
    discovery *d = lua_touserdata(L, 1);
    sandbox_open(L);
    run_module(L, d->module);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_isfunction(L, -1))
            continue;
        size_t size;
        const char *name = lua_tolstring(L, -2, &size);
        if (is_function_name(name, size))
            path_list_add(&d->names, name);
    }
    sandbox_lock_globals(L, -2);
    sandbox_seal(L, -1, -2); /* what cannot be is told now */
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_functions(script_set *s, const path_list *names)
{
    const char *module_name = s->modules[s->module_count - 1].name;
    for (size_t i = 0; i < names->count; i++) {
        text full;
        text_init(&full);
        text_append_format(&full, "%s.%s", module_name, names->items[i]);
        memory_grow((void **)&s->functions, s->function_count, &s->function_capacity,
                    sizeof *s->functions);
        s->functions[s->function_count++] = (function){
            s->module_count - 1, full.data + strlen(module_name) + 1, full.data};
    }
}

static void module_done(module *m)
{
    memory_free(m->name);
    memory_free(m->path);
    memory_free(m->real_path);
    memory_free(m->body);
}

/* The file's name without its ending. */
static char *module_name_of(const char *path)
{
    const char *base = path_base(path), *dot = strrchr(base, '.');
    return memory_copy_text(base, dot != NULL ? (size_t)(dot - base) : strlen(base));
}

static bool read_module(module *m, const char *path, span where, diag_code code,
                        diags *diags)
{
    carpel_error err;
    text body;
    text_init(&body);
    bool ok = file_read_text(path, MAX_FILE_BYTES, &body, &err);
    if (!ok) {
        diag_error(diags, where, code, "%s", err.message);
        diag_hint(diags, "A script is a text file of at most %d bytes.", MAX_FILE_BYTES);
    }
    size_t mark = utf8_mark_size(body.data, body.size);
    m->size = body.size - mark;
    m->body = memory_copy_text(body.data + mark, m->size);
    m->path = memory_copy_string(path);
    m->real_path = path_resolve(path);
    m->name = module_name_of(path);
    text_done(&body);
    return ok;
}

static const module *find_module(const script_set *s, const char *name)
{
    for (size_t i = 0; i < s->module_count; i++)
        if (strcmp(s->modules[i].name, name) == 0)
            return &s->modules[i];
    return NULL;
}

/* Has this very file been loaded before? */
static bool has_file(const script_set *s, const char *path)
{
    char *real_path = path_resolve(path);
    bool found = false;
    for (size_t i = 0; real_path != NULL && i < s->module_count; i++) {
        const char *other = s->modules[i].real_path;
        found = found || (other != NULL && strcmp(other, real_path) == 0);
    }
    memory_free(real_path);
    return found;
}

static bool check_module_name(const script_set *s, const module *m, span where,
                              diag_code code, diags *diags)
{
    if (m->name[0] == '\0' || !utf8_is_valid(m->name, strlen(m->name))) {
        diag_error(diags, where, code, "the file \"%s\" gives the script no name",
                   m->path);
        diag_hint(diags, "Name it after what it does, for example scores/churn.lua.");
        return false;
    }
    const module *other = find_module(s, m->name);
    if (other == NULL)
        return true;
    diag_error(diags, where, code, "two scripts are named \"%s\": \"%s\" and \"%s\"",
               m->name, other->path, m->path);
    diag_hint(diags, "Rename one of the files; a script is called by its file's name.");
    return false;
}

/* Run the file once, in a state of its own, to learn its functions. */
static bool learn_functions(script_set *s, const module *m, path_list *names,
                            text *reason)
{
    script_state trial = {.set = s};
    guard_init(&trial.guard, s->limits.memory_bytes);
    text_init(&trial.reason);
    discovery d = {.module = m};
    bool ok = run_guarded(&trial, discover, &d, s->limits.call_microseconds * LOAD_TIMES);
    if (ok && d.names.count == 0)
        text_append(reason, "it has no functions");
    text_append(reason, trial.reason.data);
    if (d.names.count > 1)
        qsort(d.names.items, d.names.count, sizeof *d.names.items, compare_names);
    *names = d.names;
    text_done(&trial.reason);
    drop_lua(&trial);
    return ok && names->count > 0;
}

script_set *script_set_new(script_limits limits)
{
    script_set *s = memory_alloc_zero(sizeof *s);
    s->limits = limits;
    return s;
}

void script_set_free(script_set *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->module_count; i++)
        module_done(&s->modules[i]);
    for (size_t i = 0; i < s->function_count; i++)
        memory_free(s->functions[i].full_name);
    memory_free(s->modules);
    memory_free(s->functions);
    memory_free(s);
}

bool script_set_load(script_set *s, const char *path, span where, diag_code code,
                     diags *diags)
{
    if (has_file(s, path))
        return true;
    module m = {0};
    path_list names = {0};
    text reason;
    text_init(&reason);
    bool ok = read_module(&m, path, where, code, diags) &&
              check_module_name(s, &m, where, code, diags);
    if (ok && !learn_functions(s, &m, &names, &reason)) {
        ok = false;
        diag_error(diags, where, code, "the script \"%s\" cannot be loaded: %s", path,
                   reason.data);
        diag_hint(diags, "A script is Lua text that returns a table of functions, or "
                         "defines global functions; see docs/scripting.md.");
    }
    if (ok) {
        memory_grow((void **)&s->modules, s->module_count, &s->module_capacity,
                    sizeof *s->modules);
        s->modules[s->module_count++] = m;
        add_functions(s, &names);
    } else {
        module_done(&m);
    }
    path_list_done(&names);
    text_done(&reason);
    return ok;
}

bool script_set_has_module(const script_set *s, const char *module)
{
    return find_module(s, module) != NULL;
}

size_t script_set_find(const script_set *s, const char *module, const char *function)
{
    for (size_t i = 0; i < s->function_count; i++)
        if (strcmp(s->functions[i].name, function) == 0 &&
            strcmp(s->modules[s->functions[i].module].name, module) == 0)
            return i;
    return SIZE_MAX;
}

const char *script_set_similar(const script_set *s, const char *module,
                               const char *function)
{
    text wanted;
    text_init(&wanted);
    text_append_format(&wanted, "%s.%s", module, function);
    suggestion similar = suggest_begin(wanted.data);
    for (size_t i = 0; i < s->function_count; i++)
        suggest_consider(&similar, s->functions[i].full_name);
    const char *best = suggest_best(&similar);
    text_done(&wanted);
    return best;
}

size_t script_set_function_count(const script_set *s)
{
    return s->function_count;
}

const char *script_set_function_name(const script_set *s, size_t function)
{
    assert(function < s->function_count);
    return s->functions[function].full_name;
}

slice script_set_function_file(const script_set *s, size_t function)
{
    const module *m = &s->modules[s->functions[function].module];
    return (slice){m->body, m->size};
}

/* ---- states -------------------------------------------------------------- */

/* A module on its way into a state. */
typedef struct installation {
    const script_set *set;
    size_t module;
} installation;

static int open_sandbox(lua_State *L)
{
    sandbox_open(L);
    return 0;
}

/* Where the variables outside of a module's functions are listed. */
static lua_Integer slot_of_variables(const script_set *s, size_t module)
{
    return FIRST_FUNCTION_SLOT + (lua_Integer)(s->function_count + module);
}

static int install_module(lua_State *L)
{
    const installation *i = lua_touserdata(L, 1);
    run_module(L, &i->set->modules[i->module]);
    for (size_t f = 0; f < i->set->function_count; f++) {
        if (i->set->functions[f].module != i->module)
            continue;
        lua_pushstring(L, i->set->functions[f].name);
        lua_rawget(L, -2);
        lua_rawseti(L, LUA_REGISTRYINDEX, FIRST_FUNCTION_SLOT + (lua_Integer)f);
    }
    sandbox_lock_globals(L, -2);
    sandbox_seal(L, -1, -2);
    lua_rawseti(L, LUA_REGISTRYINDEX, slot_of_variables(i->set, i->module));
    return 0;
}

/* Make the Lua state and run every file in it. */
static bool open_lua(script_state *s)
{
    int64_t limit = s->set->limits.call_microseconds * LOAD_TIMES;
    bool ok = run_guarded(s, open_sandbox, NULL, limit);
    for (size_t i = 0; ok && i < s->set->module_count; i++) {
        installation data = {s->set, i};
        ok = run_guarded(s, install_module, &data, limit);
    }
    if (!ok)
        drop_lua(s);
    guard_keep(&s->guard);
    return ok;
}

script_state *script_state_new(const script_set *set, const cancel *c)
{
    script_state *s = memory_alloc_zero(sizeof *s);
    s->set = set;
    guard_init(&s->guard, set->limits.memory_bytes);
    s->guard.cancel = c;
    text_init(&s->reason);
    text_init(&s->message);
    open_lua(s); /* if it fails, the calls say why */
    return s;
}

void script_state_free(script_state *s)
{
    if (s == NULL)
        return;
    drop_lua(s);
    text_done(&s->reason);
    text_done(&s->message);
    memory_free(s);
}

/* ---- calls --------------------------------------------------------------- */

typedef struct call {
    const script_set *set;
    size_t function;
    const script_value *arguments;
    size_t argument_count;
    script_value result;
} call;

static void push_argument(lua_State *L, const script_value *value)
{
    switch (value->kind) {
    case SCRIPT_MISSING: lua_pushnil(L); break;
    case SCRIPT_BOOL: lua_pushboolean(L, value->boolean); break;
    case SCRIPT_INTEGER: lua_pushinteger(L, value->integer); break;
    case SCRIPT_NUMBER: lua_pushnumber(L, value->number); break;
    case SCRIPT_TEXT:
        lua_pushlstring(L, value->text.data != NULL ? value->text.data : "",
                        value->text.size);
        break;
    }
}

static script_value read_number(lua_State *L)
{
    if (lua_isinteger(L, -1))
        return (script_value){.kind = SCRIPT_INTEGER, .integer = lua_tointeger(L, -1)};
    double number = lua_tonumber(L, -1);
    if (!isfinite(number))
        luaL_error(L, "it returns %s, and a value has to be finite",
                   isnan(number) ? "NaN" : "an infinity");
    return (script_value){.kind = SCRIPT_NUMBER, .number = number};
}

static script_value read_text(lua_State *L)
{
    script_value value = {.kind = SCRIPT_TEXT};
    value.text.data = lua_tolstring(L, -1, &value.text.size);
    if (!utf8_is_valid(value.text.data, value.text.size))
        luaL_error(L, "it returns a text that is not UTF-8");
    return value;
}

static script_value read_result(lua_State *L)
{
    switch (lua_type(L, -1)) {
    case LUA_TNIL: return (script_value){.kind = SCRIPT_MISSING};
    case LUA_TBOOLEAN:
        return (script_value){.kind = SCRIPT_BOOL, .boolean = lua_toboolean(L, -1)};
    case LUA_TNUMBER: return read_number(L);
    case LUA_TSTRING: return read_text(L);
    default:
        luaL_error(L,
                   "it returns a %s, and a number, a text, true, false or nil is needed",
                   luaL_typename(L, -1));
        return (script_value){.kind = SCRIPT_MISSING};
    }
}

/* Jump out when a variable outside of the functions is not what it was. */
static void check_variables(lua_State *L, const call *c)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX,
                slot_of_variables(c->set, c->set->functions[c->function].module));
    int list = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i < count; i += 3) {
        lua_rawgeti(L, list, i);
        lua_rawgeti(L, list, i + 1);
        int upvalue = (int)lua_tointeger(L, -1);
        lua_rawgeti(L, list, i + 2);
        const char *name = lua_getupvalue(L, list + 1, upvalue);
        if (!lua_rawequal(L, -1, -2)) {
            char what[120];
            snprintf(what, sizeof what, "\"%.60s\", a variable outside of the function",
                     name);
            guard_stop_impure(guard_of(L), NULL, what);
        }
        lua_settop(L, list);
    }
    lua_settop(L, list - 1);
}

static int check_after_failure(lua_State *L)
{
    check_variables(L, lua_touserdata(L, 1));
    return 0;
}

/* The result stays on the stack, so that its text lives until the next call. */
static int call_function(lua_State *L)
{
    call *c = lua_touserdata(L, 1);
    luaL_checkstack(L, (int)c->argument_count + 10, "too many arguments");
    lua_rawgeti(L, LUA_REGISTRYINDEX, FIRST_FUNCTION_SLOT + (lua_Integer)c->function);
    for (size_t i = 0; i < c->argument_count; i++)
        push_argument(L, &c->arguments[i]);
    lua_call(L, (int)c->argument_count, 1);
    c->result = read_result(L);
    check_variables(L, c);
    return 1;
}

/* The Lua state is made when it is not there; what that takes belongs to the call, since
 * another one like it threw the state away. */
static bool make_lua(script_state *s)
{
    if (s->lua != NULL)
        return true;
    bool ok = open_lua(s);
    s->wasted += guard_time_used(&s->guard);
    return ok;
}

bool script_call(script_state *s, size_t function, const script_value *arguments,
                 size_t argument_count, script_value *result, const char **message)
{
    assert(function < s->set->function_count && argument_count < 1000);
    call c = {s->set, function, arguments, argument_count, {0}};
    int64_t limit = s->set->limits.call_microseconds;
    s->is_impure = false;
    s->wasted = 0;
    bool ok = make_lua(s) && run_guarded(s, call_function, &c, limit);
    if (ok) {
        *result = c.result;
        return true;
    }
    s->wasted += guard_time_used(&s->guard);
    text_clear(&s->message);
    text_append_format(&s->message, "the function \"%s\" failed: %s",
                       s->set->functions[function].full_name, s->reason.data);
    if (s->lua != NULL && !run_guarded(s, check_after_failure, &c, limit)) {
        text_clear(&s->message);
        text_append_format(&s->message, "the function \"%s\" failed: %s",
                           s->set->functions[function].full_name, s->reason.data);
    }
    *message = s->message.data;
    *result = (script_value){.kind = SCRIPT_MISSING};
    return false;
}

int64_t script_call_microseconds(const script_set *s)
{
    return s->limits.call_microseconds;
}

bool script_was_impure(const script_state *s)
{
    return s->is_impure;
}

int64_t script_wasted_microseconds(const script_state *s)
{
    return s->wasted;
}
