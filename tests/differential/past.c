/* SPDX-License-Identifier: MIT
 *
 * past -- is a history what runs at its instants say? Random rules on random histories are
 * judged at several instants together, which share what is known of the data, and at each
 * alone; sizes, who entered and left, and the moves between groups are counted from the
 * latter in the plainest way.
 *
 *     past --worlds 400 --seed 1
 *     past --worlds 1 --seed 1 --first 57 --show       # one world again, with its rules
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "differential/accepted.h"
#include "differential/histories.h"
#include "differential/program.h"
#include "engine/history.h"

enum { RULES_A_BOOK = 24, MOST_TIMES = 8, MOST_WRONG = 5 };

typedef struct options {
    unsigned long worlds, seed, first;
    const char *files;
    bool shows;
} options;

typedef struct tally {
    unsigned long worlds, points, moves, crossings, wrong;
} tally;

/* What is tried of one world. */
typedef struct trial {
    const world_rules *rules;
    const store *store;
    const history *history;
    run_result *alone[MOST_TIMES]; /* by instant */
    int64_t instants[MOST_TIMES];
    size_t count;
    tally *tally;
    unsigned long seed, number;
} trial;

static void complain(trial *t, const char *name, size_t at, const char *what, size_t told,
                     size_t right)
{
    printf("# wrong (--seed %lu --first %lu): %s at %lld: %s %zu, alone %zu\n", t->seed,
           t->number, name, (long long)t->instants[at], what, told, right);
    t->tally->wrong++;
}

static void expect(trial *t, const char *name, size_t at, const char *what, size_t told,
                   size_t right)
{
    if (told != right)
        complain(t, name, at, what, told, right);
}

/* ---- who is in -------------------------------------------------------------------------- */

static slice id_of(const run_segment *s, size_t number)
{
    return dictionary_text(s->population->ids, (uint32_t)number);
}

/* Is somebody of this id in it? */
static bool has_id(const run_segment *s, slice id)
{
    for (size_t i = 0; i < s->population->number_count; i++)
        if (bitmap_get(s->members, i) && slice_equals(id_of(s, i), id))
            return true;
    return false;
}

/* Members of `in` who are not in `out`. */
static size_t count_missing(const run_segment *in, const run_segment *out)
{
    size_t count = 0;
    for (size_t i = 0; i < in->population->number_count; i++)
        count += bitmap_get(in->members, i) && !has_id(out, id_of(in, i));
    return count;
}

static void try_segment(trial *t, const history_segment *told, size_t at,
                        const run_segment *now, const run_segment *before)
{
    const history_point *p = &told->points[at];
    t->tally->points++;
    expect(t, told->path, at, "size", p->size, now->size);
    expect(t, told->path, at, "known", p->known, now->population->count);
    if (!before)
        return;
    size_t entered = count_missing(now, before), left = count_missing(before, now);
    t->tally->crossings += entered + left;
    expect(t, told->path, at, "entered", p->entered, entered);
    expect(t, told->path, at, "left", p->left, left);
}

/* ---- moves ------------------------------------------------------------------------------ */

/* Who is in one group before and in the other now. */
static size_t count_moved(const run_segment *from, const run_segment *to)
{
    size_t count = 0;
    for (size_t i = 0; i < to->population->number_count; i++)
        count += bitmap_get(to->members, i) && has_id(from, id_of(to, i));
    return count;
}

static void try_moves(trial *t, const history_set *set, const size_t *moves, size_t from,
                      size_t to)
{
    const run_segment *before = t->alone[from]->group_members + set->first;
    const run_segment *now = t->alone[to]->group_members + set->first;
    for (size_t i = 0; i < set->count; i++)
        for (size_t k = 0; k < set->count; k++) {
            size_t told = moves[i * (set->count + 1) + k];
            t->tally->moves += told;
            expect(t, set->name, to, "moved", told, count_moved(&before[i], &now[k]));
        }
}

