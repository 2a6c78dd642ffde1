/* SPDX-License-Identifier: MIT
 *
 * Loops that widen packed numbers: one for each width and each width that is wanted, and
 * of 24 bits one more for machines that move bytes within vectors.
 */
#include "base/bitmap.h"
#include "base/clones.h"
#include "base/packed.h"

/* ---- rows that follow one another ------------------------------------------ */

/* Numbers in front of the first whole word are read one by one; then a word at a time. */
#define WIDEN_WORD(BITS, TYPE)                                                           \
    const size_t in_word = 64 / BITS;                                                    \
    const uint64_t *words = data, mask = (UINT64_C(1) << BITS) - 1;                      \
    size_t i = 0;                                                                        \
    for (; i < count && (from + i) % in_word != 0; i++)                                  \
        out[i] = NUMBER(                                                                 \
            TYPE, words[(from + i) / in_word] >> (from + i) % in_word * BITS & mask);    \
    for (; i + in_word <= count; i += in_word)                                           \
        for (size_t k = 0; k < in_word; k++)                                             \
            out[i + k] = NUMBER(TYPE, words[(from + i) / in_word] >> k * BITS & mask);   \
    for (; i < count; i++)                                                               \
        out[i] = NUMBER(                                                                 \
            TYPE, words[(from + i) / in_word] >> (from + i) % in_word * BITS & mask);

#define WIDEN_UNIT(BITS, TYPE)                                                           \
    const uint##BITS##_t *stored = (const uint##BITS##_t *)data + from;                  \
    for (size_t i = 0; i < count; i++)                                                   \
        out[i] = NUMBER(TYPE, stored[i]);

#define WIDEN_BYTES(BITS, TYPE)                                                          \
    for (size_t i = 0; i < count; i++)                                                   \
        out[i] = NUMBER(TYPE, packed_bytes_at(data, from + i, BITS));

#define NUMBER(TYPE, stored) ((TYPE)(stored))
#define X(BITS, PLACE)                                                                   \
    VECTOR_CLONES static void widen_##BITS##_to_32(const void *data, size_t from,        \
                                                   size_t count, uint32_t *out)          \
    {                                                                                    \
        WIDEN_##PLACE(BITS, uint32_t)                                                    \
    }
#include "base/packed_widths.def"
#undef X
#undef NUMBER

#define NUMBER(TYPE, stored) ((TYPE)(base + unit * (stored)))
#define X(BITS, PLACE)                                                                   \
    VECTOR_CLONES static void widen_##BITS##_to_64(const void *data, size_t from,        \
                                                   size_t count, uint64_t base,          \
                                                   uint64_t unit, int64_t *out)          \
    {                                                                                    \
        WIDEN_##PLACE(BITS, int64_t)                                                     \
    }
#include "base/packed_widths.def"
#undef X
#undef NUMBER

/* Four numbers of 24 bits are the first twelve of sixteen bytes. Such loops tell how many
 * numbers they widened; the few that are left are for the others. */
typedef uint8_t sixteen_bytes __attribute__((vector_size(16)));
typedef uint32_t four_numbers __attribute__((vector_size(16)));

#define FOUR_APART(bytes)                                                                \
    ((four_numbers)__builtin_shuffle(                                                    \
         bytes, (sixteen_bytes){0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11}) &    \
     0xFFFFFF)

#define WIDEN_FOURS(TYPE)                                                                \
    size_t i = 0;                                                                        \
    for (; i + 4 <= count; i += 4) {                                                     \
        sixteen_bytes bytes;                                                             \
        memcpy(&bytes, (const char *)data + (from + i) * 3, sizeof bytes);               \
        four_numbers four = FOUR_APART(bytes);                                           \
        for (size_t k = 0; k < 4; k++)                                                   \
            out[i + k] = NUMBER(TYPE, four[k]);                                          \
    }                                                                                    \
    return i;

#ifdef HAS_CLONES
#define NUMBER(TYPE, stored) ((TYPE)(stored))
VECTOR_ONLY static size_t widen_fours_to_32(const void *data, size_t from, size_t count,
                                            uint32_t *out){WIDEN_FOURS(uint32_t)}
#undef NUMBER
#define NUMBER(TYPE, stored) ((TYPE)(base + unit * (stored)))
VECTOR_ONLY static size_t widen_fours_to_64(const void *data, size_t from, size_t count,
                                            uint64_t base, uint64_t unit, int64_t *out)
{
    WIDEN_FOURS(int64_t)
}
#undef NUMBER
#endif

