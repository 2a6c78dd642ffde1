/* SPDX-License-Identifier: MIT
 *
 * Told rows go straight into the tables of a loader, whose way to a store they share.
 */
#include "ingest/facts.h"

#include <assert.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "ingest/batch.h"

struct facts {
    loader *loader;
};

facts *facts_new(const schema *s)
{
    facts *f = memory_alloc_zero(sizeof *f);
    f->loader = loader_new(s, NULL); /* nothing is refused: whoever tells has checked */
    return f;
}

void facts_free(facts *f)
{
    if (f == NULL)
        return;
    loader_free(f->loader);
    memory_free(f);
}

uint32_t facts_person(facts *f, const char *id)
{
    batch_target to = loader_target(f->loader, 0);
    uint32_t person = dictionary_add(to.persons, id, strlen(id));
    known_note(to.known, person, TIME_MIN);
    return person;
}

static size_t add_empty_row(raw_table *t, uint32_t group)
{
    size_t row = raw_table_extend(t, 1);
    t->groups[row] = group;
    for (size_t i = 0; i < t->column_count; i++)
        raw_column_set_missing(t, &t->columns[i], row);
    return row;
}

/* One more row, of which nothing is known but whose it is and when. */
static size_t add_row(raw_table *t, uint32_t person, int64_t time, uint64_t arrival)
{
    size_t row = add_empty_row(t, person);
    t->times[row] = time;
    t->arrivals[row] = (uint32_t)arrival;
    return row;
}

fact_row facts_event(facts *f, uint32_t person, size_t kind, int64_t time)
{
    batch_target to = loader_target(f->loader, 1);
    return (fact_row){false, kind, add_row(&to.kinds[kind], person, time, to.arrival)};
}

fact_row facts_trait(facts *f, uint32_t person, size_t trait, int64_t time)
{
    batch_target to = loader_target(f->loader, 1);
    return (fact_row){true, trait, add_row(&to.traits[trait], person, time, to.arrival)};
}

fact_row facts_item(facts *f, fact_row holder, size_t list)
{
    batch_target to = loader_target(f->loader, 0);
    assert(holder.row + 1 == to.kinds[holder.table].row_count);
    return (fact_row){false, list, add_empty_row(&to.kinds[list], (uint32_t)holder.row)};
}

void facts_pass(facts *f, size_t count)
{
    loader_target(f->loader, count);
}

/* The column of a value, which is missing no longer. */
static raw_column *column_of(facts *f, fact_row row, size_t property)
{
    batch_target to = loader_target(f->loader, 0);
    raw_table *t = row.is_trait ? &to.traits[row.table] : &to.kinds[row.table];
    assert(property < t->column_count);
    bitmap_put(t->columns[property].missing, row.row, false);
    return &t->columns[property];
}

void facts_set_bool(facts *f, fact_row row, size_t property, bool value)
{
    bitmap_put(column_of(f, row, property)->values, row.row, value);
}

void facts_set_integer(facts *f, fact_row row, size_t property, int64_t value)
{
    ((int64_t *)column_of(f, row, property)->values)[row.row] = value;
}

void facts_set_number(facts *f, fact_row row, size_t property, double value)
{
    ((double *)column_of(f, row, property)->values)[row.row] = value;
}

void facts_set_text(facts *f, fact_row row, size_t property, slice value)
{
    raw_column *c = column_of(f, row, property);
    ((uint32_t *)c->values)[row.row] =
        dictionary_add(c->dictionary, value.data, value.size);
}

store *facts_finish(facts *f)
{
    return loader_finish(f->loader);
}
