/* SPDX-License-Identifier: MIT
 *
 * Finding the narrowest shape, and putting numbers down in it.
 */
#include "base/packed.h"

#include "base/clones.h"
#include "base/memory.h"

/* ---- divisors ------------------------------------------------------------- */

/* A unit as an odd number times a power of two: whole multiples of it are found, and divided,
 * by a multiplication. */
typedef struct divisor {
    uint64_t inverse; /* of the odd part, modulo 2^64 */
    uint64_t most;    /* the largest multiple of the odd part */
    unsigned shift;
} divisor;

static divisor divisor_of(uint64_t unit)
{
    unsigned shift = (unsigned)__builtin_ctzll(unit);
    uint64_t odd = unit >> shift, inverse = odd; /* right in the lowest 3 bits */
    for (int bits = 3; bits < 64; bits *= 2)
        inverse *= 2 - odd * inverse;
    return (divisor){inverse, INT64_MAX / odd, shift};
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* ---- ranges --------------------------------------------------------------- */

VECTOR_CLONES static void find_ends(const int64_t *numbers, size_t count, int64_t *least,
                                    int64_t *greatest)
{
    int64_t low = *least, high = *greatest;
    for (size_t i = 0; i < count; i++) {
        low = numbers[i] < low ? numbers[i] : low;
        high = numbers[i] > high ? numbers[i] : high;
    }
    *least = low;
    *greatest = high;
}

/* Are all of them `first` and a multiple of the unit? */
VECTOR_CLONES static bool are_multiples(const divisor *d, int64_t first,
                                        const int64_t *numbers, size_t count)
{
    uint64_t bad = 0, inverse = d->inverse, most = d->most;
    unsigned shift = d->shift;
    uint64_t low = (UINT64_C(1) << shift) - 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t difference = (uint64_t)numbers[i] - (uint64_t)first;
        uint64_t quotient = (uint64_t)((int64_t)difference >> shift) * inverse;
        bad |= (difference & low) | (uint64_t)(quotient + most > 2 * most);
    }
    return bad == 0;
}

static void narrow_unit(packed_range *r, const int64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count && r->unit != 1; i++) {
        int64_t a = numbers[i], b = r->first;
        uint64_t difference =
            a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
        r->unit = common_divisor(difference, r->unit);
    }
}

void packed_range_add(packed_range *r, const int64_t *numbers, size_t count)
{
    enum { PIECE = 512 };
    if (count == 0)
        return;
    if (!r->has_any)
        *r = (packed_range){true, numbers[0], numbers[0], numbers[0], 0};
    find_ends(numbers, count, &r->least, &r->greatest);
    for (size_t i = 0; i < count && r->unit != 1; i += PIECE) {
        size_t size = count - i < PIECE ? count - i : PIECE;
        divisor d = divisor_of(r->unit ? r->unit : 1);
        if (r->unit == 0 || !are_multiples(&d, r->first, numbers + i, size))
            narrow_unit(r, numbers + i, size);
    }
}

/* ---- shapes --------------------------------------------------------------- */

static uint32_t width_of(uint64_t greatest)
{
    uint32_t needed = greatest == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(greatest);
    if (needed == 0)
        return 0;
#define X(BITS, PLACE)                                                                   \
    if (needed <= BITS)                                                                  \
        return BITS;
#include "base/packed_widths.def"
#undef X
    return 64;
}

bool packed_has_width(uint32_t bits)
{
#define X(BITS, PLACE)                                                                   \
    if (bits == BITS)                                                                    \
        return true;
#include "base/packed_widths.def"
#undef X
    return bits == 0;
}

packed packed_shape(const packed_range *r)
{
    uint64_t span = (uint64_t)r->greatest - (uint64_t)r->least;
    uint64_t unit = span == 0 || span > INT64_MAX ? 1 : r->unit;
    packed p = {NULL, width_of(span / unit), r->least, unit};
    bool is_plain_as_narrow =
        p.bits > 0 && r->least >= 0 && width_of((uint64_t)r->greatest) == p.bits;
    if (p.bits == 64 || is_plain_as_narrow)
        p = (packed){NULL, p.bits, 0, 1};
    return p;
}

