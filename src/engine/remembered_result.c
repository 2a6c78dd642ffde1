/* SPDX-License-Identifier: MIT
 *
 * From people's numbers in a store, which another load gives anew, to their places among
 * all ids.
 */
#include "engine/remembered_result.h"

#include <stdlib.h>
#include <string.h>

#include "base/aside.h"
#include "base/bitmap.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "engine/parts.h"
#include "exec/score.h"
#include "graph/rule_digest.h"
#include "runs/run_file.h"

static remembered_ids ids_of(const run_population *p, arena *memory)
{
    slice *items = arena_alloc_unset(memory, p->count + 1, sizeof *items);
    dictionary_texts(p->ids, p->order, p->count, items);
    return (remembered_ids){items, p->count};
}

/* People by place, and back. */
typedef struct population_places {
    const run_population *people;
    uint32_t *of_person; /* DICTIONARY_NONE: was not judged */
    size_t person_limit; /* above all numbers of those who were */
} population_places;

static population_places places_begin(const run_population *p, arena *memory)
{
    population_places all = {.people = p};
    for (size_t i = 0; i < p->count; i++)
        all.person_limit =
            p->order[i] >= all.person_limit ? p->order[i] + (size_t)1 : all.person_limit;
    all.of_person = arena_alloc_array(memory, all.person_limit + 1, sizeof(uint32_t));
    for (size_t i = 0; i < all.person_limit; i++)
        all.of_person[i] = DICTIONARY_NONE;
    for (size_t i = 0; i < p->count; i++)
        all.of_person[p->order[i]] = (uint32_t)i;
    return all;
}

typedef struct both_places {
    population_places people, accounts;
} both_places;

/* The bits of those who have one, by place. Few have one of most, so that those are looked for
 * and not everybody asked. To be freed. */
static uint64_t *move_bits(const population_places *p, const uint64_t *bits)
{
    uint64_t *moved =
        memory_alloc_zero_array(bitmap_words(p->people->count) + 1, sizeof *moved);
    EACH_SET_BIT(bits, p->person_limit, person)
    {
        if (person < p->person_limit && p->of_person[person] != DICTIONARY_NONE)
            bitmap_set(moved, p->of_person[person]);
    }
    return moved;
}

/* Whoever has a bit, by place. */
static roaring_bitmap_t *places_of(const population_places *p, const uint64_t *bits)
{
    uint64_t *moved = move_bits(p, bits);
    uint32_t *places = memory_alloc_array(p->people->count + 1, sizeof *places);
    size_t count = 0;
    EACH_SET_BIT(moved, p->people->count, place)
    {
        places[count++] = (uint32_t)place;
    }
    roaring_bitmap_t *all = roaring_bitmap_of_ptr(count, places);
    roaring_bitmap_run_optimize(all);
    memory_free(places);
    memory_free(moved);
    return all;
}

/* ---- other ids ---------------------------------------------------------- */

/* Ids of people of whom another one is shown: an earlier run may have had somebody under them. */
static void add_merged(const run_population *p, const population_places *places,
                       remembered_run *out)
{
    size_t count = 0, all = p->persons_of ? dictionary_count(p->ids) : 0;
    uint32_t *codes = memory_alloc_array(all + 1, sizeof *codes);
    if (all > 0)
        dictionary_sort(p->ids, all, codes);
    slice *ids = arena_alloc_array(out->memory, all + 1, sizeof *ids);
    uint32_t *into = arena_alloc_array(out->memory, all + 1, sizeof *into);
    for (size_t i = 0; i < all; i++) {
        uint32_t person = p->persons_of[codes[i]];
        uint32_t place = person != codes[i] && person < places->person_limit
                             ? places->of_person[person]
                             : DICTIONARY_NONE;
        if (place == DICTIONARY_NONE)
            continue;
        ids[count] = dictionary_text(p->ids, codes[i]);
        into[count++] = place;
    }
    out->merged = (remembered_ids){ids, count};
    out->merged_into = into;
    memory_free(codes);
}

/* ---- scores ------------------------------------------------------------- */

static uint64_t value_of(const run_score *s, size_t person)
{
    uint64_t value;
    if (s->type.kind == TYPE_BOOL)
        return bitmap_get(s->values, person);
    memcpy(&value, (const uint64_t *)s->values + person, sizeof value);
    return value;
}

