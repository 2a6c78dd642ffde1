/* SPDX-License-Identifier: MIT
 *
 * What a person did, and what they had when. Every list is in the total order.
 */
#include <stdlib.h>
#include <string.h>

#include "reference/evaluator.h"

/* Of what stands at one event: first the session that it begins, then the event, then the
 * match that it completes (of several sequences: one match). */
static int rank(const occurrence *o)
{
    return o->is_match ? 2 : o->is_session ? 0 : 1;
}

/* "Total: time, then the order of the source in the YAML, then arrival." A world has one
 * source. */
bool comes_before(const occurrence *a, const occurrence *b)
{
    if (a->time != b->time || a->arrival != b->arrival)
        return a->time != b->time ? a->time < b->time : a->arrival < b->arrival;
    return rank(a) < rank(b);
}

bool is_same_occurrence(const occurrence *a, const occurrence *b)
{
    return a->event == b->event && rank(a) == rank(b) && a->user == b->user;
}

static int by_order(const void *a, const void *b)
{
    return comes_before(a, b) ? -1 : comes_before(b, a);
}

/* Take one from what may still be listed; false when there is nothing left. */
static bool spend(reference *ref)
{
    if (ref->budget > 1)
        ref->budget--;
    else if (ref->budget == 1)
        ref->has_given_up = true;
    return !ref->has_given_up;
}

void occurrences_add(reference *ref, occurrences *list, occurrence o)
{
    if (!spend(ref) && list->count > 0)
        return; /* short lists let all that is still asked end soon */
    if ((list->count & (list->count - 1)) == 0) { /* full at every power of two */
        occurrence *items =
            arena_alloc_array(ref->memory, list->count * 2 + 1, sizeof *items);
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
    }
    list->items[list->count++] = o;
}

/* "`gap` (time since that person's previous event of the kind), `nth` (1 = their first of
 * the kind)" */
static void number_occurrences(occurrences list)
{
    for (size_t i = 0; i < list.count; i++) {
        occurrence *o = &list.items[i];
        o->nth = value_exact((int128)i + 1, 0);
        o->gap = value_missing();
        if (i > 0)
            o->gap = value_duration((int128)o->time - list.items[i - 1].time);
    }
}

static occurrences events_of_kind(reference *ref, occurrences all, size_t kind)
{
    occurrences found = {0};
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].event->kind == kind)
            occurrences_add(ref, &found, all.items[i]);
    return found;
}

/* All that a person ever did; `gap` and `nth` count within each kind. */
static occurrences read_history(reference *ref, size_t person)
{
    occurrences all = {0};
    for (size_t i = 0; i < ref->world->event_count; i++) {
        const world_event *e = &ref->world->events[i];
        if (e->person == person && world_is_event(ref->world, e))
            occurrences_add(
                ref, &all,
                (occurrence){.event = e, .time = e->time, .arrival = e->arrival});
    }
    if (all.count > 1)
        qsort(all.items, all.count, sizeof *all.items, by_order);
    for (size_t kind = 0; kind < ref->world->schema->kind_count; kind++) {
        occurrences some = events_of_kind(ref, all, kind);
        number_occurrences(some);
        size_t next = 0;
        for (size_t i = 0; i < all.count; i++)
            if (all.items[i].event->kind == kind)
                all.items[i] = some.items[next++];
    }
    return all;
}

/* "people are those whom a row at or before the instant names" */
static int64_t known_since(const reference *ref, size_t person)
{
    const world *w = ref->world;
    int64_t since = INT64_MAX;
    for (size_t i = 0; i < w->event_count; i++)
        if (w->events[i].person == person && w->events[i].time < since)
            since = w->events[i].time;
    bool has_own_row = w->schema->trait_count > 0 && !w->is_known_by_rows;
    return has_own_row || since == INT64_MAX ? TIME_MIN : since;
}

bool is_judged(const reference *ref, size_t person)
{
    return ref->known_since[person] <= ref->now;
}

