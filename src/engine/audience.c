/* SPDX-License-Identifier: MIT */
#include "engine/audience.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/name_index.h"
#include "engine/deliveries.h"
#include "engine/delivery_columns.h"
#include "engine/parts.h"
#include "engine/people_asked.h"
#include "engine/people_listed.h"
#include "engine/purposes.h"

struct audience {
    const config_output *config;
    engine *engine;
    const run_population *people;
    name_index named;   /* the segments and scores that the output names */
    name_index foreign; /* rules that are for another purpose */
    bool asks;          /* people: for consent, or whether they are on a list */
    uint64_t *reached;  /* whom it would get */
    uint64_t *withheld; /* of these; NULL: nobody */
    size_t first_note, note_count; /* of what the engine keeps of what was withheld */
};

struct audiences {
    audience *items;
    size_t count;
    people_lists *lists;
    arena *memory;
};

/* ---- rules --------------------------------------------------------------------- */

/* Does it name no segments, and have them all? */
static bool takes_all(const audience *a)
{
    const config_output *o = a->config;
    bool has_others = o->is_exact ? o->is_wide || delivers_values(o)
                                  : o->score_count + o->column_count > 0;
    return o->segment_count == 0 && (o->is_changes || !has_others);
}

bool audience_is_open(const audience *a)
{
    return takes_all(a) && !a->asks && !a->config->purpose.text &&
           a->config->least_people == 0;
}

bool audience_takes(const audience *a, const char *name, bool is_of_accounts)
{
    if (!takes_all(a))
        return name_index_find(&a->named, name) != SIZE_MAX;
    return name_index_find(&a->foreign, name) == SIZE_MAX && !(is_of_accounts && a->asks);
}

static void note(audience *a, withheld w)
{
    engine *e = a->engine;
    w.output = a->config->name.text;
    memory_grow((void **)&e->withheld, e->withheld_count, &e->withheld_capacity,
                sizeof *e->withheld);
    e->withheld[e->withheld_count++] = w;
    a->note_count++;
}

/* What an output that takes all does not take. */
static void note_left_out(audience *a, const graph *g, const rule *r)
{
    const char *name = purposes_rule_name(g, r);
    const char *purpose = purposes_of(a->engine, name);
    if (purpose && a->config->purpose.text &&
        strcmp(purpose, a->config->purpose.text) != 0)
        note(a, (withheld){
                    .reason = WITHHELD_OTHER_PURPOSE, .of = name, .purpose = purpose});
    else if (a->asks && g != a->engine->graph)
        note(a, (withheld){.reason = WITHHELD_OF_ACCOUNTS, .of = name});
}

/* Is it the first rule of its name? A set has one for each of its groups. */
static bool is_first(const graph *g, size_t index)
{
    const rule *r = &g->rules[index];
    return r->kind == RULE_SEGMENT ||
           (r->kind == RULE_GROUP &&
            (index == 0 || g->rules[index - 1].kind != RULE_GROUP ||
             g->rules[index - 1].groups != r->groups));
}

static void read_rules(audience *a, arena *memory)
{
    const config_output *o = a->config;
    for (size_t i = 0; i < o->segment_count; i++)
        name_index_add(&a->named, memory, o->segments[i].text, i);
    for (size_t i = 0; i < o->score_count && delivers_values(o); i++)
        name_index_add(&a->named, memory, o->scores[i].text, i);
    for (const graph *g = a->engine->graph; g; g = g->accounts)
        for (size_t i = 0; i < g->rule_count; i++) {
            const rule *r = &g->rules[i];
            if (purposes_differ(a->engine, o, purposes_rule_name(g, r))) {
                name_index_add(&a->foreign, memory, r->path ? r->path : r->name, i);
                name_index_add(&a->foreign, memory, purposes_rule_name(g, r), i);
            }
            if (takes_all(a) && is_first(g, i))
                note_left_out(a, g, r);
        }
}

/* ---- whom it would get ----------------------------------------------------------- */

static void add_members(uint64_t *all, const uint64_t *members, size_t number_count)
{
    for (size_t i = 0; i < bitmap_words(number_count); i++)
        all[i] |= members[i];
}

static bool takes_member(const audience *a, const run_result *r, size_t member)
{
    if (audience_takes(a, r->group_members[member].path, false))
        return true;
    for (size_t i = 0; i < r->group_count; i++)
        if (member >= r->groups[i].first &&
            member < r->groups[i].first + r->groups[i].count)
            return audience_takes(a, r->groups[i].name, false);
    return false;
}

static void reach(audience *a, const run_result *r)
{
    size_t count = r->people.number_count;
    const config_output *o = a->config;
    if (o->is_wide) {
        bitmap_fill(a->reached, count, true);
        return;
    }
    for (size_t i = 0; i < r->score_count && delivers_values(o); i++)
        if (r->scores[i].population == &r->people)
            add_members(a->reached, r->scores[i].present, count);
    for (size_t i = 0; i < r->segment_count; i++)
        if (r->segments[i].population == &r->people &&
            audience_takes(a, r->segments[i].path, false))
            add_members(a->reached, r->segments[i].members, count);
    for (size_t i = 0; i < r->group_member_count; i++)
        if (r->group_members[i].population == &r->people && takes_member(a, r, i))
            add_members(a->reached, r->group_members[i].members, count);
}

