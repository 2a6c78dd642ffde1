/* SPDX-License-Identifier: MIT
 *
 * Small pieces are put together, large ones go by themselves.
 */
#include "base/duct.h"

#include <poll.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"

enum { BLOCK_BYTES = 64 * 1024, PIPE_BYTES = 1024 * 1024, LOOK_MILLISECONDS = 50 };

struct duct_writer {
    int fd;
    bool is_broken;
    size_t used;
    char block[BLOCK_BYTES];
};

struct duct_reader {
    int fd;
    void (*wait)(void *context);
    void *context;
    size_t at, used;
    char block[BLOCK_BYTES];
};

bool duct_open(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    (void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES); /* else it is a smaller one */
    return true;
}

void duct_close(int fd)
{
    if (fd >= 0)
        system_close(fd);
}

duct_writer *duct_writer_new(int fd)
{
    duct_writer *w = memory_alloc(sizeof *w);
    w->fd = fd;
    w->used = 0;
    w->is_broken = false;
    return w;
}

void duct_writer_free(duct_writer *w)
{
    if (!w)
        return;
    system_close(w->fd);
    memory_free(w);
}

static void write_all(duct_writer *w, const char *bytes, size_t size)
{
    while (size > 0 && !w->is_broken) {
        ssize_t put = system_write(w->fd, bytes, size);
        w->is_broken = put < 0 && errno != EINTR;
        size_t done = put > 0 ? (size_t)put : 0;
        bytes += done;
        size -= done;
    }
}

bool duct_flush(duct_writer *w)
{
    write_all(w, w->block, w->used);
    w->used = 0;
    return !w->is_broken;
}

void duct_put(duct_writer *w, const void *bytes, size_t size)
{
    if (size > BLOCK_BYTES - w->used)
        duct_flush(w);
    if (size > BLOCK_BYTES / 2) {
        duct_flush(w);
        write_all(w, bytes, size);
    } else if (size > 0) {
        memcpy(w->block + w->used, bytes, size);
        w->used += size;
    }
}

duct_reader *duct_reader_new(int fd, void (*wait)(void *context), void *context)
{
    duct_reader *r = memory_alloc(sizeof *r);
    r->fd = fd;
    r->wait = wait;
    r->context = context;
    r->at = r->used = 0;
    return r;
}

void duct_reader_free(duct_reader *r)
{
    if (!r)
        return;
    system_close(r->fd);
    memory_free(r);
}

/* As much as there is, once there is anything; 0: the writer is gone. */
static size_t read_some(duct_reader *r, char *out, size_t size)
{
    for (;;) {
        struct pollfd one = {.fd = r->fd, .events = POLLIN};
        if (poll(&one, 1, LOOK_MILLISECONDS) <= 0) {
            r->wait(r->context);
            continue;
        }
        ssize_t got = system_read(r->fd, out, size);
        if (got >= 0)
            return (size_t)got;
        if (errno != EINTR)
            return 0;
    }
}

bool duct_get(duct_reader *r, void *out, size_t size)
{
    char *to = out;
    while (size > 0) {
        size_t there = r->used - r->at;
        if (there == 0 && size >= BLOCK_BYTES) {
            size_t got = read_some(r, to, size);
            if (got == 0)
                return false;
            to += got;
            size -= got;
            continue;
        }
        if (there == 0) {
            r->at = 0;
            r->used = there = read_some(r, r->block, BLOCK_BYTES);
            if (there == 0)
                return false;
        }
        size_t part = there < size ? there : size;
        memcpy(to, r->block + r->at, part);
        r->at += part;
        to += part;
        size -= part;
    }
    return true;
}
