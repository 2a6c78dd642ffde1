/* SPDX-License-Identifier: MIT
 *
 * system -- the calls for memory and files of the machine, each by one name.
 *
 * src/base calls these and nothing beside them; the rest of src calls src/base
 * (scripts/check-calls). So a test can let any of them fail (base/fault.h). They take,
 * return and set errno as the call without "system_"; one that ends something, such as
 * system_close, ends it also when it is told to fail.
 */
#ifndef BASE_SYSTEM_H
#define BASE_SYSTEM_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"

/* ---- memory --------------------------------------------------------------- */

static inline void *system_malloc(size_t size)
{
    return fault_strikes(FAULT_MEMORY, "malloc") ? NULL : malloc(size);
}

static inline void *system_calloc(size_t count, size_t size)
{
    return fault_strikes(FAULT_MEMORY, "calloc") ? NULL : calloc(count, size);
}

static inline void *system_realloc(void *block, size_t size)
{
    return fault_strikes(FAULT_MEMORY, "realloc") ? NULL : realloc(block, size);
}

/* NULL: there is no memory; errno is as it was. */
static inline void *system_memalign(size_t alignment, size_t size)
{
    void *block = NULL;
    if (fault_strikes(FAULT_MEMORY, "posix_memalign"))
        return NULL;
    return posix_memalign(&block, alignment, size) == 0 ? block : NULL;
}

/* What is mapped there of a file is read from it again when it is looked at. */
static inline void system_let_go(void *begin, size_t size)
{
    madvise(begin, size, MADV_DONTNEED);
}

/* Ask for large pages; where the machine has none, nothing changes. */
static inline void system_want_large_pages(void *begin, size_t size)
{
#ifdef MADV_HUGEPAGE
    madvise(begin, size, MADV_HUGEPAGE);
#else
    (void)begin;
    (void)size;
#endif
}

static inline void system_free(void *block)
{
    free(block);
}

/* ---- open files ------------------------------------------------------------- */

static inline int system_open(const char *path, int flags, mode_t mode)
{
    int fd = fault_strikes(FAULT_FILE, "open") ? -1 : open(path, flags, mode);
    if (fd >= 0)
        fault_tell(&(fault_change){CHANGE_OPEN, .path = path, .flags = flags, .fd = fd});
    return fd;
}

/* For reading: no change is told. */
static inline int system_openat(int folder, const char *name, int flags)
{
    return fault_strikes(FAULT_FILE, "openat") ? -1 : openat(folder, name, flags);
}

static inline ssize_t system_read(int fd, void *out, size_t size)
{
    return fault_strikes(FAULT_FILE, "read") ? -1 : read(fd, out, size);
}

static inline int system_getentropy(void *out, size_t size)
{
    return fault_strikes(FAULT_FILE, "getentropy") ? -1 : getentropy(out, size);
}

static inline ssize_t system_pread(int fd, void *out, size_t size, off_t place)
{
    return fault_strikes(FAULT_FILE, "pread") ? -1 : pread(fd, out, size, place);
}

static inline ssize_t system_write(int fd, const void *data, size_t size)
{
    ssize_t put = fault_strikes(FAULT_FILE, "write") ? -1 : write(fd, data, size);
    if (put > 0)
        fault_tell(
            &(fault_change){CHANGE_WRITE, .fd = fd, .data = data, .size = (size_t)put});
    return put;
}

static inline int system_fstat(int fd, struct stat *out)
{
    return fault_strikes(FAULT_FILE, "fstat") ? -1 : fstat(fd, out);
}

static inline int system_fchmod(int fd, mode_t mode)
{
    return fault_strikes(FAULT_FILE, "fchmod") ? -1 : fchmod(fd, mode);
}

static inline int system_fchown(int fd, uid_t user, gid_t group)
{
    return fault_strikes(FAULT_FILE, "fchown") ? -1 : fchown(fd, user, group);
}

static inline int system_fsync(int fd)
{
    int result = fault_strikes(FAULT_FILE, "fsync") ? -1 : fsync(fd);
    if (result == 0)
        fault_tell(&(fault_change){CHANGE_SYNC, .fd = fd});
    return result;
}

