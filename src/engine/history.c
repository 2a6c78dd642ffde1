/* SPDX-License-Identifier: MIT
 *
 * One instant after the other over data that stay bound; of two that follow each other the
 * members are compared.
 */
#include "engine/history.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "engine/parts.h"
#include "exec/bind.h"

/* ---- the instants ------------------------------------------------------- */

/* Days and weeks keep the time of day on the local clock, as months do. */
static int64_t instant_at(const engine *e, int64_t from, calendar_span every,
                          size_t steps, int sign)
{
    int64_t count = every.count * (int64_t)steps;
    if (every.unit == UNIT_DAY)
        return time_add_days(e->zone, from, sign * count);
    if (every.unit == UNIT_WEEK)
        return time_add_days(e->zone, from, sign * count * 7);
    return time_add(e->zone, from, (calendar_span){count, every.unit}, sign);
}

static size_t count_from(const engine *e, const history_steps *s)
{
    size_t count = 1;
    while (count <= MOST_INSTANTS &&
           instant_at(e, s->first, s->every, count, 1) <= s->last)
        count++;
    return count;
}

size_t engine_history_instants(const engine *e, const history_steps *s, arena *memory,
                               int64_t **out)
{
    size_t count = s->has_first ? count_from(e, s) : s->count + 1;
    if (count > MOST_INSTANTS)
        return 0;
    *out = arena_alloc_array(memory, count, sizeof **out);
    for (size_t i = 0; i < count; i++)
        (*out)[i] = s->has_first ? instant_at(e, s->first, s->every, i, 1)
                                 : instant_at(e, s->last, s->every, count - 1 - i, -1);
    return count;
}

/* ---- members ------------------------------------------------------------ */

/* The number that somebody of `now` has in a result before; SIZE_MAX: there was nobody. People
 * keep their numbers, accounts are found by their ids. */
static size_t number_before(const run_population *before, const run_population *now,
                            size_t number)
{
    if (before->ids == now->ids)
        return number;
    if (!before->ids)
        return SIZE_MAX;
    slice id = dictionary_text(now->ids, (uint32_t)number);
    uint32_t found = dictionary_find(before->ids, id.data, id.size);
    return found == DICTIONARY_NONE ? SIZE_MAX : found;
}

static size_t count_common(const run_segment *before, const run_segment *now)
{
    size_t common = 0, count = now->population->number_count;
    bool are_same = before->population->ids == now->population->ids;
    for (size_t w = 0; are_same && w < bitmap_words(count); w++)
        common += (size_t)__builtin_popcountll(before->members[w] & now->members[w]);
    for (size_t i = 0; !are_same && i < count; i++) {
        if (!bitmap_get(now->members, i))
            continue;
        size_t other = number_before(before->population, now->population, i);
        common += other != SIZE_MAX && bitmap_get(before->members, other);
    }
    return common;
}

static history_point point_of(const run_segment *before, const run_segment *now)
{
    history_point p = {.size = now->size, .known = now->population->count};
    if (before) {
        size_t common = count_common(before, now);
        p.entered = now->size - common;
        p.left = before->size - common;
    }
    return p;
}

/* ---- moves -------------------------------------------------------------- */

/* The group of a set that somebody is in; `set->count`: in none. */
static size_t group_of(const run_result *r, const run_groups *set, size_t number)
{
    for (size_t i = 0; i < set->count; i++)
        if (bitmap_get(r->group_members[set->first + i].members, number))
            return i;
    return set->count;
}

/* Whom only one of both knows is in no group of the other. */
static size_t *moves_between(const run_result *before, const run_result *now,
                             size_t index, arena *memory)
{
    const run_groups *then = &before->groups[index], *set = &now->groups[index];
    size_t side = set->count + 1;
    size_t *moves = arena_alloc_array(memory, side * side, sizeof *moves);
    const run_population *p = now->group_members[set->first].population;
    for (size_t i = 0; i < p->number_count; i++) {
        if (p->judged && !bitmap_get(p->judged, i))
            continue;
        size_t number =
            number_before(before->group_members[then->first].population, p, i);
        size_t from = number == SIZE_MAX ? set->count : group_of(before, then, number);
        moves[from * side + group_of(now, set, i)]++;
    }
    return moves;
}

/* ---- the history -------------------------------------------------------- */

