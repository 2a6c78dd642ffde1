/* SPDX-License-Identifier: MIT
 *
 * The first and the last bytes are kept as they come.
 */
#include "common/content.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static size_t held_bytes(const content *c)
{
    return c->bytes < CARPEL_HASHED_BYTES ? (size_t)c->bytes : CARPEL_HASHED_BYTES;
}

static void add_first(content *c, const char *bytes, size_t size)
{
    size_t held = held_bytes(c), room = CARPEL_HASHED_BYTES - held;
    memcpy(c->first + held, bytes, size < room ? size : room);
}

static void add_last(content *c, const char *bytes, size_t size)
{
    size_t held = held_bytes(c), most = CARPEL_HASHED_BYTES;
    size_t added = size < most ? size : most;
    size_t kept = held + added > most ? most - added : held;
    memmove(c->last, c->last + (held - kept), kept);
    memcpy(c->last + kept, bytes + (size - added), added);
}

void content_add(content *c, const char *bytes, size_t size)
{
    add_first(c, bytes, size);
    add_last(c, bytes, size);
    c->bytes += size;
}

void content_tell(const content *c, carpel_piece_place *out)
{
    if (c->bytes == 0)
        return;
    out->unpacked_bytes = c->bytes;
    out->unpacked_head_hash = XXH3_64bits(c->first, held_bytes(c));
    out->unpacked_tail_hash = XXH3_64bits(c->last, held_bytes(c));
}
