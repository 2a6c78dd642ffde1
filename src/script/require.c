/* SPDX-License-Identifier: MIT
 *
 * Files that other files use: running each once in a state.
 */
#include "script/require.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "script/code.h"
#include "script/define.h"
#include "script/lookup.h"
#include "script/sandbox.h"
#include "script/ticker.h"

/* ---- what is wrong -------------------------------------------------------- */

/* "scores/, models/" */
static void append_folders(const path_list *folders, text *out)
{
    for (size_t i = 0; i < folders->count; i++)
        text_append_format(out, "%s%s/", i > 0 ? ", " : "", folders->items[i]);
}

static void hint_missing(script_state *s, const char *name)
{
    text path;
    text_init(&path);
    lookup_append_path(name, &path);
    text_append_format(&s->hint,
                       "It is \"%s\" in a folder of the project's scripts: ", path.data);
    append_folders(&s->set->folders, &s->hint);
    text_clear(&path);
    text_append_format(&path, "lib/%s.lua", name);
    if (script_library_has(path.data))
        text_append_format(&s->hint, ". Carpel's own is require \"lib.%s\"", name);
    text_append(&s->hint, ".");
    text_done(&path);
}

static bool is_of_line(const script_state *s)
{
    return s->line_file && s->running && s->running->file == s->line_file;
}

/* Ends the load. For a line that somebody types it is an ordinary error, and what was typed before
 * stays. */
static _Noreturn void stop_load(lua_State *L, const char *message)
{
    script_state *s = script_state_of(L);
    if (!is_of_line(s))
        guard_stop_load(&s->guard, L, message);
    lua_pushstring(L, message);
    lua_error(L);
    abort();
}

/* Ends the load. What was found is released, since there is no way back. */
static _Noreturn void refuse(lua_State *L, const char *name, lookup *f)
{
    script_state *s = script_state_of(L);
    text words;
    char message[sizeof s->guard.message];
    text_init(&words);
    if (f->other)
        text_append_format(&words, "require \"%s\" leads to two files: \"%s\" and \"%s\"",
                           name, f->path, f->other);
    else if (f->outside)
        text_append_format(&words,
                           "require \"%s\" leads out of the folders of the scripts: "
                           "\"%s\" is a link",
                           name, f->outside);
    else
        text_append_format(&words, "require \"%s\" finds no file", name);
    if (f->other)
        text_append(&s->hint, "Rename one of the files.");
    else if (f->outside)
        text_append(&s->hint, "Put the file itself there in place of the link.");
    else
        hint_missing(s, name);
    snprintf(message, sizeof message, "%s", words.data);
    text_done(&words);
    lookup_done(f);
    stop_load(L, message);
}

static _Noreturn void refuse_name(lua_State *L)
{
    script_state *s = script_state_of(L);
    text_append(&s->hint,
                "Names are words with dots between them: \"util\" is util.lua in "
                "a folder of the project's scripts, \"sub.util\" is "
                "sub/util.lua there.");
    stop_load(L, "require takes the name of a file, without a path");
}

/* "a.lua, b.lua, a.lua": from the file that is required on. */
static void append_circle(const running_file *r, const module *m, text *out)
{
    if (r->file != m)
        append_circle(r->outer, m, out);
    text_append_format(out, "%s, ", r->file->path);
}

static _Noreturn void refuse_circle(lua_State *L, const module *m)
{
    script_state *s = script_state_of(L);
    char message[sizeof s->guard.message];
    text words;
    text_init(&words);
    append_circle(s->running, m, &words);
    snprintf(message, sizeof message, "the files require each other in a circle: %s%s",
             words.data, m->path);
    text_done(&words);
    text_append(&s->hint, "Put what both need into a third file.");
    guard_stop_load(&s->guard, L, message);
}

/* ---- learning ------------------------------------------------------------- */

static module *find_required(const module *m, const char *name)
{
    for (size_t i = 0; i < m->requirement_count; i++)
        if (strcmp(m->requirements[i].name, name) == 0)
            return m->requirements[i].file;
    return NULL;
}

static void add_requirement(module *m, const char *name, module *file)
{
    memory_grow((void **)&m->requirements, m->requirement_count, &m->requirement_capacity,
                sizeof *m->requirements);
    m->requirements[m->requirement_count++] =
        (requirement){memory_copy_string(name), file};
}

