/* SPDX-License-Identifier: MIT
 *
 * Whole files, and files that appear whole or not at all: a new file is written under a
 * name of its own in the same folder, synced, and renamed.
 */
#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/resolved.h"
#include "base/system.h"

enum { READ_PIECE = 64 * 1024 };

static bool fail_too_large(const char *path, size_t limit_bytes, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_LIMIT,
                       "\"%s\" is larger than the limit of %zu bytes", path, limit_bytes);
}

/* What a path leads to, when it is not a regular file. */
static const char *kind_of_file(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR: return "a folder";
    case S_IFIFO: return "a pipe";
    case S_IFSOCK: return "a socket";
    case S_IFCHR:
    case S_IFBLK: return "a device";
    default: return "no regular file";
    }
}

static bool fail_kind(const char *path, mode_t mode, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" is %s, and a file is needed", path,
                       kind_of_file(mode));
}

/* Opening a socket fails without telling what it is. */
static bool fail_open(const char *path, carpel_error *err)
{
    struct stat st;
    int reason = errno;
    if (reason == ENXIO && system_stat(path, &st) == 0 && !S_ISREG(st.st_mode))
        return fail_kind(path, st.st_mode, err);
    errno = reason;
    return fail_errno(err, "cannot open", path);
}

static bool check_regular(int fd, const char *path, carpel_error *err)
{
    struct stat st;
    if (system_fstat(fd, &st) != 0)
        return fail_errno(err, "cannot read", path);
    return S_ISREG(st.st_mode) || fail_kind(path, st.st_mode, err);
}

/* Refuse what is known to be too large before it is read. */
static bool check_size(int fd, const char *path, size_t limit_bytes, carpel_error *err)
{
    struct stat st;
    if (system_fstat(fd, &st) != 0)
        return fail_errno(err, "cannot read", path);
    return (uint64_t)st.st_size <= limit_bytes || fail_too_large(path, limit_bytes, err);
}

static bool read_all(int fd, const char *path, size_t limit_bytes, text *out,
                     carpel_error *err)
{
    char *piece = memory_alloc(READ_PIECE);
    size_t total = 0;
    bool ok = false;
    for (;;) {
        ssize_t got = system_read(fd, piece, READ_PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fail_errno(err, "cannot read", path);
            break;
        }
        if (got == 0) {
            ok = true;
            break;
        }
        if ((size_t)got > limit_bytes - total) {
            fail_too_large(path, limit_bytes, err);
            break;
        }
        total += (size_t)got;
        text_append_bytes(out, piece, (size_t)got);
    }
    memory_free(piece);
    return ok;
}

bool file_write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t put = system_write(fd, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        data += put;
        size -= (size_t)put;
    }
    return true;
}

/* Create an empty file beside `path`, and put its name into `aside`. */
static int create_aside(const char *path, text *aside)
{
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        text_clear(aside);
        text_append_format(aside, "%s.%ld-%u.tmp", path, (long)getpid(), attempt);
        int fd = system_open(aside->data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

/* Write, sync and close; a file that is replaced hands its mode on. */
static bool fill(int fd, const char *path, const char *data, size_t size)
{
    struct stat st;
    bool ok =
        file_write_all(fd, data, size) &&
        (system_stat(path, &st) != 0 || system_fchmod(fd, st.st_mode & 0777) == 0) &&
        system_fsync(fd) == 0;
    int reason = errno;
    if (system_close(fd) != 0 && ok)
        return false;
    errno = reason;
    return ok;
}

/* Make a rename last; a folder that cannot be synced is no failure. */
static void sync_directory_of(const char *path)
{
    char *directory = path_directory(path);
    (void)directory_sync(directory);
    memory_free(directory);
}

/* With errno when it could not be opened. */
static bool take_regular(int opened, const char *path, int *fd, carpel_error *err)
{
    *fd = -1;
    if (opened < 0)
        return fail_open(path, err);
    if (!check_regular(opened, path, err)) {
        system_close(opened);
        return false;
    }
    *fd = opened;
    return true;
}

bool file_open_regular(const char *path, int *fd, carpel_error *err)
{
    int opened = system_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0);
    return take_regular(opened, path, fd, err);
}

/* All of it; the file is closed. */
static bool read_opened(int fd, const char *path, size_t limit_bytes, text *out,
                        carpel_error *err)
{
    bool ok = check_size(fd, path, limit_bytes, err) &&
              read_all(fd, path, limit_bytes, out, err);
    bool is_closed = system_close(fd) == 0;
    return ok && (is_closed || fail_errno(err, "cannot read", path));
}

bool file_read(const char *path, size_t limit_bytes, text *out, carpel_error *err)
{
    int fd;
    return file_open_regular(path, &fd, err) &&
           read_opened(fd, path, limit_bytes, out, err);
}

static bool read_part(int fd, const char *path, uint64_t place, size_t most_bytes,
                      text *out, carpel_error *err)
{
    char buffer[16384];
    while (most_bytes > 0) {
        size_t wanted = most_bytes < sizeof buffer ? most_bytes : sizeof buffer;
        ssize_t got = system_pread(fd, buffer, wanted, (off_t)place);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, "cannot read", path);
        if (got == 0)
            return true;
        text_append_bytes(out, buffer, (size_t)got);
        most_bytes -= (size_t)got;
        place += (uint64_t)got;
    }
    return true;
}

