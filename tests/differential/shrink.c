/* SPDX-License-Identifier: MIT
 *
 * Greedy shrinking: every change that keeps the difference stays.
 */
#include "differential/shrink.h"

#include <string.h>

#include "differential/compare.h"

enum { MOST_PHRASES = 4096, MOST_ROUNDS = 12 };

typedef struct shrinker {
    world *world;
    book *book;
    int64_t now;
    const char *declaration;
} shrinker;

static bool still_differs(const shrinker *s)
{
    difference d = {0};
    text_init(&d.words);
    bool agrees = book_agrees(s->world, s->book, s->now, s->declaration, &d);
    text_done(&d.words);
    return !agrees;
}

/* ---- rules --------------------------------------------------------------------------- */

static bool drop_declarations(shrinker *s)
{
    bool has_changed = false;
    for (size_t i = s->book->count; i-- > 0;) {
        declaration *d = &s->book->declarations[i];
        if (d->is_dropped || strcmp(d->name, s->declaration) == 0)
            continue;
        d->is_dropped = true;
        d->is_dropped = still_differs(s);
        has_changed |= d->is_dropped;
    }
    return has_changed;
}

/* Say `other` in the place of a phrase, when the difference stays. */
static bool replace(shrinker *s, phrase *p, const phrase *other)
{
    phrase kept = *p;
    *p = *other;
    if (still_differs(s))
        return true;
    *p = kept;
    return false;
}

static bool replace_by_least(shrinker *s, phrase *p)
{
    const char *least = phrase_least(p->sort);
    if (!least || (p->part_count == 0 && strcmp(p->words, least) == 0))
        return false;
    return replace(s, p, &(phrase){.sort = p->sort, .scope = p->scope, .words = least});
}

static bool replace_by_part(shrinker *s, phrase *p, phrase **below)
{
    size_t count = phrase_collect(p, below, MOST_PHRASES);
    for (size_t i = count; i-- > 1;)
        if (below[i]->sort == p->sort && below[i]->scope == p->scope &&
            p->sort != SORT_FIXED && p->sort != SORT_OPTIONAL && replace(s, p, below[i]))
            return true;
    return false;
}

static bool shorten_phrases(shrinker *s)
{
    static phrase *all[MOST_PHRASES], *below[MOST_PHRASES]; /* too large for the stack */
    bool has_changed = false;
    for (size_t d = 0; d < s->book->count; d++) {
        if (s->book->declarations[d].is_dropped)
            continue;
        size_t count = phrase_collect(s->book->declarations[d].words, all, MOST_PHRASES);
        for (size_t i = 0; i < count; i++) {
            bool changed =
                replace_by_least(s, all[i]) || replace_by_part(s, all[i], below);
            has_changed |= changed;
            if (changed)
                count = phrase_collect(s->book->declarations[d].words, all, MOST_PHRASES);
        }
    }
    return has_changed;
}

/* ---- histories ----------------------------------------------------------------------- */

static void remove_events(world *w, size_t first, size_t count)
{
    memmove(&w->events[first], &w->events[first + count],
            (w->event_count - first - count) * sizeof *w->events);
    w->event_count -= count;
    for (size_t i = 0; i < w->event_count; i++)
        w->events[i].arrival = (uint32_t)i;
}

static void restore_events(world *w, const world_event *kept, size_t first, size_t count)
{
    memmove(&w->events[first + count], &w->events[first],
            (w->event_count - first) * sizeof *w->events);
    memcpy(&w->events[first], kept, count * sizeof *kept);
    w->event_count += count;
    for (size_t i = 0; i < w->event_count; i++)
        w->events[i].arrival = (uint32_t)i;
}

static bool drop_events(shrinker *s)
{
    world *w = s->world;
    bool has_changed = false;
    for (size_t many = 32; many > 0; many /= 2)
        for (size_t i = 0; i + many <= w->event_count;) {
            world_event kept[32];
            memcpy(kept, &w->events[i], many * sizeof *kept);
            remove_events(w, i, many);
            if (still_differs(s)) {
                has_changed = true;
                continue;
            }
            restore_events(w, kept, i, many);
            i += many;
        }
    return has_changed;
}

static bool drop_values(shrinker *s)
{
    bool has_changed = false;
    for (size_t e = 0; e < s->world->event_count; e++) {
        world_event *event = &s->world->events[e];
        size_t count =
            event->is_trait ? 0 : s->world->schema->kinds[event->kind].property_count;
        for (size_t i = 0; i < count; i++) {
            world_value kept = event->values[i];
            if (kept.is_missing)
                continue;
            event->values[i].is_missing = true;
            if (still_differs(s))
                has_changed = true;
            else
                event->values[i] = kept;
        }
        for (size_t l = 0; l < event->list_count; l++) {
            const char *kept = event->lists[l].written;
            event->lists[l].written = "";
            if (*kept == '\0' || !still_differs(s))
                event->lists[l].written = kept;
            else
                has_changed = true;
        }
    }
    return has_changed;
}

static bool has_events(const world *w, size_t person)
{
    for (size_t i = 0; i < w->event_count; i++)
        if (w->events[i].person == person)
            return true;
    return false;
}

/* People of whom nothing is known, when they do not matter. */
static bool drop_people(shrinker *s)
{
    world *w = s->world;
    bool has_changed = false;
    for (size_t p = w->person_count; p-- > 0 && w->person_count > 1;) {
        const char *id = w->people[p];
        if (has_events(w, p))
            continue;
        memmove(&w->people[p], &w->people[p + 1],
                (w->person_count - p - 1) * sizeof *w->people);
        w->person_count--;
        for (size_t i = 0; i < w->event_count; i++)
            w->events[i].person -= w->events[i].person > p;
        if (still_differs(s)) {
            has_changed = true;
            continue;
        }
        for (size_t i = 0; i < w->event_count; i++)
            w->events[i].person += w->events[i].person >= p;
        memmove(&w->people[p + 1], &w->people[p],
                (w->person_count - p) * sizeof *w->people);
        w->people[p] = id;
        w->person_count++;
    }
    return has_changed;
}

void shrink_case(world *w, book *b, int64_t now, const char *declaration)
{
    shrinker s = {w, b, now, declaration};
    for (int round = 0; round < MOST_ROUNDS; round++) {
        bool has_changed = drop_declarations(&s);
        has_changed |= drop_events(&s);
        has_changed |= shorten_phrases(&s);
        has_changed |= drop_people(&s);
        has_changed |= drop_values(&s);
        if (!has_changed)
            return;
    }
}
