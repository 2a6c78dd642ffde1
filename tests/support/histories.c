/* SPDX-License-Identifier: MIT */
#include "support/histories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define MARCH         "2026-03-01T00:00:00Z"

/* One event, such as "a0/red" or "b24+1": one microsecond after the 24th hour. */
static void add_event(world *w, const char *person, const char *written)
{
    char *end, *colour = strchr(written, '/');
    char kind[2] = {written[0], '\0'};
    double hours = strtod(written + 1, &end);
    world_value values[1] = {{true, 0, 0, NULL}};
    int64_t offset = *end == '+' || *end == '-' ? strtoll(end, NULL, 10) : 0;
    if (colour != NULL)
        values[0] = (world_value){false, 0, 0, arena_copy_string(w->memory, colour + 1)};
    world_add(
        w, (world_event){.person = world_person(w, person),
                         .kind = schema_find_kind(w->schema, kind),
                         .time = world_time(w, MARCH) + (int64_t)(hours * 3.6e9) + offset,
                         .values = values});
}

static world *histories(const history *people, size_t count)
{
    world *w = world_new("UTC");
    static const char *const kinds[] = {"x", "c", "b", "a"};
    for (size_t i = 0; i < LENGTH(kinds); i++)
        world_kind(w, kinds[i], "colour string");
    world_trait(w, "t", "int");
    for (size_t i = 0; i < count; i++) {
        char events[200], *rest = events;
        snprintf(events, sizeof events, "%s", people[i].events);
        world_person(w, people[i].person);
        for (char *e; (e = strtok_r(rest, " ", &rest)) != NULL;)
            add_event(w, people[i].person, e);
    }
    return w;
}

void check_histories(const history *people, size_t people_count, const world_case *cases,
                     size_t count)
{
    world *w = histories(people, people_count);
    world_check(w, cases, count);
    world_free(w);
}
