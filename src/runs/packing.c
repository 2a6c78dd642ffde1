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

slice unpack_text(unpacking *from)
{
    uint64_t size = unpack_number(from);
    const char *at = take(from, size);
    return at ? (slice){at, (size_t)size} : (slice){"", 0};
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
