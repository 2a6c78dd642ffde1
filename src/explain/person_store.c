/* SPDX-License-Identifier: MIT
 *
 * Rows are told anew, in the order in which they came.
 */
#include "explain/person_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "ingest/facts.h"

/* A row of the data. */
typedef struct known_row {
    uint32_t person; /* in the store that is made */
    bool is_trait;
    size_t table, row;
    int64_t time;
    uint32_t arrival;
} known_row;

typedef struct known_rows {
    known_row *items;
    size_t count, capacity;
} known_rows;

static void gather(const event_table *t, size_t person, int64_t until, known_row as,
                   known_rows *out)
{
    if (!t->offsets || t->row_count == 0)
        return;
    for (uint64_t r = t->offsets[person]; r < t->offsets[person + 1]; r++) {
        as.row = (size_t)r;
        as.time = packed_get(&t->time, as.row);
        as.arrival = (uint32_t)packed_get(&t->arrival, as.row);
        if (as.time > until)
            return;
        memory_grow((void **)&out->items, out->count, &out->capacity, sizeof as);
        out->items[out->count++] = as;
    }
}

static int in_order(const void *a, const void *b)
{
    const known_row *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->arrival > y->arrival) - (x->arrival < y->arrival);
}

/* ---- values -------------------------------------------------------------- */

static void copy_value(facts *f, fact_row to, size_t property, const column *c,
                       size_t row)
{
    if (c->present && !bitmap_get(c->present, row))
        return;
    int64_t value = packed_get(&c->values, row);
    double number;
    switch (c->type.kind) {
    case TYPE_BOOL: facts_set_bool(f, to, property, value != 0); break;
    case TYPE_NUMBER:
        memcpy(&number, &value, sizeof number);
        facts_set_number(f, to, property, number);
        break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON:
        facts_set_text(f, to, property, dictionary_text(c->dictionary, (uint32_t)value));
        break;
    default: facts_set_integer(f, to, property, value); break;
    }
}

static void copy_values(facts *f, fact_row to, const event_table *t, size_t row)
{
    for (size_t p = 0; p < t->column_count; p++)
        copy_value(f, to, p, &t->columns[p], row);
}

static void copy_items(facts *f, const store *data, fact_row holder, size_t row)
{
    const schema *s = data->schema;
    for (size_t k = 0; k < schema_total(s); k++) {
        const event_table *t = &data->kinds[k];
        if (s->kinds[k].derivation != KIND_LIST || s->kinds[k].parent != holder.table ||
            !t->offsets || t->row_count == 0)
            continue;
        for (uint64_t r = t->offsets[row]; r < t->offsets[row + 1]; r++)
            copy_values(f, facts_item(f, holder, k), t, (size_t)r);
    }
}

/* What a row of a table holds, as a row of another store. */
static void copy_row(facts *f, const store *data, fact_row to, size_t row)
{
    copy_values(f, to, to.is_trait ? &data->traits[to.table] : &data->kinds[to.table],
                row);
    if (!to.is_trait)
        copy_items(f, data, to, row);
}

static fact_row add_row(facts *f, uint32_t person, bool is_trait, size_t table,
                        int64_t time)
{
    return is_trait ? facts_trait(f, person, table, time)
                    : facts_event(f, person, table, time);
}

/* ---- people --------------------------------------------------------------- */

/* Numbers are those of the order in which people are told. */
static void tell_person(facts *f, const store *data, size_t person)
{
    slice id = dictionary_text(data->persons, (uint32_t)person);
    char *name = memory_copy_text(id.data, id.size);
    facts_person(f, name);
    memory_free(name);
}

static void gather_all(const store *data, size_t person, int64_t until, uint32_t number,
                       known_rows *rows)
{
    const schema *s = data->schema;
    for (size_t k = 0; k < schema_total(s); k++)
        if (kind_is_stored(&s->kinds[k]))
            gather(&data->kinds[k], person, until,
                   (known_row){.person = number, .table = k}, rows);
    for (size_t t = 0; t < s->trait_count; t++)
        gather(&data->traits[t], person, until,
               (known_row){.person = number, .is_trait = true, .table = t}, rows);
}

