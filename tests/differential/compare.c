/* SPDX-License-Identifier: MIT
 *
 * Runs of the engine in several ways against one of the reference: with more threads, in
 * smaller blocks, over what had happened by then, each person alone, while others ask about other
 * instants, over a store on the disk.
 */
#include "differential/compare.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bitmap.h"
#include "base/directory.h"
#include "base/memory.h"
#include "differential/askers.h"
#include "lang/meaning.h"
#include "reference/reference.h"
#include "support/alone.h"
#include "support/loaded.h"
#include "value/value.h"

static const struct {
    size_t threads, block_people;
    bool is_cut;    /* the data end at now */
    bool is_alone;  /* each person is judged without the others */
    bool is_among;  /* others judge over the same store at other instants */
    bool is_loaded; /* from a store that came about in many loads */
} ways[] = {{.threads = 1, .block_people = 4096},
            {.threads = 3, .block_people = 4096},
            {.threads = 1, .block_people = 1},
            {.threads = 3, .block_people = 1},
            {.threads = 1, .block_people = 7},
            {.threads = 3, .block_people = 7},
            {.threads = 1, .block_people = 4096, .is_cut = true},
            {.threads = 1, .block_people = 1, .is_alone = true},
            {.threads = 3, .block_people = 7, .is_among = true},
            {.threads = 1, .block_people = 7, .is_loaded = true}};

enum {
    WAY_COUNT = sizeof ways / sizeof *ways,
    OTHER_WAYS = WAY_COUNT - 1,
    LOADED_WAY = WAY_COUNT - 1,
    MOST_OCCURRENCES = 2000000
};

typedef struct comparison {
    const world *world;
    reference *people, *accounts;   /* accounts: NULL without */
    reference *reference;           /* of those whom the declaration is about */
    run_result *results[WAY_COUNT]; /* NULL: not this way */
    difference *difference;
} comparison;

static bool differs(comparison *c, const ast_decl *decl, const char *member,
                    size_t person, size_t way, const char *engine,
                    const char *reference_says)
{
    difference *d = c->difference;
    d->declaration = decl->name.text;
    text_append_format(
        &d->words,
        "%s%s%s, %s: the engine (%zu thread%s, blocks of %zu%s%s%s%s) says %s, the "
        "reference %s",
        decl->name.text, member ? "." : "", member ? member : "",
        reference_id(c->reference, person), ways[way].threads,
        ways[way].threads > 1 ? "s" : "", ways[way].block_people,
        ways[way].is_cut ? ", data cut at now" : "",
        ways[way].is_alone ? ", each alone" : "",
        ways[way].is_among ? ", among others who ask" : "",
        ways[way].is_loaded ? ", from many loads" : "", engine, reference_says);
    return false;
}

/* ---- members ------------------------------------------------------------------------- */

static const run_segment *find_segment(const run_result *r, const char *path)
{
    for (size_t i = 0; i < r->segment_count; i++)
        if (strcmp(r->segments[i].path, path) == 0)
            return &r->segments[i];
    for (size_t i = 0; i < r->group_member_count; i++)
        if (strcmp(r->group_members[i].path, path) == 0)
            return &r->group_members[i];
    return NULL;
}

/* The number that the engine gave a person or an account. */
static uint32_t number_of(const run_population *population, const char *id)
{
    return dictionary_find(population->ids, id, strlen(id));
}

/* Cut data do not name those who are not judged. */
static bool is_left_out(const comparison *c, size_t person, uint32_t number)
{
    return number == DICTIONARY_NONE && !reference_judges(c->reference, person);
}

static bool members_agree(comparison *c, const ast_decl *decl, size_t member,
                          const char *name)
{
    text path;
    bool agrees = true;
    text_init(&path);
    text_append_format(&path, "%s%s%s", decl->name.text, name ? "." : "",
                       name ? name : "");
    for (size_t p = 0; p < reference_count(c->reference) && agrees; p++) {
        bool is_in = reference_is_member(c->reference, decl, member, p);
        for (size_t way = 0; way < WAY_COUNT && agrees; way++) {
            if (!c->results[way])
                continue;
            const run_segment *s = find_segment(c->results[way], path.data);
            uint32_t number = s ? number_of(s->population, reference_id(c->reference, p))
                                : DICTIONARY_NONE;
            if (is_left_out(c, p, number))
                continue;
            if (number == DICTIONARY_NONE)
                agrees = differs(c, decl, name, p, way, "nothing", is_in ? "in" : "out");
            else if (bitmap_get(s->members, number) != is_in)
                agrees = differs(c, decl, name, p, way, is_in ? "out" : "in",
                                 is_in ? "in" : "out");
        }
    }
    text_done(&path);
    return agrees;
}

/* ---- scores -------------------------------------------------------------------------- */

