/* SPDX-License-Identifier: MIT
 *
 * Sets of Lua files: reading them, and learning once which functions each offers.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"
#include "report/suggest.h"
#include "script/define.h"
#include "script/internals.h"
#include "script/library.h"
#include "script/require.h"
#include "script/sandbox.h"

enum { MAX_FILE_BYTES = 1024 * 1024 };

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
    require_run(L, d->module);
    find_names(L, d);
    for (size_t i = 0; i < d->names.count; i++)
        define_signature(L, d->names.items[i], &d->signatures[i]);
    require_seal(L, d->module); /* what cannot be is told now */
    return 0;
}

static size_t module_number(const script_set *s, const module *m)
{
    size_t i = 0;
    while (s->modules[i] != m)
        i++;
    return i;
}

static void add_functions(script_set *s, const discovery *d)
{
    const path_list *names = &d->names;
    const char *module_name = d->module->name;
    size_t number = module_number(s, d->module);
    for (size_t i = 0; i < names->count; i++) {
        text full;
        text_init(&full);
        text_append_format(&full, "%s.%s", module_name, names->items[i]);
        memory_grow((void **)&s->functions, s->function_count, &s->function_capacity,
                    sizeof *s->functions);
        s->functions[s->function_count++] =
            (function){.module = number,
                       .name = full.data + strlen(module_name) + 1,
                       .full_name = full.data,
                       .signature = d->signatures[i]};
        d->signatures[i] = NULL;
    }
}

static void module_free(module *m)
{
    for (size_t i = 0; i < m->requirement_count; i++)
        memory_free(m->requirements[i].name);
    memory_free(m->requirements);
    memory_free(m->parts);
    line_notes_free(m->notes);
    memory_free(m->name);
    memory_free(m->path);
    memory_free(m->real_path);
    memory_free(m->body);
    memory_free(m);
}

/* The file's name without its ending. */
static char *module_name_of(const char *path)
{
    const char *base = path_base(path), *dot = strrchr(base, '.');
    return memory_copy_text(base, dot != NULL ? (size_t)(dot - base) : strlen(base));
}

/* It belongs to the set. */
static module *add_module(script_set *s, const char *path, const char *body, size_t size)
{
    module *m = memory_alloc_zero(sizeof *m);
    m->size = size;
    m->body = memory_copy_text(body, size);
    m->path = memory_copy_string(path);
    m->name = module_name_of(path);
    memory_grow((void **)&s->modules, s->module_count, &s->module_capacity,
                sizeof *s->modules);
    s->modules[s->module_count++] = m;
    return m;
}

/* What is read is what its place in the folders was judged by. */
static bool read_file(const char *path, const char *real_path, text *body,
                      carpel_error *err)
{
    return real_path ? file_read_resolved_text(path, real_path, MAX_FILE_BYTES, body, err)
                     : file_read_text(path, MAX_FILE_BYTES, body, err);
}

module *script_set_file_module(script_set *s, const char *path, const char *real_path,
                               carpel_error *err)
{
    module *m = NULL;
    text body;
    for (size_t i = 0; real_path && i < s->module_count; i++) {
        const char *other = s->modules[i]->real_path;
        if (other && strcmp(other, real_path) == 0)
            return s->modules[i];
    }
    text_init(&body);
    if (read_file(path, real_path, &body, err)) {
        size_t mark = utf8_mark_size(body.data, body.size);
        m = add_module(s, path, body.data + mark, body.size - mark);
        m->real_path = real_path ? memory_copy_string(real_path) : NULL;
    }
    text_done(&body);
    return m;
}

module *script_set_library_module(script_set *s, const char *path)
{
    slice body = library_file(path);
    for (size_t i = 0; i < s->module_count; i++)
        if (s->modules[i]->is_library && strcmp(s->modules[i]->path, path) == 0)
            return s->modules[i];
    module *m = add_module(s, path, body.data, body.size);
    m->is_library = true;
    return m;
}

module *script_set_line_module(script_set *s)
{
    module *m = add_module(s, "input", "", 0);
    m->real_path = memory_copy_string(""); /* it is none of carpel's own */
    return m;
}