static void compare_all(trial *t)
{
    const history *h = t->history;
    for (size_t at = 0; at < t->count; at++) {
        const run_result *now = t->alone[at], *before = at > 0 ? t->alone[at - 1] : NULL;
        expect(t, "everybody", at, "people", h->people[at], now->people.count);
        for (size_t i = 0; i < h->segment_count; i++)
            try_segment(t, &h->segments[i], at, &now->segments[i],
                        before ? &before->segments[i] : NULL);
        for (size_t i = 0; i < h->group_count; i++)
            try_segment(t, &h->groups[i], at, &now->group_members[i],
                        before ? &before->group_members[i] : NULL);
        for (size_t i = 0; before && i < h->set_count; i++)
            try_moves(t, &h->sets[i], h->sets[i].steps[at], at - 1, at);
    }
    for (size_t i = 0; i < h->set_count; i++)
        try_moves(t, &h->sets[i], h->sets[i].moves, 0, t->count - 1);
}

/* ---- a world ---------------------------------------------------------------------------- */

static void must(bool ok, const carpel_error *err)
{
    if (ok)
        return;
    fprintf(stderr, "past: %s\n", err->message);
    exit(70);
}

static int compare_instants(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* At events, beside them, some days behind them, and now. */
static void draw_instants(trial *t, const setting *s, random_source *random)
{
    const world *w = s->world;
    t->count = 2 + random_below(random, MOST_TIMES - 1);
    for (size_t i = 0; i < t->count; i++) {
        int64_t at = s->now;
        if (i > 0 && w->event_count > 0)
            at = w->events[random_below(random, w->event_count)].time +
                 (int64_t)random_below(random, 3) - 1 +
                 (int64_t)random_below(random, 4) * 5 * MICROSECONDS_PER_DAY;
        t->instants[i] = at < TIME_MIN ? TIME_MIN : at > TIME_MAX ? TIME_MAX : at;
    }
    qsort(t->instants, t->count, sizeof *t->instants, compare_instants);
}

static void try_instants(trial *t, size_t threads)
{
    carpel_error err;
    run_options as = {.threads = threads};
    instant_rules from = {t->rules->book, t->rules->plan, t->store};
    history *h = history_of(&from, t->instants, t->count, as, NULL, NULL, &err);
    must(h != NULL, &err);
    t->history = h;
    for (size_t i = 0; i < t->count; i++) {
        as.as_of = t->instants[i];
        t->alone[i] = run_plan(t->rules->plan, t->store, &as, &err);
        must(t->alone[i] != NULL, &err);
    }
    compare_all(t);
    for (size_t i = 0; i < t->count; i++)
        run_result_free(t->alone[i]);
    history_free(h);
}

static void try_world(const options *o, unsigned long number, tally *counts)
{
    random_source random = {o->seed * UINT64_C(0x100000001b3) + number};
    arena *memory = arena_new();
    book *b = memory_alloc_zero(sizeof *b);
    random_next(&random);
    setting s = setting_make(&random, memory);
    rules_make(b, &s.pools, RULES_A_BOOK, o->files, &random, memory);
    world_rules *rules = book_compile(s.world, b, NULL, NULL, o->shows);
    store *st = world_store(s.world);
    trial t = {
        .rules = rules, .store = st, .tally = counts, .seed = o->seed, .number = number};
    draw_instants(&t, &s, &random);
    try_instants(&t, 1 + number % 2);
    counts->worlds++;
    store_free(st);
    world_rules_free(rules);
    world_free(s.world);
    memory_free(b);
    arena_free(memory);
}

/* ---- the program ------------------------------------------------------------------------- */

static options read_options(int argc, char **argv)
{
    options o = {.worlds = 400, .seed = 1};
    const program_option known[] = {
        {"--worlds", "N", .number = &o.worlds}, {"--seed", "S", .number = &o.seed},
        {"--first", "K", .number = &o.first},   {"--files", "FOLDER", .text = &o.files},
        {"--show", NULL, .flag = &o.shows},
    };
    program_read_options("past", known, sizeof known / sizeof *known, argc, argv);
    return o;
}

int main(int argc, char **argv)
{
    options o = read_options(argc, argv);
    tally t = {0};
    for (unsigned long n = o.first; t.worlds < o.worlds && t.wrong < MOST_WRONG; n++)
        try_world(&o, n, &t);
    printf("# %lu crossings, %lu in groups\n", t.crossings, t.moves);
    printf("%lu histories, %lu points, %lu wrong (seed %lu)\n", t.worlds, t.points,
           t.wrong, o.seed);
    return t.wrong > 0;
}
