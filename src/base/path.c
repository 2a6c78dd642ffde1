/* SPDX-License-Identifier: MIT
 *
 * Paths: their parts, where they lead, and whether two of them lead to one file.
 */
#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"
#include "base/text.h"

enum { LINKS_FOLLOWED = 40 };

char *path_join(const char *directory, const char *name)
{
    if (name[0] == '/' || directory[0] == '\0')
        return memory_copy_string(name);
    text joined;
    text_init(&joined);
    text_append(&joined, directory);
    if (joined.data[joined.size - 1] != '/')
        text_append_char(&joined, '/');
    text_append(&joined, name);
    return joined.data;
}

char *path_directory(const char *path)
{
    size_t size = (size_t)(path_base(path) - path);
    if (size == 0)
        return memory_copy_string(".");
    while (size > 1 && path[size - 1] == '/')
        size--;
    return memory_copy_text(path, size);
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

char *path_resolve(const char *path)
{
    char *real = system_realpath(path);
    if (real == NULL)
        return NULL;
    char *copy = memory_copy_string(real);
    system_free(real);
    return copy;
}

/* A copy without slashes at the end. */
static char *trim_slashes(const char *path)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    return memory_copy_text(path, size);
}

/* "a/b" under the folder, where "." and ".." are steps. */
static char *resolve_step(const char *folder, const char *name)
{
    if (name[0] == '\0' || strcmp(name, ".") == 0)
        return memory_copy_string(folder);
    return strcmp(name, "..") == 0 ? path_directory(folder) : path_join(folder, name);
}

/* What a link says, seen from where it stands; NULL when it is no link. */
static char *read_link(const char *path)
{
    char target[PATH_MAX];
    ssize_t size = system_readlink(path, target, sizeof target - 1);
    if (size < 0)
        return NULL;
    target[size] = '\0';
    char *folder = path_directory(path);
    char *joined = path_join(folder, target);
    memory_free(folder);
    return joined;
}

static char *resolve(const char *path, unsigned links_left)
{
    char *real = path_resolve(path);
    if (real != NULL || errno != ENOENT)
        return real;
    char *link = read_link(path);
    if (link != NULL) {
        real = links_left > 0 ? resolve(link, links_left - 1) : NULL;
        errno = links_left > 0 ? errno : ELOOP;
        memory_free(link);
        return real;
    }
    char *trimmed = trim_slashes(path);
    char *folder = path_directory(trimmed);
    char *real_folder = resolve(folder, links_left);
    if (real_folder != NULL)
        real = resolve_step(real_folder, path_base(trimmed));
    memory_free(real_folder);
    memory_free(folder);
    memory_free(trimmed);
    return real;
}

char *path_destination(const char *path)
{
    return resolve(path, LINKS_FOLLOWED);
}

/* Each letter of a name as its other form, in place; false when it has none. */
static bool swap_case(char *name)
{
    bool has_letters = false;
    for (; *name != '\0'; name++) {
        bool is_letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
        *name = (char)(is_letter ? *name ^ 0x20 : *name);
        has_letters |= is_letter;
    }
    return has_letters;
}

/* Does the file system of a folder take "Out" and "oUT" for one name? Asked of the folder's
 * own name; without a letter in it, of the folder above. */
static bool ignores_case(const char *folder)
{
    struct stat own, other;
    char *swapped = memory_copy_string(folder);
    bool is_one = false;
    if (swap_case(swapped + (path_base(folder) - folder)))
        is_one = system_stat(folder, &own) == 0 && system_stat(swapped, &other) == 0 &&
                 own.st_dev == other.st_dev && own.st_ino == other.st_ino;
    memory_free(swapped);
    return is_one;
}

static void append_inode(text *out, const struct stat *st)
{
    text_append_format(out, "%llu:%llu", (unsigned long long)st->st_dev,
                       (unsigned long long)st->st_ino);
}

/* Of a file that is not there yet: its folder and its name. */
static void append_place(text *out, const char *destination)
{
    struct stat st;
    char *folder = path_directory(destination);
    char *name = memory_copy_string(path_base(destination));
    if (ignores_case(folder))
        for (char *at = name; *at != '\0'; at++)
            *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 0x20 : *at);
    if (system_stat(folder, &st) == 0)
        append_inode(out, &st);
    else
        text_append(out, folder);
    text_append_format(out, "/%s", name);
    memory_free(name);
    memory_free(folder);
}

char *file_identity(const char *path)
{
    struct stat st;
    text out;
    text_init(&out);
    char *destination = NULL;
    if (system_stat(path, &st) == 0)
        append_inode(&out, &st);
    else if ((destination = path_destination(path)) == NULL)
        text_append(&out, path);
    else if (system_stat(destination, &st) == 0) /* "new/../file": "new" is to be made */
        append_inode(&out, &st);
    else
        append_place(&out, destination);
    memory_free(destination);
    return out.data;
}

bool file_is_same(const char *one, const char *other)
{
    char *a = file_identity(one), *b = file_identity(other);
    bool is_same = strcmp(a, b) == 0;
    memory_free(a);
    memory_free(b);
    return is_same;
}

bool path_is_taken(const char *path)
{
    struct stat st;
    return system_lstat(path, &st) == 0;
}

bool path_look(const char *path, bool *is_taken, carpel_error *err)
{
    struct stat st;
    *is_taken = system_lstat(path, &st) == 0;
    return *is_taken || errno == ENOENT || errno == ENOTDIR ||
           fail_errno(err, "cannot open", path);
}
