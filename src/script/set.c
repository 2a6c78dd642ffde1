/* SPDX-License-Identifier: MIT
 *
 * Sets of Lua files: reading them, and learning once which functions each offers.
 */
#include <assert.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "report/suggest.h"
#include "script/define.h"
#include "script/internals.h"
#include "script/library.h"
#include "script/sandbox.h"
#include "script/writes.h"

enum { MAX_FILE_BYTES = 1024 * 1024 };

/* Push the file as a function. */
static void load_chunk(lua_State *L, const module *m)
{
    lua_pushfstring(L, "@%s", m->path);
    if (luaL_loadbufferx(L, m->body, m->size, lua_tostring(L, -1), "t") != LUA_OK)
        lua_error(L);
    lua_remove(L, -2);
}

void script_run_module(lua_State *L, const module *m)
{
    load_chunk(L, m);
    define_begin(L);
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
    define_end(L, -1);
}

/* The names of the functions that a module has. */
typedef struct discovery {
    module *module;
    path_list names;
    script_signature **signatures; /* for each name; NULL: not declared */
} discovery;

static bool is_function_name(const char *name, size_t size)
{
    return size > 0 && memchr(name, '\0', size) == NULL && utf8_is_valid(name, size);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Nothing in the loop allocates in Lua, so nothing jumps out of it. */
static void find_names(lua_State *L, discovery *d)
{
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_isfunction(L, -1))
            continue;
        size_t size;
        const char *name = lua_tolstring(L, -2, &size);
        if (is_function_name(name, size))
            path_list_add(&d->names, name);
    }
    if (d->names.count > 1)
        qsort(d->names.items, d->names.count, sizeof *d->names.items, compare_names);
    d->signatures =
        memory_alloc_zero_array(d->names.count + 1, sizeof(script_signature *));
}

static int discover(lua_State *L)
{
    discovery *d = lua_touserdata(L, 1);
    sandbox_open(L);
    load_chunk(L, d->module);
    d->module->writes = script_writes_outside(L);
    lua_pop(L, 1);
    script_run_module(L, d->module);
    find_names(L, d);
    for (size_t i = 0; i < d->names.count; i++)
        define_signature(L, d->names.items[i], &d->signatures[i]);
    sandbox_lock_globals(L, -2);
    sandbox_seal(L, -1, -2); /* what cannot be is told now */
    return 0;
}

static void add_functions(script_set *s, const discovery *d)
{
    const path_list *names = &d->names;
    const char *module_name = s->modules[s->module_count - 1].name;
    for (size_t i = 0; i < names->count; i++) {
        text full;
        text_init(&full);
        text_append_format(&full, "%s.%s", module_name, names->items[i]);
        memory_grow((void **)&s->functions, s->function_count, &s->function_capacity,
                    sizeof *s->functions);
        s->functions[s->function_count++] =
            (function){.module = s->module_count - 1,
                       .name = full.data + strlen(module_name) + 1,
                       .full_name = full.data,
                       .signature = d->signatures[i]};
        d->signatures[i] = NULL;
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

static void name_module(module *m, const char *path, const char *body, size_t size)
{
    m->size = size;
    m->body = memory_copy_text(body, size);
    m->path = memory_copy_string(path);
    m->name = module_name_of(path);
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
        if (file_exists(path))
            diag_hint(diags, "A script is a text file of at most %d bytes.",
                      MAX_FILE_BYTES);
    }
    size_t mark = utf8_mark_size(body.data, body.size);
    name_module(m, path, body.data + mark, body.size - mark);
    m->real_path = path_resolve(path);
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

static void discovery_done(discovery *d)
{
    for (size_t i = 0; d->signatures && i < d->names.count; i++)
        script_signature_free(d->signatures[i]);
    memory_free(d->signatures);
    path_list_done(&d->names);
}

/* Run the file once, in a state of its own, to learn its functions. */
static bool learn_functions(script_set *s, discovery *d, text *reason)
{
    script_state trial = {.set = s};
    script_init_guard(&trial);
    text_init(&trial.reason);
    bool ok = script_run_guarded(&trial, discover, d,
                                 s->limits.call_microseconds * SCRIPT_LOAD_TIMES);
    if (ok && d->names.count == 0)
        text_append(reason, "it has no functions");
    text_append(reason, trial.reason.data);
    text_done(&trial.reason);
    script_drop_lua(&trial);
    return ok && d->names.count > 0;
}

script_set *script_set_new(script_limits limits)
{
    script_set *s = memory_alloc_zero(sizeof *s);
    s->limits = limits;
    return s;
}

void script_set_time_by(script_set *s, stopwatch clock)
{
    s->clock = clock;
}

void script_set_free(script_set *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->module_count; i++)
        module_done(&s->modules[i]);
    for (size_t i = 0; i < s->function_count; i++) {
        memory_free(s->functions[i].full_name);
        script_signature_free(s->functions[i].signature);
    }
    memory_free(s->modules);
    memory_free(s->functions);
    memory_free(s);
}

/* Take in a module that has been read: it belongs to the set, or is released. */
static bool take_module(script_set *s, module *m, span where, diag_code code,
                        diags *diags)
{
    discovery d = {.module = m};
    text reason;
    text_init(&reason);
    bool ok = check_module_name(s, m, where, code, diags);
    if (ok && !learn_functions(s, &d, &reason)) {
        ok = false;
        diag_error(diags, where, code, "the script \"%s\" cannot be loaded: %s", m->path,
                   reason.data);
        diag_hint(diags, "A script is Lua text that returns a table of functions, or "
                         "defines global functions; see docs/scripting.md.");
    }
    if (ok) {
        memory_grow((void **)&s->modules, s->module_count, &s->module_capacity,
                    sizeof *s->modules);
        s->modules[s->module_count++] = *m;
        add_functions(s, &d);
    } else {
        module_done(m);
    }
    discovery_done(&d);
    text_done(&reason);
    return ok;
}

bool script_set_load(script_set *s, const char *path, span where, diag_code code,
                     diags *diags)
{
    module m = {0};
    if (has_file(s, path))
        return true;
    if (read_module(&m, path, where, code, diags))
        return take_module(s, &m, where, code, diags);
    module_done(&m);
    return false;
}

bool script_set_load_library(script_set *s, const char *path, span where, diag_code code,
                             diags *diags)
{
    module m = {0};
    slice body = library_file(path);
    for (size_t i = 0; i < s->module_count; i++)
        if (!s->modules[i].real_path && strcmp(s->modules[i].path, path) == 0)
            return true;
    name_module(&m, path, body.data, body.size);
    return take_module(s, &m, where, code, diags);
}

bool script_library_has(const char *path)
{
    return library_file(path).data != NULL;
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

const char *script_set_function_path(const script_set *s, size_t function)
{
    assert(function < s->function_count);
    return s->modules[s->functions[function].module].path;
}

const script_signature *script_set_signature(const script_set *s, size_t function)
{
    assert(function < s->function_count);
    return s->functions[function].signature;
}

slice script_set_function_file(const script_set *s, size_t function)
{
    const module *m = &s->modules[s->functions[function].module];
    return (slice){m->body, m->size};
}

int64_t script_call_microseconds(const script_set *s)
{
    return s->limits.call_microseconds;
}
