/* SPDX-License-Identifier: MIT
 *
 * Writing aside, then renaming.
 */
#include "common/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/memory.h"

enum { BUFFER_SIZE = 128 * 1024 };

static bool fail_system(carpel_error *err, const char *what, const char *path, int reason)
{
    char buffer[128];
    return carpel_fail(err, CARPEL_E_SYSTEM, "cannot %s \"%s\": %s", what, path,
                       strerror_r(reason, buffer, sizeof buffer));
}

/* The length of the folder in front of the last part, without its slash. */
static size_t directory_size(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path);
}

/* Make the folders in front of the last part. */
static bool make_directories(const char *path, carpel_error *err)
{
    char *part = common_copy(path, directory_size(path));
    bool ok = true;
    for (char *at = part; ok && *at != '\0'; at++) {
        char *next = strchr(at + 1, '/');
        at = next != NULL ? next : at + strlen(at);
        char kept = *at;
        *at = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            ok = fail_system(err, "create the folder", part, errno);
        *at = kept;
        if (kept == '\0')
            break;
    }
    free(part);
    return ok;
}

/* What is there now: nothing, or a regular file that may be replaced. */
static bool check_place(const char *path, carpel_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0 || S_ISREG(st.st_mode))
        return true;
    return carpel_fail(err, CARPEL_E_INPUT, "cannot write \"%s\": %s", path,
                       S_ISDIR(st.st_mode) ? "it is a folder" : "it is no regular file");
}

/* The mode of the file that is replaced, or that of any new file. */
static bool set_mode(const aside *a)
{
    struct stat st;
    if (stat(a->path, &st) == 0)
        return fchmod(a->file, st.st_mode & 07777) == 0;
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(a->file, 0666 & ~mask) == 0;
}

static bool flush(aside *a)
{
    const char *data = a->buffer;
    while (a->failure == 0 && a->size > 0) {
        ssize_t put = write(a->file, data, a->size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0) {
            a->failure = errno;
            break;
        }
        data += put;
        a->size -= (size_t)put;
    }
    a->size = 0;
    return a->failure == 0;
}

/* Make the rename itself last; a folder that cannot be synced is no failure. */
static void sync_directory(const aside *a)
{
    size_t size = directory_size(a->path);
    const char *otherwise = a->path[0] == '/' ? "/" : ".";
    char *directory = size > 0 ? common_copy(a->path, size) : common_copy(otherwise, 1);
    int file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
        fsync(file);
        close(file);
    }
    free(directory);
}

static void release(aside *a)
{
    free(a->path);
    free(a->temporary);
    free(a->buffer);
    *a = (aside){.file = -1};
}

bool aside_open(aside *a, const char *path, carpel_error *err)
{
    *a = (aside){.file = -1};
    if (!check_place(path, err) || !make_directories(path, err))
        return false;
    char *real = realpath(path, NULL); /* a link keeps pointing at the new file */
    a->path = real != NULL ? real : common_copy(path, strlen(path));
    size_t size = strlen(a->path);
    a->temporary = common_resize(NULL, size + sizeof ".XXXXXX");
    memcpy(a->temporary, a->path, size);
    memcpy(a->temporary + size, ".XXXXXX", sizeof ".XXXXXX");
    a->file = mkostemp(a->temporary, O_CLOEXEC);
    if (a->file < 0) {
        fail_system(err, "write", path, errno);
        release(a);
        return false;
    }
    a->buffer = common_resize(NULL, BUFFER_SIZE);
    return true;
}

void aside_write(aside *a, const char *data, size_t size)
{
    while (size > 0) {
        size_t room = BUFFER_SIZE - a->size, part = size < room ? size : room;
        memcpy(a->buffer + a->size, data, part);
        a->size += part;
        data += part;
        size -= part;
        if (a->size == BUFFER_SIZE && !flush(a))
            return;
    }
}

bool aside_commit(aside *a, carpel_error *err)
{
    if (flush(a) && (!set_mode(a) || fsync(a->file) != 0))
        a->failure = errno;
    if (close(a->file) != 0 && a->failure == 0)
        a->failure = errno;
    a->file = -1;
    if (a->failure == 0 && rename(a->temporary, a->path) != 0)
        a->failure = errno;
    bool ok = a->failure == 0;
    if (ok) {
        sync_directory(a);
    } else {
        unlink(a->temporary);
        fail_system(err, "write", a->path, a->failure);
    }
    release(a);
    return ok;
}

void aside_abandon(aside *a)
{
    if (a->file >= 0)
        close(a->file);
    if (a->temporary != NULL)
        unlink(a->temporary);
    release(a);
}
