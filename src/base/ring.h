/* SPDX-License-Identifier: MIT
 *
 * ring -- the memory of a duct: a buffer without an end, that one process fills and another empties;
 * for base/duct.c.
 *
 *     |......####......|      got and put only grow; byte n lies at n % RING_BYTES
 *           got  put
 *
 * Who finds it full or empty says so in the ring and sleeps at its socket; the other one wakes it with a
 * byte. Both look once more before they sleep, so nobody sleeps beside a ring that the other one has
 * changed and found nobody asleep.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_BYTES ((size_t)1024 * 1024)

/* How long is waited in the system before `wait` is called. */
enum { RING_LOOK_MILLISECONDS = 50 };

/* Is an error of a socket none, as the same may go well the next time? */
bool ring_may_try_again(int number);

/* Each member is written by one of the two, and has a line of the cache of its own. */
struct duct_ring {
    _Alignas(64) _Atomic uint64_t put; /* by the writer: bytes, from the first on */
    _Alignas(64) _Atomic uint64_t got; /* by the reader */
    _Alignas(64)
        atomic_uint writer_sleeps; /* flags that are no bool: anything may stand there */
    _Alignas(64) atomic_uint reader_sleeps;
    _Alignas(64) atomic_uint is_written; /* a writer has it */
    _Alignas(64) char bytes[RING_BYTES];
};

/* The writer's side. */
typedef struct ring_writer {
    struct duct_ring *ring; /* NULL: the duct goes by its socket alone */
    int fd;
    uint64_t put, told;          /* the reader has been told of */
    uint64_t got;                /* as it was seen last */
    bool is_broken;              /* the reader is gone */
    void (*wait)(void *context); /* or NULL */
    void *context;
} ring_writer;

void ring_put(ring_writer *w, const void *bytes, size_t size);
void ring_flush(ring_writer *w);

/* The reader's side. */
typedef struct ring_reader {
    struct duct_ring *ring; /* NULL: the duct goes by its socket alone */
    int fd;
    uint64_t got, told; /* the writer has been told of */
    uint64_t seen;      /* `put`, as it was seen last */
    void (*wait)(void *context);
    void *context;
} ring_reader;

/* As duct_get. */
bool ring_get(ring_reader *r, void *out, size_t size);

#endif