static value engine_value(const run_score *score, size_t person)
{
    if (!bitmap_get(score->present, person))
        return value_missing();
    switch (score->type.kind) {
    case TYPE_BOOL: return value_truth(bitmap_get(score->values, person));
    case TYPE_NUMBER: return value_double(((const double *)score->values)[person]);
    case TYPE_DECIMAL:
        return value_exact(((const int64_t *)score->values)[person], score->type.scale);
    case TYPE_TIME: return value_time(((const int64_t *)score->values)[person]);
    case TYPE_DATE: return value_date(((const int64_t *)score->values)[person]);
    default: return value_duration(((const int64_t *)score->values)[person]);
    }
}

static void append_value(value v, text *out)
{
    switch (v.kind) {
    case MISSING: text_append(out, "missing"); break;
    case TRUTH: text_append(out, v.integer ? "true" : "false"); break;
    case DOUBLE: text_append_format(out, "%.17g", v.number); break;
    case EXACT: value_append_decimal((int64_t)v.above, v.scale, out); break;
    case DURATION: text_append_format(out, "%lld us", (long long)v.above); break;
    case TIME: value_append_time(v.integer, NULL, out); break;
    case DATE: value_append_date(v.integer, out); break;
    default: text_append(out, "something else");
    }
}

static bool values_agree(const world *w, value a, value b)
{
    return a.kind == MISSING || b.kind == MISSING ? a.kind == b.kind
                                                  : value_equals(w->zone, a, b);
}

static const run_score *find_score(const run_result *r, const char *name)
{
    for (size_t i = 0; i < r->score_count; i++)
        if (strcmp(r->scores[i].name, name) == 0)
            return &r->scores[i];
    return NULL;
}

static bool values_differ(comparison *c, const ast_decl *decl, size_t person, size_t way,
                          value got, value expected)
{
    text a, b;
    text_init(&a);
    text_init(&b);
    append_value(got, &a);
    append_value(expected, &b);
    differs(c, decl, NULL, person, way, a.data, b.data);
    text_done(&a);
    text_done(&b);
    return false;
}

static bool scores_agree(comparison *c, const ast_decl *decl)
{
    for (size_t p = 0; p < reference_count(c->reference); p++) {
        value expected = reference_score(c->reference, decl, p);
        for (size_t way = 0; way < WAY_COUNT; way++) {
            if (!c->results[way])
                continue;
            const run_score *score = find_score(c->results[way], decl->name.text);
            uint32_t number = number_of(score->population, reference_id(c->reference, p));
            if (is_left_out(c, p, number))
                continue;
            if (number == DICTIONARY_NONE)
                return differs(c, decl, NULL, p, way, "nothing", "something");
            value got = engine_value(score, number);
            if (!values_agree(c->world, got, expected))
                return values_differ(c, decl, p, way, got, expected);
        }
    }
    return true;
}

/* ---- who is judged ------------------------------------------------------------------- */

static bool population_agrees(comparison *c, reference *of, const run_population *p,
                              size_t way)
{
    size_t count = 0;
    for (size_t i = 0; i < reference_count(of); i++)
        count += reference_judges(of, i);
    if (p->count == count)
        return true;
    c->difference->declaration = NULL;
    text_append_format(&c->difference->words,
                       "the engine (way %zu) judges %zu %s, the reference %zu", way,
                       p->count, p->many, count);
    return false;
}

static bool populations_agree(comparison *c)
{
    for (size_t way = 0; way < WAY_COUNT; way++) {
        const run_result *r = c->results[way];
        bool has_accounts = r && r->of_accounts != NULL;
        if (!r)
            continue;
        if (!population_agrees(c, c->people, &r->people, way) ||
            (has_accounts && !population_agrees(c, c->accounts, &r->accounts, way)))
            return false;
    }
    return true;
}

/* ---- all rules ----------------------------------------------------------------------- */

static bool groups_agree(comparison *c, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->groups.count; i++)
        if (!members_agree(c, decl, i,
                           ((const ast_group *)decl->groups.items[i])->name.text))
            return false;
    for (size_t i = 0; i < decl->arms.count; i++)
        if (!members_agree(c, decl, i, ((const ast_arm *)decl->arms.items[i])->name.text))
            return false;
    return true;
}

static bool decl_agrees(comparison *c, const ast_decl *decl)
{
    bool of_accounts = decl->meaning && decl->meaning->level == LEVEL_ACCOUNT;
    c->reference = of_accounts ? c->accounts : c->people;
    switch (decl->kind) {
    case DECL_SEGMENT: return members_agree(c, decl, 0, NULL);
    case DECL_GROUPS:
    case DECL_SPLIT: return groups_agree(c, decl);
    case DECL_SCORE: return scores_agree(c, decl);
    default: return true;
    }
}

