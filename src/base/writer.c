/* SPDX-License-Identifier: MIT
 *
 * A buffer before the calls of the machine.
 */
#include "base/writer.h"

#include <string.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/system.h"

enum { BUFFER_SIZE = 64 * 1024 };

struct writer {
    char *path;
    int fd; /* -1: closed */
    size_t size;
    char buffer[BUFFER_SIZE];
};

static bool flush(writer *w)
{
    for (size_t at = 0; at < w->size;) {
        ssize_t put = system_write(w->fd, w->buffer + at, w->size - at);
        if (put < 0 && errno != EINTR)
            return false;
        at += put > 0 ? (size_t)put : 0;
    }
    w->size = 0;
    return true;
}

static bool close_file(writer *w)
{
    int fd = w->fd;
    w->fd = -1;
    return system_close(fd) == 0;
}

static int open_locked(const char *path)
{
    int fd = system_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0 || system_flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    int reason = errno;
    system_unlink(path);
    system_close(fd);
    errno = reason;
    return -1;
}

writer *writer_open(const char *path, carpel_error *err)
{
    writer *w = memory_alloc(sizeof *w);
    w->path = memory_copy_string(path);
    int fd = open_locked(path);
    if (fd < 0) {
        fail_errno(err, "cannot write", path);
        memory_free(w->path);
        memory_free(w);
        return NULL;
    }
    w->fd = fd;
    w->size = 0;
    return w;
}

bool writer_put(writer *w, const char *data, size_t size, carpel_error *err)
{
    while (size > 0) {
        size_t room = BUFFER_SIZE - w->size, part = size < room ? size : room;
        memcpy(w->buffer + w->size, data, part);
        w->size += part;
        data += part;
        size -= part;
        if (w->size == BUFFER_SIZE && !flush(w))
            return fail_errno(err, "cannot write", w->path);
    }
    return true;
}

bool writer_finish(writer *w, const char *path, carpel_error *err)
{
    bool ok = flush(w) && system_fsync(w->fd) == 0 && close_file(w) &&
              system_rename(w->path, path) == 0;
    if (!ok) {
        int reason = errno;
        fail_errno(err, "cannot write", path);
        writer_drop(w);
        errno = reason; /* also for who asks for it */
        return false;
    }
    memory_free(w->path);
    memory_free(w);
    return true;
}

void writer_drop(writer *w)
{
    if (w == NULL)
        return;
    if (w->fd >= 0)
        close_file(w);
    if (system_unlink(w->path) != 0) /* once more: nothing else removes it */
        (void)system_unlink(w->path);
    memory_free(w->path);
    memory_free(w);
}

/* Does nobody hold the file's lock? */
static bool is_abandoned(const char *path)
{
    int fd = system_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
    bool is_free = fd >= 0 && system_flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (fd >= 0)
        system_close(fd);
    return is_free;
}

static bool is_part_of(const char *name, const char *base)
{
    slice s = slice_of(name);
    size_t size = strlen(base);
    return slice_starts_with(s, slice_of(base)) && name[size] == '.' &&
           s.size > size + 5 && strcmp(name + s.size - 5, ".part") == 0;
}

bool writer_remove_abandoned(const char *path, carpel_error *err)
{
    path_list names = {0};
    char *folder = path_directory(path);
    bool ok = directory_list(folder, &names) || errno == ENOENT || errno == ENOTDIR ||
              fail_errno(err, "cannot list", folder);
    for (size_t i = 0; ok && i < names.count; i++) {
        if (!is_part_of(names.items[i], path_base(path)))
            continue;
        char *part = path_join(folder, names.items[i]);
        ok = !is_abandoned(part) || file_remove(part, err);
        memory_free(part);
    }
    path_list_done(&names);
    memory_free(folder);
    return ok;
}
