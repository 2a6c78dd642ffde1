/* SPDX-License-Identifier: MIT
 *
 * Kills the process at a call for a file (LD_PRELOAD). DYING="NAME COUNT": NAME is a part of the file's path, COUNT the
 * call; 0: none, and how many there were is written to DYING_COUNT when the process ends.
 *
 * DYING_READS set: calls that read are counted; else those that change the file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_ulong calls;

static int is_meant(int fd, const char *name)
{
    char link[40], path[1024];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return 0;
    path[size] = '\0';
    return strstr(path, name) != NULL;
}

static void count(int fd, int is_read)
{
    const char *wanted = getenv("DYING");
    unsigned long at;
    char name[100];
    if (!wanted || sscanf(wanted, "%99s %lu", name, &at) != 2 ||
        is_read != (getenv("DYING_READS") != NULL) || !is_meant(fd, name))
        return;
    if (atomic_fetch_add(&calls, 1) + 1 == at)
        kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("DYING_COUNT");
    FILE *file = path && atomic_load(&calls) > 0 ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%lu\n", atomic_load(&calls));
    fclose(file);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t read(int fd, void *to, size_t size)
{
    count(fd, 1);
    return NEXT(read)(fd, to, size);
}

ssize_t pread64(int fd, void *to, size_t size, off64_t place)
{
    count(fd, 1);
    return NEXT(pread64)(fd, to, size, place);
}

ssize_t pread(int fd, void *to, size_t size, off_t place)
{
    count(fd, 1);
    return NEXT(pread)(fd, to, size, place);
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t place)
{
    count(fd, 0);
    return NEXT(pwrite64)(fd, from, size, place);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t place)
{
    count(fd, 0);
    return NEXT(pwrite)(fd, from, size, place);
}

int fsync(int fd)
{
    count(fd, 0);
    return NEXT(fsync)(fd);
}

int fdatasync(int fd)
{
    count(fd, 0);
    return NEXT(fdatasync)(fd);
}

int ftruncate64(int fd, off64_t size)
{
    count(fd, 0);
    return NEXT(ftruncate64)(fd, size);
}
