/* SPDX-License-Identifier: MIT
 *
 * packed -- whole numbers in an array, each as narrow as all of them allow.
 *
 * Number i is base + unit * s, where s is what stands at place i, so many bits wide
 * (packed_widths.def). Numbers that are all equal are `base`, and have no bits:
 *
 *     2025-01-01T00:00:23, 00:00:34, ...      base 00:00:23, unit 1 s, 8 bits: 0 11 ...
 *     499, 1999, 499                          base 499, unit 1500, 1 bit: 0 1 0
 *     7, 7, 7                                 base 7, 0 bits
 *
 * What is known of all numbers before gives the shape; then they are put down in pieces:
 *
 *     packed_range range = {0};
 *     packed_range_add(&range, numbers, count);        // any number of times
 *     packed p = packed_shape(&range);                 // p.data is NULL
 *     void *data = memory_alloc_zero(packed_bytes(p.bits, count));
 *     packed_put(&p, data, 0, numbers, count);
 *     p.data = data;
 *
 * or all at once with packed_new(). Readers may look at PACKED_SLACK bytes behind the last
 * number; of an array on the disk, other sections follow.
 */
#ifndef BASE_PACKED_H
#define BASE_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { PACKED_SLACK = 8 };

typedef struct packed {
    const void *data;
    uint32_t bits; /* 0: all are `base` */
    int64_t base;
    uint64_t unit; /* at least 1 */
} packed;

/* What is known of the numbers that are to be packed. */
typedef struct packed_range {
    bool has_any;
    int64_t first, least, greatest;
    uint64_t unit; /* divides all differences; 0: all are equal so far */
} packed_range;

void packed_range_add(packed_range *r, const int64_t *numbers, size_t count);

/* The narrowest shape. One that spares no bits has base 0 and unit 1, so that such numbers
 * stand as they are. */
packed packed_shape(const packed_range *r);

/* Codes up to `greatest`: base is 0 and unit 1. */
packed packed_shape_of_codes(uint32_t greatest);

/* Is it a width of packed numbers? */
bool packed_has_width(uint32_t bits);

/* The bytes of so many numbers as they are stored, and as much as readers may look at. */
uint64_t packed_stored_bytes(uint32_t bits, uint64_t count);
size_t packed_bytes(uint32_t bits, size_t count);

/* Put numbers from place `at` on, a multiple of 64, into zeros. */
void packed_put(const packed *shape, void *data, size_t at, const int64_t *numbers,
                size_t count);

/* Pack numbers in one go; the caller frees `data` with memory_free(). The second form takes
 * codes. Bits become numbers without being copied: packed_of_bits. */
packed packed_new(const int64_t *numbers, size_t count);
packed packed_new_codes(const uint32_t *codes, size_t count);
packed packed_of_bits(const uint64_t *bits);

/* ---- reading ------------------------------------------------------------ */

/* A number of 24, 40 or 48 bits; what lies behind it is read too. */
static inline uint64_t packed_bytes_at(const void *data, size_t i, unsigned bits)
{
    uint64_t number;
    memcpy(&number, (const char *)data + i * (bits / 8), sizeof number);
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    number = __builtin_bswap64(number);
#endif
    return number & ((UINT64_C(1) << bits) - 1);
}

/* What stands at a place. */
static inline uint64_t packed_stored(const packed *p, size_t i)
{
    switch (p->bits) {
    case 0: return 0;
    case 1: return ((const uint64_t *)p->data)[i / 64] >> i % 64 & 1;
    case 2: return ((const uint64_t *)p->data)[i / 32] >> i % 32 * 2 & 3;
    case 4: return ((const uint64_t *)p->data)[i / 16] >> i % 16 * 4 & 15;
    case 8: return ((const uint8_t *)p->data)[i];
    case 16: return ((const uint16_t *)p->data)[i];
    case 24:
    case 40:
    case 48: return packed_bytes_at(p->data, i, p->bits);
    case 32: return ((const uint32_t *)p->data)[i];
    default: return ((const uint64_t *)p->data)[i];
    }
}

/* Ask the memory for what stands at a place before it is needed. */
static inline void packed_fetch(const packed *p, size_t i)
{
    __builtin_prefetch((const char *)p->data + i * p->bits / 8);
}

static inline int64_t packed_get(const packed *p, size_t i)
{
    return (int64_t)((uint64_t)p->base + p->unit * packed_stored(p, i));
}

/* From which stored number on are numbers at least `least`? It may lie behind all of the width. */
static inline int64_t packed_steps_to(const packed *p, int64_t least)
{
    if (least <= p->base)
        return 0;
    uint64_t steps = ((uint64_t)least - (uint64_t)p->base - 1) / p->unit + 1;
    return steps > INT64_MAX ? INT64_MAX : (int64_t)steps;
}

/* Do the numbers stand as they are, 64 bits wide, or 32? Then nobody has to widen them. */
static inline bool packed_is_plain(const packed *p, uint32_t bits)
{
    return p->bits == bits && p->base == 0 && p->unit == 1;
}

/* out[i] is number from + i; of codes the first. */
void packed_widen_32(const packed *p, size_t from, size_t count, uint32_t *out);
void packed_widen_64(const packed *p, size_t from, size_t count, int64_t *out);

/* out[i] is number from + places[i]. */
void packed_gather_32(const packed *p, size_t from, const uint32_t *places, size_t count,
                      uint32_t *out);
void packed_gather_64(const packed *p, size_t from, const uint32_t *places, size_t count,
                      int64_t *out);

/* Numbers 0 and 1 as bits (bitmap.h). */
void packed_widen_bits(const packed *p, size_t from, size_t count, uint64_t *out);

#endif