/* "A ranking `as of` T ranks those of them who were known at T." */
bool is_known(const reference *ref, size_t person, int64_t at)
{
    int64_t end = at < ref->horizon ? at : ref->horizon;
    return is_judged(ref, person) && ref->known_since[person] <= end;
}

void history_read(reference *ref)
{
    size_t people = ref->world->person_count;
    ref->known_since = arena_alloc_array(ref->memory, people + 1, sizeof(int64_t));
    for (size_t p = 0; p < people; p++)
        ref->known_since[p] = known_since(ref, p);
    ref->histories = arena_alloc_array(ref->memory, people + 1, sizeof *ref->histories);
    for (size_t p = 0; p < people; p++)
        ref->histories[p] = read_history(ref, p);
}

/* "Everything is judged at one instant, `now` [...] Events after `now` do not exist." */
static occurrences events_until(const reference *ref, size_t person, int64_t now)
{
    occurrences all = ref->histories[person];
    int64_t end = now < ref->horizon ? now : ref->horizon;
    while (all.count > 0 && all.items[all.count - 1].time > end)
        all.count--;
    return all;
}

/* "What is asked of a list that a person has is asked of the one that was set last": each
 * setting of it, up to now. */
static occurrences settings_until(reference *ref, size_t person, size_t kind, int64_t now)
{
    int64_t end = now < ref->horizon ? now : ref->horizon;
    occurrences found = {0};
    for (size_t i = 0; i < ref->world->event_count; i++) {
        const world_event *e = &ref->world->events[i];
        if (e->person == person && !e->is_trait && e->kind == kind && e->time <= end)
            occurrences_add(
                ref, &found,
                (occurrence){.event = e, .time = e->time, .arrival = e->arrival});
    }
    if (found.count > 1)
        qsort(found.items, found.count, sizeof *found.items, by_order);
    return found;
}

/* ---- sessions ------------------------------------------------------------------------ */

/* "a longer pause between two events begins a new session"; "a session is at its start" */
static occurrences sessions(reference *ref, size_t person, int64_t now)
{
    occurrences events = events_until(ref, person, now), found = {0};
    for (size_t i = 0; i < events.count; i++) {
        occurrence *e = &events.items[i];
        if (i == 0 ||
            e->time - events.items[i - 1].time > ref->world->schema->session_gap) {
            occurrence session = *e;
            session.is_session = true;
            occurrences_add(ref, &found, session);
        }
        found.items[found.count - 1].exit = e->event;
        found.items[found.count - 1].event_count++;
    }
    number_occurrences(found);
    return found;
}

/* ---- which events -------------------------------------------------------------------- */

static occurrences keep_where(reference *ref, occurrences list, const ast_expr *where,
                              scope s)
{
    occurrences kept = {0};
    for (size_t i = 0; i < list.count; i++) {
        if (!where || value_holds(evaluate_inside(ref, where, s, &list.items[i])))
            occurrences_add(ref, &kept, list.items[i]);
    }
    return kept;
}

/* The gap and the number of a declared event are those of its own selection. */
static occurrences declared(reference *ref, const ast_decl *decl, scope s,
                            const ending *ending)
{
    scope outside = {s.person, s.now, NULL};
    const ast_pattern *pattern = decl->pattern;
    occurrences list =
        pattern->is_sequence
            ? sequence_matches(ref, pattern, NULL, outside, ending)
            : occurrences_of_step(ref, pattern->step, outside, true, ending);
    occurrences copy = keep_where(ref, list, NULL, outside);
    number_occurrences(copy);
    return copy;
}

occurrences occurrences_of_name(reference *ref, const char *name, scope s)
{
    const schema *known = ref->world->schema;
    size_t kind = schema_find_kind(known, name);
    const ast_decl *decl = rulebook_find(ref->book, name);
    for (size_t k = known->kind_count; k < schema_total(known); k++)
        if (known->kinds[k].derivation == KIND_SETTINGS &&
            strcmp(known->kinds[k].name, name) == 0)
            return settings_until(ref, s.person, k, s.now);
    if (decl)
        return declared(ref, decl, s, NULL);
    if (ref->world->schema->session_gap > 0 && strcmp(name, "session") == 0)
        return sessions(ref, s.person, s.now);
    if (ref->people && strcmp(name, "user") == 0)
        return users_of_account(ref, s.person, s.now);
    return events_of_kind(ref, events_until(ref, s.person, s.now), kind);
}

