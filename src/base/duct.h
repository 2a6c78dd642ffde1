/* SPDX-License-Identifier: MIT
 *
 * duct -- bytes on their way from one process to another, through a pipe.
 *
 *     int ends[2];
 *     duct_open(ends);                       // the reader has ends[0], the writer ends[1]
 *     duct_writer *w = duct_writer_new(ends[1]);
 *     duct_put(w, &count, sizeof count);     // waits while the reader is behind
 *     duct_flush(w);
 *     duct_writer_free(w);
 *
 *     duct_reader *r = duct_reader_new(ends[0], wait, context);
 *     is_there = duct_get(r, &count, sizeof count);
 *     duct_reader_free(r);
 */
#ifndef BASE_DUCT_H
#define BASE_DUCT_H

#include <stdbool.h>
#include <stddef.h>

/* False: errno says why there is none. */
bool duct_open(int ends[2]);

/* Close an end that nobody owns; -1 is none. */
void duct_close(int fd);

typedef struct duct_writer duct_writer;

/* Owns the end, and closes it when freed. */
duct_writer *duct_writer_new(int fd);
void duct_writer_free(duct_writer *w);

/* What cannot be put, as nobody reads any more, is remembered, and duct_flush answers false. */
void duct_put(duct_writer *w, const void *bytes, size_t size);
bool duct_flush(duct_writer *w);

typedef struct duct_reader duct_reader;

/* `wait` is called again and again while nothing comes. Owns the end. */
duct_reader *duct_reader_new(int fd, void (*wait)(void *context), void *context);
void duct_reader_free(duct_reader *r);

/* Get just so many bytes; false: the writer is gone before. */
bool duct_get(duct_reader *r, void *out, size_t size);

#endif
