/* SPDX-License-Identifier: MIT
 *
 * The table of one output: which rows, and what stands in each column.
 */
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "engine/deliveries.h"
#include "engine/delivery_columns.h"
#include "engine/delivery_parts.h"
#include "engine/parts.h"

void delivery_add_column(delivery *d, const char *name, result_column c, type t)
{
    size_t index = d->table.column_count++;
    carpel_type told = result_type(t);
    d->columns[index] = c;
    d->told[index] = (carpel_column){.name = name,
                                     .from = name,
                                     .type = told,
                                     .scale = told == CARPEL_DECIMAL ? t.scale : 0};
    if (told == CARPEL_STRING && (c.kind != RESULT_VALUE || c.finish))
        d->told[index].is_verbatim = true;
}

void delivery_add_fixed(delivery *d, const char *name, result_kind kind)
{
    type t = {kind == RESULT_INSTANT ? TYPE_TIME : TYPE_STRING, 0};
    delivery_add_column(d, name, (result_column){.kind = kind}, t);
}

static result_values values_of(const run_score *s)
{
    return (result_values){s->type, s->values, s->present, s->texts};
}

void delivery_add_values(delivery *d, const char *name, const run_score *s)
{
    delivery_add_column(
        d, name, (result_column){.kind = RESULT_VALUE, .value = values_of(s)}, s->type);
}

const run_score *delivery_score_named(const run_score *scores, size_t count,
                                      const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(scores[i].name, name) == 0)
            return &scores[i];
    return NULL; /* not after deliveries_check */
}

void delivery_add_traits(delivery *d)
{
    for (size_t i = 0; i < d->config->column_count; i++) {
        const config_column *c = &d->config->columns[i];
        delivery_add_values(d, c->name.text,
                            delivery_score_named(d->result->traits,
                                                 d->result->trait_count, c->from.text));
    }
}

const run_score *delivery_score(const delivery *d, size_t i)
{
    return delivery_score_named(d->result->scores, d->result->score_count,
                                d->config->scores[i].text);
}

void delivery_add_scores(delivery *d)
{
    for (size_t i = 0; i < d->config->score_count; i++)
        delivery_add_values(d, d->config->scores[i].text, delivery_score(d, i));
}

static result_item item_of(const char *name, const uint64_t *members,
                           const run_population *p)
{
    return (result_item){.segment = name,
                         .members = members,
                         .ids = p->ids,
                         .order = p->order,
                         .count = p->count};
}

void delivery_add_item(delivery *d, result_item item)
{
    d->items[d->table.item_count++] = item;
}

void delivery_add_members(delivery *d, result_item item, const run_population *p)
{
    if (audience_withholds(d->audience, item.members, p))
        return;
    item.members = audience_members(d->audience, item.members, p, d->memory);
    delivery_add_item(d, item);
}

bool delivery_goes_with(const delivery *d, bool are_accounts)
{
    const config_output *o = d->config;
    if (o->score_count > 0)
        return are_accounts == (delivery_score(d, 0)->population == &d->result->accounts);
    for (size_t i = 0; i < o->column_count; i++) {
        column_meaning m = delivery_column_meaning(d->engine, o, &o->columns[i]);
        if (!o->is_exact || m.kind != COLUMN_OWN)
            return are_accounts == m.is_of_accounts;
    }
    return true;
}

/* ---- a row a membership, or a value ------------------------------------- */

/* The next segment and group of the result, whose order is that of the rules: those about
 * people, then those about accounts. */
typedef struct places {
    size_t segment, member;
} places;

static void add_memberships_of(delivery *d, const graph *g, places *next)
{
    bool are_accounts = g != d->engine->graph;
    bool are_taken = delivery_goes_with(d, are_accounts);
    for (size_t i = 0; i < g->rule_count; i++) {
        const rule *r = &g->rules[i];
        const run_segment *s = NULL;
        if (r->kind == RULE_SEGMENT)
            s = &d->result->segments[next->segment++];
        else if (r->kind == RULE_GROUP)
            s = &d->result->group_members[next->member++];
        if (s && are_taken &&
            (audience_takes(d->audience, s->path, are_accounts) ||
             (r->kind == RULE_GROUP &&
              audience_takes(d->audience, g->groups[r->groups].name, are_accounts))))
            delivery_add_members(d, item_of(s->path, s->members, s->population),
                                 s->population);
    }
}

static void add_memberships(delivery *d, const graph *people)
{
    places next = {0};
    if (!delivery_add_named(d)) {
        delivery_add_fixed(d, "segment", RESULT_SEGMENT);
        delivery_add_fixed(d, "person", RESULT_ID);
        delivery_add_fixed(d, "as_of", RESULT_INSTANT);
        delivery_add_scores(d);
        delivery_add_traits(d);
    }
    for (const graph *g = people; g; g = g->accounts)
        add_memberships_of(d, g, &next);
}

static void add_value_rows(delivery *d)
{
    type all = delivery_score(d, 0)->type;
    for (size_t i = 0; i < d->config->score_count; i++) {
        const run_score *s = delivery_score(d, i);
        result_item item = item_of(s->name, s->present, s->population);
        item.value = values_of(s);
        delivery_add_members(d, item, s->population);
        deliveries_common_type(all, s->type, &all);
    }
    if (delivery_add_named(d))
        return;
    delivery_add_fixed(d, "score", RESULT_SEGMENT);
    delivery_add_fixed(d, "person", RESULT_ID);
    delivery_add_fixed(d, "as_of", RESULT_INSTANT);
    delivery_add_column(d, "value", (result_column){.kind = RESULT_OWN_VALUE}, all);
    delivery_add_traits(d);
}

