/* SPDX-License-Identifier: MIT */
#include "support.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "record.h"

#undef main
int carpel_main(int argc, char **argv); /* main() of src/app/main.c, renamed */

enum { SECONDS = 20 }; /* a command takes some milliseconds */

void insist(bool holds, const char *what)
{
    if (holds)
        return;
    printf("Bail out! %s\n", what);
    exit(EXIT_FAILURE);
}

void put_file(const char *name, const char *data)
{
    FILE *file = fopen(name, "w");
    insist(file && fputs(data, file) >= 0 && fclose(file) == 0, name);
}

void get_file(const char *name, text *out)
{
    carpel_error err;
    text_init(out);
    insist(file_read(name, SIZE_MAX / 2, out, &err), name);
}

static size_t count_names(const char *store, const char *folder)
{
    path_list names = {0};
    char *path = path_join(store, folder);
    insist(directory_list(path, &names), path);
    size_t count = names.count;
    path_list_done(&names);
    memory_free(path);
    return count;
}

static size_t count_lines(const text *manifest, const char *word)
{
    size_t count = 0;
    for (const char *at = manifest->data; (at = strstr(at, word)); at++)
        count++;
    return count;
}

bool has_only_named(const char *store)
{
    text manifest;
    char *path = path_join(store, "manifest");
    get_file(path, &manifest);
    bool has_others =
        count_names(store, "") != 4 || /* lock, manifest, parts, texts */
        count_names(store, "parts") !=
            count_lines(&manifest, "\npart ") + count_lines(&manifest, "\njoined ") ||
        count_names(store, "texts") != count_lines(&manifest, "\ntexts ");
    text_done(&manifest);
    memory_free(path);
    return !has_others;
}

static _Noreturn void be_carpel(const char *const *arguments, unsigned long long nth,
                                const char *record)
{
    char *all[16] = {(char *)"carpel"};
    int count = 1;
    for (; arguments[count - 1]; count++)
        all[count] = (char *)arguments[count - 1];
    alarm(SECONDS);
    insist(freopen("../out", "w", stdout) && freopen("../said", "w", stderr),
           "cannot redirect");
    setvbuf(stderr, NULL, _IONBF, 0); /* as it was before */
    if (record)
        record_process(record);
    fault_arm(FAULT_FILE, nth);
    exit(carpel_main(count, all));
}

int run_carpel(const char *const *arguments, unsigned long long nth, const char *record)
{
    int status;
    fflush(NULL);
    pid_t child = fork();
    insist(child >= 0, "cannot fork");
    if (child == 0)
        be_carpel(arguments, nth, record);
    insist(waitpid(child, &status, 0) == child, "a child is lost");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}
