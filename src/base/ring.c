/* SPDX-License-Identifier: MIT
 *
 * Each side works with its own count and tells the other one of it now and then: told for every few
 * bytes, both would wait for the same line of the cache all the time.
 */
#include "base/ring.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* So many bytes at once are worth waking somebody for. */
#define WORTH_WAKING (RING_BYTES / 4)

static const char WAKE = 'w';

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

bool ring_may_try_again(int number)
{
    return number == EINTR || number == EAGAIN || number == EWOULDBLOCK;
}

static bool wake(int fd)
{
    ssize_t sent = send(fd, &WAKE, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent == 1 || ring_may_try_again(errno);
}

typedef enum heard { HEARD_NOTHING, HEARD_WAKE, HEARD_END, HEARD_NOISE } heard;

/* Wait at the socket, but not for ever where there is something else to look after. */
static heard listen_at(int fd, int milliseconds)
{
    char bytes[16];
    struct pollfd one = {.fd = fd, .events = POLLIN};
    if (poll(&one, 1, milliseconds) <= 0)
        return HEARD_NOTHING;
    ssize_t size = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (size == 0)
        return HEARD_END;
    if (size < 0)
        return ring_may_try_again(errno) ? HEARD_NOTHING : HEARD_END;
    for (ssize_t i = 0; i < size; i++)
        if (bytes[i] != WAKE)
            return HEARD_NOISE;
    return HEARD_WAKE;
}

/* ---- writing ------------------------------------------------------------------------ */

void ring_flush(ring_writer *w)
{
    if (w->put == w->told || w->is_broken)
        return;
    w->told = w->put;
    atomic_store(&w->ring->put, w->put);
    if (atomic_load(&w->ring->reader_sleeps) &&
        atomic_exchange(&w->ring->reader_sleeps, 0))
        w->is_broken = !wake(w->fd);
}

static size_t room(ring_writer *w)
{
    w->got = atomic_load(&w->ring->got);
    uint64_t used = w->put - w->got;
    return used < RING_BYTES ? RING_BYTES - (size_t)used : 0;
}

/* Sleep until there is room, and look after a reader that may never make any. */
static void await_room(ring_writer *w)
{
    ring_flush(w);
    while (!w->is_broken && room(w) == 0) {
        atomic_store(&w->ring->writer_sleeps, 1);
        if (room(w) > 0)
            break;
        heard what = listen_at(w->fd, w->wait ? RING_LOOK_MILLISECONDS : -1);
        w->is_broken = what == HEARD_END || what == HEARD_NOISE;
        if (w->wait && !w->is_broken)
            w->wait(w->context);
    }
    atomic_store(&w->ring->writer_sleeps, 0);
}

void ring_put(ring_writer *w, const void *bytes, size_t size)
{
    const char *from = bytes;
    while (size > 0 && !w->is_broken) {
        size_t free = RING_BYTES - (size_t)(w->put - w->got);
        if (free == 0 && (free = room(w)) == 0) {
            await_room(w);
            continue;
        }
        size_t at = (size_t)(w->put % RING_BYTES);
        size_t part = smaller(smaller(size, free), RING_BYTES - at);
        part = smaller(part, WORTH_WAKING);
        memcpy(w->ring->bytes + at, from, part);
        from += part;
        size -= part;
        w->put += part;
        if (w->put - w->told >= WORTH_WAKING)
            ring_flush(w);
    }
}

/* ---- reading ------------------------------------------------------------------------ */

/* How many bytes are there; more than the ring has: the writer writes what is none. */
static uint64_t look(ring_reader *r)
{
    r->seen = atomic_load(&r->ring->put);
    return r->seen - r->got;
}

static void tell_got(ring_reader *r)
{
    r->told = r->got;
    atomic_store(&r->ring->got, r->got);
    if (r->seen - r->got <= RING_BYTES / 2 && atomic_load(&r->ring->writer_sleeps) &&
        atomic_exchange(&r->ring->writer_sleeps, 0))
        wake(r->fd);
}

/* Wait until there is something. False: nothing comes any more. */
static bool await_bytes(ring_reader *r)
{
    heard what = HEARD_WAKE;
    tell_got(r);
    for (;;) {
        atomic_store(&r->ring->reader_sleeps, 1);
        if (look(r) > 0)
            break;
        if (what == HEARD_END)
            return false;
        what = listen_at(r->fd, RING_LOOK_MILLISECONDS);
        if (what == HEARD_NOISE)
            return false;
        r->wait(r->context);
    }
    atomic_store(&r->ring->reader_sleeps, 0);
    return true;
}

bool ring_get(ring_reader *r, void *out, size_t size)
{
    char *to = out;
    while (size > 0) {
        uint64_t count = r->seen - r->got;
        if (count == 0 && look(r) == 0 && !await_bytes(r))
            return false;
        count = r->seen - r->got;
        if (count > RING_BYTES)
            return false;
        size_t at = (size_t)(r->got % RING_BYTES);
        size_t part = smaller(smaller(size, (size_t)count), RING_BYTES - at);
        memcpy(to, r->ring->bytes + at, part);
        to += part;
        size -= part;
        r->got += part;
        if (r->got - r->told >= WORTH_WAKING)
            tell_got(r);
    }
    return true;
}