static void add_values(remembered_rule *r, const run_score *s, arena *memory)
{
    const run_population *p = s->population;
    size_t count = 0;
    bool are_texts = type_is_text(s->type);
    slice *texts = arena_alloc_array(memory, r->size + 1, sizeof *texts);
    uint64_t *values = arena_alloc_array(memory, r->size + 1, sizeof *values);
    for (size_t i = 0; i < p->count; i++) {
        if (!score_has(s, p->order[i]))
            continue;
        if (are_texts)
            texts[count++] = score_text(s, p->order[i]);
        else
            values[count++] = value_of(s, p->order[i]);
    }
    r->type = s->type;
    r->texts = are_texts ? texts : NULL;
    r->values = values;
}

/* ---- rules -------------------------------------------------------------- */

/* Who is in a rule, by number, until it is put by place. */
typedef struct rule_members {
    const population_places *places;
    const uint64_t *bits;
    const run_score *score; /* of a score */
} rule_members;

/* The next segment, group and score of a result, whose order is that of the rules. */
typedef struct places {
    size_t segment, member, score;
    const both_places *of;
    rule_members *members; /* of each rule */
} places;

static rule_members members_of(const places *next, const run_population *p,
                               const uint64_t *bits)
{
    const population_places *in =
        p == next->of->people.people ? &next->of->people : &next->of->accounts;
    return (rule_members){.places = in, .bits = bits};
}

/* A rule without its members. */
static void add_rule(remembered_run *out, const run_result *result, const graph *g,
                     const rule *from, digest meaning, places *next)
{
    remembered_rule *r = &out->rules[out->rule_count];
    rule_members *m = &next->members[out->rule_count];
    *r = (remembered_rule){.path = slice_of(from->path),
                           .set = {"", 0},
                           .name = {"", 0},
                           .meaning = meaning};
    if (from->kind == RULE_SEGMENT) {
        const run_segment *s = &result->segments[next->segment++];
        *m = members_of(next, s->population, s->members);
    } else if (from->kind == RULE_GROUP) {
        const run_segment *s = &result->group_members[next->member++];
        *m = members_of(next, s->population, s->members);
        r->kind = REMEMBERED_GROUP;
        r->set = slice_of(g->groups[from->groups].name);
        r->name = slice_of(from->name);
    } else if (from->kind == RULE_SCORE) {
        const run_score *s = &result->scores[next->score++];
        *m = members_of(next, s->population, s->present);
        m->score = s;
        r->kind = REMEMBERED_SCORE;
    } else {
        return; /* no rule of the user's */
    }
    out->rule_count++;
}

typedef struct member_work {
    remembered_run *run;
    const rule_members *from;
} member_work;

static void put_members(void *context, size_t piece, size_t worker)
{
    const member_work *w = context;
    remembered_rule *r = &w->run->rules[piece];
    (void)worker;
    r->members = places_of(w->from[piece].places, w->from[piece].bits);
    r->size = roaring_bitmap_get_cardinality(r->members);
}

/* The members of all rules, and the values of scores. */
static void add_members(remembered_run *out, const rule_members *from)
{
    enum { FEW = 10000 }; /* people: sooner done than threads begun */
    member_work w = {out, from};
    parallel_run(out->people.count < FEW ? 1 : parallel_processor_count(),
                 out->rule_count, put_members, &w);
    for (size_t i = 0; i < out->rule_count; i++)
        if (from[i].score)
            add_values(&out->rules[i], from[i].score, out->memory);
}

static void add_rules(const engine *e, const run_result *result, const both_places *of,
                      remembered_run *out)
{
    rule_calendar calendar = {zone_name(e->zone), e->week_start};
    rule_digests *digests = rule_digests_new(e->graph, &calendar);
    places next = {.of = of};
    size_t most =
        e->graph->rule_count + (e->graph->accounts ? e->graph->accounts->rule_count : 0);
    out->rules = arena_alloc_array(out->memory, most + 1, sizeof *out->rules);
    next.members = memory_alloc_array(most + 1, sizeof *next.members);
    for (const graph *g = e->graph; g; g = g->accounts)
        for (size_t i = 0; i < g->rule_count; i++) {
            size_t before = out->rule_count;
            digest meaning = g == e->graph ? rule_digests_of(digests, i)
                                           : rule_digests_of_accounts(digests, i);
            add_rule(out, result, g, &g->rules[i], meaning, &next);
            if (out->rule_count > before)
                out->rules[before].is_of_accounts = g != e->graph;
        }
    add_members(out, next.members);
    memory_free(next.members);
    rule_digests_free(digests);
}