static occurrences keep_ending(reference *ref, occurrences list, const ending *ending,
                               scope s)
{
    for (; ending; ending = ending->rest)
        list = keep_where(ref, list, ending->where, s);
    return list;
}

static const ast_pattern *declared_pattern(const ast_event *event)
{
    return event->decl ? event->decl->pattern : NULL;
}

/* May the event be a match, under whatever name? */
static bool is_match_event(const ast_event *event)
{
    const ast_pattern *pattern = declared_pattern(event);
    bool is_match = pattern && pattern->is_sequence;
    for (size_t i = 0;
         pattern && !pattern->is_sequence && i < pattern->step->events.count; i++)
        is_match |= is_match_event(pattern->step->events.items[i]);
    return is_match;
}

static occurrences of_name(reference *ref, const ast_event *event, scope s,
                           const ending *ending)
{
    if (is_match_event(event))
        return declared(ref, event->decl, s, ending);
    occurrences list = event->list ? items_of_event(ref, event, s)
                       : event->is_anything
                           ? events_until(ref, s.person, s.now)
                           : occurrences_of_name(ref, event->name.text, s);
    return keep_ending(ref, list, ending, s);
}

/* "A `where` behind the name of a sequence is asked of its last step" unless it asks which of
 * the matches it is: then of the matches, and whatever else is asked of them too. */
static occurrences of_event(reference *ref, const ast_event *event, scope s,
                            bool with_conditions, const ending *outer)
{
    ending inner = {event->where, outer};
    if (!with_conditions || !event->where)
        return of_name(ref, event, s, outer);
    if (is_match_event(event) && !event->is_counted)
        return of_name(ref, event, s, &inner);
    return keep_ending(ref, of_name(ref, event, s, NULL), &inner, s);
}

static bool has_occurrence(occurrences list, const occurrence *o)
{
    for (size_t i = 0; i < list.count; i++)
        if (is_same_occurrence(&list.items[i], o))
            return true;
    return false;
}

static bool has_match_event(const ast_step *step)
{
    for (size_t i = 0; i < step->events.count; i++)
        if (is_match_event(step->events.items[i]))
            return true;
    return false;
}

/* An event that is several of the alternatives is still one event. */
static occurrences alternatives(reference *ref, const ast_step *step, scope s,
                                bool with_conditions, const ending *ending)
{
    occurrences any = {0};
    for (size_t i = 0; i < step->events.count; i++) {
        occurrences some =
            of_event(ref, step->events.items[i], s, with_conditions, ending);
        for (size_t j = 0; j < some.count; j++)
            if (!has_occurrence(any, &some.items[j]))
                occurrences_add(ref, &any, some.items[j]);
    }
    if (any.count > 1)
        qsort(any.items, any.count, sizeof *any.items, by_order);
    return any;
}

/* "A group of alternatives is `(a or b)`; `(a or b) where (c)` binds to both". */
occurrences occurrences_of_step(reference *ref, const ast_step *step, scope s,
                                bool with_conditions, const ending *outer)
{
    ending inner = {step->where, outer};
    if (!with_conditions || !step->where)
        return alternatives(ref, step, s, with_conditions, outer);
    if (has_match_event(step) && !step->is_counted)
        return alternatives(ref, step, s, with_conditions, &inner);
    return keep_ending(ref, alternatives(ref, step, s, with_conditions, NULL), &inner, s);
}

occurrences occurrences_of_pattern(reference *ref, const ast_pattern *pattern,
                                   const ast_list *windows, scope s, bool with_conditions)
{
    if (pattern->is_sequence)
        return sequence_matches(ref, pattern, windows, s, NULL);
    occurrences list = occurrences_of_step(ref, pattern->step, s, with_conditions, NULL);
    occurrences kept = {0};
    for (size_t i = 0; i < list.count; i++)
        if (windows_hold(ref, windows, s, &list.items[i]))
            occurrences_add(ref, &kept, list.items[i]);
    return kept;
}

