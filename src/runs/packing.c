/* SPDX-License-Identifier: MIT */
#include "runs/packing.h"

#include <endian.h>

enum { NUMBER_BYTES = 8 };

void pack_number(text *out, uint64_t number)
{
    number = htole64(number);
    text_append_bytes(out, (const char *)&number, sizeof number);
}

void pack_text(text *out, slice s)
{
    pack_number(out, s.size);
    if (s.size > 0)
        text_append_bytes(out, s.data, s.size);
}

char *put_small(char *at, uint64_t number)
{
    for (; number > 0x7f; number >>= 7)
        *at++ = (char)(number | 0x80);
    *at++ = (char)number;
    return at;
}

void pack_small(text *out, uint64_t number)
{
    char *room = text_room(out, MOST_SMALL);
    text_add_filled(out, (size_t)(put_small(room, number) - room));
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
