/* SPDX-License-Identifier: MIT
 *
 * Groups of rows that are equal in each `with same p`: a table of their keys, and what is
 * known of each. Without keys all rows are one group.
 */
#include <string.h>

#include "base/memory.h"
#include "exec/matcher.h"

struct group_slot {
    uint32_t stamp, group;
};

void groups_begin(matcher *m)
{
    const sequence *q = m->sequence;
    groups *g = &m->groups;
    g->key_count = q->key_count;
    g->mark_count = 2 * q->step_count + m->ahead_count;
    for (size_t i = 0; i < m->ahead_count; i++)
        m->ahead[i]->cursor = 2 * q->step_count + i;
    g->step_count = q->is_any_order ? 0 : q->step_count;
    if (q->is_any_order)
        g->time_count = m->latest_will_do ? q->step_count : (size_t)1 << q->step_count;
}

void groups_end(matcher *m)
{
    groups *g = &m->groups;
    memory_free(g->keys);
    memory_free(g->epochs);
    memory_free(g->marks);
    memory_free(g->steps);
    memory_free(g->times);
    memory_free(g->slots);
}

void groups_clear(groups *g)
{
    g->count = 0;
    g->stamp++;
}

/* Small whole numbers as doubles differ in their upper bits only, which come down first. */
static uint64_t hash_of(const uint64_t *key, size_t count)
{
    uint64_t hash = 0;
    for (size_t k = 0; k < count; k++) {
        hash = (hash ^ key[k] ^ key[k] >> 32) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
}

/* The slot of the key, or the empty one where it belongs. */
static struct group_slot *find_slot(const groups *g, const uint64_t *key)
{
    size_t at = hash_of(key, g->key_count) & (g->slot_count - 1);
    while (g->slots[at].stamp == g->stamp &&
           memcmp(g->keys + g->slots[at].group * g->key_count, key,
                  g->key_count * sizeof *key) != 0)
        at = (at + 1) & (g->slot_count - 1);
    return &g->slots[at];
}

static void put_in_slots(groups *g)
{
    memory_free(g->slots);
    g->slot_count = g->capacity * 2;
    g->slots = memory_alloc_zero_array(g->slot_count, sizeof *g->slots);
    g->stamp = 1;
    for (uint32_t i = 0; i < g->count; i++)
        *find_slot(g, g->keys + i * g->key_count) = (struct group_slot){g->stamp, i};
}

static void widen(groups *g)
{
    size_t most = g->capacity ? g->capacity * 2 : 16;
    g->capacity = most;
    g->keys = memory_resize_array(g->keys, most * g->key_count + 1, sizeof *g->keys);
    g->epochs = memory_resize_array(g->epochs, most, sizeof *g->epochs);
    g->marks = memory_resize_array(g->marks, most * g->mark_count, sizeof *g->marks);
    g->steps = memory_resize_array(g->steps, most * g->step_count + 1, sizeof *g->steps);
    g->times = memory_resize_array(g->times, most * g->time_count + 1, sizeof *g->times);
    put_in_slots(g);
}

/* The key stands in its place already. Marks of 0: no row was seen, of which the first is 1,
 * and none lies ahead. */
static uint32_t add_group(groups *g)
{
    uint32_t group = (uint32_t)g->count++;
    g->epochs[group] = 0;
    memset(group_marks(g, group), 0, g->mark_count * sizeof *g->marks);
    return group;
}

static uint64_t key_of(const key_column *column, uint32_t row)
{
    uint64_t key = vector_key(column->values, column->type, row);
    return column->codes ? column->codes[key] : key;
}

uint32_t groups_find(groups *g, const stream *s, uint32_t row)
{
    uint64_t *key;
    if (g->count == g->capacity)
        widen(g);
    if (g->key_count == 0)
        return g->count > 0 ? 0 : add_group(g);
    key = g->keys + g->count * g->key_count; /* of the group that it may be */
    for (size_t k = 0; k < g->key_count; k++) {
        if (!vector_has(s->keys[k].values, row))
            return NO_GROUP;
        key[k] = key_of(&s->keys[k], row);
    }
    struct group_slot *slot = find_slot(g, key);
    if (slot->stamp != g->stamp)
        *slot = (struct group_slot){g->stamp, add_group(g)};
    return slot->group;
}

void groups_refresh(groups *g, uint32_t group, uint32_t epoch)
{
    if (g->epochs[group] == epoch)
        return;
    g->epochs[group] = epoch;
    for (size_t s = 0; s < g->step_count; s++)
        g->steps[group * g->step_count + s] =
            (step_state){.ready = NO_ROW, .waiting = NO_ROW};
    for (size_t s = 0; s < g->time_count; s++)
        g->times[group * g->time_count + s] = INT64_MIN;
}

bool groups_have_candidate(const matcher *m, size_t step)
{
    const step_state *state = &m->groups.steps[step];
    return m->groups.epochs[0] == m->epoch &&
           (state->ready != NO_ROW || state->waiting != NO_ROW);
}