packed packed_shape_of_codes(uint32_t greatest)
{
    return (packed){NULL, width_of(greatest), 0, 1};
}

uint64_t packed_stored_bytes(uint32_t bits, uint64_t count)
{
    return bits < 8 ? (count * bits + 63) / 64 * 8 : count * (bits / 8);
}

size_t packed_bytes(uint32_t bits, size_t count)
{
    return (size_t)packed_stored_bytes(bits, count) + PACKED_SLACK;
}

/* ---- putting -------------------------------------------------------------- */

#define PUT_WORD(BITS)                                                                   \
    for (size_t i = 0; i < count; i++)                                                   \
        ((uint64_t *)data)[(at + i) / (64 / BITS)] |= STORED(i)                          \
                                                      << (at + i) % (64 / BITS) * BITS;

#define PUT_UNIT(BITS)                                                                   \
    for (size_t i = 0; i < count; i++)                                                   \
        ((uint##BITS##_t *)data)[at + i] = (uint##BITS##_t)STORED(i);

#define PUT_BYTES(BITS)                                                                  \
    for (size_t i = 0; i < count; i++) {                                                 \
        uint64_t stored = STORED(i);                                                     \
        unsigned char *to = (unsigned char *)data + (at + i) * (BITS / 8);               \
        for (unsigned k = 0; k < BITS / 8; k++)                                          \
            to[k] = (unsigned char)(stored >> k * 8);                                    \
    }

#define STORED(i) ((((uint64_t)numbers[i] - base) >> d->shift) * d->inverse)

#define X(BITS, PLACE)                                                                   \
    VECTOR_CLONES static void put_##BITS(const divisor *d, uint64_t base, void *data,    \
                                         size_t at, const int64_t *numbers,              \
                                         size_t count)                                   \
    {                                                                                    \
        PUT_##PLACE(BITS)                                                                \
    }
#include "base/packed_widths.def"
#undef X

void packed_put(const packed *shape, void *data, size_t at, const int64_t *numbers,
                size_t count)
{
    if (shape->bits == 0)
        return;
    divisor d = divisor_of(shape->unit);
    uint64_t base = (uint64_t)shape->base;
    switch (shape->bits) {
#define X(BITS, PLACE)                                                                   \
    case BITS:                                                                           \
        put_##BITS(&d, base, data, at, numbers, count);                                  \
        break;
#include "base/packed_widths.def"
#undef X
    default: break;
    }
}

packed packed_new(const int64_t *numbers, size_t count)
{
    packed_range range = {0};
    packed_range_add(&range, numbers, count);
    packed p = packed_shape(&range);
    void *data = memory_alloc_zero(packed_bytes(p.bits, count));
    packed_put(&p, data, 0, numbers, count);
    p.data = data;
    return p;
}

packed packed_new_codes(const uint32_t *codes, size_t count)
{
    enum { PIECE = 1024 };
    uint32_t greatest = 0;
    int64_t numbers[PIECE];
    for (size_t i = 0; i < count; i++)
        greatest = codes[i] > greatest ? codes[i] : greatest;
    packed p = packed_shape_of_codes(greatest);
    void *data = memory_alloc_zero(packed_bytes(p.bits, count));
    for (size_t i = 0; i < count; i += PIECE) {
        size_t size = count - i < PIECE ? count - i : PIECE;
        for (size_t k = 0; k < size; k++)
            numbers[k] = codes[i + k];
        packed_put(&p, data, i, numbers, size);
    }
    p.data = data;
    return p;
}

packed packed_of_bits(const uint64_t *bits)
{
    return (packed){bits, 1, 0, 1};
}
