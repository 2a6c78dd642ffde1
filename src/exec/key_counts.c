/* SPDX-License-Identifier: MIT
 *
 * At most half of the slots are taken, so that looking for a free one ends soon.
 */
#include "exec/key_counts.h"

#include <string.h>

key_counts key_counts_take(scratch *s, size_t most)
{
    size_t slots = 16;
    while (slots < 2 * most)
        slots *= 2;
    key_counts c = {.keys = scratch_take(s, slots * sizeof *c.keys),
                    .stamps = scratch_take(s, slots * sizeof *c.stamps),
                    .counts = scratch_take(s, slots * sizeof *c.counts),
                    .stamp = 1,
                    .mask = slots - 1};
    memset(c.stamps, 0, slots * sizeof *c.stamps);
    return c;
}

void key_counts_give(scratch *s, const key_counts *c)
{
    scratch_give(s, c->keys);
    scratch_give(s, c->stamps);
    scratch_give(s, c->counts);
}
