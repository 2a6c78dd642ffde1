/* SPDX-License-Identifier: MIT
 *
 * Wishes become the values of one event, or of a trait.
 */
#include "explain/advising.h"

/* The place of the property's value; ADVICE_VALUES: there is no room for it. */
static size_t put(imagined_value *values, size_t *count, imagined_value value)
{
    size_t v = 0;
    while (v < *count && values[v].property != value.property)
        v++;
    if (v == ADVICE_VALUES)
        return v;
    *count += v == *count;
    values[v] = value;
    return v;
}

void advised_put(advised *s, imagined_value value, bool is_another)
{
    size_t v = put(s->values, &s->value_count, value);
    if (v < ADVICE_VALUES)
        s->is_another[v] = is_another;
}

void advised_put_wish(advised *s, const wish *w)
{
    if (!w->has_list) {
        advised_put(s, w->value, w->is_another);
        return;
    }
    if (s->has_item && s->list != w->list)
        return;
    s->has_item = true;
    s->list = w->list;
    size_t v = put(s->item, &s->item_value_count, w->value);
    if (v < ADVICE_VALUES)
        s->item_is_another[v] = w->is_another;
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

/* What should hold comes behind what should not, and stays. */
static void put_wishes(advised *s, const advisor *a, const domain *table, bool of_person,
                       bool are_denials)
{
    for (size_t i = 0; i < a->wishes.count; i++) {
        const wish *w = &a->wishes.items[i];
        if (w->table == table && w->is_denial == are_denials &&
            (of_person || !w->is_of_person))
            advised_put_wish(s, w);
    }
}

advised advised_event(const advisor *a, const domain *table, bool of_person)
{
    advised s = {
        .person = a->person, .table = table->index, .times = 1, .like = NO_LIKENESS};
    put_wishes(&s, a, table, of_person, true);
    put_wishes(&s, a, table, of_person, false);
    if (is_setting(a, table))
        s.like = advised_last_row(a, table);
    return s;
}

static advised trait_that_is(const advisor *a, const domain *table, imagined_value value,
                             bool is_another)
{
    advised s = {.person = a->person,
                 .is_trait = true,
                 .table = table->index,
                 .times = 1,
                 .like = NO_LIKENESS};
    advised_put(&s, value, is_another);
    return s;
}

advised advised_trait(const advisor *a, const wish *w)
{
    return trait_that_is(a, w->table, w->value, w->is_another);
}

/* Whatever it was before, it is another. */
advised advised_other_trait(const advisor *a, const domain *table)
{
    return trait_that_is(a, table, (imagined_value){0}, true);
}
