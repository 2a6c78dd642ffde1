/* SPDX-License-Identifier: MIT
 *
 * Distinct byte strings: a pool of bytes, the text of each code, and an index.
 *
 *     slots   [key tag code] [ -  -  - ] ...         open addressing, linear probing
 *     texts   [data size] ...                        by code
 *     pool    "shoes\0hat\0..." -> "..." -> ...      chunks that never move
 *
 * A slot's key is all of a short text, and the first bytes of a long one; its tag is half of the
 * hash. They send most probes on without a look at the text, and the index grows without
 * hashing anything again.
 */
#include "base/dictionary.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/memory.h"
#include "base/text_order.h"

enum {
    SHORT_SIZE = 7, /* of the longest text that is all in its key */
    FIRST_SLOT_COUNT = 64,
    FIRST_CHUNK_SIZE = 1024,
    LAST_CHUNK_SIZE = 1024 * 1024,
    GROUP = 32 /* texts that are looked up together */
};

typedef struct slot {
    uint64_t key; /* 0: free */
    uint32_t tag;
    uint32_t code; /* DICTIONARY_NONE: free */
} slot;

typedef struct chunk {
    struct chunk *next;
    char bytes[];
} chunk;

struct dictionary {
    slot *slots; /* `no_text` while there is none: most of a project's are empty */
    slot no_text;
    size_t slot_mask; /* the number of slots, a power of two, less 1 */
    slice *texts;
    size_t count, capacity;
    size_t indexed;             /* so many of the first texts; atomic */
    pthread_mutex_t index_lock; /* of indexing the others */
    chunk *chunks;              /* the newest first */
    char *free_bytes;
    size_t free_size, chunk_size;
    size_t pool_bytes;    /* of all chunks */
    uint64_t fingerprint; /* of the texts in the index, in their order */
};

/* A text on its way into the index. */
typedef struct wanted {
    const char *data;
    size_t size;
    uint64_t key, hash;
} wanted;

/* The bytes of a short text below its size, or seven of a long one; never 0. */
static inline uint64_t key_of(const char *data, size_t size)
{
    uint64_t key = 0;
    if (size > SHORT_SIZE) {
        memcpy(&key, data, 8);
        return key | UINT64_C(0xff) << 56;
    }
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, data, 4);
        memcpy(&last, data + size - 4, 4);
        key = le32toh(first) | (uint64_t)le32toh(last) << (size - 4) * 8;
    } else {
        for (size_t i = 0; i < size; i++)
            key |= (uint64_t)(unsigned char)data[i] << i * 8;
    }
    return key | (uint64_t)(size + 1) << 56;
}

static inline uint64_t hash_of(const char *data, size_t size, uint64_t key)
{
    if (size > SHORT_SIZE)
        return XXH3_64bits(data, size);
    key = (key ^ key >> 32) * UINT64_C(0xd6e8feb86659fd93);
    key = (key ^ key >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return key ^ key >> 32;
}

static inline wanted want(const char *data, size_t size)
{
    uint64_t key = key_of(data, size);
    return (wanted){data, size, key, hash_of(data, size, key)};
}

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

static slot *slots_new(size_t count)
{
    slot *slots = memory_alloc_large(count, sizeof *slots);
    for (size_t i = 0; i < count; i++)
        slots[i] = (slot){0, 0, DICTIONARY_NONE};
    return slots;
}

static void free_slots(dictionary *d, slot *slots)
{
    if (slots != &d->no_text)
        memory_free(slots);
}

/* Make the index one of `count` slots at least, a power of two. */
static void grow_slots(dictionary *d, size_t count)
{
    size_t old_count = d->slot_mask + 1;
    slot *old = d->slots;
    if (count == old_count)
        return;
    count = count < FIRST_SLOT_COUNT ? FIRST_SLOT_COUNT : count;
    d->slots = slots_new(count);
    d->slot_mask = count - 1;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].code == DICTIONARY_NONE)
            continue;
        size_t at = old[i].tag & d->slot_mask;
        while (d->slots[at].code != DICTIONARY_NONE)
            at = (at + 1) & d->slot_mask;
        d->slots[at] = old[i];
    }
    free_slots(d, old);
}

static inline bool is_slot_of(const dictionary *d, const slot *s, const wanted *w)
{
    if (s->key != w->key || s->tag != tag_of(w->hash))
        return false;
    if (w->size <= SHORT_SIZE)
        return true;
    slice known = d->texts[s->code];
    return known.size == w->size && bytes_are_equal(known.data, w->data, w->size);
}

