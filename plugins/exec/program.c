/* SPDX-License-Identifier: MIT
 *
 * Programs and their lines.
 */
#include "exec/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/memory.h"

enum {
    PAUSE_MILLISECONDS = 50,
    FIRST_ROOM = 64 * 1024,
    LONGEST_LINE = 16 * 1024 * 1024,
};

static bool fail_cancelled(carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
}

/* ---- beginning -------------------------------------------------------------------- */

/* In the child: nothing but calls that are allowed there. */
static void become(const char *const *words, const char *directory, const int out[2],
                   const int err[2], const int told[2])
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* it does not outlive us, however we end */
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0 && dup2(nothing, 0) >= 0 && dup2(out[1], 1) >= 0 &&
        dup2(err[1], 2) >= 0 && (!directory || chdir(directory) == 0))
        execvp(words[0], (char *const *)words);
    int why = errno;
    ssize_t size = write(told[1], &why, sizeof why);
    _exit(size > 0 ? 127 : 126);
}

static void close_pair(int pair[2])
{
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

/* What kept the child from becoming the program; 0: nothing did. */
static int read_trouble(int told)
{
    int why = 0;
    ssize_t size;
    while ((size = read(told, &why, sizeof why)) < 0 && errno == EINTR)
        continue;
    return size == (ssize_t)sizeof why ? why : 0;
}

static bool spawn(program *p, const char *const *words, const char *directory,
                  int pairs[3][2], carpel_error *err)
{
    for (int i = 0; i < 3; i++)
        if (pipe2(pairs[i], O_CLOEXEC) != 0)
            return carpel_fail(err, CARPEL_E_SYSTEM, "cannot run \"%s\": %s", words[0],
                               strerror(errno));
    p->pid = fork();
    if (p->pid == 0)
        become(words, directory, pairs[0], pairs[1], pairs[2]);
    if (p->pid < 0) {
        p->pid = 0;
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot run \"%s\": %s", words[0],
                           strerror(errno));
    }
    for (int i = 0; i < 3; i++) {
        close(pairs[i][1]);
        pairs[i][1] = -1;
    }
    int why = read_trouble(pairs[2][0]);
    return why == 0 || carpel_fail(err, CARPEL_E_INPUT, "cannot run \"%s\": %s", words[0],
                                   strerror(why));
}

bool program_begin(program *p, const carpel_host *host, const char *const *words,
                   const char *directory, carpel_error *err)
{
    int pairs[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    *p = (program){.host = host, .name = words[0], .out = -1, .err = -1};
    bool ok = spawn(p, words, directory, pairs, err);
    if (ok) {
        p->out = pairs[0][0];
        p->err = pairs[1][0];
        pairs[0][0] = pairs[1][0] = -1;
        fcntl(p->out, F_SETFL, O_NONBLOCK);
        fcntl(p->err, F_SETFL, O_NONBLOCK);
    }
    for (int i = 0; i < 3; i++)
        close_pair(pairs[i]);
    return ok;
}

/* ---- reading ---------------------------------------------------------------------- */

/* The end of what it says there, for a message. */
static void read_words(program *p)
{
    char words[4096];
    ssize_t size = read(p->err, words, sizeof words);
    if (size == 0) {
        close(p->err);
        p->err = -1;
    }
    for (ssize_t i = 0; i < size; i++) {
        if (p->last_size == sizeof p->last_words - 1) {
            p->last_size = sizeof p->last_words / 2;
            memmove(p->last_words, p->last_words + p->last_size - 1, p->last_size);
        }
        bool is_plain = (unsigned char)words[i] >= ' ' && words[i] != 0x7f;
        p->last_words[p->last_size++] = is_plain ? words[i] : ' ';
    }
}

static bool read_out(program *p, carpel_error *err)
{
    if (p->begin > 0) {
        memmove(p->line, p->line + p->begin, p->end - p->begin);
        p->end -= p->begin;
        p->begin = 0;
    }
    if (p->end > LONGEST_LINE)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" writes a line of more than 16 MiB", p->name);
    if (p->room < p->end + FIRST_ROOM) {
        p->room = (p->end + FIRST_ROOM) * 2;
        p->line = common_resize(p->line, p->room);
    }
    ssize_t size = read(p->out, p->line + p->end, p->room - p->end - 2);
    if (size == 0) {
        close(p->out);
        p->out = -1;
    }
    p->end += size > 0 ? (size_t)size : 0;
    return true;
}

static bool wait_for_some(program *p, carpel_error *err)
{
    struct pollfd ends[2] = {{p->out, POLLIN, 0}, {p->err, POLLIN, 0}};
    if (p->host->is_cancelled(p->host))
        return fail_cancelled(err);
    if (poll(ends, 2, PAUSE_MILLISECONDS) <= 0)
        return true;
    if (ends[1].revents != 0)
        read_words(p);
    return ends[0].revents == 0 || read_out(p, err);
}

/* All is read: how did it end? */
static bool finish(program *p, carpel_error *err)
{
    int status = 0;
    while (p->err >= 0)
        if (!wait_for_some(p, err))
            return false;
    for (pid_t ended; (ended = waitpid(p->pid, &status, WNOHANG)) != p->pid;) {
        if (ended < 0 && errno != EINTR)
            break;
        if (!wait_for_some(p, err))
            return false;
    }
    p->pid = 0;
    p->last_words[p->last_size] = '\0';
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" ended with %s %d%s%.280s", p->name,
                       WIFEXITED(status) ? "exit code" : "signal",
                       WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
                       p->last_size > 0 ? ": " : "", p->last_words);
}

static void hand_out(program *p, size_t size, char **line, size_t *line_size)
{
    *line = p->line + p->begin;
    *line_size = size;
    (*line)[size] = '\0';
    p->begin += size + 1 < p->end - p->begin ? size + 1 : p->end - p->begin;
}

bool program_next_line(program *p, char **line, size_t *size, carpel_error *err)
{
    *line = NULL;
    for (;;) {
        size_t left = p->end - p->begin;
        char *found = left > 0 ? memchr(p->line + p->begin, '\n', left) : NULL;
        if (found || (p->out < 0 && left > 0)) {
            hand_out(p, found ? (size_t)(found - p->line) - p->begin : left, line, size);
            return true;
        }
        if (p->out < 0)
            return p->pid == 0 || finish(p, err);
        if (!wait_for_some(p, err))
            return false;
    }
}

void program_close(program *p)
{
    if (p->pid > 0) {
        kill(-p->pid, SIGKILL);
        while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    if (p->out >= 0)
        close(p->out);
    if (p->err >= 0)
        close(p->err);
    free(p->line);
}
