/* SPDX-License-Identifier: MIT
 *
 * Sources none of whose people are known elsewhere, and kinds of events that are declared or seen, and not both.
 */
#include <string.h>

#include "base/memory.h"
#include "engine/looker.h"
#include "report/yaml_text.h"

/* Mark those who have rows in the table. */
static void mark_people(const event_table *t, size_t people, uint8_t *marks, uint8_t mark)
{
    for (size_t p = 0; t->row_count > 0 && p < people; p++)
        marks[p] |= t->offsets[p + 1] > t->offsets[p] ? mark : 0;
}

/* Which of the sources may have brought the rows of a table: 1, the source; 2, others. */
static uint8_t brought_by(const looker *l, size_t source, size_t kind, size_t trait)
{
    uint8_t by = 0;
    for (size_t i = 0; i < l->engine->project->source_count; i++) {
        const mapping *m = l->engine->sources[i].mapping;
        bool brings = m && (trait == SCHEMA_NONE ? mapping_brings_kind(m, kind)
                                                 : mapping_brings_trait(m, trait));
        by |= brings ? (i == source ? 1 : 2) : 0;
    }
    return by;
}

typedef struct sharing {
    size_t own, others, shared; /* people of the source, of others, and of both */
} sharing;

/* Of the first `people`. */
static sharing count_sharing(const looker *l, size_t source, size_t people,
                             uint8_t *marks)
{
    const engine *e = l->engine;
    const store *data = e->store;
    sharing has = {0};
    memset(marks, 0, people);
    for (size_t k = 0; k < e->schema->kind_count; k++)
        mark_people(&data->kinds[k], people, marks,
                    brought_by(l, source, k, SCHEMA_NONE));
    for (size_t t = 0; t < e->schema->trait_count; t++)
        mark_people(&data->traits[t], people, marks, brought_by(l, source, 0, t));
    for (size_t p = 0; p < people; p++) {
        has.own += marks[p] & 1;
        has.others += marks[p] >> 1;
        has.shared += marks[p] == 3;
    }
    return has;
}

/* A source that shares nobody with the others: its ids are written in another way. Mostly the first
 * people tell that this one does. */
static bool look_at_source(looker *l, size_t source, size_t people, uint8_t *marks)
{
    enum { FIRST_PEOPLE = 1000 };
    size_t first = people < FIRST_PEOPLE ? people : FIRST_PEOPLE;
    if (count_sharing(l, source, first, marks).shared > 0)
        return false;
    sharing has = count_sharing(l, source, people, marks);
    bool is_odd = has.own > 0 && has.others > 0 && has.shared == 0;
    if (is_odd)
        looker_say(
            l, NOTE_STRANGERS, l->engine->sources[source].name,
            "none of the people of the source \"%s\" (%zu looked at) is known from "
            "another one: "
            "are their ids the same?",
            l->engine->sources[source].name, has.own);
    return is_odd;
}

/* Those who were read first, and of two sources one is enough. */
void notes_on_sources(looker *l)
{
    enum { MOST_PEOPLE = 200000 };
    const engine *e = l->engine;
    size_t people = e->store->person_count;
    people = people < MOST_PEOPLE ? people : MOST_PEOPLE;
    uint8_t *marks = memory_alloc_zero(people + 1);
    for (size_t i = 0; e->project->source_count > 1 && i < e->project->source_count; i++)
        if (look_at_source(l, i, people, marks))
            break;
    memory_free(marks);
}

/* A kind that a field of the rows could name, and never does. */
void notes_on_kinds(looker *l)
{
    const engine *e = l->engine;
    for (size_t k = 0; k < e->schema->kind_count; k++) {
        const event_kind *kind = &e->schema->kinds[k];
        bool is_named = false;
        for (size_t i = 0; i < e->project->source_count; i++)
            is_named = is_named || e->project->sources[i].event.from.text != NULL;
        if (is_named && kind->derivation == KIND_FROM_DATA &&
            e->store->kinds[k].row_count == 0 && e->store->event_count >= FEWEST_EQUAL)
            looker_say(l, NOTE_UNSEEN, kind->name,
                       "no row is a \"%s\": is it called otherwise in the data?",
                       kind->name);
    }
}

/* ---- kinds that nobody declared -------------------------------------------------------------- */

enum { MOST_UNDECLARED = 3, MOST_REASONS = 1000 };

/* The name of a kind in the reason why its rows were refused; false: it is another reason. */
static bool find_name(const char *reason, slice *out)
{
    static const char begin[] = "no event kind " REASON_NAME_BEGIN;
    size_t size = strlen(begin), end = strlen(REASON_NAME_END);
    if (strncmp(reason, begin, size) != 0 || strlen(reason) < size + end)
        return false;
    *out = (slice){reason + size, strlen(reason) - size - end};
    return !slice_is(*out, REASON_REMOVED);
}

/* As an item of a list in YAML. */
static const char *yaml_item(const looker *l, slice name)
{
    text item;
    text_init(&item);
    yaml_append_text(&item, name);
    const char *kept = arena_copy_string(l->memory, item.data);
    text_done(&item);
    return kept;
}

/* The most frequent ones one by one, the others as a number. */
static void notes_on_undeclared_of(looker *l, size_t source, quarantine_reason *reasons)
{
    const engine *e = l->engine;
    const char *owner = e->sources[source].name;
    size_t count = quarantine_reasons(e->quarantine, source, reasons, MOST_REASONS);
    size_t found = 0;
    slice name;
    for (size_t i = 0; i < count; i++) {
        if (!find_name(reasons[i].reason, &name) || found++ >= MOST_UNDECLARED)
            continue;
        looker_say(
            l, NOTE_UNDECLARED, owner,
            "%llu row%s of the source \"%s\" %s of the event \"%.*s\", which is not "
            "declared: declare it under `events:`, or leave it out with `ignore: "
            "[%s]` of the source",
            (unsigned long long)reasons[i].count, reasons[i].count == 1 ? "" : "s", owner,
            reasons[i].count == 1 ? "is" : "are", (int)name.size, name.data,
            yaml_item(l, name));
    }
    if (found > MOST_UNDECLARED)
        looker_say(l, NOTE_UNDECLARED, owner,
                   "and %zu more event%s of the source \"%s\" %s not declared",
                   found - MOST_UNDECLARED, found == MOST_UNDECLARED + 1 ? "" : "s",
                   owner, found == MOST_UNDECLARED + 1 ? "is" : "are");
}

void notes_on_undeclared(looker *l)
{
    quarantine_reason *reasons = memory_alloc_zero_array(MOST_REASONS, sizeof *reasons);
    for (size_t i = 0; l->engine->quarantine && i < l->engine->project->source_count; i++)
        notes_on_undeclared_of(l, i, reasons);
    memory_free(reasons);
}
