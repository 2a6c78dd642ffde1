/* SPDX-License-Identifier: MIT
 *
 * The words of a program.
 */
#include "exec/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/memory.h"
#include "common/buffer.h"

/* What access(2) says of FOLDER/NAME as a program, both seen from the directory. */
static int trouble_of(const char *directory, const char *folder, size_t folder_size,
                      const char *name)
{
    buffer path = {0};
    struct stat found;
    if (directory && folder[0] != '/')
        buffer_add(&path, directory);
    buffer_add(&path, path.size > 0 ? "/" : "");
    buffer_add_bytes(&path, folder, folder_size);
    buffer_add(&path, folder_size > 0 ? "/" : "");
    buffer_add(&path, name);
    int trouble = access(path.data, X_OK) != 0 ? errno : 0;
    if (trouble == 0 && stat(path.data, &found) == 0 && !S_ISREG(found.st_mode))
        trouble = EACCES;
    buffer_done(&path);
    return trouble;
}

/* 0, or why execvp would not find it. */
static int find_program(const char *name, const char *directory)
{
    const char *path = getenv("PATH");
    int trouble = ENOENT;
    if (strchr(name, '/'))
        return trouble_of(name[0] == '/' ? NULL : directory, "", 0, name);
    for (path = path ? path : "/bin:/usr/bin"; path;) {
        size_t size = strcspn(path, ":");
        int why = trouble_of(directory, path, size, name);
        if (why == 0)
            return 0;
        trouble = why == EACCES ? why : trouble;
        path = path[size] == ':' ? path + size + 1 : NULL;
    }
    return trouble;
}

/* "python3 tap.py" as the list that was meant. */
static bool fail_command_line(const char *line, carpel_error *err)
{
    buffer list = {0};
    for (const char *at = line; *at != '\0'; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        buffer_add(&list, list.size > 0 && *at != '\0' ? ", " : "");
        buffer_add_bytes(&list, at, strcspn(at, " "));
    }
    carpel_fail(err, CARPEL_E_INPUT,
                "cannot run \"%.200s\": no shell takes it apart, so its words have to be "
                "a list: program: [%.200s]",
                line, list.data);
    buffer_done(&list);
    return false;
}

bool words_check(const carpel_texts *words, const char *directory, carpel_error *err)
{
    const char *first = words->count > 0 ? words->items[0] : "";
    if (first[strspn(first, " ")] == '\0')
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"program\" begins with an empty word; write the program and "
                           "its arguments, such as: program: [python3, tap.py]");
    bool is_line = words->count == 1 && strchr(first, ' ');
    if (is_line && find_program(first, directory) != 0)
        return fail_command_line(first, err);
    return true;
}

carpel_reach words_reach(const carpel_texts *words, const char *directory,
                         carpel_error *err)
{
    if (!words_check(words, directory, err))
        return CARPEL_NO_DATA;
    int why = find_program(words->items[0], directory);
    if (why == 0)
        return CARPEL_REACHED;
    carpel_fail(err, CARPEL_E_INPUT, "cannot run \"%s\": %s", words->items[0],
                strerror(why));
    return CARPEL_NO_DATA;
}
