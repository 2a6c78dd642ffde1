/* SPDX-License-Identifier: MIT
 *
 * flock on a file that nobody removes.
 */
#include "base/file_lock.h"

#include "base/memory.h"
#include "base/system.h"

struct file_lock {
    int fd;
};

file_lock *file_lock_new(const char *path, bool *is_busy, carpel_error *err)
{
    *is_busy = false;
    int fd = system_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) {
        fail_errno(err, "cannot write", path);
        return NULL;
    }
    if (system_flock(fd, LOCK_EX | LOCK_NB) != 0) {
        *is_busy = errno == EWOULDBLOCK;
        fail_errno(err, "cannot lock", path);
        system_close(fd);
        return NULL;
    }
    file_lock *l = memory_alloc(sizeof *l);
    l->fd = fd;
    return l;
}

void file_lock_free(file_lock *l)
{
    if (!l)
        return;
    system_close(l->fd);
    memory_free(l);
}
