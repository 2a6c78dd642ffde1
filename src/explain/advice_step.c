/* SPDX-License-Identifier: MIT
 *
 * Wishes become the values of one event, or of a trait.
 */
#include "explain/advising.h"

static void put(imagined_value *values, size_t *count, imagined_value value, bool *is_new)
{
    size_t v = 0;
    while (v < *count && values[v].property != value.property)
        v++;
    *is_new = v < ADVICE_VALUES;
    if (!*is_new)
        return;
    *count += v == *count;
    values[v] = value;
}

void advised_put(advised *s, imagined_value value, bool is_another)
{
    bool is_put;
    put(s->values, &s->value_count, value, &is_put);
    for (size_t v = 0; is_put && v < s->value_count; v++)
        if (s->values[v].property == value.property)
            s->is_another[v] = is_another;
}

static void put_wish(advised *s, const wish *w)
{
    bool is_put;
    if (!w->has_list) {
        advised_put(s, w->value, w->is_another);
        return;
    }
    if (s->has_item && s->list != w->list)
        return;
    s->has_item = true;
    s->list = w->list;
    put(s->item, &s->item_value_count, w->value, &is_put);
}

size_t advised_last_row(const advisor *a, const domain *table)
{
    const event_table *t = &a->data->kinds[table->index];
    size_t person = a->request->subject->people[a->person];
    if (!t->offsets || t->row_count == 0)
        return NO_LIKENESS;
    uint64_t begin = t->offsets[person], end = t->offsets[person + 1];
    while (end > begin && packed_get(&t->time, (size_t)end - 1) > a->request->as_of)
        end--;
    return end > begin ? (size_t)end - 1 : NO_LIKENESS;
}

/* A new list of traits has what the last one had. */
static bool is_setting(const advisor *a, const domain *table)
{
    const schema *s = a->data->schema;
    return s->kinds[table->index].derivation == KIND_SETTINGS;
}

/* With what its rows have to be, and (`of_person`) what the last of them has to be. */
advised advised_event(const advisor *a, const domain *table, bool of_person)
{
    advised s = {
        .person = a->person, .table = table->index, .times = 1, .like = NO_LIKENESS};
    for (size_t i = 0; i < a->wishes.count; i++) {
        const wish *w = &a->wishes.items[i];
        if (w->table == table && (of_person || !w->is_of_person))
            put_wish(&s, w);
    }
    if (is_setting(a, table))
        s.like = advised_last_row(a, table);
    return s;
}

advised advised_trait(const advisor *a, const wish *w)
{
    advised s = {.person = a->person,
                 .is_trait = true,
                 .table = w->table->index,
                 .times = 1,
                 .like = NO_LIKENESS};
    advised_put(&s, w->value, false);
    return s;
}

/* Whatever it was before, it is another. */
advised advised_other_trait(const advisor *a, const domain *table)
{
    advised s = {.person = a->person,
                 .is_trait = true,
                 .table = table->index,
                 .times = 1,
                 .like = NO_LIKENESS};
    advised_put(&s, (imagined_value){0}, true);
    return s;
}
