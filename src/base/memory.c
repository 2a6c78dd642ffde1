/* SPDX-License-Identifier: MIT
 *
 * Allocation that never returns NULL, but for one: the calls of the C library, with the one
 * answer to "no memory" in one place.
 */
#include "base/memory.h"

#include <limits.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/leftovers.h"
#include "base/system.h"

/* Blocks up to here are never maps of their own; glibc takes no more. */
enum { LARGEST_KEPT = 32 * 1024 * 1024, MOST_READY = LARGEST_KEPT - 4096 };

/* Of most machines. */
enum { CACHE_LINE = 64, LARGE_PAGE = 2 * 1024 * 1024, FEWEST_LARGE_PAGES = 2 };

/* Say that there is no memory, and end without leaving half a file. */
static _Noreturn void give_up(size_t size)
{
    fprintf(stderr, "carpel: out of memory (%zu bytes were wanted)\n", size);
    leftovers_remove_all();
    exit(EX_OSERR);
}

static size_t product(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        give_up(SIZE_MAX);
    return count * size;
}

void *memory_alloc(size_t size)
{
    void *block = system_malloc(size == 0 ? 1 : size);
    if (block == NULL)
        give_up(size);
    return block;
}

void *memory_alloc_zero(size_t size)
{
    void *block = system_calloc(1, size == 0 ? 1 : size);
    if (block == NULL)
        give_up(size);
    return block;
}

void *memory_try(size_t size)
{
    return system_malloc(size == 0 ? 1 : size);
}

void *memory_alloc_array(size_t count, size_t size)
{
    return memory_alloc(product(count, size));
}

void *memory_alloc_large(size_t count, size_t size)
{
    size_t bytes = product(count, size), pages = bytes / LARGE_PAGE;
    bool is_large = pages >= FEWEST_LARGE_PAGES;
    void *block =
        system_memalign(is_large ? LARGE_PAGE : CACHE_LINE, bytes == 0 ? 1 : bytes);
    if (!block)
        give_up(bytes);
    if (is_large)
        system_want_large_pages(block, pages * LARGE_PAGE);
    return block;
}

void *memory_enlarge(void *block, size_t filled, size_t count, size_t size)
{
    void *larger = memory_alloc_large(count, size);
    if (filled > 0)
        memcpy(larger, block, filled * size);
    memory_free(block);
    return larger;
}

void *memory_alloc_zero_array(size_t count, size_t size)
{
    return memory_alloc_zero(product(count, size));
}

void *memory_resize(void *block, size_t size)
{
    void *resized = system_realloc(block, size == 0 ? 1 : size);
    if (resized == NULL)
        give_up(size);
    return resized;
}

void *memory_resize_array(void *block, size_t count, size_t size)
{
    return memory_resize(block, product(count, size));
}

char *memory_copy_text(const char *text, size_t size)
{
    if (size == SIZE_MAX)
        give_up(size);
    char *copy = memory_alloc(size + 1);
    if (size > 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *memory_copy_string(const char *text)
{
    return memory_copy_text(text, strlen(text));
}

void memory_free(void *block)
{
    system_free(block);
}

void memory_grow(void **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return;
    if (*capacity > SIZE_MAX / 2)
        give_up(SIZE_MAX);
    size_t wanted = *capacity == 0 ? 8 : *capacity * 2;
    *items = memory_resize_array(*items, wanted, size);
    *capacity = wanted;
}

void memory_keep_freed(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

/* The whole large pages of the block. */
static void want_large_pages_of(char *block, size_t size)
{
    size_t before = (LARGE_PAGE - (uintptr_t)block % LARGE_PAGE) % LARGE_PAGE;
    if (size >= before + LARGE_PAGE)
        system_want_large_pages(block + before,
                                (size - before) / LARGE_PAGE * LARGE_PAGE);
}

void memory_have_ready(void)
{
    memory_keep_freed();
    char *block = memory_alloc(MOST_READY);
    want_large_pages_of(block, MOST_READY);
    memory_free(block);
}
