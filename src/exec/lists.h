/* SPDX-License-Identifier: MIT
 *
 * lists -- the values of events that are handed to scripts, group by group.
 *
 * All lists of a node are parts of one array, its items, in which each row that some window
 * reaches has its value once, however many windows overlap:
 *
 *     rows      r0  r1  r2  r3  r4        r1 does not count
 *     items     a       b   c   d
 *     lists     [0, 3) of r0 .. r3, [1, 4) of r1 .. r4
 *
 * A vector of TYPE_LIST has for each group which part is its list, and shares the items with
 * the vectors that were copied from it.
 */
#ifndef EXEC_LISTS_H
#define EXEC_LISTS_H

#include <stddef.h>
#include <stdint.h>

#include "exec/block.h"

typedef struct list_items {
    type type; /* values stand as those of a vector of this type */
    text_origin origin;
    void *values;
    size_t references;
} list_items;

/* A part of the items, as the value of a vector. */
static inline int64_t list_of(uint32_t first, uint32_t count)
{
    return (int64_t)((uint64_t)first << 32 | count);
}

static inline uint32_t list_first(int64_t list)
{
    return (uint32_t)((uint64_t)list >> 32);
}

static inline uint32_t list_count(int64_t list)
{
    return (uint32_t)list;
}

/* Items with room for `count` values, cleared; one reference is the caller's. */
list_items *list_items_new(scratch *s, type t, text_origin origin, size_t count);
void list_items_unref(scratch *s, list_items *items); /* accepts NULL */

/* What is copied from `from` are lists of the same items; of other types nothing happens. */
void list_items_share(vector *to, const vector *from);

#endif