/* ---- what might happen --------------------------------------------------- */

static void set_value(facts *f, fact_row to, type t, const imagined_value *v)
{
    switch (t.kind) {
    case TYPE_BOOL: facts_set_bool(f, to, v->property, v->integer != 0); break;
    case TYPE_NUMBER: facts_set_number(f, to, v->property, v->number); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: facts_set_text(f, to, v->property, v->text); break;
    default: facts_set_integer(f, to, v->property, v->integer); break;
    }
}

/* Somebody who is none of the people comes to be. */
static uint32_t somebody(facts *f, size_t person, size_t count)
{
    char id[40];
    if (person < count)
        return (uint32_t)person;
    snprintf(id, sizeof id, "(new user %zu)", person - count + 1);
    return facts_person(f, id);
}

static void imagine(facts *f, const store *data, size_t count, const imagined *i)
{
    const schema *s = data->schema;
    uint32_t person = somebody(f, i->person, count);
    fact_row row = add_row(f, person, i->is_trait, i->table, i->time);
    if (i->like != NO_LIKENESS)
        copy_row(f, data, row, i->like);
    for (size_t v = 0; v < i->value_count; v++)
        set_value(f, row,
                  i->is_trait ? s->traits[i->table].type
                              : s->kinds[i->table].properties[i->values[v].property].type,
                  &i->values[v]);
    if (!i->has_item)
        return;
    fact_row item = facts_item(f, row, i->list);
    for (size_t v = 0; v < i->item_value_count; v++)
        set_value(f, item, s->kinds[i->list].properties[i->item[v].property].type,
                  &i->item[v]);
}

/* ---- all of them ---------------------------------------------------------- */

static void tell_people(facts *f, const store *data, const uint32_t *people, size_t count)
{
    for (size_t p = 0; p < count; p++)
        tell_person(f, data, people[p]);
}

/* In the order in which they came. */
static known_rows rows_of(const store *data, const uint32_t *people, size_t count,
                          int64_t until)
{
    known_rows rows = {0};
    for (size_t p = 0; p < count; p++)
        gather_all(data, people[p], until, (uint32_t)p, &rows);
    if (rows.count > 0)
        qsort(rows.items, rows.count, sizeof *rows.items, in_order);
    return rows;
}

static void tell_row(facts *f, const store *data, const known_row *r)
{
    copy_row(f, data, add_row(f, r->person, r->is_trait, r->table, r->time), r->row);
}

static store *finish(facts *f)
{
    store *s = facts_finish(f);
    facts_free(f);
    return s;
}

static store *tell_all(const store *data, const uint32_t *people, size_t count,
                       const known_rows *rows, const imagined *more, size_t more_count)
{
    facts *f = facts_new(data->schema);
    tell_people(f, data, people, count);
    for (size_t i = 0; i < rows->count; i++)
        tell_row(f, data, &rows->items[i]);
    for (size_t i = 0; i < more_count; i++)
        imagine(f, data, count, &more[i]);
    return finish(f);
}

store *people_store(const store *data, const uint32_t *people, size_t count,
                    int64_t until, const imagined *more, size_t more_count)
{
    known_rows rows = rows_of(data, people, count, until);
    store *s = tell_all(data, people, count, &rows, more, more_count);
    memory_free(rows.items);
    return s;
}

/* ---- told once ------------------------------------------------------------- */

struct histories {
    const store *data;
    const uint32_t *people;
    size_t count;
    known_rows rows;
    store *known; /* of these alone */
};

histories *histories_new(const store *data, const uint32_t *people, size_t count,
                         int64_t until)
{
    histories *h = memory_alloc_zero(sizeof *h);
    h->data = data;
    h->people = people;
    h->count = count;
    h->rows = rows_of(data, people, count, until);
    h->known = tell_all(data, people, count, &h->rows, NULL, 0);
    return h;
}

