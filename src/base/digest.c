/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <endian.h>
#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

void digest_begin(digest_input *in)
{
    text_init(&in->bytes);
    in->taken = NULL;
}

void digest_put_number(digest_input *in, uint64_t number)
{
    number = htole64(number);
    text_append_bytes(&in->bytes, (const char *)&number, sizeof number);
}

void digest_put_text(digest_input *in, slice s)
{
    uint64_t size = htole64(s.size);
    char *room = text_room(&in->bytes, sizeof size + s.size);
    memcpy(room, &size, sizeof size);
    if (s.size > 0)
        memcpy(room + sizeof size, s.data, s.size);
    text_add_filled(&in->bytes, sizeof size + s.size);
}

void digest_put_word(digest_input *in, const char *word)
{
    digest_put_text(in, slice_of(word));
}

void digest_put(digest_input *in, digest part)
{
    digest_put_number(in, part.high);
    digest_put_number(in, part.low);
}

digest digest_of_bytes(const void *data, size_t size)
{
    XXH128_hash_t hash = XXH3_128bits(data, size);
    return (digest){hash.high64, hash.low64};
}

/* The digest of pieces is that of all. Without memory for it, everything is kept. */
void digest_settle(digest_input *in)
{
    enum { MUCH = 64 * 1024 };
    if (in->bytes.size < MUCH)
        return;
    if (!in->taken) {
        in->taken = XXH3_createState();
        if (!in->taken)
            return;
        XXH3_128bits_reset(in->taken);
    }
    XXH3_128bits_update(in->taken, in->bytes.data, in->bytes.size);
    text_clear(&in->bytes);
}

static digest end_taken(digest_input *in)
{
    XXH3_128bits_update(in->taken, in->bytes.data, in->bytes.size);
    XXH128_hash_t hash = XXH3_128bits_digest(in->taken);
    XXH3_freeState(in->taken);
    return (digest){hash.high64, hash.low64};
}

digest digest_end(digest_input *in)
{
    digest d =
        in->taken ? end_taken(in) : digest_of_bytes(in->bytes.data, in->bytes.size);
    text_done(&in->bytes);
    return d;
}

bool digest_equals(digest a, digest b)
{
    return a.high == b.high && a.low == b.low;
}

int digest_compare(const void *a, const void *b)
{
    const digest *x = a, *y = b;
    if (x->high != y->high)
        return x->high < y->high ? -1 : 1;
    return (x->low > y->low) - (x->low < y->low);
}

void digest_append(digest d, text *out)
{
    text_append_format(out, "%016" PRIx64 "%016" PRIx64, d.high, d.low);
}
