/* SPDX-License-Identifier: MIT */
#include "runs/packing.h"

enum { NUMBER_BYTES = 8 };

void pack_number(text *out, uint64_t number)
{
    char bytes[NUMBER_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(number >> 8 * i & 0xff);
    text_append_bytes(out, bytes, sizeof bytes);
}

void pack_text(text *out, slice s)
{
    pack_number(out, s.size);
    if (s.size > 0)
        text_append_bytes(out, s.data, s.size);
}

void pack_small(text *out, uint64_t number)
{
    for (; number > 0x7f; number >>= 7)
        text_append_char(out, (char)(number | 0x80));
    text_append_char(out, (char)number);
}

static const char *take(unpacking *from, uint64_t size)
{
    const char *at = from->at;
    if (size > (uint64_t)(from->end - at)) {
        from->is_short = true;
        from->at = from->end;
        return NULL;
    }
    from->at += size;
    return at;
}

uint64_t unpack_number(unpacking *from)
{
    const char *at = take(from, NUMBER_BYTES);
    uint64_t number = 0;
    for (size_t i = NUMBER_BYTES; at && i-- > 0;)
        number = number << 8 | (unsigned char)at[i];
    return number;
}

uint64_t unpack_small(unpacking *from)
{
    enum { MOST_BITS = 63 };
    uint64_t number = 0;
    for (unsigned bits = 0; bits <= MOST_BITS; bits += 7) {
        const char *at = take(from, 1);
        if (!at)
            return 0;
        number |= (uint64_t)(*at & 0x7f) << bits;
        if (!(*at & 0x80))
            return number;
    }
    from->is_short = true;
    return 0;
}

slice unpack_bytes(unpacking *from, uint64_t size)
{
    const char *at = take(from, size);
    return at ? (slice){at, (size_t)size} : (slice){"", 0};
}

slice unpack_text(unpacking *from)
{
    return unpack_bytes(from, unpack_number(from));
}

size_t unpack_count(unpacking *from, size_t least_bytes)
{
    uint64_t count = unpack_number(from);
    if (count > (uint64_t)(from->end - from->at) / least_bytes) {
        from->is_short = true;
        return 0;
    }
    return (size_t)count;
}
