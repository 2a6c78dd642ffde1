/* SPDX-License-Identifier: MIT
 *
 * An arena is a list of blocks; objects are cut from the current one, and
 * arena_clear() goes back to the first. Blocks behind the current one are empty
 * and wait to be used again.
 *
 *     first -> block -> current -> empty -> empty
 *
 * Under the address sanitizer there are no blocks: each object is an allocation.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_IS_CHECKED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_IS_CHECKED 1
#endif
#endif
#ifndef ARENA_IS_CHECKED
#define ARENA_IS_CHECKED 0
#endif

enum {
    SMALL_ALIGNMENT = 16,
    LARGE_ALIGNMENT = 64, /* a cache line, and the widest vector */
    LARGE_SIZE = 4096,
    FIRST_BLOCK_SIZE = 16 * 1024,
    LAST_BLOCK_SIZE = 1024 * 1024
};

static size_t alignment_for(size_t size)
{
    return size >= LARGE_SIZE ? LARGE_ALIGNMENT : SMALL_ALIGNMENT;
}

/* Aligned memory; a size that cannot be had ends the process as memory_alloc does. */
static void *aligned_block(size_t alignment, size_t size)
{
    void *block = NULL;
    if (posix_memalign(&block, alignment, size) != 0) {
        memory_free(memory_alloc(SIZE_MAX / 2));
        abort();
    }
    return block;
}

#if ARENA_IS_CHECKED

struct arena {
    void **objects;
    size_t count, capacity;
    size_t used_bytes;
};

static void *take(arena *a, size_t size)
{
    memory_grow((void **)&a->objects, a->count, &a->capacity, sizeof *a->objects);
    void *object = aligned_block(alignment_for(size), size == 0 ? 1 : size);
    a->objects[a->count++] = object;
    return object;
}

void arena_clear(arena *a)
{
    for (size_t i = 0; i < a->count; i++)
        memory_free(a->objects[i]);
    a->count = 0;
    a->used_bytes = 0;
}

void arena_free(arena *a)
{
    if (a == NULL)
        return;
    arena_clear(a);
    memory_free(a->objects);
    memory_free(a);
}

static void *take_large(arena *a, size_t size)
{
    return take(a, size);
}

void arena_join(arena *a, arena *from)
{
    for (size_t i = 0; i < from->count; i++) {
        memory_grow((void **)&a->objects, a->count, &a->capacity, sizeof *a->objects);
        a->objects[a->count++] = from->objects[i];
    }
    a->used_bytes += from->used_bytes;
    memory_free(from->objects);
    memory_free(from);
}

#else

/* The header of a block; its objects follow, the first one 64-byte aligned. */
typedef struct block {
    _Alignas(LARGE_ALIGNMENT) struct block *next;
    size_t size, used; /* bytes behind the header */
} block;

struct arena {
    block *first, *current;
    size_t used_bytes;
};

/* A block goes in front of the first one, where nothing is cut from before arena_clear. */
static void put_first(arena *a, block *b)
{
    b->next = a->first;
    a->first = b;
    a->current = a->current != NULL ? a->current : b;
}

static void *take_large(arena *a, size_t size)
{
    block *b = memory_alloc_large(1, sizeof *b + size);
    *b = (block){.size = size, .used = size};
    put_first(a, b);
    return b + 1;
}

/* Cut an object from the block, or NULL when it does not fit. */
static void *cut(block *b, size_t size)
{
    size_t alignment = alignment_for(size);
    size_t begin = (b->used + alignment - 1) & ~(alignment - 1);
    if (begin > b->size || size > b->size - begin)
        return NULL;
    b->used = begin + size;
    return (char *)(b + 1) + begin;
}

static block *block_new(const block *before, size_t size)
{
    size_t wanted = FIRST_BLOCK_SIZE;
    if (before != NULL)
        wanted = before->size < LAST_BLOCK_SIZE / 2 ? before->size * 2 : LAST_BLOCK_SIZE;
    if (wanted < size)
        wanted = size;
    if (wanted > SIZE_MAX / 2)
        wanted = SIZE_MAX / 2 - sizeof(block);
    block *b = aligned_block(LARGE_ALIGNMENT, sizeof *b + wanted);
    *b = (block){.next = NULL, .size = wanted, .used = 0};
    return b;
}

/* Unlink the first empty block behind the current one that can hold `size`. */
static block *reuse_block(arena *a, size_t size)
{
    if (a->current == NULL)
        return NULL;
    for (block **link = &a->current->next; *link != NULL; link = &(*link)->next) {
        block *b = *link;
        if (b->size >= size) {
            *link = b->next;
            return b;
        }
    }
    return NULL;
}

static void add_block(arena *a, size_t size)
{
    block *b = reuse_block(a, size);
    if (b == NULL)
        b = block_new(a->current, size);
    b->used = 0;
    if (a->current == NULL) {
        a->first = b;
    } else {
        b->next = a->current->next;
        a->current->next = b;
    }
    a->current = b;
}

static void *take(arena *a, size_t size)
{
    void *object = a->current == NULL ? NULL : cut(a->current, size);
    if (object == NULL) {
        add_block(a, size);
        object = cut(a->current, size);
    }
    return object;
}

void arena_clear(arena *a)
{
    a->current = a->first;
    if (a->first != NULL)
        a->first->used = 0;
    a->used_bytes = 0;
}

void arena_free(arena *a)
{
    if (a == NULL)
        return;
    for (block *b = a->first, *next; b != NULL; b = next) {
        next = b->next;
        memory_free(b);
    }
    memory_free(a);
}

/* The blocks go in front of the first one, where nothing is cut from before arena_clear. */
void arena_join(arena *a, arena *from)
{
    block *last = from->first;
    while (last != NULL && last->next != NULL)
        last = last->next;
    if (last != NULL) {
        last->next = a->first;
        a->first = from->first;
        a->current = a->current != NULL ? a->current : last;
    }
    a->used_bytes += from->used_bytes;
    memory_free(from);
}

#endif

arena *arena_new(void)
{
    return memory_alloc_zero(sizeof(arena));
}

void *arena_alloc(arena *a, size_t size)
{
    return arena_alloc_array(a, 1, size);
}

void *arena_alloc_array(arena *a, size_t count, size_t size)
{
    return memset(arena_alloc_unset(a, count, size), 0, count * size);
}

void *arena_alloc_unset(arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size)
        memory_free(memory_alloc_array(count, size)); /* does not return */
    a->used_bytes += count * size;
    return take(a, count * size);
}

void *arena_alloc_large(arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size)
        memory_free(memory_alloc_array(count, size)); /* does not return */
    a->used_bytes += count * size;
    return take_large(a, count * size);
}

char *arena_copy_text(arena *a, const char *text, size_t size)
{
    char *copy = arena_alloc(a, size + 1);
    if (size > 0)
        memcpy(copy, text, size);
    return copy;
}

char *arena_copy_string(arena *a, const char *text)
{
    return arena_copy_text(a, text, strlen(text));
}

char *arena_format(arena *a, const char *format, ...)
{
    va_list arguments, again;
    assert(format != NULL);
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    assert(size >= 0);
    char *out = arena_alloc(a, (size_t)size + 1);
    vsnprintf(out, (size_t)size + 1, format, again);
    va_end(again);
    va_end(arguments);
    return out;
}

size_t arena_used_bytes(const arena *a)
{
    return a->used_bytes;
}
