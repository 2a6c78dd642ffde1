/* SPDX-License-Identifier: MIT
 *
 * Distinct byte strings: a pool of bytes, the text of each code, and an index.
 *
 *     slots   [tag code] [ -  - ] [tag code] ...     open addressing, linear probing
 *     texts   [data size] ...                        by code
 *     pool    "shoes\0hat\0..." -> "..." -> ...      chunks that never move
 *
 * A slot's tag is half of the hash: it sends most probes on without a look at the
 * text, and the index grows without hashing anything again.
 */
#include "base/dictionary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/memory.h"

enum {
    FIRST_SLOT_COUNT = 64,
    FIRST_CHUNK_SIZE = 1024,
    LAST_CHUNK_SIZE = 1024 * 1024,
    GROUP = 32 /* texts that are looked up together */
};

typedef struct slot {
    uint32_t tag;
    uint32_t code; /* DICTIONARY_NONE: free */
} slot;

typedef struct chunk {
    struct chunk *next;
    char bytes[];
} chunk;

struct dictionary {
    slot *slots;
    size_t slot_mask; /* the number of slots, a power of two, less 1 */
    slice *texts;
    size_t count, capacity;
    chunk *chunks; /* the newest first */
    char *free_bytes;
    size_t free_size, chunk_size;
    uint64_t fingerprint; /* of all texts in their order */
};

static uint64_t hash_of(const char *data, size_t size)
{
    return XXH3_64bits(size == 0 ? "" : data, size);
}

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

static slot *slots_new(size_t count)
{
    slot *slots = memory_alloc_array(count, sizeof *slots);
    for (size_t i = 0; i < count; i++)
        slots[i] = (slot){0, DICTIONARY_NONE};
    return slots;
}

/* Double the index. */
static void grow_slots(dictionary *d)
{
    size_t old_count = d->slot_mask + 1;
    slot *old = d->slots;
    d->slots = slots_new(old_count * 2);
    d->slot_mask = old_count * 2 - 1;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].code == DICTIONARY_NONE)
            continue;
        size_t at = old[i].tag & d->slot_mask;
        while (d->slots[at].code != DICTIONARY_NONE)
            at = (at + 1) & d->slot_mask;
        d->slots[at] = old[i];
    }
    memory_free(old);
}

/* The slot that holds the text, or the free one where it belongs. */
static slot *look_up(const dictionary *d, uint32_t tag, const char *data, size_t size)
{
    for (size_t at = tag & d->slot_mask;; at = (at + 1) & d->slot_mask) {
        slot *s = &d->slots[at];
        if (s->code == DICTIONARY_NONE)
            return s;
        if (s->tag != tag)
            continue;
        slice known = d->texts[s->code];
        if (known.size == size && bytes_are_equal(known.data, data, size))
            return s;
    }
}

static chunk *chunk_add(dictionary *d, size_t size)
{
    chunk *c = memory_alloc(sizeof *c + size);
    c->next = d->chunks;
    d->chunks = c;
    return c;
}

