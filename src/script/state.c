/* SPDX-License-Identifier: MIT
 *
 * The state that each worker has: every file of the set, run once and sealed.
 */
#include <stddef.h>
#include <string.h>

#include "base/memory.h"
#include "script/internals.h"
#include "script/require.h"
#include "script/sandbox.h"

/* A module on its way into a state. */
typedef struct installation {
    const script_set *set;
    size_t module;
} installation;

script_state *script_state_of(lua_State *L)
{
    return (script_state *)(void *)((char *)guard_of(L) - offsetof(script_state, guard));
}

static int open_sandbox(lua_State *L)
{
    sandbox_open(L);
    return 0;
}

lua_Integer script_variables_slot(const script_set *s, size_t module)
{
    return FIRST_FUNCTION_SLOT + (lua_Integer)(s->function_count + module);
}

static int install_module(lua_State *L)
{
    const installation *i = lua_touserdata(L, 1);
    require_push(L, i->set->modules[i->module]);
    for (size_t f = 0; f < i->set->function_count; f++) {
        if (i->set->functions[f].module != i->module)
            continue;
        lua_getfield(L, -1, i->set->functions[f].name); /* through the seal */
        lua_rawseti(L, LUA_REGISTRYINDEX, FIRST_FUNCTION_SLOT + (lua_Integer)f);
    }
    require_push_variables(L, i->set->modules[i->module]);
    lua_rawseti(L, LUA_REGISTRYINDEX, script_variables_slot(i->set, i->module));
    return 0;
}

bool script_open_lua(script_state *s)
{
    int64_t limit = s->set->limits.call_microseconds * SCRIPT_LOAD_TIMES;
    s->is_muted = true;
    bool ok = script_run_guarded(s, open_sandbox, NULL, limit);
    for (size_t i = 0; ok && i < s->set->module_count; i++) {
        if (!s->set->modules[i]->is_offered)
            continue;
        installation data = {s->set, i};
        ok = script_run_guarded(s, install_module, &data, limit);
    }
    if (!ok)
        script_drop_lua(s);
    s->is_muted = false;
    guard_keep(&s->guard);
    return ok;
}

void script_init_guard(script_state *s)
{
    const script_limits *limits = &s->set->limits;
    guard_init(&s->guard, limits->memory_bytes, limits->call_microseconds);
    s->guard.clock = s->set->clock;
    s->guard.line_hook = s->set->watches_lines ? script_note_line : NULL;
}

script_state *script_state_new(const script_set *set, const cancel *c)
{
    script_state *s = memory_alloc_zero(sizeof *s);
    s->set = set;
    script_init_guard(s);
    s->guard.cancel = c;
    text_init(&s->reason);
    text_init(&s->message);
    text_init(&s->hint);
    s->repeats = repeats_new();
    s->batch_most = SCRIPT_MOST_BATCH;
    script_open_lua(s); /* if it fails, the calls say why */
    return s;
}

void script_state_free(script_state *s)
{
    if (s == NULL)
        return;
    script_drop_lua(s);
    guard_done(&s->guard);
    text_done(&s->reason);
    text_done(&s->message);
    text_done(&s->hint);
    repeats_free(s->repeats);
    memory_free(s);
}
