/* SPDX-License-Identifier: MIT
 *
 * arena -- memory that is given out piece by piece and taken back all at once.
 *
 * A compilation, or the evaluation of one block of people, creates many small
 * objects that die together. They come from an arena and are never freed one by one:
 *
 *     arena *scratch = arena_new();
 *     ast_file *file = parse_segments(source, scratch, diags);
 *     ...
 *     arena_free(scratch);             // file and every node under it are gone
 *
 * Pointers stay valid until arena_clear() or arena_free(). Not thread-safe: give
 * every thread its own. Under the address sanitizer each object is a malloc of
 * its own, so that a stray access is seen.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/error.h"

typedef struct arena arena;

/* Create an empty arena. The caller owns it. Never returns NULL. */
arena *arena_new(void);

/* `size` zeroed bytes, aligned for any type (64-byte aligned from 4 KiB up). */
void *arena_alloc(arena *a, size_t size);
void *arena_alloc_array(arena *a, size_t count, size_t size);

/* The same, and not zeroed: for what is written as a whole before it is read. */
void *arena_alloc_unset(arena *a, size_t count, size_t size);

/* The same as memory_alloc_large(). */
void *arena_alloc_large(arena *a, size_t count, size_t size);

/* Copies with a NUL behind them. */
char *arena_copy_text(arena *a, const char *text, size_t size);
char *arena_copy_string(arena *a, const char *text);

/* A formatted text in the arena. */
CARPEL_PRINTF(2, 3) char *arena_format(arena *a, const char *format, ...);

/* All that `from` holds goes over to `a`; `from` is released. */
void arena_join(arena *a, arena *from);

/* Bytes given out since the arena was made or cleared. */
size_t arena_used_bytes(const arena *a);

/* Forget every object but keep the blocks, ready for the next round. */
void arena_clear(arena *a);

/* Release the arena and all it holds. Accepts NULL. */
void arena_free(arena *a);

#endif