/* Copy the text into the pool. One that would waste much of a chunk gets its own. */
static const char *keep_text(dictionary *d, const char *data, size_t size)
{
    char *copy;
    if (size >= d->chunk_size / 4) {
        if (size > SIZE_MAX - sizeof(chunk) - 1)
            return memory_copy_text(data, SIZE_MAX); /* does not return */
        copy = chunk_add(d, size + 1)->bytes;
    } else {
        if (size >= d->free_size) {
            if (d->count > 0 && d->chunk_size < LAST_CHUNK_SIZE)
                d->chunk_size *= 2;
            d->free_bytes = chunk_add(d, d->chunk_size)->bytes;
            d->free_size = d->chunk_size;
        }
        copy = d->free_bytes;
        d->free_bytes += size + 1;
        d->free_size -= size + 1;
    }
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

/* A text with its first bytes as a number, which settles most comparisons. */
typedef struct sort_item {
    uint64_t prefix;
    uint32_t code;
} sort_item;

static uint64_t prefix_of(slice s)
{
    uint64_t prefix = 0;
    for (size_t i = 0; i < 8; i++)
        prefix = prefix << 8 | (i < s.size ? (uint8_t)s.data[i] : 0);
    return prefix;
}

static int compare_items(const void *left, const void *right, void *context)
{
    const dictionary *d = context;
    const sort_item *a = left, *b = right;
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    return slice_compare(d->texts[a->code], d->texts[b->code]);
}

dictionary *dictionary_new(void)
{
    dictionary *d = memory_alloc_zero(sizeof *d);
    d->slots = slots_new(FIRST_SLOT_COUNT);
    d->slot_mask = FIRST_SLOT_COUNT - 1;
    d->chunk_size = FIRST_CHUNK_SIZE;
    return d;
}

void dictionary_free(dictionary *d)
{
    if (d == NULL)
        return;
    for (chunk *c = d->chunks, *next; c != NULL; c = next) {
        next = c->next;
        memory_free(c);
    }
    memory_free(d->texts);
    memory_free(d->slots);
    memory_free(d);
}

static uint32_t add_hashed(dictionary *d, uint64_t hash, const char *data, size_t size)
{
    uint32_t tag = tag_of(hash);
    slot *s = look_up(d, tag, data, size);
    if (s->code != DICTIONARY_NONE)
        return s->code;
    if (d->count >= DICTIONARY_NONE) {
        fprintf(stderr, "carpel: a dictionary cannot hold more than %u texts\n",
                DICTIONARY_NONE);
        exit(EX_OSERR);
    }
    if (d->count >= (d->slot_mask + 1) / 2) {
        grow_slots(d);
        s = look_up(d, tag, data, size);
    }
    memory_grow((void **)&d->texts, d->count, &d->capacity, sizeof *d->texts);
    uint32_t code = (uint32_t)d->count;
    d->texts[code] = (slice){keep_text(d, data, size), size};
    d->count++;
    d->fingerprint = (d->fingerprint ^ hash) * UINT64_C(0x9e3779b97f4a7c15);
    *s = (slot){tag, code};
    return code;
}

uint32_t dictionary_add(dictionary *d, const char *data, size_t size)
{
    return add_hashed(d, hash_of(data, size), data, size);
}

/* Ask for the text that the first slot for the tag is about, which is mostly the right one. */
static void prefetch_text(const dictionary *d, uint32_t tag)
{
    slot s = d->slots[tag & d->slot_mask];
    if (s.code != DICTIONARY_NONE && s.tag == tag)
        __builtin_prefetch(&d->texts[s.code]);
}

static void prefetch_bytes(const dictionary *d, uint32_t tag)
{
    slot s = d->slots[tag & d->slot_mask];
    if (s.code != DICTIONARY_NONE && s.tag == tag)
        __builtin_prefetch(d->texts[s.code].data);
}

/* The way from slot to text to bytes waits for memory at each step, so each step is
 * asked for of a group of texts before the first of them goes on. */
void dictionary_add_many(dictionary *d, const slice *texts, size_t count, uint32_t *codes)
{
    uint64_t hashes[GROUP];
    for (size_t first = 0; first < count; first += GROUP) {
        size_t size = count - first < GROUP ? count - first : GROUP;
        const slice *group = texts + first;
        for (size_t i = 0; i < size; i++) {
            hashes[i] = hash_of(group[i].data, group[i].size);
            __builtin_prefetch(&d->slots[tag_of(hashes[i]) & d->slot_mask]);
        }
        for (size_t i = 0; i < size; i++)
            prefetch_text(d, tag_of(hashes[i]));
        for (size_t i = 0; i < size; i++)
            prefetch_bytes(d, tag_of(hashes[i]));
        for (size_t i = 0; i < size; i++)
            codes[first + i] = add_hashed(d, hashes[i], group[i].data, group[i].size);
    }
}

uint32_t dictionary_find(const dictionary *d, const char *data, size_t size)
{
    return look_up(d, tag_of(hash_of(data, size)), data, size)->code;
}

slice dictionary_text(const dictionary *d, uint32_t code)
{
    return d->texts[code];
}

size_t dictionary_count(const dictionary *d)
{
    return d->count;
}

uint64_t dictionary_fingerprint(const dictionary *d)
{
    return d->fingerprint;
}

void dictionary_sort(const dictionary *d, uint32_t *out)
{
    sort_item *items = memory_alloc_array(d->count, sizeof *items);
    for (size_t i = 0; i < d->count; i++)
        items[i] = (sort_item){prefix_of(d->texts[i]), (uint32_t)i};
    qsort_r(items, d->count, sizeof *items, compare_items, (void *)d);
    for (size_t i = 0; i < d->count; i++)
        out[i] = items[i].code;
    memory_free(items);
}
