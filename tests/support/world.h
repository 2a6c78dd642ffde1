/* SPDX-License-Identifier: MIT
 *
 * world -- a small made-up population for tests: a schema, people, events and traits, which
 * the engine sees as a store and the reference evaluator as plain lists.
 *
 *     world *w = world_new("Europe/Berlin");
 *     world_kind(w, "purchase", "amount decimal(2), store string");
 *     world_trait(w, "country", "string");
 *     world_did(w, "ann", "purchase", "2026-03-01T10:00:00Z", "amount=12.50, store=\"x\"");
 *     world_has(w, "bob", "country", NULL, "\"DE\"");     // since ever
 *     char *members = world_members(w, "segment s when did purchase", "s",
 *                                   "2026-03-02T00:00:00Z");   // "ann"
 *
 * What is wrong in a test's own text ends the test with a message.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "exec/run.h"
#include "graph/graph.h"
#include "lang/rulebook.h"
#include "store/store.h"

/* One value. A missing one has is_missing. */
typedef struct world_value {
    bool is_missing;
    int64_t integer;  /* BOOL, DECIMAL, TIME, DATE, DURATION */
    double number;    /* NUMBER */
    const char *text; /* STRING, PERSON */
} world_value;

/* The items of a list inside an event, as they were written between the brackets. */
typedef struct world_list {
    size_t kind; /* the schema's kind of the list */
    const char *written;
} world_list;

/* An event, or a trait that was set; in the order of arrival. One that is a list is of the
 * schema's kind of its settings. */
typedef struct world_event {
    size_t person;
    size_t kind; /* the schema's kind; for traits: the trait */
    bool is_trait;
    int64_t time;     /* TIME_MIN: since ever */
    uint32_t arrival; /* 0, 1, 2, ... */
    world_value
        *values; /* one a property of the kind, in the schema's order; one of a trait */
    world_list *lists; /* those that were given */
    size_t list_count;
} world_event;

typedef struct world {
    schema *schema;
    zone *zone;
    weekday week_start;  /* monday unless changed */
    const char **people; /* ids */
    size_t person_count, person_capacity;
    bool
        is_known_by_rows; /* whoever has events or traits is known from the first of these;
                              else, in a schema with traits, since ever */
    world_event *events;
    size_t event_count, event_capacity;
    arena *memory;
} world;

world *world_new(const char *zone_name);
void world_free(world *w);

/* Declare before the first event. "name type, name type"; "" for none. A list of values is
 * "tags [string]", one of records "items [sku string, price decimal(2)]". */
void world_kind(world *w, const char *name, const char *properties);
void world_trait(world *w, const char *name, const char *type); /* or a list, as there */

/* The number of a person, who exists from then on (without any event only when the schema has
 * a trait). */
size_t world_person(world *w, const char *id);

/* Something happened; times as in rules files, with or without a zone. "name=value, ..." with
 * texts in double quotes; what is not named is missing. "tags=["a", missing]" and
 * "items=[(sku="A", price=1.50), (sku="B")]" give items. */
void world_did(world *w, const char *person, const char *kind, const char *time,
               const char *properties);
void world_has(world *w, const char *person, const char *trait, const char *time,
               const char *value);

/* Is it no trait that was set? */
bool world_is_event(const world *w, const world_event *e);

/* The same from values: `values` and `lists` are copied (their texts are not). */
void world_add(world *w, world_event event);

/* The items of a list, each with a value for each property of the list's kind; they live
 * in the world's memory. */
world_value **world_items(const world *w, const world_list *list, size_t *count);

/* The histories as a store; the caller frees it. Made through the loader, as for real. */
store *world_store(const world *w);

/* Rules, compiled against the world's schema. On errors in the rules, `book` is NULL and
 * `messages` has them. Release with world_rules_free. */
typedef struct world_rules {
    rulebook *book;
    graph *graph;
    plan *plan;
    script_set *scripts;
    arena *memory;
    source *file;
    diags *diags;
    char *messages;
} world_rules;

world_rules *world_compile(const world *w, const char *rules);
void world_rules_free(world_rules *r);

/* Judge everyone. threads 0 and block 0: the defaults. */
run_result *world_run(const world *w, const world_rules *r, const store *s, int64_t now,
                      size_t threads, size_t block_people);

/* The ids of a segment's (or "groups.member"'s) members, sorted, with blanks between; or the
 * messages when the rules are wrong. Judged with 1 and 3 threads and blocks of 1, 3 and the
 * default size, and each alone, which have to agree. Release with memory_free. */
char *world_members(const world *w, const char *rules, const char *segment,
                    const char *now);

/* A person's score as text: "12.50", "missing". */
char *world_score(const world *w, const char *rules, const char *score,
                  const char *person, const char *now);

/* A condition ("did purchase"), or whole rules that declare `segment s`, and who is in. */
typedef struct world_case {
    const char *rules;
    const char *now;
    const char *members; /* "ann bob" */
} world_case;

/* Fail with all the cases that come out otherwise. */
void world_check(const world *w, const world_case *cases, size_t count);

/* An expression, or whole rules that declare `score s`, and a person's value. */
typedef struct world_value_case {
    const char *rules;
    const char *person;
    const char *now;
    const char *value;
} world_value_case;

void world_check_values(const world *w, const world_value_case *cases, size_t count);

/* An instant as in rules files. */
int64_t world_time(const world *w, const char *text);

#endif