/* ---- what they have ------------------------------------------------------------------ */

value stored_value(type t, const world_value *from)
{
    if (from->is_missing)
        return value_missing();
    switch (t.kind) {
    case TYPE_BOOL: return value_truth(from->integer != 0);
    case TYPE_DECIMAL: return value_exact(from->integer, t.scale);
    case TYPE_NUMBER: return value_double(from->number);
    case TYPE_TIME: return value_time(from->integer);
    case TYPE_DATE: return value_date(from->integer);
    case TYPE_DURATION: return value_duration(from->integer);
    case TYPE_VERSION: return value_version(from->text);
    default: return value_text(from->text);
    }
}

static value session_property(const reference *ref, const occurrence *o, const char *name)
{
    const event_kind *kinds = ref->world->schema->kinds;
    if (strcmp(name, "duration") == 0)
        return value_duration((int128)o->exit->time - o->time);
    if (strcmp(name, "events") == 0)
        return value_exact(o->event_count, 0);
    if (strcmp(name, "entry") == 0)
        return value_text(kinds[o->event->kind].name);
    return strcmp(name, "exit") == 0 ? value_text(kinds[o->exit->kind].name)
                                     : value_missing();
}

/* "Pseudo-properties of every event: `time`, `gap` [...], `nth` [...], `event` (the kind's
 * name)" */
value occurrence_property(const reference *ref, const occurrence *o, const char *name)
{
    if (o->item)
        return item_property(ref, o, name);
    if (!o->event)
        return user_property(ref, o, name);
    const event_kind *kind = &ref->world->schema->kinds[o->event->kind];
    size_t i = kind_find_property(kind, name);
    pseudo_property pseudo;
    if (!pseudo_property_find(name, &pseudo)) {
        if (o->is_session)
            return session_property(ref, o, name);
        return i == SCHEMA_NONE
                   ? value_missing()
                   : stored_value(kind->properties[i].type, &o->event->values[i]);
    }
    switch (pseudo) {
    case PSEUDO_TIME: return value_time(o->time);
    case PSEUDO_GAP: return o->gap;
    case PSEUDO_NTH: return o->nth;
    default: return value_text(o->is_session ? "session" : kind->name);
    }
}

/* ---- traits -------------------------------------------------------------------------- */

static const world_event *last_setting(const reference *ref, size_t person, size_t trait,
                                       int64_t at, const world_event *before)
{
    const world_event *last = NULL;
    int64_t end = at < ref->horizon ? at : ref->horizon;
    for (size_t i = 0; i < ref->world->event_count; i++) {
        const world_event *e = &ref->world->events[i];
        bool is_early = !before || e->time < before->time ||
                        (e->time == before->time && e->arrival < before->arrival);
        bool is_one = e->is_trait && e->person == person && e->kind == trait;
        if (is_one && is_early && e->time <= end && (!last || e->time >= last->time))
            last = e;
    }
    return last;
}

/* "`user.x` is the last value set at or before `now`" */
value history_trait(const reference *ref, size_t person, size_t trait, int64_t at)
{
    const world_event *last = last_setting(ref, person, trait, at, NULL);
    type t = ref->world->schema->traits[trait].type;
    return last ? stored_value(t, &last->values[0]) : value_missing();
}

/* "`last change of user.x` is when it last became different", from another value: the first
 * that is known is no change. */
value history_last_change(const reference *ref, size_t person, size_t trait, int64_t at)
{
    type t = ref->world->schema->traits[trait].type;
    const world_event *e = last_setting(ref, person, trait, at, NULL);
    while (e) {
        const world_event *before = last_setting(ref, person, trait, at, e);
        if (before && !value_equals(ref->zone, stored_value(t, &before->values[0]),
                                    stored_value(t, &e->values[0])))
            return e->time == TIME_MIN ? value_missing() : value_time(e->time);
        e = before;
    }
    return value_missing();
}