/* ---- who is withheld --------------------------------------------------------------- */

/* Withhold those for whom `is_out`, and count those who were not withheld yet. */
typedef bool is_out(const void *what, uint32_t person);

static uint64_t withhold(audience *a, size_t number_count, is_out *asked,
                         const void *what)
{
    uint64_t count = 0;
    EACH_SET_BIT(a->reached, number_count, person)
    {
        if (!asked(what, (uint32_t)person))
            continue;
        count += !bitmap_get(a->withheld, person);
        bitmap_set(a->withheld, person);
    }
    return count;
}

static bool has_not_consented(const void *what, uint32_t person)
{
    return !people_consent(what, person);
}

static bool is_listed(const void *what, uint32_t person)
{
    return people_are_listed(what, person);
}

static bool ask_consent(audience *a, const run_result *r, carpel_error *err)
{
    const config_consent *c = purposes_consent(a->engine, a->config);
    people_asked asked;
    if (!c || c->is_everyone)
        return true;
    if (!people_ask(a->engine, c, r->as_of, &asked, err))
        return false;
    uint64_t count = withhold(a, r->people.number_count, has_not_consented, &asked);
    if (count > 0)
        note(a, (withheld){.reason = WITHHELD_NO_CONSENT,
                           .of = c->purpose.text,
                           .count = count});
    return true;
}

static bool leave_out_listed(audience *a, people_lists *lists, const config_suppress *all,
                             size_t count, const run_result *r, carpel_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const people_list *list = people_lists_open(lists, &all[i], r, err);
        if (!list)
            return false;
        uint64_t out = withhold(a, r->people.number_count, is_listed, list);
        const char *name = all[i].segment.text ? all[i].segment.text : all[i].name.text;
        if (out > 0)
            note(a, (withheld){.reason = WITHHELD_ON_LIST, .of = name, .count = out});
    }
    return true;
}

static bool ask_people(audience *a, people_lists *lists, const run_result *r,
                       arena *memory, carpel_error *err)
{
    const project *p = a->engine->project;
    const config_output *o = a->config;
    size_t words = bitmap_words(r->people.number_count) + 2;
    if (!a->asks)
        return true;
    a->reached = arena_alloc_array(memory, words, sizeof(uint64_t));
    a->withheld = arena_alloc_array(memory, words, sizeof(uint64_t));
    reach(a, r);
    return ask_consent(a, r, err) &&
           leave_out_listed(a, lists, p->suppress, p->suppress_count, r, err) &&
           leave_out_listed(a, lists, o->suppress, o->suppress_count, r, err);
}

const uint64_t *audience_withheld(const audience *a)
{
    return a->withheld;
}

const uint64_t *audience_members(const audience *a, const uint64_t *members,
                                 const run_population *p, arena *memory)
{
    if (!a->withheld || p != a->people)
        return members;
    size_t words = bitmap_words(p->number_count);
    uint64_t *left = arena_alloc_array(memory, words + 2, sizeof *left);
    for (size_t i = 0; i < words; i++)
        left[i] = members[i] & ~a->withheld[i];
    return left;
}

/* Those of the members whom it may have; NULL: of all. */
static int64_t count_allowed(const audience *a, const uint64_t *members,
                             const run_population *p)
{
    int64_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        count += (!members || bitmap_get(members, p->order[i])) &&
                 !(a->withheld && p == a->people && bitmap_get(a->withheld, p->order[i]));
    return count;
}

bool audience_withholds(const audience *a, const uint64_t *members,
                        const run_population *p)
{
    return a->config->least_people > 0 &&
           count_allowed(a, members, p) < a->config->least_people;
}

bool audience_withholds_set(const audience *a, const run_segment *groups, size_t count)
{
    int64_t least = a->config->least_people;
    if (least == 0 || count == 0)
        return false;
    bool withholds_one = false;
    int64_t others = count_allowed(a, NULL, groups[0].population);
    for (size_t i = 0; i < count; i++) {
        int64_t size = count_allowed(a, groups[i].members, groups[i].population);
        withholds_one |= size > 0 && size < least;
        others -= size >= least ? size : 0;
    }
    return withholds_one && others < least;
}

/* ---- segments that are too small ------------------------------------------------------ */

static void note_small(audience *a, const char *name, const uint64_t *members,
                       const run_population *p)
{
    bool is_empty = bitmap_count(members, 0, p->number_count) == 0;
    if (!is_empty && audience_withholds(a, members, p))
        note(a, (withheld){.reason = WITHHELD_TOO_FEW,
                           .of = name,
                           .count = (uint64_t)a->config->least_people,
                           .many = p->many});
}