static inline int system_flock(int fd, int operation)
{
    return fault_strikes(FAULT_FILE, "flock") ? -1 : flock(fd, operation);
}

static inline int system_close(int fd)
{
    fault_tell(
        &(fault_change){CHANGE_CLOSE, .fd = fd}); /* before another gets its number */
    int result = close(fd);
    return fault_strikes(FAULT_FILE, "close") ? -1 : result;
}

/* A view of the first `size` bytes, to read only; MAP_FAILED with errno. */
static inline void *system_map(int fd, size_t size)
{
    return fault_strikes(FAULT_FILE, "mmap")
               ? MAP_FAILED
               : mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
}

/* Memory that a child process has in common with its parent; MAP_FAILED: there is none. */
static inline void *system_mmap_common(size_t size)
{
    return fault_strikes(FAULT_MEMORY, "mmap") ? MAP_FAILED
                                               : mmap(NULL, size, PROT_READ | PROT_WRITE,
                                                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static inline int system_unmap(void *begin, size_t size)
{
    return munmap(begin, size);
}

/* ---- names of files ----------------------------------------------------------- */

static inline int system_stat(const char *path, struct stat *out)
{
    return fault_strikes(FAULT_FILE, "stat") ? -1 : stat(path, out);
}

static inline int system_lstat(const char *path, struct stat *out)
{
    return fault_strikes(FAULT_FILE, "lstat") ? -1 : lstat(path, out);
}

static inline int system_access(const char *path, int mode)
{
    return fault_strikes(FAULT_FILE, "access") ? -1 : access(path, mode);
}

static inline int system_rename(const char *from, const char *to)
{
    int result = fault_strikes(FAULT_FILE, "rename") ? -1 : rename(from, to);
    if (result == 0)
        fault_tell(&(fault_change){CHANGE_RENAME, .path = from, .to = to});
    return result;
}

static inline int system_link(const char *from, const char *to)
{
    int result = fault_strikes(FAULT_FILE, "link") ? -1 : link(from, to);
    if (result == 0)
        fault_tell(&(fault_change){CHANGE_LINK, .path = from, .to = to});
    return result;
}

static inline int system_unlink(const char *path)
{
    int result = fault_strikes(FAULT_FILE, "unlink") ? -1 : unlink(path);
    if (result == 0)
        fault_tell(&(fault_change){CHANGE_UNLINK, .path = path});
    return result;
}

static inline ssize_t system_readlink(const char *path, char *out, size_t size)
{
    return fault_strikes(FAULT_FILE, "readlink") ? -1 : readlink(path, out, size);
}

/* Release with system_free. */
static inline char *system_realpath(const char *path)
{
    return fault_strikes(FAULT_FILE, "realpath") ? NULL : realpath(path, NULL);
}

/* ---- folders ---------------------------------------------------------------------- */

static inline int system_mkdir(const char *path, mode_t mode)
{
    int result = fault_strikes(FAULT_FILE, "mkdir") ? -1 : mkdir(path, mode);
    if (result == 0)
        fault_tell(&(fault_change){CHANGE_MKDIR, .path = path});
    return result;
}

static inline char *system_mkdtemp(char *path)
{
    char *made = fault_strikes(FAULT_FILE, "mkdtemp") ? NULL : mkdtemp(path);
    if (made)
        fault_tell(&(fault_change){CHANGE_MKDIR, .path = path});
    return made;
}

static inline int system_rmdir(const char *path)
{
    int result = fault_strikes(FAULT_FILE, "rmdir") ? -1 : rmdir(path);
    if (result == 0)
        fault_tell(&(fault_change){CHANGE_RMDIR, .path = path});
    return result;
}

static inline DIR *system_opendir(const char *path)
{
    return fault_strikes(FAULT_FILE, "opendir") ? NULL : opendir(path);
}

/* errno is 0 at the end, as it is not when reading failed. */
static inline struct dirent *system_readdir(DIR *folder)
{
    errno = 0;
    return fault_strikes(FAULT_FILE, "readdir") ? NULL : readdir(folder);
}

static inline int system_closedir(DIR *folder)
{
    int result = closedir(folder);
    return fault_strikes(FAULT_FILE, "closedir") ? -1 : result;
}

#endif
