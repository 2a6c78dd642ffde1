/* SPDX-License-Identifier: MIT
 *
 * memory -- allocation that never returns NULL, but for memory_try.
 *
 * When the machine has no memory left, a message is written to stderr and the
 * process ends with EX_OSERR: no caller can do anything better. What users can
 * make grow is bounded by limits that are checked before these are called.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `size` bytes (zeroed in the second form); release with memory_free. */
void *memory_alloc(size_t size);
void *memory_alloc_zero(size_t size);

/* For sizes that somebody else told: NULL when there is no memory for it. */
void *memory_try(size_t size);

/* `count` elements of `size` bytes; the product is checked for overflow. */
void *memory_alloc_array(size_t count, size_t size);
void *memory_alloc_zero_array(size_t count, size_t size);

/* The same for what is filled as a whole, and soon: an array that takes several large pages (2 MiB) is made of them,
 * where the machine has such, since to get small ones takes longer than to fill them. 64-byte aligned, not zeroed. */
void *memory_alloc_large(size_t count, size_t size);

/* Make such an array, of which `filled` elements are filled, larger; NULL is one of none. */
void *memory_enlarge(void *block, size_t filled, size_t count, size_t size);

/* Change the size of `block` (which may be NULL), as realloc does. */
void *memory_resize(void *block, size_t size);
void *memory_resize_array(void *block, size_t count, size_t size);

/* A copy of `size` bytes with a NUL behind them; of a C string. */
char *memory_copy_text(const char *text, size_t size);
char *memory_copy_string(const char *text);

/* Accepts NULL. */
void memory_free(void *block);

/* From now on keep what is freed for what is wanted next, and give none of it back to the system: for a
 * process that does the same again and again, and then ends. */
void memory_keep_freed(void);

/* The same, and what is wanted next is taken of some large pages, as many as one block may have: none of
 * them takes memory before it is touched. */
void memory_have_ready(void);

/* Make room for one more element in a growing array: `*items` holds `count` of
 * `*capacity` elements of `size` bytes. Doubles the capacity when it is full.
 *     memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items); */
void memory_grow(void **items, size_t count, size_t *capacity, size_t size);

#endif
