/* SPDX-License-Identifier: MIT */
#include "engine/people_asked.h"

#include "engine/identities.h"
#include "engine/parts.h"

static consent_tables tables_of(const store *s, const config_consent *c)
{
    if (c->trait.text)
        return (consent_tables){
            .trait = &s->traits[schema_find_trait(s->schema, c->trait.text)]};
    return (consent_tables){
        .given = &s->kinds[schema_find_kind(s->schema, c->given.text)],
        .withdrawn = &s->kinds[schema_find_kind(s->schema, c->withdrawn.text)]};
}

bool people_ask(engine *e, const config_consent *c, int64_t as_of, people_asked *out,
                carpel_error *err)
{
    *out = (people_asked){
        .engine = e, .all_links = engine_store_of_all_links(e, err), .as_of = as_of};
    if (!out->all_links)
        return false;
    out->now = tables_of(e->store, c);
    out->later = tables_of(out->all_links, c);
    if (!c->trait.text) {
        out->given_kind = &e->schema->kinds[schema_find_kind(e->schema, c->given.text)];
        out->withdrawn_kind =
            &e->schema->kinds[schema_find_kind(e->schema, c->withdrawn.text)];
    }
    return true;
}

/* The last row of the person up to an instant that has a value; SIZE_MAX: none. */
static size_t last_row(const event_table *t, uint32_t person, int64_t until)
{
    if (!t->offsets || t->row_count == 0)
        return SIZE_MAX;
    for (uint64_t r = t->offsets[person + 1]; r-- > t->offsets[person];)
        if (event_table_time(t, (size_t)r) <= until &&
            (t->column_count == 0 || column_has(&t->columns[0], (size_t)r)))
            return (size_t)r;
    return SIZE_MAX;
}

static bool is_true(const event_table *trait, uint32_t person, int64_t until)
{
    size_t row = last_row(trait, person, until);
    return row != SIZE_MAX && column_get(&trait->columns[0], row) != 0;
}

/* When the person's last event up to an instant happened that is still kept. */
static bool last_time(const event_table *t, const event_kind *kind, uint32_t person,
                      int64_t until, int64_t *out)
{
    if (!t->offsets || t->row_count == 0)
        return false;
    for (uint64_t r = t->offsets[person + 1]; r-- > t->offsets[person];) {
        *out = event_table_time(t, (size_t)r);
        if (*out <= until)
            return !kind_is_over(kind, *out);
    }
    return false;
}

static bool has_given(const people_asked *a, const consent_tables *t, uint32_t person,
                      int64_t until)
{
    int64_t given, withdrawn;
    return last_time(t->given, a->given_kind, person, until, &given) &&
           !(last_time(t->withdrawn, a->withdrawn_kind, person, until, &withdrawn) &&
             withdrawn >= given);
}

static bool consented(const people_asked *a, const consent_tables *t, uint32_t person,
                      int64_t until)
{
    return t->trait ? is_true(t->trait, person, until) : has_given(a, t, person, until);
}

bool people_consent(const people_asked *a, uint32_t person)
{
    uint32_t later = engine_person_of_all_links(a->engine, a->all_links, person);
    return consented(a, &a->now, person, a->as_of) &&
           consented(a, &a->later, later, INT64_MAX);
}
