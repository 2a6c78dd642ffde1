/* SPDX-License-Identifier: MIT
 *
 * Who is of an account is found in the rows of the trait that names it.
 */
#include "explain/subject.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

subject subject_of_person(const store *data, size_t person, arena *memory)
{
    uint32_t *people = arena_alloc(memory, sizeof *people);
    bool *is_member = arena_alloc(memory, sizeof *is_member);
    *people = (uint32_t)person;
    *is_member = true;
    return (subject){.data = data, .people = people, .is_member = is_member, .count = 1};
}

/* ---- accounts ------------------------------------------------------------ */

typedef enum bond { BOND_NONE, BOND_FORMER, BOND_MEMBER } bond;

/* The newest row up to the instant says of which account the person is. */
static bond bond_of(const event_table *trait, size_t person, slice name, int64_t as_of)
{
    const column *c = &trait->columns[0];
    bond found = BOND_NONE;
    if (!trait->offsets)
        return found;
    for (uint64_t r = trait->offsets[person]; r < trait->offsets[person + 1]; r++) {
        if (event_table_time(trait, (size_t)r) > as_of)
            break;
        bool is_named =
            column_has(c, (size_t)r) &&
            slice_equals(dictionary_text(c->dictionary, column_code(c, r)), name);
        found = is_named ? BOND_MEMBER : found == BOND_NONE ? BOND_NONE : BOND_FORMER;
    }
    return found;
}

bool subject_of_account(const store *data, const char *name, int64_t as_of, arena *memory,
                        subject *out)
{
    const event_table *trait = &data->traits[data->schema->account_trait];
    size_t count = 0, members = 0;
    uint32_t *people = memory_alloc_array(data->person_count + 1, sizeof *people);
    bool *is_member = memory_alloc_array(data->person_count + 1, sizeof *is_member);
    for (size_t p = 0; name[0] != '\0' && p < data->person_count; p++) {
        bond b = bond_of(trait, p, slice_of(name), as_of);
        if (b == BOND_NONE)
            continue;
        people[count] = (uint32_t)p;
        is_member[count++] = b == BOND_MEMBER;
        members += b == BOND_MEMBER;
    }
    uint32_t *kept = arena_alloc_array(memory, count + 1, sizeof *kept);
    bool *kept_members = arena_alloc_array(memory, count + 1, sizeof *kept_members);
    memcpy(kept, people, count * sizeof *kept);
    memcpy(kept_members, is_member, count * sizeof *kept_members);
    memory_free(people);
    memory_free(is_member);
    *out = (subject){.data = data,
                     .account = arena_copy_text(memory, name, strlen(name)),
                     .people = kept,
                     .is_member = kept_members,
                     .count = count};
    return members > 0;
}

/* ---- people --------------------------------------------------------------- */

store *subject_store(const subject *s, int64_t until, const imagined *more,
                     size_t more_count)
{
    return people_store(s->data, s->people, s->count, until, more, more_count);
}

histories *subject_histories(const subject *s, int64_t until)
{
    return histories_new(s->data, s->people, s->count, until);
}

size_t subject_next(const subject *s, size_t person)
{
    size_t next = person + 1; /* SIZE_MAX + 1 is the first */
    while (next < s->count && !s->is_member[next])
        next++;
    return next;
}

/* ---- rows ------------------------------------------------------------------ */

typedef struct placed {
    int64_t time, arrival;
    subject_row row;
} placed;

static int in_order(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->arrival > y->arrival) - (x->arrival < y->arrival);
}

typedef struct placed_list {
    placed *items;
    size_t count, capacity;
} placed_list;

static void add_placed(placed_list *list, placed one)
{
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof one);
    list->items[list->count++] = one;
}

static void place_rows(const subject *s, const event_table *t, size_t person,
                       int64_t until, placed_list *out)
{
    uint64_t begin = t->offsets ? t->offsets[s->people[person]] : 0,
             end = t->offsets ? t->offsets[s->people[person] + 1] : 0;
    for (uint64_t r = begin; r < end; r++) {
        placed one = {event_table_time(t, (size_t)r),
                      packed_get(&t->arrival, (size_t)r),
                      {person, (size_t)(r - begin)}};
        if (one.time > until)
            return;
        add_placed(out, one);
    }
}

const subject_row *subject_rows(const subject *s, bool is_trait, size_t table,
                                int64_t until, size_t *count, arena *memory)
{
    const event_table *t = is_trait ? &s->data->traits[table] : &s->data->kinds[table];
    bool are_users = !is_trait && s->data->schema->kinds[table].derivation == KIND_USERS;
    placed_list list = {0};
    for (size_t p = subject_next(s, SIZE_MAX); p < s->count; p = subject_next(s, p))
        if (are_users)
            add_placed(&list, (placed){.arrival = (int64_t)p, .row = {p, 0}});
        else
            place_rows(s, t, p, until, &list);
    if (list.count > 0)
        qsort(list.items, list.count, sizeof *list.items, in_order);
    subject_row *rows = arena_alloc_array(memory, list.count + 1, sizeof *rows);
    for (size_t i = 0; i < list.count; i++)
        rows[i] = list.items[i].row;
    *count = list.count;
    memory_free(list.items);
    return rows;
}
