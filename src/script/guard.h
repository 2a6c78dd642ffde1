/* SPDX-License-Identifier: MIT
 *
 * guard -- the limits of a Lua state, which a script cannot get around.
 *
 * A Lua error would be caught by pcall. So a script that passes a limit is not given an
 * error: the guard jumps out of Lua altogether, and the state, which may be in the
 * middle of anything, is thrown away with all its memory. For that the guard owns every
 * block of the state. This is sound because scripts hold nothing but memory: there are
 * no files, no finalizers, and no locks.
 *
 *     guard g;
 *     guard_init(&g, limit_bytes);
 *     if (setjmp(g.stop) == 0) {
 *         lua_State *L = guard_open(&g);        // limits hold from here on
 *         guard_begin(&g, limit_microseconds);  // before each call
 *         ... lua_pcall(L, ...) ...
 *     } else {
 *         // g.message says which limit was passed; L is gone
 *     }
 *     guard_clear(&g);
 */
#ifndef SCRIPT_GUARD_H
#define SCRIPT_GUARD_H

#include <lua.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"
#include "script/stopwatch.h"

/* The longest text that a script may make, whatever its limit of time. Functions for texts,
 * and comparisons, take time in proportion to it, and the clock is not looked at while one
 * of them works. So the longer the longest text, the fewer instructions pass between two
 * looks: with one of this length the clock is looked at after each. */
#define GUARD_MAX_TEXT_BYTES ((size_t)1024 * 1024)

/* With this limit of time, or a longer one, a single step of a script (an instruction, a
 * built-in function) may do the most that any may; a shorter limit allows less in proportion,
 * so that no step takes longer than a call should. */
#define GUARD_WHOLE_LIMIT_MICROSECONDS 100000

typedef struct guard_block guard_block;
typedef struct guard_ticker guard_ticker;

/* Calls in a row are timed by a timer of the thread, which ticks some times in the limit of
 * one: looking for it costs nothing. What a signal handler and the thread share. */
typedef struct guard_ticks {
    volatile sig_atomic_t is_on;   /* the timer keeps the time, and no hook of Lua */
    volatile uint64_t call;        /* the number of the call that goes on */
    volatile uint64_t ticked_call; /* which one went on at the last tick */
    volatile int count;            /* ticks in that one */
    volatile sig_atomic_t is_late; /* it went on for too long, or the work is stopped */
} guard_ticks;

typedef struct guard {
    jmp_buf stop; /* set by the caller before any Lua runs */
    char message[512];
    stopwatch clock;
    int64_t call_limit; /* microseconds: of what a step may do */
    size_t memory_limit_bytes, memory_used_bytes;
    guard_block *blocks;
    const cancel *cancel; /* ends any call at once; NULL: nothing does */
    lua_State *lua;       /* NULL while there is none */
    size_t largest,
        largest_kept;   /* of the texts there may be; those from before a call */
    int interval;       /* instructions between two looks at the clock */
    lua_Hook line_hook; /* called at each line, which takes long; NULL: nobody asks */
    bool is_impure;     /* stopped because it changes what outlives the call */
    bool was_refused;   /* Lua was told once that there is no memory */
    bool has_started;   /* the clock was looked at in this call */
    int64_t time_limit, wall_start, cpu_start; /* microseconds */
    int64_t wall_left, cpu_left;               /* when guard_leave() was called */
    guard_ticker *ticker;                      /* NULL: none was needed yet */
    bool measures; /* each call looks at the clock when it begins */
    guard_ticks ticks;
} guard;

/* Calls are to take no longer than `call_limit_microseconds`, whatever limit each begins
 * with: running a file may take longer. */
void guard_init(guard *g, size_t memory_limit_bytes, int64_t call_limit_microseconds);

/* So much of `most` as one step may do, of which nothing is done between two looks at the
 * clock: all of it with a limit of GUARD_WHOLE_LIMIT_MICROSECONDS. */
size_t guard_allowed(const guard *g, size_t most);
size_t guard_longest_text(const guard *g);

/* Release every block: the state is gone. The guard can be used again. */
void guard_clear(guard *g);

/* A new state under this guard; NULL when the limit of memory is too small for one. */
lua_State *guard_open(guard *g);

/* The guard of a state. */
guard *guard_of(lua_State *L);

/* The script's files have been run: what they made is there in every call. */
void guard_keep(guard *g);

/* Jump out because the script changes what outlives the call. */
_Noreturn void guard_stop_impure(guard *g, lua_State *L, const char *what);

/* Jump out because a file cannot be loaded, for this reason. */
_Noreturn void guard_stop_load(guard *g, lua_State *L, const char *reason);

/* Processor time since the call's first look at the clock, in microseconds. */
int64_t guard_time_used(const guard *g);

/* A call begins: from now on it may take so long. */
void guard_begin(guard *g, int64_t limit_microseconds);

/* What is done between these two is not the script's, and its time does not count. */
void guard_leave(guard *g);
void guard_return(guard *g);

/* Many calls follow, each begun with guard_next_call(). Where there is no timer, or the limit
 * is too short for one, each is as if it were begun with guard_begin(). */
void guard_begin_row(guard *g, int64_t limit_microseconds);
void guard_end_row(guard *g);
void guard_begin_slowly(guard *g);

static inline void guard_next_call(guard *g)
{
    g->ticks.call = g->ticks.call + 1;
    if (!g->ticks.is_on || g->ticks.is_late || g->measures)
        guard_begin_slowly(g);
}

/* From now on guard_time_used() is exact, for what each call costs. */
void guard_measure(guard *g);

/* Release what calls in a row need. */
void guard_done(guard *g);

/* Jump out when the call has used up its time, or the work is stopped. Built-in functions
 * that may take long call this; otherwise Lua's count hook does. `L` (may be NULL) tells the line. */
void guard_check_time(guard *g, lua_State *L);

#endif