void histories_free(histories *h)
{
    if (!h)
        return;
    store_free(h->known);
    memory_free(h->rows.items);
    memory_free(h);
}

const store *histories_store(const histories *h)
{
    return h->known;
}

/* By table: does something come to it, or to the one that holds its items? */
typedef struct touched_tables {
    bool *kinds, *traits;
} touched_tables;

static touched_tables touched_by(const schema *s, const imagined *more, size_t count)
{
    bool *all =
        memory_alloc_zero_array(schema_total(s) + s->trait_count + 1, sizeof *all);
    touched_tables t = {all, all + schema_total(s)};
    for (size_t i = 0; i < count; i++)
        (more[i].is_trait ? t.traits : t.kinds)[more[i].table] = true;
    for (size_t k = 0; k < schema_total(s); k++)
        if (s->kinds[k].derivation == KIND_LIST)
            t.kinds[k] = t.kinds[s->kinds[k].parent];
    return t;
}

/* The rows of these tables, in the places that they have among all. */
static store *tell_touched(const histories *h, const touched_tables *t,
                           const imagined *more, size_t more_count)
{
    facts *f = facts_new(h->data->schema);
    size_t passed = 0;
    tell_people(f, h->data, h->people, h->count);
    for (size_t i = 0; i < h->rows.count; i++) {
        const known_row *r = &h->rows.items[i];
        if (!(r->is_trait ? t->traits : t->kinds)[r->table])
            continue;
        facts_pass(f, i - passed);
        tell_row(f, h->data, r);
        passed = i + 1;
    }
    facts_pass(f, h->rows.count - passed);
    for (size_t i = 0; i < more_count; i++)
        imagine(f, h->data, h->count, &more[i]);
    return finish(f);
}

/* Tables of both. */
typedef struct shared_store {
    store store, *touched;
    event_table *kinds, *traits;
} shared_store;

static void release_shared(void *owner)
{
    shared_store *s = owner;
    store_free(s->touched);
    memory_free(s->kinds);
    memory_free(s->traits);
    memory_free(s);
}

static event_table *join_tables(const bool *is_touched, size_t count,
                                const event_table *known, const event_table *touched)
{
    event_table *joined = memory_alloc_array(count + 1, sizeof *joined);
    for (size_t t = 0; t < count; t++)
        joined[t] = is_touched[t] ? touched[t] : known[t];
    return joined;
}

static void summarize(store *s, const store *known)
{
    bool has_both = known->event_count > 0 && s->event_count > 0;
    if (s->event_count == 0 || (has_both && known->first_time < s->first_time))
        s->first_time = known->first_time;
    if (s->event_count == 0 || (has_both && known->last_time > s->last_time))
        s->last_time = known->last_time;
    s->event_count = 0;
    for (size_t k = 0; k < s->schema->kind_count; k++)
        s->event_count += s->kinds[k].row_count;
}

/* Does somebody come to be? */
static bool has_newcomer(const histories *h, const imagined *more, size_t more_count)
{
    for (size_t i = 0; i < more_count; i++)
        if (more[i].person >= h->count)
            return true;
    return false;
}

store *histories_with(const histories *h, const imagined *more, size_t more_count)
{
    const schema *of = h->data->schema;
    if (has_newcomer(h, more, more_count))
        return tell_all(h->data, h->people, h->count, &h->rows, more, more_count);
    touched_tables t = touched_by(of, more, more_count);
    shared_store *s = memory_alloc_zero(sizeof *s);
    s->touched = tell_touched(h, &t, more, more_count);
    s->store = *s->touched;
    s->store.kinds = s->kinds =
        join_tables(t.kinds, schema_total(of), h->known->kinds, s->touched->kinds);
    s->store.traits = s->traits =
        join_tables(t.traits, of->trait_count, h->known->traits, s->touched->traits);
    s->store.owner = s;
    s->store.release = release_shared;
    summarize(&s->store, h->known);
    memory_free(t.kinds);
    return &s->store;
}