/* Does a row tell which of the groups somebody is in? */
static bool has_column_of(const audience *a, const char *set)
{
    const config_output *o = a->config;
    for (size_t i = 0; o->is_exact && i < o->column_count; i++)
        if (o->columns[i].from.text && strcmp(o->columns[i].from.text, set) == 0)
            return true;
    return o->is_wide && !o->is_exact && audience_takes(a, set, false);
}

static void note_sets(audience *a, const run_result *r)
{
    for (size_t i = 0; i < r->group_count; i++) {
        const run_groups *set = &r->groups[i];
        const run_segment *groups = &r->group_members[set->first];
        if (has_column_of(a, set->name) && audience_withholds_set(a, groups, set->count))
            note(a, (withheld){.reason = WITHHELD_TELLING,
                               .of = set->name,
                               .count = (uint64_t)a->config->least_people,
                               .many = groups[0].population->many});
    }
}

static void note_all_small(audience *a, const run_result *r)
{
    for (size_t i = 0; i < r->segment_count; i++)
        if (audience_takes(a, r->segments[i].path,
                           r->segments[i].population != &r->people))
            note_small(a, r->segments[i].path, r->segments[i].members,
                       r->segments[i].population);
    for (size_t i = 0; i < r->group_member_count; i++)
        if (takes_member(a, r, i))
            note_small(a, r->group_members[i].path, r->group_members[i].members,
                       r->group_members[i].population);
    for (size_t i = 0; i < r->score_count && delivers_values(a->config); i++)
        if (audience_takes(a, r->scores[i].name, false))
            note_small(a, r->scores[i].name, r->scores[i].present,
                       r->scores[i].population);
}

void audience_append_notes(const audience *a, text *out)
{
    for (size_t i = 0; i < a->note_count; i++)
        withheld_append(&a->engine->withheld[a->first_note + i], out);
}

/* ---- all outputs --------------------------------------------------------------------- */

static bool asks_people(const engine *e, const config_output *o)
{
    const config_consent *c = purposes_consent(e, o);
    return (c && !c->is_everyone) || e->project->suppress_count + o->suppress_count > 0;
}

static bool audience_begin(audience *a, engine *e, const config_output *o,
                           people_lists *lists, const run_result *r, arena *memory,
                           carpel_error *err)
{
    a->config = o;
    a->engine = e;
    a->asks = asks_people(e, o);
    a->people = &r->people;
    a->first_note = e->withheld_count;
    read_rules(a, memory);
    if (!ask_people(a, lists, r, memory, err))
        return false;
    note_all_small(a, r);
    note_sets(a, r);
    return true;
}

bool audiences_new(engine *e, const run_result *result, audiences **out,
                   carpel_error *err)
{
    arena *memory = arena_new();
    audiences *all = arena_alloc(memory, sizeof *all);
    bool ok = true;
    all->memory = memory;
    e->withheld_count = 0;
    all->items =
        arena_alloc_array(memory, e->project->output_count + 1, sizeof *all->items);
    all->lists = people_lists_new(e, memory);
    for (size_t i = 0; ok && i < e->project->output_count; i++)
        ok = audience_begin(&all->items[all->count++], e, &e->project->outputs[i],
                            all->lists, result, memory, err);
    if (ok)
        *out = all;
    else
        audiences_free(all);
    return ok;
}

const audience *audiences_of(const audiences *all, size_t output)
{
    return &all->items[output];
}

void audiences_free(audiences *all)
{
    if (!all)
        return;
    people_lists_free(all->lists);
    arena_free(all->memory);
}

/* ---- the check --------------------------------------------------------------------------- */

/* Accounts say nothing, and are not those who are on lists. */
static void refuse_accounts(const engine *e, const config_output *o,
                            const config_text *name, diags *diags)
{
    for (const graph *g = e->graph->accounts; g; g = g->accounts)
        for (size_t i = 0; i < g->rule_count; i++) {
            const rule *r = &g->rules[i];
            if (strcmp(purposes_rule_name(g, r), name->text) != 0 &&
                !(r->path && strcmp(r->path, name->text) == 0))
                continue;
            diag_error(
                diags, name->where, E0312,
                "\"%s\" is about accounts, and of the output \"%s\" people are asked "
                "for consent, or left out by lists",
                name->text, o->name.text);
            diag_hint(diags, "Deliver it with an output whose purpose asks nobody.");
            return;
        }
}

static void check_accounts(const engine *e, const config_output *o, diags *diags)
{
    if (!asks_people(e, o))
        return;
    for (size_t i = 0; i < o->segment_count; i++)
        refuse_accounts(e, o, &o->segments[i], diags);
    for (size_t i = 0; i < o->score_count; i++)
        refuse_accounts(e, o, &o->scores[i], diags);
    for (size_t i = 0; i < o->column_count && o->is_exact; i++)
        if (delivery_column_meaning(e, o, &o->columns[i]).is_of_accounts)
            refuse_accounts(e, o, &o->columns[i].from, diags);
}

void audiences_check(const engine *e, diags *diags)
{
    purposes_check(e, diags);
    people_lists_check(e, diags);
    for (size_t i = 0; i < e->project->output_count; i++)
        check_accounts(e, &e->project->outputs[i], diags);
}
