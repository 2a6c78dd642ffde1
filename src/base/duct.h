/* SPDX-License-Identifier: MIT
 *
 * duct -- bytes on their way from one process to another: through memory that both have (a ring), or
 * through a pair of sockets where there is none.
 *
 *     int ends[2];
 *     duct_open(ends);                       // the reader has ends[0], the writer ends[1]
 *     duct_writer *w = duct_writer_new(ends[1], ring, NULL, NULL);
 *     duct_put(w, &count, sizeof count);     // waits while the reader is behind
 *     duct_flush(w);
 *     duct_writer_free(w);
 *
 *     duct_reader *r = duct_reader_new(ends[0], ring, wait, context);
 *     is_there = duct_get(r, &count, sizeof count);
 *     duct_reader_free(r);
 *
 * The reader does not trust the writer: what it gets are copies, which the other process cannot
 * change any more, and it reads nothing past the ring whatever stands there.
 */
#ifndef BASE_DUCT_H
#define BASE_DUCT_H

#include <stdbool.h>
#include <stddef.h>

/* Memory for one duct at a time, of duct_ring_size() bytes, that both processes have. */
typedef struct duct_ring duct_ring;
size_t duct_ring_size(void);

/* Make memory, zeroed or used before, ready for a new duct. Both ends of the one before are freed. */
duct_ring *duct_ring_init(void *memory);

/* Has the writer been freed? Of memory that a process that died wrote to, nobody knows. */
bool duct_ring_is_free(const duct_ring *ring);

/* False: errno says why there is none. */
bool duct_open(int ends[2]);

/* Close an end that nobody owns; -1 is none. */
void duct_close(int fd);

typedef struct duct_writer duct_writer;

/* Owns the end, and closes it when freed. `ring` may be NULL, for both ends. `wait` is called again and
 * again while the reader is behind; NULL: it is waited for as long as it is there. */
duct_writer *duct_writer_new(int fd, duct_ring *ring, void (*wait)(void *context),
                             void *context);
void duct_writer_free(duct_writer *w);

/* What cannot be put, as nobody reads any more, is remembered, and duct_flush answers false. */
void duct_put(duct_writer *w, const void *bytes, size_t size);
bool duct_flush(duct_writer *w);

typedef struct duct_reader duct_reader;

/* `wait` is called again and again while nothing comes. Owns the end. */
duct_reader *duct_reader_new(int fd, duct_ring *ring, void (*wait)(void *context),
                             void *context);
void duct_reader_free(duct_reader *r);

/* Get just so many bytes; false: the writer is gone before, or writes what is no duct's. */
bool duct_get(duct_reader *r, void *out, size_t size);

#endif