/* ---- outputs -------------------------------------------------------------- */

/* Does the output get the members of the rule? */
static bool takes_rule(const audience *a, const run_result *result,
                       const remembered_rule *rule, size_t *segment, size_t *member)
{
    if (rule->kind == REMEMBERED_SCORE)
        return false;
    const run_segment *s = rule->kind == REMEMBERED_SEGMENT
                               ? &result->segments[(*segment)++]
                               : &result->group_members[(*member)++];
    bool is_wanted = audience_takes(a, s->path, rule->is_of_accounts);
    if (rule->kind == REMEMBERED_GROUP && !is_wanted) {
        char *set = memory_copy_text(rule->set.data, rule->set.size);
        is_wanted = audience_takes(a, set, rule->is_of_accounts);
        memory_free(set);
    }
    return is_wanted && !audience_withholds(a, s->members, s->population);
}

static roaring_bitmap_t *rules_taken(const audience *a, const run_result *result,
                                     const remembered_run *r)
{
    roaring_bitmap_t *rules = roaring_bitmap_create();
    size_t segment = 0, member = 0;
    for (size_t i = 0; i < r->rule_count; i++)
        if (takes_rule(a, result, &r->rules[i], &segment, &member))
            roaring_bitmap_add(rules, (uint32_t)i);
    return rules;
}

/* Changes are told against what an output took, where it does not take all. */
static void note_outputs(const engine *e, const run_result *result,
                         const audiences *audiences, const population_places *people,
                         remembered_run *r)
{
    const project *p = e->project;
    size_t words = bitmap_words(result->people.number_count) + 2;
    const uint64_t *nobody = arena_alloc_array(r->memory, words, sizeof *nobody);
    r->outputs = arena_alloc_array(r->memory, p->output_count + 1, sizeof *r->outputs);
    for (size_t i = 0; i < p->output_count; i++) {
        const audience *a = audiences_of(audiences, i);
        const uint64_t *withheld = audience_withheld(a);
        remembered_output *o = &r->outputs[r->output_count++];
        *o = (remembered_output){.name = slice_of(p->outputs[i].name.text)};
        if (!p->outputs[i].is_changes || audience_is_open(a))
            continue;
        o->rules = rules_taken(a, result, r);
        o->withheld = places_of(people, withheld ? withheld : nobody);
    }
}

static void pack_ids(void *run)
{
    run_file_pack_ids(run);
}

/* Most that the file takes is the work of its ids, which are known before all else. */
static aside *begin_packing(remembered_run *r)
{
    enum { FEW = 10000 }; /* sooner done than a thread begun */
    bool is_worth = r->people.count >= FEW && parallel_processor_count() > 1;
    return is_worth ? aside_begin(pack_ids, r) : NULL;
}

remembered_run *remembered_result(const engine *e, const run_result *result,
                                  const audiences *audiences)
{
    remembered_run *r = remembered_run_new();
    r->as_of = result->as_of;
    r->made_at = e->clock != 0 ? e->clock : result->as_of;
    r->version = slice_of(CARPEL_VERSION);
    r->rule_version = RULE_DIGEST_VERSION;
    r->event_count = e->store->event_count;
    r->first_time = e->store->first_time;
    r->last_time = e->store->last_time;
    r->people = ids_of(&result->people, r->memory);
    if (result->accounts.count > 0)
        r->accounts = ids_of(&result->accounts, r->memory);
    both_places of = {places_begin(&result->people, r->memory),
                      places_begin(&result->accounts, r->memory)};
    add_merged(&result->people, &of.people, r);
    aside *packing = begin_packing(r);
    add_rules(e, result, &of, r);
    if (audiences)
        note_outputs(e, result, audiences, &of.people, r);
    run_file_digest(r);
    aside_end(packing);
    return r;
}