bool file_read_open(int fd, const char *path, size_t limit_bytes, text *out,
                    carpel_error *err)
{
    return check_size(fd, path, limit_bytes, err) &&
           read_part(fd, path, 0, limit_bytes, out, err);
}

bool file_read_part(const char *path, uint64_t place, size_t most_bytes, text *out,
                    carpel_error *err)
{
    int fd;
    if (!file_open_regular(path, &fd, err))
        return false;
    bool ok = read_part(fd, path, place, most_bytes, out, err);
    bool is_closed = system_close(fd) == 0;
    return ok && (is_closed || fail_errno(err, "cannot read", path));
}

bool file_read_beginning(const char *path, size_t most_bytes, text *out,
                         carpel_error *err)
{
    return file_read_part(path, 0, most_bytes, out, err);
}

/* With its mark, or by the zero that every Latin letter has in one of its two bytes. */
static bool is_utf16(slice s)
{
    return slice_starts_with(s, slice_of("\xFF\xFE")) ||
           slice_starts_with(s, slice_of("\xFE\xFF")) ||
           (s.size >= 2 && (s.data[0] == '\0') != (s.data[1] == '\0'));
}

/* Lines that end in CR alone would be one line, and all of it a comment behind a `#`. */
static bool has_cr_lines(slice s)
{
    const char *found = memchr(s.data, '\r', s.size);
    return found && found + 1 < s.data + s.size && !memchr(s.data, '\n', s.size);
}

static bool check_text(slice added, const char *path, carpel_error *err)
{
    if (is_utf16(added))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is UTF-16; save it as UTF-8 first", path);
    if (has_cr_lines(added))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" ends its lines in CR alone; save it with LF first",
                           path);
    return true;
}

bool file_read_text(const char *path, size_t limit_bytes, text *out, carpel_error *err)
{
    size_t before = out->size;
    return file_read(path, limit_bytes, out, err) &&
           check_text((slice){out->data + before, out->size - before}, path, err);
}

bool file_read_resolved_text(const char *path, const char *real_path, size_t limit_bytes,
                             text *out, carpel_error *err)
{
    int fd, opened = resolved_open(real_path);
    size_t before = out->size;
    if (opened < 0 && (errno == ELOOP || errno == ENOTDIR))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" was replaced by a link while it was read; try again",
                           path);
    return take_regular(opened, path, &fd, err) &&
           read_opened(fd, path, limit_bytes, out, err) &&
           check_text((slice){out->data + before, out->size - before}, path, err);
}

bool file_write_whole(const char *path, const char *data, size_t size, carpel_error *err)
{
    char *target = path_destination(path);
    if (target == NULL)
        return fail_errno(err, "cannot write", path);
    text aside;
    text_init(&aside);
    int fd = create_aside(target, &aside);
    bool ok =
        fd >= 0 && fill(fd, target, data, size) && system_rename(aside.data, target) == 0;
    if (ok) {
        sync_directory_of(target);
    } else {
        fail_errno(err, "cannot write", path);
        if (fd >= 0)
            system_unlink(aside.data);
    }
    text_done(&aside);
    memory_free(target);
    return ok;
}

bool file_remove(const char *path, carpel_error *err)
{
    return system_unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR ||
           fail_errno(err, "cannot remove", path);
}

bool file_write_now(int fd, const char *data, size_t size)
{
    struct pollfd end = {.fd = fd, .events = POLLOUT};
    return poll(&end, 1, 0) == 1 && (end.revents & POLLOUT) != 0 &&
           system_write(fd, data, size) == (ssize_t)size;
}

bool file_exists(const char *path)
{
    struct stat st;
    return system_stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

static int64_t nanoseconds_of(const struct timespec *t)
{
    return (int64_t)t->tv_sec * INT64_C(1000000000) + (int64_t)t->tv_nsec;
}

bool file_look(const char *path, file_facts *out)
{
    struct stat st;
    *out = (file_facts){0};
    if (system_stat(path, &st) != 0)
        return false;
    out->is_regular = S_ISREG(st.st_mode);
    out->bytes = (uint64_t)st.st_size;
    out->modified = nanoseconds_of(&st.st_mtim);
    out->touched = nanoseconds_of(&st.st_ctim);
    return true;
}
