/* SPDX-License-Identifier: MIT
 *
 * Spawned rather than forked: nothing of this process is copied.
 */
#include "base/program.h"

#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "base/system.h"

extern char **environ;

/* Both outputs go into the pipe, and nothing can be read. */
static int spawn(const char *const *arguments, const int *ends, pid_t *out)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    int problem = posix_spawnp(out, arguments[0], &actions, NULL,
                               (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

static void read_all(int in, text *said)
{
    char part[4096];
    for (;;) {
        ssize_t size = system_read(in, part, sizeof part);
        if (size > 0)
            text_append_bytes(said, part, (size_t)size);
        else if (size == 0 || errno != EINTR)
            return;
    }
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool program_run(const char *const *arguments, program_end *out, carpel_error *err)
{
    int ends[2];
    pid_t child;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot run \"%s\": %s", arguments[0],
                           strerror(errno));
    int problem = spawn(arguments, ends, &child);
    system_close(ends[1]);
    if (problem == 0) {
        text_init(&out->said);
        read_all(ends[0], &out->said);
        out->code = wait_for(child);
    }
    system_close(ends[0]);
    return problem == 0 || carpel_fail(err, CARPEL_E_SYSTEM, "cannot run \"%s\": %s",
                                       arguments[0], strerror(problem));
}

void program_end_done(program_end *end)
{
    text_done(&end->said);
}
