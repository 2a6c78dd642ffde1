/* SPDX-License-Identifier: MIT
 *
 * key_counts -- how often each of some 64-bit keys is met: a hash table in scratch memory.
 *
 *     key_counts met = key_counts_take(scratch, most);     // room for so many keys
 *     for each group:
 *         key_counts_clear(&met);                          // by taking the next stamp
 *         (*key_counts_of(&met, key))++;                   // 0 when it is new
 *     key_counts_give(scratch, &met);
 */
#ifndef EXEC_KEY_COUNTS_H
#define EXEC_KEY_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "exec/scratch.h"

typedef struct key_counts {
    uint64_t *keys;
    uint32_t *stamps, *counts;
    uint32_t stamp;
    size_t mask;
} key_counts;

key_counts key_counts_take(scratch *s, size_t most);
void key_counts_give(scratch *s, const key_counts *c);

static inline void key_counts_clear(key_counts *c)
{
    c->stamp++;
}

/* Whole numbers as doubles differ in their upper bits only, which are brought down first. */
static inline uint32_t *key_counts_of(key_counts *c, uint64_t key)
{
    uint64_t spread = (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(spread >> 32) & c->mask;
    while (c->stamps[slot] == c->stamp && c->keys[slot] != key)
        slot = (slot + 1) & c->mask;
    if (c->stamps[slot] != c->stamp) {
        c->stamps[slot] = c->stamp;
        c->keys[slot] = key;
        c->counts[slot] = 0;
    }
    return &c->counts[slot];
}

#endif