static bool all_agree(comparison *c, const rulebook *rules, const char *only)
{
    for (size_t i = 0; i < rules->decls.count; i++) {
        const ast_decl *decl = rules->decls.items[i];
        bool is_asked = !only || (decl->name.text && strcmp(decl->name.text, only) == 0);
        if (is_asked && !decl_agrees(c, decl))
            return false;
    }
    return true;
}

/* The world as it was at an instant: the data end there, and whom only later rows name is
 * not in it. Shares everything else. */
static world world_until(const world *w, const reference *ref, int64_t now, arena *memory)
{
    world cut = *w;
    size_t *number = arena_alloc_array(memory, w->person_count + 1, sizeof *number);
    cut.people = arena_alloc_array(memory, w->person_count + 1, sizeof *cut.people);
    cut.events = arena_alloc_array(memory, w->event_count + 1, sizeof *cut.events);
    cut.person_count = cut.event_count = 0;
    for (size_t p = 0; p < w->person_count; p++) {
        number[p] = cut.person_count;
        if (reference_judges(ref, p))
            cut.people[cut.person_count++] = w->people[p];
    }
    for (size_t i = 0; i < w->event_count; i++) {
        world_event e = w->events[i];
        e.person = number[e.person];
        if (e.time <= now)
            cut.events[cut.event_count++] = e;
    }
    return cut;
}

static run_result *run_in_way(const world *w, const world_rules *rules, const store *s,
                              int64_t now, size_t way)
{
    size_t threads = ways[way].threads, block_people = ways[way].block_people;
    if (ways[way].is_alone)
        return world_run_alone(rules, s, now);
    if (ways[way].is_among)
        return run_among_askers(w, rules, s, now, threads, block_people);
    return world_run(w, rules, s, now, threads, block_people);
}

/* Loads are drawn by the number of the way, too. */
static store *make_loaded(const world *w, size_t other_way)
{
    char folder[64];
    snprintf(folder, sizeof folder, "%s/carpel-differ-%ld",
             directory_is_writable("/dev/shm") ? "/dev/shm" : "/tmp", (long)getpid());
    return world_loaded_store(w, folder, other_way);
}

/* The data for each way; results point into them. */
typedef struct stores {
    store *whole, *until_now, *loaded; /* loaded: NULL when no way asks for it */
} stores;

static void stores_free(stores *s)
{
    store_free(s->whole);
    store_free(s->until_now);
    store_free(s->loaded);
}

static stores run_in_ways(comparison *c, const world_rules *rules, int64_t now,
                          size_t other_way)
{
    arena *memory = arena_new();
    world cut = world_until(c->world, c->people, now, memory);
    stores s = {world_store(c->world), world_store(&cut), NULL};
    for (size_t i = 0; i < WAY_COUNT; i++) {
        if (i > 0 && other_way != EVERY_WAY && i != 1 + other_way % OTHER_WAYS)
            continue;
        if (ways[i].is_loaded)
            s.loaded = make_loaded(c->world, other_way);
        const store *data = ways[i].is_loaded ? s.loaded
                            : ways[i].is_cut  ? s.until_now
                                              : s.whole;
        c->results[i] = run_in_way(c->world, rules, data, now, i);
    }
    arena_free(memory);
    return s;
}

size_t way_of_loads(size_t number)
{
    return number / OTHER_WAYS * OTHER_WAYS + LOADED_WAY - 1;
}

bool engine_agrees(const world *w, const world_rules *rules, int64_t now,
                   const char *only, size_t other_way, difference *out)
{
    comparison c = {.world = w, .difference = out};
    c.people = reference_new(w, rules->book, rules->scripts, now);
    stores data = run_in_ways(&c, rules, now, other_way);
    if (w->schema->account_trait != SCHEMA_NONE)
        c.accounts = reference_of_accounts(c.people);
    reference_limit(c.people, MOST_OCCURRENCES);
    if (c.accounts)
        reference_limit(c.accounts, MOST_OCCURRENCES);
    bool agrees = populations_agree(&c) && all_agree(&c, rules->book, only);
    out->gave_up =
        reference_gave_up(c.people) || (c.accounts && reference_gave_up(c.accounts));
    agrees = agrees || out->gave_up;
    reference_free(c.accounts);
    reference_free(c.people);
    for (size_t i = 0; i < WAY_COUNT; i++)
        run_result_free(c.results[i]);
    stores_free(&data);
    return agrees;
}

bool book_agrees(const world *w, const book *b, int64_t now, const char *only,
                 difference *out)
{
    text rules;
    text_init(&rules);
    book_append(b, &rules);
    world_rules *compiled = world_compile(w, rules.data);
    bool agrees =
        !compiled->book || engine_agrees(w, compiled, now, only, EVERY_WAY, out);
    world_rules_free(compiled);
    text_done(&rules);
    return agrees;
}
