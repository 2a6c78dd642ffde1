/* SPDX-License-Identifier: MIT
 *
 * packing -- numbers and texts as bytes, low byte first, and back.
 *
 * Whoever reads asks at the end whether all was there: what lies behind the last byte reads
 * as 0 and as an empty text.
 */
#ifndef RUNS_PACKING_H
#define RUNS_PACKING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

void pack_number(text *out, uint64_t number); /* 8 bytes */
void pack_text(text *out, slice s);           /* its length, and itself */
void pack_small(text *out, uint64_t number);  /* seven bits a byte: one byte below 128 */

/* The same into memory that has room for the most that one takes; returns where it ends. */
enum { MOST_SMALL = 10 };
char *put_small(char *at, uint64_t number);

typedef struct unpacking {
    const char *at, *end;
    bool is_short; /* something was asked for that is not there */
} unpacking;

uint64_t unpack_number(unpacking *from);
uint64_t unpack_small(unpacking *from);
slice unpack_bytes(unpacking *from, uint64_t size);
slice unpack_text(unpacking *from); /* points into what is read */

/* A number of things of which each takes at least `least_bytes`: never more than fit. */
size_t unpack_count(unpacking *from, size_t least_bytes);

#endif