/* Carpel's own, or NULL. */
static module *find_library(script_set *set, const char *name)
{
    if (strncmp(name, "lib.", 4) != 0)
        return NULL;
    text path;
    text_init(&path);
    lookup_append_path(name, &path);
    module *m =
        script_library_has(path.data) ? script_set_library_module(set, path.data) : NULL;
    text_done(&path);
    return m;
}

static module *find_file(lua_State *L, script_state *s, const char *name)
{
    carpel_error err;
    lookup f = {0};
    if (s->running->file->real_path) /* carpel's own files require only such */
        f = lookup_file(&s->set->folders, name);
    if (!f.path || f.other)
        refuse(L, name, &f);
    module *m = script_set_file_module(s->learns, f.path, f.real_path, &err);
    lookup_done(&f);
    if (!m)
        stop_load(L, err.message);
    return m;
}

static module *learn(lua_State *L, script_state *s, const char *name)
{
    if (!lookup_is_name(slice_of(name)))
        refuse_name(L);
    module *m = find_library(s->learns, name);
    if (!m)
        m = find_file(L, s, name);
    add_requirement(s->running->file, name, m);
    guard_check_time(&s->guard, L);
    return m;
}

static void add_part(module *whole, module *part)
{
    for (size_t i = 0; i < whole->part_count; i++)
        if (whole->parts[i] == part)
            return;
    memory_grow((void **)&whole->parts, whole->part_count, &whole->part_capacity,
                sizeof(module *));
    whole->parts[whole->part_count++] = part;
    whole->writes = whole->writes || part->writes;
}

void require_list_parts(module *m)
{
    m->part_count = 0;
    add_part(m, m);
    for (size_t i = 0; i < m->requirement_count; i++) {
        const module *file = m->requirements[i].file;
        for (size_t k = 0; k < file->part_count; k++)
            add_part(m, file->parts[k]);
    }
}

/* ---- running -------------------------------------------------------------- */

/* In Lua's registry a file's table of functions is kept under the file's address (false while
 * it runs), and the list of its variables under that of its text. */
static const void *variables_key(const module *m)
{
    return &m->body;
}

/* Push the file as a function. */
static void load_chunk(lua_State *L, const module *m)
{
    lua_pushfstring(L, "@%s", m->path);
    if (luaL_loadbufferx(L, m->body, m->size, lua_tostring(L, -1), "t") != LUA_OK)
        lua_error(L);
    lua_remove(L, -2);
}

/* Pops the chunk; pushes its globals and what it returns. */
static void call_chunk(lua_State *L)
{
    sandbox_push_globals(L);
    lua_insert(L, -2);
    lua_pushvalue(L, -2);
    lua_setupvalue(L, -2, 1); /* its _ENV */
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
    } else if (!lua_istable(L, -1)) {
        luaL_error(L, "it returns a %s, and " SCRIPT_NO_TABLE, luaL_typename(L, -1));
    }
}

void require_run(lua_State *L, module *m)
{
    script_state *s = script_state_of(L);
    const running_file running = {m, s->running};
    define_begin(L);
    int outer = lua_gettop(L);
    load_chunk(L, m);
    if (s->learns)
        m->writes = script_code_writes(L);
    lua_pushboolean(L, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, m);
    s->running = &running;
    call_chunk(L);
    s->running = running.outer;
    if (!lua_rawequal(L, -1, -2) && sandbox_is_sealed(L, -1))
        luaL_error(L, "it returns the table of another file, and needs one of its own");
    define_end(L, -1, outer);
    lua_remove(L, outer);
    if (s->learns)
        require_list_parts(m);
}

void require_seal(lua_State *L, module *m)
{
    sandbox_lock_globals(L, -2);
    sandbox_seal(L, -1, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, variables_key(m));
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, m);
    lua_remove(L, -2);
}

static int run_and_seal(lua_State *L)
{
    module *m = lua_touserdata(L, 1);
    require_run(L, m);
    require_seal(L, m);
    return 1;
}

static int depth_of(const running_file *r)
{
    int depth = 0;
    for (; r; r = r->outer)
        depth++;
    return depth;
}

static _Noreturn void refuse_depth(lua_State *L)
{
    char message[80];
    snprintf(message, sizeof message, "the files require each other more than %d deep",
             SCRIPT_MOST_DEEP);
    guard_stop_load(guard_of(L), L, message);
}

