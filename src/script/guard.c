/* SPDX-License-Identifier: MIT
 *
 * The allocator and the stopwatch of a Lua state. Time is that of the processor, so
 * that a busy machine changes no result; since asking for it is slow, it is only asked
 * for once the wall clock says that the limit may have been reached.
 */
#include "script/guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "script/ticker.h"

enum {
    INSTRUCTIONS_A_LOOK = 200, /* Lua instructions between two looks at the clock */
    BYTES_A_LOOK = 200 * 1024, /* the same in bytes, when each handles the longest text */
    WORTH_BYTES = 1024,        /* shorter texts do not count */
    LARGE_BLOCK_BYTES = 64 * 1024,
    LEAST_TEXT_BYTES = 16 * 1024, /* allowed with any limit of time */
    TIMES_WATCHED = 10            /* a call may take so many times as long then */
};

/* Every block of a state is in a list, so that all can be released without Lua. */
struct guard_block {
    guard_block *previous, *next;
    max_align_t data[];
};

int64_t guard_read_clock(const guard *g, clockid_t clock)
{
    if (g->clock.microseconds)
        return g->clock.microseconds(g->clock.data);
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

size_t guard_allowed(const guard *g, size_t most)
{
    if (g->call_limit >= GUARD_WHOLE_LIMIT_MICROSECONDS)
        return most;
    return (size_t)((double)most * (double)g->call_limit /
                    GUARD_WHOLE_LIMIT_MICROSECONDS);
}

size_t guard_longest_text(const guard *g)
{
    size_t bytes = guard_allowed(g, GUARD_MAX_TEXT_BYTES);
    return bytes > LEAST_TEXT_BYTES ? bytes : LEAST_TEXT_BYTES;
}

static _Noreturn void stop(guard *g)
{
    longjmp(g->stop, 1);
}

typedef struct place {
    char text[LUA_IDSIZE + 32];
} place;

/* "churn.lua:12: ", where the script is, if Lua can tell. */
static place place_of(lua_State *L)
{
    lua_Debug where;
    place p = {""};
    for (int level = 0; L != NULL && lua_getstack(L, level, &where); level++) {
        lua_getinfo(L, "Sl", &where);
        if (where.currentline > 0) {
            snprintf(p.text, sizeof p.text, "%s:%d: ", where.short_src,
                     where.currentline);
            break;
        }
    }
    return p;
}

static _Noreturn void stop_for_memory(guard *g)
{
    bool is_large = g->memory_limit_bytes >= 1024 * 1024;
    place where = place_of(g->lua);
    snprintf(g->message, sizeof g->message,
             "%sit needs more memory than the limit of %zu %s", where.text,
             g->memory_limit_bytes / (is_large ? 1024 * 1024 : 1024),
             is_large ? "MB" : "KB");
    stop(g);
}

_Noreturn void guard_stop_impure(guard *g, lua_State *L, const char *what)
{
    place where = place_of(L);
    g->is_impure = true;
    snprintf(g->message, sizeof g->message, "%sit changes %s", where.text, what);
    stop(g);
}

_Noreturn void guard_stop_load(guard *g, lua_State *L, const char *reason)
{
    place where = place_of(L);
    snprintf(g->message, sizeof g->message, "%s%s", where.text, reason);
    stop(g);
}

static _Noreturn void stop_for_text(guard *g)
{
    snprintf(g->message, sizeof g->message, "it makes a text longer than %zu bytes",
             guard_longest_text(g));
    stop(g);
}

static _Noreturn void stop_for_time(guard *g, lua_State *L)
{
    place where = place_of(L);
    snprintf(g->message, sizeof g->message, "%sit ran longer than the limit of %lld ms",
             where.text, (long long)(g->time_limit / 1000));
    stop(g);
}

static _Noreturn void stop_for_cancel(guard *g)
{
    snprintf(g->message, sizeof g->message, "the work was stopped");
    stop(g);
}

static void unlink_block(guard *g, guard_block *block)
{
    if (block->previous != NULL)
        block->previous->next = block->next;
    else
        g->blocks = block->next;
    if (block->next != NULL)
        block->next->previous = block->previous;
}

static void link_block(guard *g, guard_block *block)
{
    block->previous = NULL;
    block->next = g->blocks;
    if (g->blocks != NULL)
        g->blocks->previous = block;
    g->blocks = block;
}

static guard_block *block_of(void *data)
{
    return (guard_block *)(void *)((char *)data - offsetof(guard_block, data));
}

/* The first refusal makes Lua collect its garbage and ask again; the second is final. */
static void *refuse(guard *g, bool is_text)
{
    if (g->was_refused && is_text)
        stop_for_text(g);
    if (g->was_refused)
        stop_for_memory(g);
    g->was_refused = true;
    guard_check_time(g, NULL); /* Lua goes over all of its memory now */
    return NULL;
}

static void *grow(guard *g, void *old, size_t old_size, size_t size)
{
    guard_block *block = old != NULL ? block_of(old) : NULL;
    if (block != NULL)
        unlink_block(g, block);
    guard_block *grown = memory_resize(block, sizeof *block + size);
    g->memory_used_bytes += size - old_size + (old == NULL ? sizeof *block : 0);
    link_block(g, grown);
    return grown->data;
}

void guard_look_at_clock(lua_State *L, lua_Debug *event)
{
    (void)event;
    guard_check_time(guard_of(L), L);
}

static void watch(lua_State *L, lua_Debug *event)
{
    if (event->event == LUA_HOOKLINE)
        guard_of(L)->line_hook(L, event);
    else
        guard_look_at_clock(L, event);
}

static void set_hook(guard *g)
{
    if (g->line_hook)
        lua_sethook(g->lua, watch, LUA_MASKCOUNT | LUA_MASKLINE, g->interval);
    else
        lua_sethook(g->lua, guard_look_at_clock, LUA_MASKCOUNT, g->interval);
}

static void set_interval(guard *g)
{
    if (g->ticks.is_on)
        return;
    size_t interval = INSTRUCTIONS_A_LOOK;
    if (g->largest > WORTH_BYTES)
        interval = BYTES_A_LOOK / g->largest + 1;
    if (g->lua == NULL || (int)interval == g->interval)
        return;
    g->interval = (int)interval;
    set_hook(g);
}

/* Comparing a byte of text takes some ten times as long as moving one of other things. */
static void note_size(guard *g, size_t size, bool is_text)
{
    size_t weight = is_text ? size : size / 16;
    if (weight <= g->largest || weight <= WORTH_BYTES)
        return;
    g->largest = weight;
    set_interval(g);
}

/* What Lua calls to allocate, resize and free. `old_size` of a new object is its type. */
static void *allocate(void *data, void *old, size_t old_size, size_t size)
{
    guard *g = data;
    bool is_text = old == NULL && old_size == LUA_TSTRING;
    if (old == NULL)
        old_size = 0;
    if (size == 0) {
        if (old != NULL) {
            unlink_block(g, block_of(old));
            memory_free(block_of(old));
            g->memory_used_bytes -= old_size + sizeof(guard_block);
        }
        return NULL;
    }
    if (size > old_size) {
        bool is_long_text = is_text && size > guard_longest_text(g) + 64;
        size_t wanted = size - old_size + sizeof(guard_block);
        if (is_long_text || wanted > g->memory_limit_bytes - g->memory_used_bytes)
            return refuse(g, is_long_text);
        g->was_refused = false;
        note_size(g, size, is_text);
        if (size >= LARGE_BLOCK_BYTES)
            guard_check_time(g, NULL);
    }
    return grow(g, old, old_size, size);
}

void guard_init(guard *g, size_t memory_limit_bytes, int64_t call_limit_microseconds)
{
    memset(g, 0, sizeof *g);
    g->call_limit = call_limit_microseconds;
    g->memory_limit_bytes = memory_limit_bytes;
}

void guard_clear(guard *g)
{
    guard_end_row(g);
    while (g->blocks != NULL) {
        guard_block *next = g->blocks->next;
        memory_free(g->blocks);
        g->blocks = next;
    }
    g->memory_used_bytes = 0;
    g->was_refused = g->is_impure = false;
    g->lua = NULL;
    g->largest = g->largest_kept = 0;
}

lua_State *guard_open(guard *g)
{
    lua_State *L = lua_newstate(allocate, g);
    if (L == NULL)
        return NULL;
    *(guard **)lua_getextraspace(L) = g;
    g->lua = L;
    g->interval = 0;
    set_interval(g);
    return L;
}

guard *guard_of(lua_State *L)
{
    return *(guard **)lua_getextraspace(L);
}

static void begin(guard *g)
{
    g->has_started = false;
    g->was_refused = g->is_impure = false;
    g->largest = g->largest_kept;
    set_interval(g);
}

void guard_set_limit(guard *g, int64_t microseconds)
{
    g->time_limit = microseconds * (g->line_hook ? TIMES_WATCHED : 1);
}

void guard_begin(guard *g, int64_t limit_microseconds)
{
    guard_end_row(g);
    guard_set_limit(g, limit_microseconds);
    begin(g);
}

void guard_leave(guard *g)
{
    guard_check_time(g, g->lua); /* the clock is started at the first look */
    g->wall_left = guard_read_clock(g, CLOCK_MONOTONIC);
    g->cpu_left = guard_read_clock(g, CLOCK_THREAD_CPUTIME_ID);
}

void guard_return(guard *g)
{
    g->wall_start += guard_read_clock(g, CLOCK_MONOTONIC) - g->wall_left;
    g->cpu_start += guard_read_clock(g, CLOCK_THREAD_CPUTIME_ID) - g->cpu_left;
}

void guard_begin_slowly(guard *g)
{
    if (!g->ticks.is_on) {
        begin(g);
        return;
    }
    g->was_refused = false;
    if (g->ticks.is_late) { /* the call before was, and is over */
        g->ticks.is_late = 0;
        lua_sethook(g->lua, NULL, 0, 0);
    }
    if (g->measures)
        g->cpu_start = guard_read_clock(g, CLOCK_THREAD_CPUTIME_ID);
}

void guard_measure(guard *g)
{
    g->measures = true;
}

void guard_keep(guard *g)
{
    g->largest_kept = g->largest;
}

int64_t guard_time_used(const guard *g)
{
    if (g->ticks.is_on &&
        !g->measures) /* at least: between the first tick and the last */
        return guard_ticked_microseconds(g);
    bool is_known = g->has_started || g->ticks.is_on;
    return is_known ? guard_read_clock(g, CLOCK_THREAD_CPUTIME_ID) - g->cpu_start : 0;
}

void guard_check_time(guard *g, lua_State *L)
{
    if (g->ticks.is_on && !g->ticks.is_late)
        return;
    if (cancel_is_asked(g->cancel))
        stop_for_cancel(g);
    if (g->ticks.is_on)
        stop_for_time(g, L);
    int64_t now = guard_read_clock(g, CLOCK_MONOTONIC);
    if (!g->has_started) {
        g->has_started = true;
        g->wall_start = now;
        g->cpu_start = guard_read_clock(g, CLOCK_THREAD_CPUTIME_ID);
        return;
    }
    if (now - g->wall_start < g->time_limit)
        return;
    if (guard_read_clock(g, CLOCK_THREAD_CPUTIME_ID) - g->cpu_start >= g->time_limit)
        stop_for_time(g, L);
}
