/* SPDX-License-Identifier: MIT */
#include "traced.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 12 };

static char folder[] = "/tmp/carpel-kills-XXXXXX";
static uint64_t random_state = 1;

void traced_seed(uint64_t seed)
{
    random_state = seed;
}

uint64_t traced_draw(uint64_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (random_state >> 33) % limit;
}

uint64_t traced_draw_stop(uint64_t count)
{
    return traced_draw(4) == 0 ? 1 + traced_draw(count) : count - traced_draw(count / 3);
}

uint64_t traced_option(int count, char **arguments, const char *name, uint64_t otherwise)
{
    for (int i = 1; i + 1 < count; i += 2)
        if (strcmp(arguments[i], name) == 0)
            return strtoull(arguments[i + 1], NULL, 10);
    return otherwise;
}

_Noreturn void traced_bail_out(const char *what)
{
    printf("Bail out! %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- files ------------------------------------------------------------------------ */

void traced_begin_folder(void)
{
    if (!mkdtemp(folder) || chdir(folder) != 0)
        traced_bail_out(folder);
}

bool traced_remove_folder(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return chdir("/") == 0 && system(command) == 0;
}

void traced_write_file(const char *name, const char *body)
{
    FILE *file = fopen(name, "w");
    if (!file || fputs(body, file) < 0 || fclose(file) != 0)
        traced_bail_out(name);
}

bool traced_read_file(const char *name, char *out)
{
    FILE *file = fopen(name, "r");
    if (!file)
        return false;
    out[fread(out, 1, TRACED_TEXT_SIZE - 1, file)] = '\0';
    fclose(file);
    return true;
}

/* ---- the command ------------------------------------------------------------------ */

static void lead_into(const char *name, int descriptor)
{
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    dup2(file, descriptor);
    close(file);
}

static pid_t start(const char *const *arguments, bool is_traced)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    char *all[MOST_ARGUMENTS + 2] = {strdup("carpel")};
    for (size_t i = 0; i < MOST_ARGUMENTS && arguments[i]; i++)
        all[i + 1] = strdup(arguments[i]);
    lead_into("stdout", STDOUT_FILENO);
    lead_into("stderr", STDERR_FILENO);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* its search for leaks traces too */
    if (is_traced && ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(126);
    execv(getenv("CARPEL"), all);
    _exit(127);
}

int traced_run_whole(const char *const *arguments)
{
    int status;
    waitpid(start(arguments, false), &status, 0);
    return status;
}

uint64_t traced_run(const char *const *arguments, uint64_t stop, int signal_number,
                    int *status)
{
    uint64_t stops = 0;
    pid_t pid = start(arguments, true);
    int pass_on = 0;
    waitpid(pid, status, 0);
    if (!WIFSTOPPED(*status))
        return 0;
    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    while (ptrace(PTRACE_SYSCALL, pid, NULL, pass_on) == 0 &&
           waitpid(pid, status, 0) == pid) {
        if (!WIFSTOPPED(*status))
            return stops;
        bool is_call = WSTOPSIG(*status) == (SIGTRAP | 0x80);
        pass_on = is_call || WSTOPSIG(*status) == SIGTRAP ? 0 : WSTOPSIG(*status);
        if (is_call && ++stops == stop) {
            kill(pid, signal_number);
            ptrace(PTRACE_DETACH, pid, NULL, 0);
            waitpid(pid, status, 0);
            return stops;
        }
    }
    return stops;
}