/* The slot that holds the text, or the free one where it belongs. */
static slot *look_up(const dictionary *d, const wanted *w)
{
    for (size_t at = tag_of(w->hash) & d->slot_mask;; at = (at + 1) & d->slot_mask) {
        slot *s = &d->slots[at];
        if (s->code == DICTIONARY_NONE || is_slot_of(d, s, w))
            return s;
    }
}

static chunk *chunk_add(dictionary *d, size_t size)
{
    chunk *c = memory_alloc(sizeof *c + size);
    c->next = d->chunks;
    d->chunks = c;
    d->pool_bytes += size;
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

dictionary *dictionary_new(void)
{
    dictionary *d = memory_alloc_zero(sizeof *d);
    d->no_text.code = DICTIONARY_NONE;
    d->slots = &d->no_text;
    d->chunk_size = FIRST_CHUNK_SIZE;
    pthread_mutex_init(&d->index_lock, NULL);
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
    pthread_mutex_destroy(&d->index_lock);
    memory_free(d->texts);
    free_slots(d, d->slots);
    memory_free(d);
}

/* ---- texts that came without an index ------------------------------------- */

static void note_hash(dictionary *d, uint64_t hash)
{
    d->fingerprint = (d->fingerprint ^ hash) * UINT64_C(0x9e3779b97f4a7c15);
}

static void index_text(dictionary *d, uint32_t code)
{
    wanted w = want(d->texts[code].data, d->texts[code].size);
    size_t at = tag_of(w.hash) & d->slot_mask;
    while (d->slots[at].code != DICTIONARY_NONE)
        at = (at + 1) & d->slot_mask;
    d->slots[at] = (slot){w.key, tag_of(w.hash), code};
    note_hash(d, w.hash);
}

static void index_all(dictionary *d)
{
    pthread_mutex_lock(&d->index_lock);
    size_t indexed = d->indexed;
    size_t slot_count = d->slot_mask + 1;
    while (d->count > slot_count / 2)
        slot_count *= 2;
    grow_slots(d, slot_count);
    for (size_t code = indexed; code < d->count; code++)
        index_text(d, (uint32_t)code);
    __atomic_store_n(&d->indexed, d->count, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&d->index_lock);
}

/* Any thread may be the first that looks for a text. */
static void need_index(const dictionary *d)
{
    if (__atomic_load_n(&d->indexed, __ATOMIC_ACQUIRE) < d->count)
        index_all((dictionary *)d);
}

void dictionary_make_index(const dictionary *d)
{
    need_index(d);
}

void dictionary_reserve(dictionary *d, size_t count)
{
    size_t wanted = d->count + count;
    if (wanted <= d->capacity)
        return;
    wanted = wanted < d->capacity * 2 ? d->capacity * 2 : wanted;
    d->texts = memory_resize_array(d->texts, wanted, sizeof *d->texts);
    d->capacity = wanted;
}

void dictionary_append_in_place(dictionary *d, const char *bytes, const uint32_t *sizes,
                                size_t count)
{
    dictionary_reserve(d, count);
    for (size_t i = 0; i < count; i++) {
        d->texts[d->count++] = (slice){bytes, sizes[i]};
        bytes += (size_t)sizes[i] + 1;
    }
}

void dictionary_append_texts(dictionary *d, const slice *texts, size_t count)
{
    dictionary_reserve(d, count);
    for (size_t i = 0; i < count; i++)
        d->texts[d->count++] = texts[i];
}

void dictionary_append_copies(dictionary *d, const dictionary *from)
{
    size_t size = 0;
    for (size_t i = 0; i < from->count; i++)
        size += from->texts[i].size + 1;
    char *bytes = chunk_add(d, size)->bytes;
    dictionary_reserve(d, from->count);
    for (size_t i = 0; i < from->count; i++) {
        slice text = from->texts[i];
        memcpy(bytes, text.data, text.size + 1);
        d->texts[d->count++] = (slice){bytes, text.size};
        bytes += text.size + 1;
    }
}

/* ---- adding and looking up -------------------------------------------------- */

static uint32_t add_wanted(dictionary *d, const wanted *w)
{
    slot *s = look_up(d, w);
    if (s->code != DICTIONARY_NONE)
        return s->code;
    if (d->count >= DICTIONARY_NONE) {
        fprintf(stderr, "carpel: a dictionary cannot hold more than %u texts\n",
                DICTIONARY_NONE);
        exit(EX_OSERR);
    }
    if (d->count >= (d->slot_mask + 1) / 2) {
        grow_slots(d, (d->slot_mask + 1) * 2);
        s = look_up(d, w);
    }
    memory_grow((void **)&d->texts, d->count, &d->capacity, sizeof *d->texts);
    uint32_t code = (uint32_t)d->count;
    d->texts[code] = (slice){keep_text(d, w->data, w->size), w->size};
    d->indexed = ++d->count;
    note_hash(d, w->hash);
    *s = (slot){w->key, tag_of(w->hash), code};
    return code;
}

uint32_t dictionary_add(dictionary *d, const char *data, size_t size)
{
    wanted w = want(data, size);
    need_index(d);
    return add_wanted(d, &w);
}

/* The code of the slot that may be about a long text, and mostly is then; or DICTIONARY_NONE. */
static inline uint32_t awaited_code(const dictionary *d, const wanted *w)
{
    if (w->size <= SHORT_SIZE)
        return DICTIONARY_NONE;
    for (size_t at = tag_of(w->hash) & d->slot_mask;; at = (at + 1) & d->slot_mask) {
        const slot *s = &d->slots[at];
        if (s->code == DICTIONARY_NONE || (s->key == w->key && s->tag == tag_of(w->hash)))
            return s->code;
    }
}

/* Make ready to look up to GROUP texts up. The way from slot to text to bytes waits for memory at
 * each step, so each step is asked for of all of them before the first of them goes on. */
static void want_group(const dictionary *d, const slice *texts, size_t count,
                       wanted *group)
{
    for (size_t i = 0; i < count; i++) {
        group[i] = want(texts[i].data, texts[i].size);
        __builtin_prefetch(&d->slots[tag_of(group[i].hash) & d->slot_mask]);
    }
    uint32_t codes[GROUP];
    for (size_t i = 0; i < count; i++) {
        codes[i] = awaited_code(d, &group[i]);
        if (codes[i] != DICTIONARY_NONE)
            __builtin_prefetch(&d->texts[codes[i]]);
    }
    for (size_t i = 0; i < count; i++)
        if (codes[i] != DICTIONARY_NONE)
            __builtin_prefetch(d->texts[codes[i]].data);
}

void dictionary_add_many(dictionary *d, const slice *texts, size_t count, uint32_t *codes)
{
    wanted group[GROUP];
    need_index(d);
    for (size_t first = 0; first < count; first += GROUP) {
        size_t size = count - first < GROUP ? count - first : GROUP;
        want_group(d, texts + first, size, group);
        for (size_t i = 0; i < size; i++)
            codes[first + i] = add_wanted(d, &group[i]);
    }
}

void dictionary_find_many(const dictionary *d, const slice *texts, size_t count,
                          uint32_t *codes)
{
    wanted group[GROUP];
    need_index(d);
    for (size_t first = 0; first < count; first += GROUP) {
        size_t size = count - first < GROUP ? count - first : GROUP;
        want_group(d, texts + first, size, group);
        for (size_t i = 0; i < size; i++)
            codes[first + i] = look_up(d, &group[i])->code;
    }
}

uint32_t dictionary_find(const dictionary *d, const char *data, size_t size)
{
    wanted w = want(data, size);
    need_index(d);
    return look_up(d, &w)->code;
}

void dictionary_texts(const dictionary *d, const uint32_t *codes, size_t count,
                      slice *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i + GROUP < count)
            __builtin_prefetch(&d->texts[codes[i + GROUP]]);
        out[i] = d->texts[codes[i]];
    }
}

void dictionary_expect(const dictionary *d, const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&d->texts[codes[i]]);
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(d->texts[codes[i]].data);
}

uint32_t dictionary_find_once(const dictionary *d, const char *data, size_t size)
{
    slice text = {data, size};
    if (__atomic_load_n(&d->indexed, __ATOMIC_ACQUIRE) == d->count)
        return dictionary_find(d, data, size);
    for (size_t code = 0; code < d->count; code++)
        if (slice_equals(d->texts[code], text))
            return (uint32_t)code;
    return DICTIONARY_NONE;
}

slice dictionary_text(const dictionary *d, uint32_t code)
{
    return d->texts[code];
}

size_t dictionary_count(const dictionary *d)
{
    return d->count;
}

size_t dictionary_bytes(const dictionary *d)
{
    return (d->slot_mask + 1) * sizeof(slot) + d->count * sizeof(slice) + d->pool_bytes;
}

uint64_t dictionary_fingerprint(const dictionary *d)
{
    need_index(d);
    return d->fingerprint;
}

void dictionary_sort(const dictionary *d, size_t count, uint32_t *out)
{
    text_order(d->texts, count, out);
}
