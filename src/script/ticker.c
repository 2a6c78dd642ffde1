/* SPDX-License-Identifier: MIT
 *
 * One timer for each thread that calls scripts, made when its first row of calls begins and
 * ticking only within such rows. The handler knows its guard from a variable of the thread,
 * which is NULL outside of rows.
 */
#include "script/ticker.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

/* The thread sanitizer keeps signals back until a thread calls something that may wait. */
#ifdef __SANITIZE_THREAD__
enum { HAS_TIMELY_SIGNALS = 0 };
#else
enum { HAS_TIMELY_SIGNALS = 1 };
#endif

enum {
    TICK_SIGNAL = SIGURG,
    TICKS_A_LIMIT = 4,
    LEAST_LIMIT = 20000 /* microseconds; processors count their time in steps of 4 ms */
};

struct guard_ticker {
    timer_t timer;
    pid_t thread;
    sigset_t before; /* the signals that the thread had blocked */
};

static _Thread_local guard *volatile ticking;

static void on_tick(int number)
{
    int reason = errno;
    (void)number;
    guard *g = ticking;
    if (g && g->ticks.is_on) {
        guard_ticks *t = &g->ticks;
        t->count = t->call == t->ticked_call ? t->count + 1 : 1;
        t->ticked_call = t->call;
        if (t->count > TICKS_A_LIMIT || cancel_is_asked(g->cancel)) {
            t->is_late = 1;
            lua_sethook(g->lua, guard_look_at_clock, LUA_MASKCOUNT, 1);
        }
    }
    errno = reason;
}

/* Whether the signal comes here: not when somebody else uses it. */
static bool is_handled;

static void handle_ticks(void)
{
    struct sigaction action = {.sa_handler = on_tick, .sa_flags = SA_RESTART}, before;
    sigemptyset(&action.sa_mask);
    bool is_free = sigaction(TICK_SIGNAL, NULL, &before) == 0 &&
                   (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN);
    is_handled = is_free && sigaction(TICK_SIGNAL, &action, NULL) == 0;
}

static bool can_tick(const guard *g, int64_t limit_microseconds)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, handle_ticks);
    return HAS_TIMELY_SIGNALS && is_handled && !g->clock.microseconds && !g->line_hook &&
           limit_microseconds >= LEAST_LIMIT;
}

static void drop_ticker(guard *g)
{
    if (g->ticker)
        timer_delete(g->ticker->timer);
    memory_free(g->ticker);
    g->ticker = NULL;
}

/* A state may go from one thread to another between rows. */
static bool make_ticker(guard *g)
{
    pid_t thread = (pid_t)syscall(SYS_gettid);
    if (g->ticker && g->ticker->thread == thread)
        return true;
    drop_ticker(g);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = TICK_SIGNAL};
    event.sigev_notify_thread_id = thread;
    timer_t timer;
    if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) != 0)
        return false;
    g->ticker = memory_alloc_zero(sizeof *g->ticker);
    g->ticker->timer = timer;
    g->ticker->thread = thread;
    return true;
}

static void set_timer(const guard *g, int64_t microseconds)
{
    struct timespec period = {microseconds / 1000000, microseconds % 1000000 * 1000};
    struct itimerspec times = {period, period};
    timer_settime(g->ticker->timer, 0, &times, NULL);
}

void guard_begin_row(guard *g, int64_t limit_microseconds)
{
    guard_set_limit(g, limit_microseconds);
    if (g->ticks.is_on || !can_tick(g, limit_microseconds) || !make_ticker(g))
        return;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, TICK_SIGNAL);
    pthread_sigmask(SIG_UNBLOCK, &signals, &g->ticker->before);
    lua_sethook(g->lua, NULL, 0, 0);
    g->interval = 0;
    g->ticks.is_late = 0;
    g->ticks.is_on = 1;
    ticking = g;
    set_timer(g, limit_microseconds / TICKS_A_LIMIT);
}

void guard_end_row(guard *g)
{
    if (!g->ticks.is_on)
        return;
    g->ticks.is_on = 0;
    ticking = NULL;
    set_timer(g, 0);
    if (g->lua)
        lua_sethook(g->lua, NULL, 0, 0);
    pthread_sigmask(SIG_SETMASK, &g->ticker->before, NULL);
}

int64_t guard_ticked_microseconds(const guard *g)
{
    bool is_this = g->ticks.count > 1 && g->ticks.ticked_call == g->ticks.call;
    return is_this ? (g->ticks.count - 1) * (g->time_limit / TICKS_A_LIMIT) : 0;
}

void guard_done(guard *g)
{
    guard_end_row(g);
    drop_ticker(g);
}
