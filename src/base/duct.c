/* SPDX-License-Identifier: MIT
 *
 * Without a ring small pieces are put together, and large ones go by themselves.
 */
#include "base/duct.h"

#include <assert.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"
#include "base/ring.h"
#include "base/system.h"

enum { BLOCK_BYTES = 64 * 1024 };

struct duct_writer {
    ring_writer through; /* no ring: by its socket */
    size_t used;
    char *block; /* without a ring */
};

struct duct_reader {
    ring_reader through;
    size_t at, used;
    char *block;
};

size_t duct_ring_size(void)
{
    return sizeof(duct_ring);
}

duct_ring *duct_ring_init(void *memory)
{
    duct_ring *ring = memory;
    assert((uintptr_t)memory % _Alignof(duct_ring) == 0);
    atomic_store(&ring->put, 0);
    atomic_store(&ring->got, 0);
    atomic_store(&ring->writer_sleeps, 0);
    atomic_store(&ring->reader_sleeps, 0);
    atomic_store(&ring->is_written, 1);
    return ring;
}

bool duct_ring_is_free(const duct_ring *ring)
{
    return !atomic_load(&ring->is_written);
}

bool duct_open(int ends[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
}

void duct_close(int fd)
{
    if (fd >= 0)
        system_close(fd);
}

/* ---- writing ------------------------------------------------------------------------ */

duct_writer *duct_writer_new(int fd, duct_ring *ring, void (*wait)(void *context),
                             void *context)
{
    duct_writer *w = memory_alloc_zero(sizeof *w);
    w->through = (ring_writer){.ring = ring, .fd = fd, .wait = wait, .context = context};
    w->block = ring ? NULL : memory_alloc(BLOCK_BYTES);
    return w;
}

void duct_writer_free(duct_writer *w)
{
    if (!w)
        return;
    system_close(w->through.fd);
    if (w->through.ring)
        atomic_store(&w->through.ring->is_written, 0);
    memory_free(w->block);
    memory_free(w);
}

/* As much as there is room for; where somebody looks after the reader, it is not waited for in the system. */
static ssize_t write_some(const ring_writer *w, const char *bytes, size_t size)
{
    struct pollfd one = {.fd = w->fd, .events = POLLOUT};
    if (!w->wait)
        return system_write(w->fd, bytes, size);
    if (poll(&one, 1, RING_LOOK_MILLISECONDS) <= 0)
        w->wait(w->context);
    return send(w->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void write_all(ring_writer *w, const char *bytes, size_t size)
{
    while (size > 0 && !w->is_broken) {
        ssize_t put = write_some(w, bytes, size);
        w->is_broken = put < 0 && !ring_may_try_again(errno);
        size_t done = put > 0 ? (size_t)put : 0;
        bytes += done;
        size -= done;
    }
}

bool duct_flush(duct_writer *w)
{
    if (w->through.ring)
        ring_flush(&w->through);
    else
        write_all(&w->through, w->block, w->used);
    w->used = 0;
    return !w->through.is_broken;
}

void duct_put(duct_writer *w, const void *bytes, size_t size)
{
    if (w->through.ring) {
        ring_put(&w->through, bytes, size);
        return;
    }
    if (size > BLOCK_BYTES - w->used)
        duct_flush(w);
    if (size > BLOCK_BYTES / 2) {
        duct_flush(w);
        write_all(&w->through, bytes, size);
    } else if (size > 0) {
        memcpy(w->block + w->used, bytes, size);
        w->used += size;
    }
}

/* ---- reading ------------------------------------------------------------------------ */

duct_reader *duct_reader_new(int fd, duct_ring *ring, void (*wait)(void *context),
                             void *context)
{
    duct_reader *r = memory_alloc_zero(sizeof *r);
    r->through = (ring_reader){.ring = ring, .fd = fd, .wait = wait, .context = context};
    r->block = ring ? NULL : memory_alloc(BLOCK_BYTES);
    return r;
}

void duct_reader_free(duct_reader *r)
{
    if (!r)
        return;
    system_close(r->through.fd);
    memory_free(r->block);
    memory_free(r);
}

/* As much as there is, once there is anything; 0: the writer is gone. */
static size_t read_some(const ring_reader *r, char *out, size_t size)
{
    for (;;) {
        struct pollfd one = {.fd = r->fd, .events = POLLIN};
        if (poll(&one, 1, RING_LOOK_MILLISECONDS) <= 0) {
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
    if (r->through.ring)
        return ring_get(&r->through, out, size);
    while (size > 0) {
        size_t there = r->used - r->at;
        if (there == 0 && size >= BLOCK_BYTES) {
            size_t got = read_some(&r->through, to, size);
            if (got == 0)
                return false;
            to += got;
            size -= got;
            continue;
        }
        if (there == 0) {
            r->at = 0;
            r->used = there = read_some(&r->through, r->block, BLOCK_BYTES);
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