/* ---- a row a person ------------------------------------------------------ */

static const run_population *population_in(const run_segment *segments, size_t count,
                                           const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(segments[i].path, path) == 0)
            return segments[i].population;
    return NULL;
}

/* Of whom a segment, a group or a set of groups is. */
static const run_population *population_of(const run_result *r, const char *name)
{
    const run_population *p = population_in(r->segments, r->segment_count, name);
    if (!p)
        p = population_in(r->group_members, r->group_member_count, name);
    for (size_t i = 0; !p && i < r->group_count; i++)
        if (r->groups[i].count > 0 && strcmp(r->groups[i].name, name) == 0)
            p = r->group_members[r->groups[i].first].population;
    return p ? p : &r->people;
}

static const run_population *wide_population(const delivery *d)
{
    const config_output *o = d->config;
    for (size_t i = 0; o->is_exact && i < o->column_count; i++)
        if (delivery_column_meaning(d->engine, o, &o->columns[i]).is_of_accounts)
            return &d->result->accounts;
    if (o->score_count > 0)
        return delivery_score(d, 0)->population;
    return o->segment_count > 0 ? population_of(d->result, o->segments[0].text)
                                : &d->result->people;
}

void delivery_add_membership(delivery *d, const char *name, const run_segment *s)
{
    bool is_told = !audience_withholds(d->audience, s->members, s->population);
    delivery_add_column(
        d, name,
        (result_column){.kind = RESULT_MEMBER, .members = is_told ? s->members : NULL},
        (type){TYPE_BOOL, 0});
}

void delivery_add_groups(delivery *d, const char *name, const run_groups *set)
{
    result_item *groups = arena_alloc_array(d->memory, set->count + 1, sizeof *groups);
    size_t count = 0;
    const run_segment *all = &d->result->group_members[set->first];
    bool is_told = !audience_withholds_set(d->audience, all, set->count);
    for (size_t i = 0; is_told && i < set->count; i++) {
        const run_segment *s = &all[i];
        if (!audience_withholds(d->audience, s->members, s->population))
            groups[count++] = item_of(s->name, s->members, s->population);
    }
    delivery_add_column(
        d, name,
        (result_column){.kind = RESULT_GROUP, .groups = groups, .group_count = count},
        (type){TYPE_STRING, 0});
}

static void add_wide_columns(delivery *d, const run_population *p)
{
    const run_result *r = d->result;
    bool are_accounts = p != &r->people;
    delivery_add_fixed(d, "person", RESULT_ID);
    delivery_add_fixed(d, "as_of", RESULT_INSTANT);
    for (size_t i = 0; i < r->segment_count; i++)
        if (r->segments[i].population == p &&
            audience_takes(d->audience, r->segments[i].path, are_accounts))
            delivery_add_membership(d, r->segments[i].path, &r->segments[i]);
    for (size_t i = 0; i < r->group_count; i++) {
        const run_segment *groups = r->group_members + r->groups[i].first;
        if (r->groups[i].count == 0 || groups->population != p)
            continue;
        if (audience_takes(d->audience, r->groups[i].name, are_accounts))
            delivery_add_groups(d, r->groups[i].name, &r->groups[i]);
        for (size_t k = 0; k < r->groups[i].count && d->config->segment_count > 0; k++)
            if (audience_takes(d->audience, groups[k].path, are_accounts))
                delivery_add_membership(d, groups[k].path, &groups[k]);
    }
    delivery_add_scores(d);
    delivery_add_traits(d);
}

static void add_wide_rows(delivery *d)
{
    const run_population *p = wide_population(d);
    d->everyone =
        arena_alloc_array(d->memory, bitmap_words(p->number_count) + 2, sizeof(uint64_t));
    if (!delivery_add_named(d))
        add_wide_columns(d, p);
    bitmap_fill(d->everyone, p->number_count, true);
    delivery_add_members(d, item_of("", d->everyone, p), p);
}

delivery *delivery_new(const engine *e, const config_output *config,
                       const run_result *result, const audience *audience,
                       const told_changes *changes)
{
    delivery *d = memory_alloc_zero(sizeof *d);
    size_t most_items = result->segment_count + result->group_member_count +
                        config->score_count + 1 + (changes ? changes->changes->count : 0);
    size_t most_columns = 9 + result->segment_count + result->group_member_count +
                          result->group_count + config->score_count +
                          config->column_count;
    d->config = config;
    d->result = result;
    d->engine = e;
    d->audience = audience;
    d->memory = arena_new();
    d->items = arena_alloc_array(d->memory, most_items, sizeof *d->items);
    d->columns = arena_alloc_array(d->memory, most_columns, sizeof *d->columns);
    d->told = arena_alloc_array(d->memory, most_columns, sizeof *d->told);
    d->table = (result_table){.items = d->items,
                              .columns = d->columns,
                              .told = d->told,
                              .as_of = result->as_of};
    if (config->is_changes)
        delivery_add_changes(d, changes);
    else if (config->is_wide)
        add_wide_rows(d);
    else if (delivers_values(config))
        add_value_rows(d);
    else
        add_memberships(d, e->graph);
    return d;
}

const char *delivery_word_of_changes(const config_output *o)
{
    static const char *const words[] = {[CHANGES_NONE] = NULL,
                                        [CHANGES_ALL] = "all",
                                        [CHANGES_ADDITIONS] = "additions",
                                        [CHANGES_REMOVALS] = "removals"};
    return words[o->changes];
}

const result_table *delivery_table(const delivery *d)
{
    return &d->table;
}

void delivery_free(delivery *d)
{
    if (!d)
        return;
    arena_free(d->memory);
    memory_free(d);
}
