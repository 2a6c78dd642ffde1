/* SPDX-License-Identifier: MIT
 *
 * Looking behind the new end of a file ends the process with 74 and a message that names the file;
 * any other SIGBUS ends it as ever.
 */
#include "shortened.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/ending.h"
#include "base/file_view.h"
#include "support.h"

enum { EXIT_IO = 74, LONG_BYTES = 100000 };

static void put_long(const char *name)
{
    char bytes[LONG_BYTES + 1];
    memset(bytes, 'x', LONG_BYTES);
    bytes[LONG_BYTES] = '\0';
    put_file(name, bytes);
}

static void look_behind_end(void)
{
    carpel_error err;
    file_view other, view;
    insist(file_view_open("other", &other, &err) && file_view_open("long", &view, &err),
           "cannot look at a file");
    file_view_close(&other);
    insist(truncate("long", 10) == 0, "cannot make a file shorter");
    _exit(view.data[LONG_BYTES - 1] == 'x' ? 1 : 2);
}

static void crash_otherwise(void)
{
    raise(SIGBUS);
    raise(SIGBUS); /* the first one put back what was before */
    _exit(3);
}

/* The exit code, or 1000 and the signal. */
static int end_of(void (*act)(void))
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    insist(child >= 0, "cannot fork");
    if (child == 0) {
        insist(freopen("said", "w", stderr), "cannot redirect");
        signal(SIGBUS, SIG_DFL); /* sanitizers have a handler of their own */
        ending_watch();
        act();
    }
    insist(waitpid(child, &status, 0) == child, "a child is lost");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static bool says(const char *expected)
{
    text said;
    get_file("said", &said);
    bool is_said = strcmp(said.data, expected) == 0;
    text_done(&said);
    return is_said;
}

bool shortened_walk(const char *folder, int number)
{
    insist(chdir(folder) == 0, folder);
    put_long("long");
    put_long("other");
    bool is_good =
        end_of(look_behind_end) == EXIT_IO &&
        says(
            "carpel: cannot read \"long\": it became shorter while it was in use, or the "
            "disk failed\n") &&
        end_of(crash_otherwise) == 1000 + SIGBUS && says("");
    printf("%s %d - faults: a file that becomes shorter while it is in use is named\n",
           is_good ? "ok" : "not ok", number);
    return is_good;
}
