/* SPDX-License-Identifier: MIT
 *
 * What runs here runs while the process ends, or in a signal handler: only what is safe
 * there is called. The end is the system's call itself, so that nothing gets between.
 */
#include "app/ending.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#include "app/command_line.h"
#include "base/file.h"
#include "base/file_view.h"
#include "base/leftovers.h"
#include "plugin/call.h"

enum { LINE_SIZE = 400, STACK_SIZE = 64 * 1024 };

static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { CRASH_COUNT = sizeof crashes / sizeof *crashes };

/* Handlers are given nothing, so this is static. */
static struct {
    pid_t process; /* a child that a plugin made ends as it likes */
    struct sigaction before[CRASH_COUNT];
    char stack[STACK_SIZE]; /* of the handler, when the plugin's own is used up */
} watch;

static void append(char *line, const char *part)
{
    size_t used = strlen(line), size = strlen(part);
    if (size > LINE_SIZE - 2 - used)
        size = LINE_SIZE - 2 - used;
    memcpy(line + used, part, size);
    line[used + size] = '\0';
}

/* The plugin whose function is at work, as far as it is this process's. */
static const plugin_call *current_call(void)
{
    return watch.process == getpid() ? plugin_call_current() : NULL;
}

/* Threads of the command's own end the process with codes of its own alone. */
static bool is_in_other_thread(void)
{
    return watch.process == getpid() && gettid() != watch.process;
}

static _Noreturn void end_saying(char *line, int code)
{
    append(line, "\n");
    file_write_now(STDERR_FILENO, line, strlen(line));
    leftovers_remove_all();
    for (;;)
        syscall(SYS_exit_group, code);
}

/* Files of outputs are in place by then, and the journal tells the next run. */
static const char half_committed[] = "; files that were put in place are taken back by "
                                     "the next run, and whether other rows are there is "
                                     "not known";

static _Noreturn void end_with(const plugin_call *call, const char *what)
{
    char line[LINE_SIZE] = "carpel: plugin \"";
    append(line, call->plugin);
    append(line, "\" broke the contract: ");
    append(line, what);
    append(line, " in ");
    append(line, call->function);
    append(line, strcmp(call->function, "commit") == 0 ? half_committed : "");
    end_saying(line, EXIT_SOFTWARE);
}

/* A file that is looked at as memory, and is not there any more as far as it was. */
static _Noreturn void end_with_file(const char *path)
{
    char line[LINE_SIZE] = "carpel: cannot read \"";
    append(line, path);
    append(line, "\": it became shorter while it was in use, or the disk failed");
    end_saying(line, EXIT_IO);
}

/* Memory that runs out in a function of the host, and a user who stops the command, end the
 * process as well; these codes are ours. */
static bool is_own_end(int status)
{
    return status == EX_OSERR || status == EXIT_CANCELLED;
}

static void on_end(int status, void *context)
{
    const plugin_call *call = current_call();
    (void)context;
    if (is_own_end(status))
        return;
    if (call != NULL)
        end_with(call, "it ends the process");
    if (is_in_other_thread()) {
        char line[LINE_SIZE] = "carpel: a plugin broke the contract: it ends the process "
                               "in a thread of its own";
        end_saying(line, EXIT_SOFTWARE);
    }
}

static void on_quick_end(void)
{
    on_end(EXIT_SUCCESS, NULL);
}

/* In place of the C library's, which calls nobody; plugins find this one first. */
__attribute__((visibility("default"))) _Noreturn void _exit(int status)
{
    on_end(status, NULL);
    for (;;)
        syscall(SYS_exit_group, status);
}

__attribute__((visibility("default"))) _Noreturn void _Exit(int status)
{
    _exit(status);
}

/* A crash of a plugin ends here; for another, whoever was to be told before is told when
 * the instruction is tried again. */
static void on_crash(int number, siginfo_t *info, void *context)
{
    const char *path = number == SIGBUS ? file_view_at(info->si_addr) : NULL;
    const plugin_call *call = current_call();
    (void)context;
    if (path)
        end_with_file(path);
    if (call != NULL)
        end_with(call, number == SIGABRT ? "it aborts" : "it crashes");
    for (size_t i = 0; i < CRASH_COUNT; i++)
        if (crashes[i] == number)
            sigaction(number, &watch.before[i], NULL);
}

static void watch_crashes(void)
{
    const stack_t stack = {.ss_sp = watch.stack, .ss_size = sizeof watch.stack};
    struct sigaction action = {.sa_sigaction = on_crash,
                               .sa_flags = SA_ONSTACK | SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < CRASH_COUNT; i++)
        sigaction(crashes[i], &action, &watch.before[i]);
}

void ending_watch(void)
{
    watch.process = getpid();
    on_exit(on_end, NULL);
    at_quick_exit(on_quick_end);
    watch_crashes();
}
