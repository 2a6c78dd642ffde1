/* SPDX-License-Identifier: MIT
 *
 * Whoever reads the output waits in read(2), so a thread looks whether the work is to stop. What the
 * program writes to standard error goes to memory and cannot block it.
 */
#include "base/command.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "base/memory.h"
#include "base/system.h"

/* How often it is looked; and how much of what was said is told at most. */
enum {
    LOOK_MILLISECONDS = 50,
    SAID_BYTES = 2000,
    FAILURE_BYTES = 360, /* in a message, which has not room for more */
    MOST_RUNNING = 64,
    GRACE_MILLISECONDS = 200
};

/* For commands_kill_all; 0: free. */
static _Atomic pid_t running[MOST_RUNNING];

struct command {
    pid_t child;
    int output, errors; /* what is read of it; what it says */
    char path[40], *title;
    const cancel *cancel;
    pthread_t watch;
    bool is_watched;
    atomic_bool is_over;
};

/* ---- the child --------------------------------------------------------------------- */

/* Only what is safe between fork and exec. */
static _Noreturn void become(char *const *words, const char *folder, int input,
                             int output, int errors, int failure)
{
    sigset_t none;
    if (input < 0)
        input = system_open("/dev/null", O_RDONLY | O_CLOEXEC, 0);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    if (chdir(folder) == 0)
        execvp(words[0], words);
    int reason = errno;
    if (system_write(failure, &reason, sizeof reason) < 0)
        _exit(126);
    _exit(127);
}

/* 0: it runs; else the errno for which it does not. */
static int read_failure(int failure)
{
    int reason = 0;
    ssize_t size;
    do {
        size = system_read(failure, &reason, sizeof reason);
    } while (size < 0 && errno == EINTR);
    return size == (ssize_t)sizeof reason ? reason : 0;
}

