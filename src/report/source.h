/* SPDX-License-Identifier: MIT
 *
 * source -- a text file that people wrote, and places in it.
 *
 * A source lives as long as anything that holds a span of it: the engine keeps all
 * sources of a project until it is closed.
 */
#ifndef REPORT_SOURCE_H
#define REPORT_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

typedef struct source source;

/* A part of a source: bytes [begin, end). An empty span is a point between two bytes.
 * `file` is NULL for what has no place. */
typedef struct span {
    const source *file;
    uint32_t begin, end;
} span;

/* Line and column as people count them: from 1, the column in characters. */
typedef struct place {
    uint32_t line, column;
} place;

/* Read a file of at most 64 MiB; `name` is how messages call it (NULL: the path). */
source *source_open(const char *path, const char *name, carpel_error *err);

/* A source from memory; the bytes are copied. At most 4 GiB. */
source *source_new(const char *name, const char *data, size_t size);

/* Accepts NULL. */
void source_free(source *s);

const char *source_name(const source *s);
slice source_text(const source *s); /* NUL-ended in memory */
place source_place(const source *s, uint32_t offset);
slice source_line(const source *s, uint32_t line); /* without its LF or CR LF */
uint32_t source_line_begin(const source *s, uint32_t line);

/* From the begin of the first to the end of the second; one without a place counts
 * for nothing. */
span span_join(span a, span b);

/* What lies between two, in this order. */
span span_gap(span a, span b);

/* What is written there. */
slice span_text(span where);

#endif
