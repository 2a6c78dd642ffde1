/* SPDX-License-Identifier: MIT
 *
 * Lua's hook of lines, and what a file has to run.
 */
#include "script/lines.h"

#include <lauxlib.h>
#include <stdatomic.h>
#include <string.h>

#include "base/memory.h"
#include "script/code.h"
#include "script/internals.h"

/* Of each line of a file, from 1 on. */
struct line_notes {
    size_t count;
    bool *can_run;
    _Atomic bool *was_run; /* workers write it side by side */
};

/* ---- what can be run ------------------------------------------------------ */

static size_t count_lines(const module *m)
{
    size_t count = 1;
    for (size_t i = 0; i < m->size; i++)
        count += m->body[i] == '\n';
    return count;
}

/* The text was loaded before under limits, so it is no text that does harm. */
static void find_lines(const module *m, line_notes *notes)
{
    lua_State *L = luaL_newstate();
    if (L && luaL_loadbufferx(L, m->body, m->size, "@", "t") == LUA_OK)
        script_code_lines(L, notes->can_run, notes->count);
    if (L)
        lua_close(L);
}

static line_notes *notes_new(const module *m)
{
    line_notes *notes = memory_alloc_zero(sizeof *notes);
    notes->count = count_lines(m);
    notes->can_run = memory_alloc_zero_array(notes->count + 1, sizeof *notes->can_run);
    notes->was_run = memory_alloc_zero_array(notes->count + 1, sizeof *notes->was_run);
    find_lines(m, notes);
    return notes;
}

void line_notes_free(line_notes *notes)
{
    if (!notes)
        return;
    memory_free(notes->can_run);
    memory_free(notes->was_run);
    memory_free(notes);
}

/* ---- noting --------------------------------------------------------------- */

static bool is_watched(const module *m)
{
    return m->real_path && !m->is_library && m->part_count > 0;
}

void script_set_watch_lines(script_set *s, bool is_on)
{
    s->watches_lines = is_on;
    for (size_t i = 0; is_on && i < s->module_count; i++)
        if (is_watched(s->modules[i]) && !s->modules[i]->notes)
            s->modules[i]->notes = notes_new(s->modules[i]);
}

/* Code is called by "@" and the path of its file. */
static const module *file_of(const script_set *s, const char *source)
{
    for (size_t i = 0; source[0] == '@' && i < s->module_count; i++)
        if (s->modules[i]->notes && strcmp(s->modules[i]->path, source + 1) == 0)
            return s->modules[i];
    return NULL;
}

void script_note_line(lua_State *L, lua_Debug *event)
{
    const script_set *s = script_state_of(L)->set;
    lua_getinfo(L, "S", event);
    const module *m = file_of(s, event->source);
    if (m && event->currentline > 0 && (size_t)event->currentline <= m->notes->count)
        atomic_store_explicit(&m->notes->was_run[event->currentline], true,
                              memory_order_relaxed);
}

/* ---- asking --------------------------------------------------------------- */

script_line script_lines_at(const script_lines *l, size_t line)
{
    if (!l->notes->can_run[line])
        return SCRIPT_LINE_EMPTY;
    return atomic_load_explicit(&l->notes->was_run[line], memory_order_relaxed)
               ? SCRIPT_LINE_RUN
               : SCRIPT_LINE_NOT_RUN;
}

static void count(script_lines *l)
{
    for (size_t line = 1; line <= l->count; line++) {
        script_line state = script_lines_at(l, line);
        l->can_run += state != SCRIPT_LINE_EMPTY;
        l->was_run += state == SCRIPT_LINE_RUN;
    }
}

bool script_set_lines(const script_set *s, size_t number, script_lines *out)
{
    for (size_t i = 0; i < s->module_count; i++) {
        const module *m = s->modules[i];
        if (!m->notes || number-- > 0)
            continue;
        *out =
            (script_lines){.path = m->path, .count = m->notes->count, .notes = m->notes};
        count(out);
        return true;
    }
    return false;
}

bool script_lines_serve(const script_set *s, const script_lines *l, size_t function)
{
    const module *m = s->modules[s->functions[function].module];
    for (size_t i = 0; i < m->part_count; i++)
        if (m->parts[i]->notes == l->notes)
            return true;
    return false;
}