/* Below a file that runs: whatever is wrong ends the load. */
static void run_below(lua_State *L, module *m)
{
    script_state *s = script_state_of(L);
    const running_file *outer = s->running;
    if (depth_of(outer) >= SCRIPT_MOST_DEEP)
        refuse_depth(L);
    lua_pushcfunction(L, run_and_seal);
    lua_pushlightuserdata(L, m);
    if (lua_pcall(L, 1, 1, 0) == LUA_OK)
        return;
    char message[sizeof s->guard.message];
    const char *reason = lua_type(L, -1) == LUA_TSTRING
                             ? lua_tostring(L, -1)
                             : "it raised a value instead of a message";
    snprintf(message, sizeof message, "require of \"%s\" failed: %s", m->path, reason);
    s->running = outer;
    stop_load(L, message);
}

void require_push(lua_State *L, module *m)
{
    int type = lua_rawgetp(L, LUA_REGISTRYINDEX, m);
    if (type == LUA_TBOOLEAN)
        refuse_circle(L, m);
    if (type == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    if (script_state_of(L)->running) {
        run_below(L, m);
    } else {
        require_run(L, m);
        require_seal(L, m);
    }
}

void require_push_variables(lua_State *L, const module *m)
{
    lua_newtable(L);
    lua_Integer count = 0;
    for (size_t i = 0; i < m->part_count; i++) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, variables_key(m->parts[i]));
        lua_Integer of_part = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : 0;
        for (lua_Integer k = 1; k <= of_part; k++) {
            lua_rawgeti(L, -1, k);
            lua_rawseti(L, -3, ++count);
        }
        lua_pop(L, 1);
    }
}

/* Is it called in a line that somebody types, which is of no file? */
static bool is_in_line(lua_State *L)
{
    lua_Debug caller;
    return lua_getstack(L, 1, &caller) && lua_getinfo(L, "S", &caller) &&
           strcmp(caller.source, SCRIPT_LINE_SOURCE) == 0;
}

static int push_required(lua_State *L)
{
    script_state *s = script_state_of(L);
    const char *name = lua_tostring(L, 1);
    module *m = find_required(s->line_file, name);
    require_push(L, m ? m : learn(L, s, name));
    require_list_parts(s->line_file);
    return 1;
}

/* Whoever asks for the file again is told again, and then it is read anew. */
static void forget_failed(lua_State *L, module *line_file, const char *name)
{
    for (size_t i = 0; i < line_file->requirement_count; i++) {
        requirement *r = &line_file->requirements[i];
        if (strcmp(r->name, name) != 0)
            continue;
        lua_pushnil(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, r->file);
        memory_free(r->file->real_path);
        r->file->real_path = NULL;
        memory_free(r->name);
        *r = line_file->requirements[--line_file->requirement_count];
        return;
    }
}

/* As if the line were a file that requires another, with the time that running a file has. */
static void require_in_line(lua_State *L, script_state *s, const char *name)
{
    const running_file line = {s->line_file, NULL};
    s->learns = s->line_set;
    s->running = &line;
    text_clear(&s->hint);
    guard_set_limit(&s->guard, s->set->limits.call_microseconds * SCRIPT_LOAD_TIMES);
    lua_pushcfunction(L, push_required);
    lua_pushstring(L, name);
    int status = lua_pcall(L, 1, 1, 0);
    s->learns = NULL;
    s->running = NULL;
    if (status == LUA_OK)
        return;
    forget_failed(L, s->line_file, name);
    define_forget(L);
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_pushstring(L, s->hint.size > 0 ? ". " : "");
    lua_pushstring(L, s->hint.data);
    lua_concat(L, 4);
    lua_error(L);
}

int require_file(lua_State *L)
{
    script_state *s = script_state_of(L);
    size_t size;
    const char *name = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &size) : NULL;
    if (!s->running && s->line_file && is_in_line(L)) {
        if (!name || strlen(name) != size)
            return luaL_error(L, "require takes the name of a file, such as \"util\"");
        require_in_line(L, s, name);
        return 1;
    }
    if (!s->running)
        return luaL_error(L,
                          "require belongs at the top of a file, outside of functions");
    if (!name || strlen(name) != size)
        refuse_name(L);
    module *m = find_required(s->running->file, name);
    if (!m && s->learns)
        m = learn(L, s, name);
    if (!m)
        guard_stop_load(&s->guard, L,
                        "require has another name than when the file was checked");
    require_push(L, m);
    return 1;
}
