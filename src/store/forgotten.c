/* SPDX-License-Identifier: MIT
 *
 * There are few of them, and those asked for are many: hashing takes the time.
 */
#include "store/forgotten.h"

#include <string.h>

#include <nettle/hmac.h>

#include "base/entropy.h"
#include "base/memory.h"

void forgotten_done(forgotten *f)
{
    memory_free(f->items);
    *f = (forgotten){0};
}

static forgotten_hash hash(const forgotten *f, slice id)
{
    struct hmac_sha256_ctx context;
    forgotten_hash h;
    hmac_sha256_set_key(&context, sizeof f->key, f->key);
    hmac_sha256_update(&context, id.size, (const uint8_t *)id.data);
    hmac_sha256_digest(&context, sizeof h.bytes, h.bytes);
    return h;
}

static bool has_hash(const forgotten *f, forgotten_hash h)
{
    for (size_t i = 0; i < f->count; i++)
        if (memcmp(f->items[i].bytes, h.bytes, sizeof h.bytes) == 0)
            return true;
    return false;
}

void forgotten_put(forgotten *f, forgotten_hash h)
{
    memory_grow((void **)&f->items, f->count, &f->capacity, sizeof *f->items);
    f->items[f->count++] = h;
}

void forgotten_put_once(forgotten *f, forgotten_hash h)
{
    if (!has_hash(f, h))
        forgotten_put(f, h);
}

bool forgotten_add(forgotten *f, slice id, carpel_error *err)
{
    if (f->count == 0 && !entropy_fill(f->key, sizeof f->key, err))
        return false;
    forgotten_put_once(f, hash(f, id));
    return true;
}

bool forgotten_has(const forgotten *f, slice id)
{
    return f->count > 0 && has_hash(f, hash(f, id));
}

bool forgotten_is_named(const forgotten *f, slice text)
{
    static const char between[] = " \t,;:|='\"()<>[]{}";
    if (forgotten_has(f, text))
        return true;
    for (size_t begin = 0, at = 0; f->count > 0 && at <= text.size; at++) {
        if (at < text.size && !strchr(between, text.data[at]))
            continue;
        slice word = {text.data + begin, at - begin};
        if (word.size > 0 && word.size < text.size && forgotten_has(f, word))
            return true;
        begin = at + 1;
    }
    return false;
}
