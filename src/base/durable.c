/* SPDX-License-Identifier: MIT
 *
 * Files with a buffer before them, synced at their end; folders are synced as files are.
 */
#include "base/durable.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/file.h"
#include "base/leftovers.h"
#include "base/memory.h"
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

/* Write the bytes beside the path, in the place of what a killed process left there. */
static bool write_beside(const char *path, const char *data, size_t size,
                         carpel_error *err)
{
    if (!file_remove(path, err))
        return false;
    durable_file *f = durable_create(path, err);
    if (!f)
        return false;
    if (durable_write(f, data, size, err))
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
    bool is_good = write_beside(beside.data, data, size, err);
    if (is_good && system_rename(beside.data, path) != 0) {
        is_good = fail_errno(err, "cannot write", path);
        system_unlink(beside.data);
    }
    text_done(&beside);
    if (is_good) /* the new bytes stand there */
        sync_folder_of(path);
    return is_good;
}
