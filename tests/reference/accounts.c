/* SPDX-License-Identifier: MIT
 *
 * "`for each account`: an account's history is that of its users together, `account.x` are
 * its traits, `user` is a kind with one row a person". So accounts are a world of their own,
 * in which the events and traits of their people are theirs.
 */
#include <string.h>

#include "reference/evaluator.h"

static size_t find_account(const world *accounts, const char *id)
{
    size_t i = 0;
    while (i < accounts->person_count && strcmp(accounts->people[i], id) != 0)
        i++;
    return i;
}

/* A person is in the account that their trait names at the instant of the run; the empty text
 * names none. */
static const size_t *find_accounts(const reference *people, world *accounts)
{
    size_t count = people->world->person_count;
    size_t *account_of = arena_alloc_array(people->memory, count + 1, sizeof *account_of);
    accounts->people =
        arena_alloc_array(people->memory, count + 1, sizeof *accounts->people);
    accounts->person_count = 0;
    for (size_t p = 0; p < count; p++) {
        value v =
            history_trait(people, p, people->world->schema->account_trait, people->now);
        account_of[p] = SIZE_MAX;
        if (v.kind != TEXT || *v.text == '\0')
            continue;
        account_of[p] = find_account(accounts, v.text);
        if (account_of[p] == accounts->person_count)
            accounts->people[accounts->person_count++] = v.text;
    }
    return account_of;
}

/* An account is known from the first row that makes somebody a member of it. */
static int64_t account_known_since(const world *people, const char *account)
{
    int64_t since = INT64_MAX;
    for (size_t i = 0; i < people->event_count; i++) {
        const world_event *e = &people->events[i];
        bool is_naming = e->is_trait && e->kind == people->schema->account_trait &&
                         !e->values[0].is_missing &&
                         strcmp(e->values[0].text, account) == 0;
        if (is_naming && e->time < since)
            since = e->time;
    }
    return since;
}

static void take_events(const reference *people, const size_t *account_of,
                        world *accounts)
{
    size_t count = people->world->event_count;
    accounts->events =
        arena_alloc_array(people->memory, count + 1, sizeof *accounts->events);
    accounts->event_count = 0;
    for (size_t i = 0; i < count; i++) {
        world_event e = people->world->events[i];
        e.person = account_of[e.person];
        if (e.person != SIZE_MAX)
            accounts->events[accounts->event_count++] = e;
    }
}

reference *reference_of_accounts(reference *people)
{
    world *accounts = arena_alloc(people->memory, sizeof *accounts);
    *accounts = *people->world;
    const size_t *account_of = find_accounts(people, accounts);
    take_events(people, account_of, accounts);
    reference *ref =
        reference_new(accounts, people->book, people->script_set, people->now);
    ref->people = people;
    for (size_t a = 0; a < accounts->person_count; a++)
        ref->known_since[a] = account_known_since(people->world, accounts->people[a]);
    ref->account_of = account_of;
    return ref;
}

occurrences users_of_account(reference *ref, size_t account, int64_t now)
{
    occurrences users = {0};
    for (size_t p = 0; p < ref->people->world->person_count; p++)
        if (ref->account_of[p] == account)
            occurrences_add(ref, &users,
                            (occurrence){.user = p, .time = now, .arrival = (uint32_t)p});
    return users;
}

/* A user's properties are their traits. */
value user_property(const reference *ref, const occurrence *o, const char *name)
{
    const reference *people = ref->people ? ref->people : ref;
    size_t trait = schema_find_trait(people->world->schema, name);
    if (trait == SCHEMA_NONE)
        return strcmp(name, "event") == 0 ? value_text("user") : value_missing();
    return history_trait(people, o->user, trait, o->time);
}