static int wait_for(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

/* ---- the watch ------------------------------------------------------------------------ */

static void *watch(void *context)
{
    command *c = context;
    const struct timespec pause = {0, LOOK_MILLISECONDS * 1000000L};
    while (!atomic_load(&c->is_over)) {
        if (cancel_is_asked(c->cancel))
            kill(-c->child, SIGKILL);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static void note_running(pid_t child)
{
    for (size_t i = 0; i < MOST_RUNNING; i++) {
        pid_t none = 0;
        if (atomic_compare_exchange_strong(&running[i], &none, child))
            return;
    }
}

static void forget_running(pid_t child)
{
    for (size_t i = 0; i < MOST_RUNNING; i++) {
        pid_t found = child;
        if (atomic_compare_exchange_strong(&running[i], &found, 0))
            return;
    }
}

void commands_kill_all(void)
{
    for (size_t i = 0; i < MOST_RUNNING; i++) {
        pid_t child = atomic_load(&running[i]);
        if (child > 0)
            kill(-child, SIGKILL);
    }
}

/* ---- both ------------------------------------------------------------------------------- */

static char *title_of(const char *const *words, size_t count)
{
    text title;
    text_init(&title);
    for (size_t i = 0; i < count && i < 2; i++) {
        text_append(&title, i > 0 ? " " : "");
        text_append(&title, words[i]);
    }
    return text_take(&title);
}

static bool fail_start(command *c, const char *what, int reason, carpel_error *err)
{
    char buffer[128];
    carpel_fail(err, CARPEL_E_SYSTEM, "cannot %s \"%s\": %s", what, c->title,
                strerror_r(reason, buffer, sizeof buffer));
    return false;
}

/* Fork; the child's words are a copy that ends with NULL. It reads `input` (-1: nothing), and what
 * it writes is read here, or, when it is fed, kept with what it says. */
static bool start(command *c, char *const *words, const char *folder, int input,
                  carpel_error *err)
{
    int output[2] = {-1, -1}, failure[2] = {-1, -1};
    c->errors = memfd_create("errors", MFD_CLOEXEC);
    if (c->errors < 0 || pipe2(output, O_CLOEXEC) != 0 || pipe2(failure, O_CLOEXEC) != 0)
        return fail_start(c, "run", errno, err);
    c->child = fork();
    int reason = errno;
    if (c->child == 0)
        become(words, folder, input, input < 0 ? output[1] : c->errors, c->errors,
               failure[1]);
    if (c->child > 0)
        setpgid(c->child, c->child); /* whoever of both is first */
    system_close(output[1]);
    system_close(failure[1]);
    c->output = output[0];
    reason = c->child < 0 ? reason : read_failure(failure[0]);
    system_close(failure[0]);
    if (reason == 0)
        return true;
    if (c->child > 0)
        wait_for(c->child);
    return fail_start(c, "run", reason, err);
}

static void command_free(command *c)
{
    if (c->output >= 0)
        system_close(c->output);
    if (c->errors >= 0)
        system_close(c->errors);
    memory_free(c->title);
    memory_free(c);
}

static command *start_words(const char *const *words, size_t count, const char *folder,
                            int input, const cancel *cancel, carpel_error *err)
{
    command *c = memory_alloc_zero(sizeof *c);
    char **copy = memory_alloc_zero_array(count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = memory_copy_string(words[i]);
    *c = (command){
        .output = -1, .errors = -1, .cancel = cancel, .title = title_of(words, count)};
    bool ok = start(c, copy, folder, input, err);
    for (size_t i = 0; i < count; i++)
        memory_free(copy[i]);
    memory_free(copy);
    if (!ok) {
        command_free(c);
        return NULL;
    }
    snprintf(c->path, sizeof c->path, "/dev/fd/%d", c->output);
    note_running(c->child);
    c->is_watched = pthread_create(&c->watch, NULL, watch, c) == 0;
    return c;
}

command *command_start(const char *const *words, size_t count, const char *folder,
                       const cancel *cancel, carpel_error *err)
{
    return start_words(words, count, folder, -1, cancel, err);
}

const char *command_path(const command *c)
{
    return c->path;
}

const char *command_title(const command *c)
{
    return c->title;
}

/* Lines as one, from the second on when the first is cut. */
static void join_lines(char *said, size_t size, bool is_cut, text *out)
{
    const char *between = is_cut ? "... " : "";
    char *rest = NULL;
    said[size] = '\0';
    char *first = is_cut ? strchr(said, '\n') : NULL;
    for (char *line = strtok_r(first ? first : said, "\r\n", &rest); line;
         line = strtok_r(NULL, "\r\n", &rest)) {
        text_append_format(out, "%s%s", between, line);
        between = "; ";
    }
}

/* The end of what it wrote to standard error: what comes last is why it failed. */
static void read_said(const command *c, size_t most, text *out)
{
    char said[SAID_BYTES + 1];
    off_t size = lseek(c->errors, 0, SEEK_END);
    off_t from = size > (off_t)most ? size - (off_t)most : 0;
    ssize_t got = size > 0 ? system_pread(c->errors, said, most, from) : 0;
    join_lines(said, got > 0 ? (size_t)got : 0, from > 0, out);
}

static bool fail_end(const command *c, int status, const text *said, carpel_error *err)
{
    char how[40];
    if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "was ended by signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof how, "ended with the exit code %d", WEXITSTATUS(status));
    return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" %s%s%s", c->title, how,
                       said->size > 0 ? ": " : "", said->data);
}

/* Has it ended? It stays a child that can be waited for, so that its number stays its own. */
static bool has_ended(const command *c, int options)
{
    siginfo_t info = {0};
    while (waitid(P_PID, (id_t)c->child, &info, WEXITED | WNOWAIT | options) != 0 &&
           errno == EINTR)
        continue;
    return info.si_pid == c->child;
}

/* A program that failed is the cause of what was wrong with its output: it is given a moment to
 * end by itself. */
static void end_child(const command *c)
{
    const struct timespec pause = {0, GRACE_MILLISECONDS / 10 * 1000000L};
    for (int i = 0; i < 10 && !has_ended(c, WNOHANG); i++)
        nanosleep(&pause, NULL);
    if (!has_ended(c, WNOHANG))
        kill(-c->child, SIGKILL);
}

bool command_end(command *c, bool is_read, text *said, carpel_error *err)
{
    text errors;
    if (!is_read)
        end_child(c);
    has_ended(c, 0);
    atomic_store(&c->is_over, true);
    if (c->is_watched)
        pthread_join(c->watch, NULL);
    forget_running(c->child);
    int status = wait_for(c->child);
    text_init(&errors);
    read_said(c, status == 0 ? SAID_BYTES : FAILURE_BYTES, &errors);
    bool is_cancelled = cancel_is_asked(c->cancel);
    bool was_killed = !is_read && WIFSIGNALED(status);
    bool ok = is_cancelled
                  ? cancel_fail(err)
                  : status == 0 || was_killed || fail_end(c, status, &errors, err);
    if (ok)
        text_append(said, errors.data);
    text_done(&errors);
    command_free(c);
    return ok;
}

bool command_feed(const char *const *words, size_t count, const char *folder, int input,
                  const cancel *cancel, text *said, carpel_error *err)
{
    command *c = start_words(words, count, folder, input, cancel, err);
    return c && command_end(c, true, said, err);
}