typedef struct recording {
    history *h;
    run_result *first, *before; /* the latter may be the former */
} recording;

static history_segment *shape_segments(const run_segment *from, size_t count,
                                       const history *h)
{
    history_segment *all = arena_alloc_array(h->memory, count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = (history_segment){
            from[i].name, from[i].path, from[i].title, from[i].population->many,
            arena_alloc_array(h->memory, h->count, sizeof(history_point))};
    return all;
}

static void shape(history *h, const run_result *r)
{
    h->segment_count = r->segment_count;
    h->segments = shape_segments(r->segments, r->segment_count, h);
    h->group_count = r->group_member_count;
    h->groups = shape_segments(r->group_members, r->group_member_count, h);
    h->set_count = r->group_count;
    h->sets = arena_alloc_array(h->memory, r->group_count + 1, sizeof *h->sets);
    for (size_t i = 0; i < r->group_count; i++)
        h->sets[i] = (history_set){
            .name = r->groups[i].name,
            .title = r->groups[i].title,
            .first = r->groups[i].first,
            .count = r->groups[i].count,
            .steps = arena_alloc_array(h->memory, h->count, sizeof(size_t *))};
}

/* Take what a result says, which stays until the next has been taken. */
static void record(recording *to, size_t at, run_result *now)
{
    history *h = to->h;
    const run_result *before = to->before;
    if (!before)
        shape(h, now);
    h->people[at] = now->people.count;
    for (size_t i = 0; i < h->segment_count; i++)
        h->segments[i].points[at] =
            point_of(before ? &before->segments[i] : NULL, &now->segments[i]);
    for (size_t i = 0; i < h->group_count; i++)
        h->groups[i].points[at] =
            point_of(before ? &before->group_members[i] : NULL, &now->group_members[i]);
    for (size_t i = 0; before && i < h->set_count; i++)
        h->sets[i].steps[at] = moves_between(before, now, i, h->memory);
    if (to->before != to->first)
        run_result_free(to->before);
    if (!to->first)
        to->first = now;
    to->before = now;
}

static void finish(recording *to)
{
    history *h = to->h;
    for (size_t i = 0; i < h->set_count; i++)
        h->sets[i].moves = moves_between(to->first, to->before, i, h->memory);
}

static bool judge_all(recording *to, const plan *p, const store *s, run_options *options,
                      history_told *told, void *context, carpel_error *err)
{
    history *h = to->h;
    for (size_t i = 0; i < h->count; i++) {
        options->as_of = h->instants[i];
        run_result *now = run_plan(p, s, options, err);
        if (!now)
            return false;
        record(to, i, now);
        if (told)
            told(context, i + 1);
    }
    finish(to);
    return true;
}

static history *history_new(const int64_t *instants, size_t count)
{
    arena *memory = arena_new();
    history *h = arena_alloc(memory, sizeof *h);
    h->memory = memory;
    h->count = count;
    h->instants = arena_alloc_array(memory, count, sizeof *h->instants);
    for (size_t i = 0; i < count; i++)
        h->instants[i] = instants[i];
    h->people = arena_alloc_array(memory, count, sizeof *h->people);
    return h;
}

history *history_of(const plan *p, const store *s, const int64_t *instants, size_t count,
                    run_options options, history_told *told, void *context,
                    carpel_error *err)
{
    bound *data = bind_plan(p, s, instants[0], options.cancel, err);
    if (!data)
        return NULL;
    options.bound = data;
    recording to = {.h = history_new(instants, count)};
    bool ok = judge_all(&to, p, s, &options, told, context, err);
    if (to.before != to.first)
        run_result_free(to.before);
    run_result_free(to.first);
    bound_free(data);
    if (ok)
        return to.h;
    history_free(to.h);
    return NULL;
}

history *engine_history(engine *e, const int64_t *instants, size_t count, size_t threads,
                        const engine_listener *listener, carpel_error *err)
{
    run_options options = {
        .threads = threads, .is_strict = e->is_strict, .cancel = e->cancel};
    if (listener && listener->stage)
        listener->stage(listener->context, "judging", "instants", count);
    return history_of(e->plan, e->store, instants, count, options,
                      listener ? listener->progress : NULL,
                      listener ? listener->context : NULL, err);
}

void history_free(history *h)
{
    if (h)
        arena_free(h->memory);
}
