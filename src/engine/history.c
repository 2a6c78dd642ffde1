/* SPDX-License-Identifier: MIT
 *
 * Of two instants that follow each other the members are compared.
 */
#include "engine/history.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "engine/identity_parts.h"
#include "engine/parts.h"
#include "exec/judged.h"

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

static size_t count_common(const run_segment *before, const run_segment *now)
{
    size_t common = 0, count = now->population->number_count;
    bool are_same = run_population_shares_numbers(before->population, now->population);
    for (size_t w = 0; are_same && w < bitmap_words(count); w++)
        common += (size_t)__builtin_popcountll(before->members[w] & now->members[w]);
    for (size_t i = 0; !are_same && i < count; i++) {
        if (!bitmap_get(now->members, i))
            continue;
        size_t other = run_population_number_in(before->population, now->population, i);
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

/* Members who are known later, too. People stay; accounts may go. */
static size_t count_still_known(const run_segment *before, const run_population *now)
{
    size_t count = 0;
    if (before->population->ids == now->ids)
        return before->size;
    for (size_t i = 0; i < before->population->number_count; i++) {
        size_t number = bitmap_get(before->members, i)
                            ? run_population_number_in(now, before->population, i)
                            : SIZE_MAX;
        count += number != SIZE_MAX && judged_has(now->judged, number);
    }
    return count;
}

/* Who of those known now is in none of the groups at one of the two instants, or at both: all
 * others. Whom only the later one knows was in none before. */
static void count_none(const run_segment *then, const run_segment *now, size_t groups,
                       size_t *moves)
{
    size_t side = groups + 1, none = now->population->count;
    for (size_t i = 0; i < groups; i++) {
        size_t stayed = 0, came = 0;
        for (size_t k = 0; k < groups; k++) {
            stayed += moves[i * side + k];
            came += moves[k * side + i];
        }
        moves[i * side + groups] = count_still_known(&then[i], now->population) - stayed;
        moves[groups * side + i] = now[i].size - came;
        none -= moves[i * side + groups] + now[i].size;
    }
    moves[groups * side + groups] = none;
}

/* Nobody is in two groups of a set. */
static size_t *moves_between(const run_result *before, const run_result *now,
                             size_t index, arena *memory)
{
    size_t groups = now->groups[index].count, side = groups + 1;
    size_t *moves = arena_alloc_array(memory, side * side, sizeof *moves);
    const run_segment *from = before->group_members + before->groups[index].first;
    const run_segment *to = now->group_members + now->groups[index].first;
    for (size_t i = 0; i < groups; i++)
        for (size_t k = 0; k < groups; k++)
            moves[i * side + k] = count_common(&from[i], &to[k]);
    count_none(from, to, groups, moves);
    return moves;
}

/* ---- the history -------------------------------------------------------- */

typedef struct recording {
    history *h;
    run_result *first, *before; /* the latter may be the former */
    history_told *told;         /* or NULL */
    void *context;
    size_t first_instant; /* that results are counted from */
} recording;

static history_segment *shape_segments(const run_segment *from, size_t count,
                                       const history *h)
{
    history_segment *all = arena_alloc_array(h->memory, count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = (history_segment){
            from[i].name, arena_copy_string(h->memory, from[i].path), from[i].title,
            from[i].population->many,
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
static void record(void *context, size_t index, run_result *now)
{
    recording *to = context;
    history *h = to->h;
    size_t at = to->first_instant + index;
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
    if (to->told)
        to->told(to->context, at + 1);
}

static void finish(recording *to)
{
    history *h = to->h;
    for (size_t i = 0; i < h->set_count; i++)
        h->sets[i].moves = moves_between(to->first, to->before, i, h->memory);
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

/* The history when all was told, or NULL; no result is used any more. */
static history *end_recording(recording *to, bool is_good)
{
    if (is_good)
        finish(to);
    if (to->before != to->first)
        run_result_free(to->before);
    run_result_free(to->first);
    if (is_good)
        return to->h;
    history_free(to->h);
    return NULL;
}

history *history_of(const instant_rules *from, const int64_t *instants, size_t count,
                    run_options options, history_told *told, void *context,
                    carpel_error *err)
{
    recording to = {.h = history_new(instants, count), .told = told, .context = context};
    instant_results *results = instant_results_new(from, &options, err);
    bool ok = results && instant_results_tell(results, instants, count, record, &to, err);
    history *h = end_recording(&to, ok);
    instant_results_free(results);
    return h;
}

typedef bool people_at(engine *e, int64_t as_of, carpel_error *err);

/* From the first of these instants on: at how many are people the ones of the engine's store? That is at least
 * one. */
static bool count_alike(engine *e, people_at *set_people, const int64_t *instants,
                        size_t count, size_t *alike, carpel_error *err)
{
    bool is_good = set_people(e, instants[0], err);
    const store *first = engine_store(e);
    *alike = 0;
    while (is_good && *alike < count && engine_store(e) == first)
        if (++*alike < count)
            is_good = set_people(e, instants[*alike], err);
    return is_good && set_people(e, instants[0], err);
}

/* The same where ids are joined, and at each instant by the links of then. */
static history *history_of_joined(engine *e, const int64_t *instants, size_t count,
                                  run_options options, const engine_listener *listener,
                                  carpel_error *err)
{
    recording to = {.h = history_new(instants, count)};
    to.told = listener ? listener->progress : NULL;
    to.context = listener ? listener->context : NULL;
    const people *before = engine_people_now(e);
    instant_results **all = memory_alloc_zero_array(count, sizeof(instant_results *));
    size_t alike;
    bool ok = count_alike(e, engine_people_at, instants, count, &alike, err);
    people_at *set_people =
        ok && alike == count ? engine_people_at : engine_numbered_people_at;
    for (size_t i = 0; ok && i < count; i += alike) {
        ok = count_alike(e, set_people, instants + i, count - i, &alike, err);
        if (!ok)
            break;
        instant_rules from = {e->book, e->plan, engine_store(e)};
        to.first_instant = i;
        all[i] = instant_results_new(&from, &options, err);
        ok =
            all[i] && instant_results_tell(all[i], instants + i, alike, record, &to, err);
    }
    history *h = end_recording(&to, ok);
    for (size_t i = 0; i < count; i++)
        instant_results_free(all[i]);
    memory_free(all);
    engine_use_people(e, before);
    return h;
}

history *engine_history(engine *e, const int64_t *instants, size_t count, size_t threads,
                        const engine_listener *listener, carpel_error *err)
{
    instant_rules from = {e->book, e->plan, e->store};
    run_options options = {.threads = threads,
                           .is_strict = e->is_strict,
                           .stops_at_script_error = e->project->stops_at_script_error,
                           .cancel = e->cancel};
    if (listener && listener->stage)
        listener->stage(listener->context, "judging", "instants", count);
    if (engine_joins_people(e))
        return history_of_joined(e, instants, count, options, listener, err);
    return history_of(&from, instants, count, options,
                      listener ? listener->progress : NULL,
                      listener ? listener->context : NULL, err);
}

void history_free(history *h)
{
    if (h)
        arena_free(h->memory);
}

const history_segment *history_find(const history *h, const char *path)
{
    for (size_t i = 0; i < h->segment_count + h->group_count; i++) {
        const history_segment *s =
            i < h->segment_count ? &h->segments[i] : &h->groups[i - h->segment_count];
        if (strcmp(s->path, path) == 0)
            return s;
    }
    return NULL;
}
