/* SPDX-License-Identifier: MIT
 *
 * A bit for each person who is known at an instant, and whose an id is.
 */
#include "exec/judged.h"

static uint64_t *known_at(const store *s, int64_t instant, arena *memory)
{
    uint64_t *known =
        arena_alloc_array(memory, bitmap_words(s->person_count) + 2, sizeof *known);
    for (size_t p = 0; p < s->person_count; p++)
        if (s->known_since[p] <= instant)
            bitmap_set(known, p);
    return known;
}

run_population judged_people(const store *s, int64_t instant, arena *memory)
{
    run_population p = {.one = "person",
                        .many = "people",
                        .count = s->person_count,
                        .number_count = s->person_count,
                        .ids = s->persons,
                        .persons_of = s->persons_of};
    if (s->last_known <= instant)
        return p;
    p.judged = known_at(s, instant, memory);
    p.count = bitmap_count(p.judged, 0, s->person_count);
    return p;
}

uint32_t run_population_find(const run_population *p, slice id)
{
    uint32_t code = dictionary_find(p->ids, id.data, id.size);
    return code == DICTIONARY_NONE || !p->persons_of ? code : p->persons_of[code];
}

bool run_population_shares_numbers(const run_population *a, const run_population *b)
{
    return a->ids == b->ids || a->persons_of || b->persons_of;
}

size_t run_population_number_in(const run_population *other, const run_population *own,
                                size_t number)
{
    if (run_population_shares_numbers(other, own))
        return number;
    if (!other->ids)
        return SIZE_MAX;
    slice id = dictionary_text(own->ids, (uint32_t)number);
    uint32_t found = dictionary_find(other->ids, id.data, id.size);
    return found == DICTIONARY_NONE ? SIZE_MAX : found;
}

void judged_put_in_order(run_population *p, const uint32_t *all, arena *memory)
{
    p->order = all;
    if (p->judged == NULL)
        return;
    uint32_t *order = arena_alloc_array(memory, p->count + 1, sizeof *order);
    size_t count = 0;
    for (size_t i = 0; i < p->number_count; i++)
        if (bitmap_get(p->judged, all[i]))
            order[count++] = all[i];
    p->order = order;
}

bool judged_has_any(const uint64_t *judged, size_t first, size_t count)
{
    return judged == NULL || bitmap_first(judged, first, first + count) < first + count;
}

void judged_mask(const run_population *p, uint64_t *bits)
{
    for (size_t w = 0; p->judged && w < bitmap_words(p->number_count); w++)
        bits[w] &= p->judged[w];
}