/* One that rules can call. */
static const module *find_module(const script_set *s, const char *name)
{
    for (size_t i = 0; i < s->module_count; i++)
        if (s->modules[i]->is_offered && strcmp(s->modules[i]->name, name) == 0)
            return s->modules[i];
    return NULL;
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

/* Run the file once, in a state of its own, to learn its functions. False: *reason says why,
 * and *hint what to do, if that is known. */
static bool learn_functions(script_set *s, discovery *d, text *reason, text *hint)
{
    script_state trial = {.set = s, .learns = s};
    script_init_guard(&trial);
    text_init(&trial.reason);
    text_init(&trial.hint);
    bool ok = script_run_guarded(&trial, discover, d,
                                 s->limits.call_microseconds * SCRIPT_LOAD_TIMES);
    if (ok && d->names.count == 0)
        text_append(reason, SCRIPT_NO_FUNCTIONS);
    text_append(reason, trial.reason.data);
    text_append(hint, trial.hint.data);
    text_done(&trial.reason);
    text_done(&trial.hint);
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
        module_free(s->modules[i]);
    for (size_t i = 0; i < s->function_count; i++) {
        memory_free(s->functions[i].full_name);
        script_signature_free(s->functions[i].signature);
    }
    memory_free(s->modules);
    memory_free(s->functions);
    path_list_done(&s->folders);
    memory_free(s);
}

static void add_folder(script_set *s, const char *folder)
{
    for (size_t i = 0; i < s->folders.count; i++)
        if (strcmp(s->folders.items[i], folder) == 0)
            return;
    path_list_add(&s->folders, folder);
}

void script_set_add_folder_of(script_set *s, const char *path)
{
    char *folder = path_directory(strncmp(path, "./", 2) == 0 ? path + 2 : path);
    add_folder(s, folder);
    memory_free(folder);
}

void script_set_add_folders(script_set *s, const script_set *other)
{
    for (size_t i = 0; i < other->folders.count; i++)
        add_folder(s, other->folders.items[i]);
}

/* Is it no script at all? Of what is wrong inside of one the reason tells line and mistake. */
static bool is_no_script(const char *reason)
{
    static const char *const words[] = {SCRIPT_NO_FUNCTIONS, SCRIPT_NO_TABLE,
                                        "attempt to load a binary chunk"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(reason, words[i]))
            return true;
    return false;
}

static void tell_load(const module *m, const text *reason, const text *hint, span where,
                      diag_code code, diags *diags)
{
    diag_error(diags, where, code, "the script \"%s\" cannot be loaded: %s", m->path,
               reason->data);
    if (hint->size > 0)
        diag_hint(diags, "%s", hint->data);
    else if (is_no_script(reason->data))
        diag_hint(diags, "A script is Lua text that returns a table of functions, or "
                         "defines global functions; see docs/scripting.md.");
}

/* From now on rules can call the functions of a file, which belongs to the set. */
static bool offer_module(script_set *s, module *m, span where, diag_code code,
                         diags *diags)
{
    discovery d = {.module = m};
    text reason, hint;
    text_init(&reason);
    text_init(&hint);
    bool ok = check_module_name(s, m, where, code, diags);
    if (ok && !learn_functions(s, &d, &reason, &hint)) {
        ok = false;
        tell_load(m, &reason, &hint, where, code, diags);
    }
    if (ok) {
        m->is_offered = true;
        add_functions(s, &d);
    } else {
        memory_free(m->real_path); /* whoever asks for it again is told again */
        m->real_path = NULL;
    }
    discovery_done(&d);
    text_done(&hint);
    text_done(&reason);
    return ok;
}

bool script_set_load(script_set *s, const char *path, span where, diag_code code,
                     diags *diags)
{
    carpel_error err;
    char *real_path = path_resolve(path);
    module *m = script_set_file_module(s, path, real_path, &err);
    memory_free(real_path);
    if (!m) {
        diag_error(diags, where, code, "%s", err.message);
        if (file_exists(path))
            diag_hint(diags, "A script is a text file of at most %d bytes.",
                      MAX_FILE_BYTES);
        return false;
    }
    script_set_add_folder_of(s, path);
    return m->is_offered || offer_module(s, m, where, code, diags);
}

bool script_set_load_library(script_set *s, const char *path, span where, diag_code code,
                             diags *diags)
{
    module *m = script_set_library_module(s, path);
    return m->is_offered || offer_module(s, m, where, code, diags);
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
            strcmp(s->modules[s->functions[i].module]->name, module) == 0)
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
    return s->modules[s->functions[function].module]->path;
}

const script_signature *script_set_signature(const script_set *s, size_t function)
{
    assert(function < s->function_count);
    return s->functions[function].signature;
}

size_t script_set_function_file_count(const script_set *s, size_t function)
{
    return s->modules[s->functions[function].module]->part_count;
}

slice script_set_function_file(const script_set *s, size_t function, size_t file)
{
    const module *m = s->modules[s->functions[function].module];
    assert(file < m->part_count);
    return (slice){m->parts[file]->body, m->parts[file]->size};
}

int64_t script_call_microseconds(const script_set *s)
{
    return s->limits.call_microseconds;
}
