/* SPDX-License-Identifier: MIT
 *
 * Files with a buffer before them, synced at their end; folders are synced as files are.
 */
#include "base/durable.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/leftovers.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/system.h"
#include "base/text.h"

enum { BUFFER_BYTES = 1 << 20 };

struct durable_file {
    int fd;
    char *path;
    char *buffer;
    size_t used;
};

/* What could not be written is not to be believed any more. */
static void end_process(const char *path)
{
    fprintf(stderr, "carpel: cannot write \"%s\" to the disk: %s\n", path,
            strerror(errno));
    leftovers_remove_all();
    _exit(EX_IOERR);
}

static void release(durable_file *f)
{
    memory_free(f->buffer);
    memory_free(f->path);
    memory_free(f);
}

static bool flush(durable_file *f, carpel_error *err)
{
    if (!file_write_all(f->fd, f->buffer, f->used))
        return fail_errno(err, "cannot write", f->path);
    f->used = 0;
    return true;
}

durable_file *durable_create(const char *path, carpel_error *err)
{
    int fd = system_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        fail_errno(err, "cannot write", path);
        return NULL;
    }
    durable_file *f = memory_alloc_zero(sizeof *f);
    f->fd = fd;
    f->path = memory_copy_string(path);
    f->buffer = memory_alloc(BUFFER_BYTES);
    return f;
}

bool durable_write(durable_file *f, const void *data, size_t size, carpel_error *err)
{
    const char *bytes = data;
    while (size > 0) {
        size_t room = BUFFER_BYTES - f->used, part = size < room ? size : room;
        memcpy(f->buffer + f->used, bytes, part);
        f->used += part;
        bytes += part;
        size -= part;
        if (f->used == BUFFER_BYTES && !flush(f, err))
            return false;
    }
    return true;
}

bool durable_finish(durable_file *f, carpel_error *err)
{
    if (!flush(f, err)) {
        durable_drop(f);
        return false;
    }
    if (system_fsync(f->fd) != 0)
        end_process(f->path);
    bool is_closed = system_close(f->fd) == 0 || fail_errno(err, "cannot write", f->path);
    if (!is_closed)
        system_unlink(f->path);
    release(f);
    return is_closed;
}

void durable_drop(durable_file *f)
{
    if (!f)
        return;
    system_close(f->fd);
    system_unlink(f->path);
    release(f);
}

void durable_sync_folder(const char *path)
{
    if (!directory_sync(path))
        end_process(path);
}

/* ---- rights --------------------------------------------------------------- */

/* Bits of a group that is not that of the file whose mode it is are those of everybody. */
static mode_t mode_for_others(mode_t mode)
{
    return (mode & ~(mode_t)S_IRWXG) | (mode & ((mode & S_IRWXO) << 3));
}

/* Who owns it is set first, as that may clear bits of the mode. False with errno. */
static bool set_rights(int fd, const struct stat *like)
{
    struct stat now;
    mode_t mode = like->st_mode & 0777;
    if (system_fstat(fd, &now) != 0)
        return false;
    bool has_group = now.st_gid == like->st_gid;
    if (now.st_uid != like->st_uid || !has_group)
        has_group = system_fchown(fd, like->st_uid, like->st_gid) == 0 ||
                    system_fchown(fd, (uid_t)-1, like->st_gid) == 0 || has_group;
    if (!has_group)
        mode = mode_for_others(mode);
    return (now.st_mode & 0777) == mode || system_fchmod(fd, mode) == 0;
}

static bool has_rights(const struct stat *now, const struct stat *like)
{
    return now->st_uid == like->st_uid && now->st_gid == like->st_gid &&
           (now->st_mode & 0777) == (like->st_mode & 0777);
}

bool durable_take_rights(const char *path, const char *from, carpel_error *err)
{
    struct stat like, now;
    if (system_stat(from, &like) != 0)
        return errno == ENOENT || fail_errno(err, "cannot read", from);
    if (system_stat(path, &now) == 0 && has_rights(&now, &like))
        return true;
    int fd = system_open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    bool is_good = fd >= 0 && set_rights(fd, &like);
    if (is_good && system_fsync(fd) != 0)
        end_process(path);
    is_good = is_good || fail_errno(err, "cannot set the rights of", path);
    if (fd >= 0)
        system_close(fd);
    return is_good;
}

/* ---- replacing ------------------------------------------------------------ */

/* The rights of what stands at the path, before any byte is there to be read. */
static bool keep_rights(const durable_file *f, const char *path, carpel_error *err)
{
    struct stat like;
    if (system_stat(path, &like) != 0)
        return errno == ENOENT || fail_errno(err, "cannot read", path);
    return set_rights(f->fd, &like) || fail_errno(err, "cannot set the rights of", path);
}

/* Write the bytes beside the path, in the place of what a killed process left there. */
static bool write_beside(const char *beside, const char *path, const char *data,
                         size_t size, carpel_error *err)
{
    if (!file_remove(beside, err))
        return false;
    durable_file *f = durable_create(beside, err);
    if (!f)
        return false;
    if (keep_rights(f, path, err) && durable_write(f, data, size, err))
        return durable_finish(f, err);
    durable_drop(f);
    return false;
}

static void sync_folder_of(const char *path)
{
    char *folder = path_directory(path);
    durable_sync_folder(folder);
    memory_free(folder);
}

bool durable_replace(const char *path, const char *data, size_t size, carpel_error *err)
{
    text beside;
    text_init(&beside);
    text_append_format(&beside, "%s.new", path);
    bool is_good = write_beside(beside.data, path, data, size, err);
    if (is_good && system_rename(beside.data, path) != 0) {
        is_good = fail_errno(err, "cannot write", path);
        system_unlink(beside.data);
    }
    text_done(&beside);
    if (is_good) /* the new bytes stand there */
        sync_folder_of(path);
    return is_good;
}
