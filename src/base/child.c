/* SPDX-License-Identifier: MIT
 *
 * The answer comes through a pipe and ends in a NUL, so that whoever else may hold the
 * pipe open is not waited for.
 */
#include "base/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/system.h"

/* Nothing that the function writes is seen, and a crash leaves no core file. */
static void be_quiet(void)
{
    const struct rlimit none = {0, 0};
    int nowhere = system_open("/dev/null", O_RDWR | O_CLOEXEC, 0);
    setrlimit(RLIMIT_CORE, &none);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(nowhere, fd);
}

static _Noreturn void work(child_function function, void *context, int out)
{
    text answer;
    be_quiet();
    text_init(&answer);
    function(context, &answer);
    for (size_t at = 0; at <= answer.size;) { /* with its NUL */
        ssize_t size = system_write(out, answer.data + at, answer.size + 1 - at);
        if (size < 0 && errno != EINTR)
            break;
        at += size > 0 ? (size_t)size : 0;
    }
    _exit(0);
}

/* Read up to the NUL. False: the child ended without one, or the time is over. */
static bool read_answer(int in, int limit_milliseconds, text *said, bool *is_late)
{
    double end = clock_monotonic_seconds() + limit_milliseconds / 1000.0;
    for (*is_late = false;;) {
        char part[512];
        double left = end - clock_monotonic_seconds();
        struct pollfd one = {.fd = in, .events = POLLIN};
        int ready = left <= 0 ? 0 : poll(&one, 1, (int)(left * 1000) + 1);
        if (ready == 0) {
            *is_late = true;
            return false;
        }
        ssize_t size = ready > 0 ? system_read(in, part, sizeof part) : -1;
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return false;
        const char *nul = memchr(part, '\0', (size_t)size);
        text_append_bytes(said, part, nul != NULL ? (size_t)(nul - part) : (size_t)size);
        if (nul != NULL)
            return true;
    }
}

/* What became of a child that said nothing. It is given the rest of its time to end. */
static child_end how_it_ended(pid_t child, bool is_late)
{
    int status = 0;
    if (is_late)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (is_late)
        return (child_end){CHILD_HUNG, 0};
    if (WIFSIGNALED(status))
        return (child_end){CHILD_CRASHED, WTERMSIG(status)};
    return (child_end){CHILD_LEFT, WEXITSTATUS(status)};
}

static void end_child(pid_t child)
{
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
}

child_end child_run(child_function function, void *context, int limit_milliseconds,
                    text *said)
{
    int ends[2];
    bool is_late;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return (child_end){CHILD_NOT_MADE, errno};
    pid_t child = fork();
    int reason = errno;
    if (child == 0) {
        system_close(ends[0]);
        work(function, context, ends[1]);
    }
    system_close(ends[1]);
    bool has_answer =
        child > 0 && read_answer(ends[0], limit_milliseconds, said, &is_late);
    system_close(ends[0]);
    if (child < 0)
        return (child_end){CHILD_NOT_MADE, reason};
    if (!has_answer)
        return how_it_ended(child, is_late);
    end_child(child);
    return (child_end){CHILD_SAID, 0};
}

/* What a crash does by itself. */
static void heed_no_signals(void)
{
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGTSTP};
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        signal(stops[i], SIG_IGN);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        signal(crashes[i], SIG_DFL);
}

int child_begin(void)
{
    const struct rlimit none = {0, 0};
    pid_t parent = getpid();
    fflush(stdout); /* what waits there is not written twice */
    pid_t child = fork();
    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    setrlimit(RLIMIT_CORE, &none);
    heed_no_signals();
    return 0;
}

child_end child_wait(int child, bool by_force)
{
    if (by_force)
        kill(child, SIGKILL);
    return how_it_ended(child, false);
}

bool child_is_over(int child)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           info.si_pid == child;
}

void *child_common_memory(size_t size)
{
    void *memory = system_mmap_common(size);
    return memory == MAP_FAILED ? NULL : memory;
}

void child_common_memory_free(void *memory, size_t size)
{
    system_unmap(memory, size);
}
