/* SPDX-License-Identifier: MIT
 *
 * What a table says of all its rows; whose an id is; and the end of a store: whoever made it knows
 * how to release its memory.
 */
#include "store/store.h"

bool event_table_span(const event_table *t, int64_t *first, int64_t *last)
{
    enum { PIECE = 1024 };
    int64_t times[PIECE];
    for (size_t i = 0; i < t->row_count; i += PIECE) {
        size_t size = t->row_count - i < PIECE ? t->row_count - i : PIECE;
        packed_widen_64(&t->time, i, size, times);
        *first = i == 0 ? times[0] : *first;
        *last = i == 0 ? times[0] : *last;
        for (size_t k = 0; k < size; k++) {
            *first = times[k] < *first ? times[k] : *first;
            *last = times[k] > *last ? times[k] : *last;
        }
    }
    return t->row_count > 0;
}

uint64_t store_events_until(const store *s, int64_t until)
{
    uint64_t count = 0;
    if (until >= s->last_time)
        return s->event_count;
    for (size_t k = 0; k < s->schema->kind_count; k++)
        for (size_t row = 0; row < s->kinds[k].row_count; row++)
            count += event_table_time(&s->kinds[k], row) <= until;
    return count;
}

uint32_t store_find_person(const store *s, slice id)
{
    uint32_t code = dictionary_find_once(s->persons, id.data, id.size);
    return code == DICTIONARY_NONE ? code : store_person_at(s, code);
}

void store_free(store *s)
{
    if (s != NULL && s->release != NULL)
        s->release(s->owner);
}
