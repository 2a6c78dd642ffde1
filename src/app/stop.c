/* SPDX-License-Identifier: MIT
 *
 * The signal handlers. All that runs in them is safe there: atomics, timer_settime,
 * clock_gettime, unlink, poll, write, kill and _exit. What they share is static, since a
 * handler is given nothing.
 */
#include "app/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/command_line.h"
#include "base/command.h"
#include "base/file.h"
#include "base/leftovers.h"
#include "report/terminal.h"

/* How often it is looked whether the outputs are in place, and how long at most. */
enum { LOOK_MILLISECONDS = 10, HELD_SECONDS = 5 };

static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};

/* Of those that have no meaning yet; the first few are left to libraries. */
#define TIMER_SIGNAL (SIGRTMIN + 7)

static struct {
    cancel cancel;
    atomic_int signal;     /* the first that came, or 0 */
    atomic_bool is_ending; /* somebody says the line, if there is one, and ends */
    atomic_int code;       /* of a command that is over; until then -1 */
    const char *_Atomic promise;
    atomic_long held_until; /* set by the first signal */
    bool has_timer, is_on_terminal;
    timer_t timer;
} stop = {.code = -1};

static const char *signal_name(int number)
{
    switch (number) {
    case SIGINT: return "SIGINT";
    case SIGTERM: return "SIGTERM";
    default: return "SIGHUP";
    }
}

static char *append(char *end, const char *part)
{
    size_t size = strlen(part);
    memcpy(end, part, size);
    return end + size;
}

/* The line, in place of a progress bar and of what the terminal shows for ^C. */
static void say_stopped(bool is_held)
{
    char line[160], *end = line;
    const char *promise = atomic_load(&stop.promise);
    if (stop.is_on_terminal)
        end = append(end, "\r\033[K");
    end = append(end, "carpel: stopped by ");
    end = append(end, signal_name(atomic_load(&stop.signal)));
    if (is_held)
        end = append(end, " while outputs were put in place; some may be new already");
    else if (cancel_has_done(&stop.cancel))
        end = append(end, " after the outputs had been put in place");
    else if (promise != NULL)
        end = append(append(end, "; "), promise);
    end = append(end, "\n");
    file_write_now(STDERR_FILENO, line, (size_t)(end - line));
}

static long seconds_now(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void arm(long milliseconds)
{
    struct itimerspec when = {
        .it_value = {milliseconds / 1000, milliseconds % 1000 * 1000000}};
    if (stop.has_timer)
        timer_settime(stop.timer, 0, &when, NULL);
}

/* End now, unless the outputs are just being put in place: then a moment later, unless a
 * plugin or a disk hangs in that. A command that is over has said what it had to, and
 * hangs in what the system or a plugin does behind it. */
static void end_by_force(void)
{
    if (atomic_load(&stop.code) >= 0)
        _exit(atomic_load(&stop.code));
    bool is_held = !cancel_close(&stop.cancel);
    if (is_held && seconds_now() < atomic_load(&stop.held_until)) {
        arm(LOOK_MILLISECONDS);
        return;
    }
    if (atomic_exchange(&stop.is_ending, true)) {
        arm(LOOK_MILLISECONDS);
        return;
    }
    commands_kill_all();
    leftovers_remove_all();
    say_stopped(is_held);
    _exit(EXIT_CANCELLED);
}

static void on_signal(int number)
{
    int reason = errno, none = 0;
    bool is_first = atomic_compare_exchange_strong(&stop.signal, &none, number);
    if (is_first)
        atomic_store(&stop.held_until, seconds_now() + HELD_SECONDS);
    cancel_ask(&stop.cancel);
    if (is_first && stop.has_timer)
        arm(STOP_GRACE_MILLISECONDS);
    else
        end_by_force();
    errno = reason;
}

static void on_timer(int number)
{
    int reason = errno;
    (void)number;
    end_by_force();
    errno = reason;
}

static struct sigaction action_of(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++)
        sigaddset(&action.sa_mask, stopping[i]);
    sigaddset(&action.sa_mask, TIMER_SIGNAL);
    return action;
}

/* Without a timer the first signal ends the process at once. */
static void make_timer(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = TIMER_SIGNAL};
    struct sigaction action = action_of(on_timer);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, TIMER_SIGNAL);
    stop.has_timer = sigaction(TIMER_SIGNAL, &action, NULL) == 0 &&
                     sigprocmask(SIG_UNBLOCK, &mask, NULL) == 0 &&
                     timer_create(CLOCK_MONOTONIC, &event, &stop.timer) == 0;
}

void stop_begin(void)
{
    cancel_init(&stop.cancel);
    stop.is_on_terminal = terminal_is_interactive(stderr);
    make_timer();
    struct sigaction action = action_of(on_signal);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        struct sigaction before;
        if (sigaction(stopping[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(stopping[i], &action, NULL);
    }
}

cancel *stop_cancel(void)
{
    return &stop.cancel;
}

void stop_promise(const char *promise)
{
    atomic_store(&stop.promise, promise);
}

int stop_end(int code)
{
    while (atomic_exchange(&stop.is_ending, true))
        pause(); /* a handler in another thread is about to end the process */
    if (atomic_load(&stop.signal) != 0) {
        say_stopped(false);
        code = EXIT_CANCELLED;
    }
    atomic_store(&stop.code, code);
    return code;
}