static size_t widen_quickly_to_32(const packed *p, size_t from, size_t count,
                                  uint32_t *out)
{
#ifdef HAS_CLONES
    if (p->bits == 24 && __builtin_cpu_supports("avx2"))
        return widen_fours_to_32(p->data, from, count, out);
#endif
    (void)p, (void)from, (void)count, (void)out;
    return 0;
}

static size_t widen_quickly_to_64(const packed *p, size_t from, size_t count,
                                  int64_t *out)
{
#ifdef HAS_CLONES
    if (p->bits == 24 && __builtin_cpu_supports("avx2"))
        return widen_fours_to_64(p->data, from, count, (uint64_t)p->base, p->unit, out);
#endif
    (void)p, (void)from, (void)count, (void)out;
    return 0;
}

void packed_widen_32(const packed *p, size_t from, size_t count, uint32_t *out)
{
    size_t done = widen_quickly_to_32(p, from, count, out);
    from += done, count -= done, out += done;
    switch (p->bits) {
#define X(BITS, PLACE)                                                                   \
    case BITS:                                                                           \
        widen_##BITS##_to_32(p->data, from, count, out);                                 \
        break;
#include "base/packed_widths.def"
#undef X
    default:
        for (size_t i = 0; i < count; i++)
            out[i] = (uint32_t)p->base;
        break;
    }
}

void packed_widen_64(const packed *p, size_t from, size_t count, int64_t *out)
{
    size_t done = widen_quickly_to_64(p, from, count, out);
    from += done, count -= done, out += done;
    switch (p->bits) {
#define X(BITS, PLACE)                                                                   \
    case BITS:                                                                           \
        widen_##BITS##_to_64(p->data, from, count, (uint64_t)p->base, p->unit, out);     \
        break;
#include "base/packed_widths.def"
#undef X
    default:
        for (size_t i = 0; i < count; i++)
            out[i] = p->base;
        break;
    }
}

void packed_widen_bits(const packed *p, size_t from, size_t count, uint64_t *out)
{
    if (p->bits == 1)
        bitmap_copy(out, p->data, from, count);
    else
        bitmap_fill(out, count, p->base != 0);
}

/* ---- rows here and there ---------------------------------------------------- */

#define AT_WORD(BITS, place)                                                             \
    (((const uint64_t *)data)[(place) / (64 / BITS)] >> (place) % (64 / BITS) * BITS &   \
     ((UINT64_C(1) << BITS) - 1))
#define AT_UNIT(BITS, place)  (((const uint##BITS##_t *)data)[place])
#define AT_BYTES(BITS, place) packed_bytes_at(data, place, BITS)

#define X(BITS, PLACE)                                                                   \
    static void gather_##BITS##_to_32(const void *data, size_t from,                     \
                                      const uint32_t *places, size_t count,              \
                                      uint32_t *out)                                     \
    {                                                                                    \
        for (size_t i = 0; i < count; i++)                                               \
            out[i] = (uint32_t)AT_##PLACE(BITS, from + places[i]);                       \
    }                                                                                    \
    static void gather_##BITS##_to_64(const void *data, size_t from,                     \
                                      const uint32_t *places, size_t count,              \
                                      uint64_t base, uint64_t unit, int64_t *out)        \
    {                                                                                    \
        for (size_t i = 0; i < count; i++)                                               \
            out[i] = (int64_t)(base + unit * AT_##PLACE(BITS, from + places[i]));        \
    }
#include "base/packed_widths.def"
#undef X

void packed_gather_32(const packed *p, size_t from, const uint32_t *places, size_t count,
                      uint32_t *out)
{
    switch (p->bits) {
#define X(BITS, PLACE)                                                                   \
    case BITS:                                                                           \
        gather_##BITS##_to_32(p->data, from, places, count, out);                        \
        break;
#include "base/packed_widths.def"
#undef X
    default: packed_widen_32(p, from, count, out); break;
    }
}

void packed_gather_64(const packed *p, size_t from, const uint32_t *places, size_t count,
                      int64_t *out)
{
    switch (p->bits) {
#define X(BITS, PLACE)                                                                   \
    case BITS:                                                                           \
        gather_##BITS##_to_64(p->data, from, places, count, (uint64_t)p->base, p->unit,  \
                              out);                                                      \
        break;
#include "base/packed_widths.def"
#undef X
    default: packed_widen_64(p, from, count, out); break;
    }
}
