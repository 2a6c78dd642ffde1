/* SPDX-License-Identifier: MIT
 *
 * Hash-consing: the table of all nodes, domains and rules of a graph.
 */
#include "graph/graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/number.h"
#include "graph/counts.h"
#include "graph/simplify.h"
#include "graph/unread.h"

struct node_table {
    node **slots;
    size_t slot_count;
    domain **domains; /* the same for domains */
    size_t domain_slot_count;
};

/* ---- domains ------------------------------------------------------------ */

static bool domain_equals(const domain *a, const domain *b)
{
    return a->kind == b->kind && a->index == b->index &&
           a->member_count == b->member_count && a->input_count == b->input_count &&
           (a->member_count == 0 ||
            memcmp(a->members, b->members, a->member_count * sizeof *a->members) == 0) &&
           (a->input_count == 0 ||
            memcmp(a->inputs, b->inputs, a->input_count * sizeof *a->inputs) == 0);
}

static void *copied(graph *g, const void *items, size_t size)
{
    void *copy = arena_alloc(g->memory, size + 1);
    if (size > 0)
        memcpy(copy, items, size);
    return copy;
}

static uint64_t domain_hash(const domain *d)
{
    uint64_t key[] = {(uint64_t)d->kind, d->index, d->member_count, d->input_count};
    uint64_t hash = XXH3_64bits(key, sizeof key);
    if (d->member_count > 0)
        hash =
            XXH3_64bits_withSeed(d->members, d->member_count * sizeof *d->members, hash);
    return d->input_count > 0
               ? XXH3_64bits_withSeed(d->inputs, d->input_count * sizeof *d->inputs, hash)
               : hash;
}

/* The place of a domain in the table, or of the gap where it belongs. */
static domain **domain_slot(const struct node_table *table, const domain *wanted)
{
    size_t mask = table->domain_slot_count - 1, slot = domain_hash(wanted) & mask;
    while (table->domains[slot] && !domain_equals(table->domains[slot], wanted))
        slot = (slot + 1) & mask;
    return &table->domains[slot];
}

static void fill_domain_slots(graph *g)
{
    struct node_table *table = g->table;
    table->domains =
        memory_alloc_zero_array(table->domain_slot_count, sizeof *table->domains);
    for (size_t i = 0; i < g->domain_count; i++)
        *domain_slot(table, g->domains[i]) = g->domains[i];
}

static void widen_domains(graph *g)
{
    struct node_table *table = g->table;
    memory_free(table->domains);
    table->domain_slot_count =
        table->domain_slot_count ? table->domain_slot_count * 2 : 64;
    fill_domain_slots(g);
}

static uint32_t domain_intern(graph *g, const domain *wanted)
{
    if (g->domain_count * 2 >= g->table->domain_slot_count)
        widen_domains(g);
    domain **slot = domain_slot(g->table, wanted);
    if (*slot)
        return (*slot)->id;
    domain *d = arena_alloc(g->memory, sizeof *d);
    *d = *wanted;
    d->id = (uint32_t)g->domain_count;
    d->members =
        copied(g, wanted->members, wanted->member_count * sizeof *wanted->members);
    d->inputs = copied(g, wanted->inputs, wanted->input_count * sizeof *wanted->inputs);
    *slot = d;
    memory_grow((void **)&g->domains, g->domain_count, &g->domain_capacity,
                sizeof *g->domains);
    g->domains[g->domain_count++] = d;
    return d->id;
}

uint32_t graph_events_domain(graph *g, size_t kind)
{
    return domain_intern(g, &(domain){.kind = DOMAIN_EVENTS, .index = kind});
}

uint32_t graph_trait_domain(graph *g, size_t trait)
{
    return domain_intern(g, &(domain){.kind = DOMAIN_TRAIT, .index = trait});
}

uint32_t graph_filter_domain(graph *g, uint32_t base, const node *mask)
{
    if (node_is_true(mask))
        return base;
    return domain_intern(g, &(domain){.kind = DOMAIN_FILTER,
                                      .members = &base,
                                      .member_count = 1,
                                      .inputs = &mask,
                                      .input_count = 1});
}

uint32_t graph_sessions_domain(graph *g, uint32_t base, int64_t gap_microseconds)
{
    return domain_intern(g, &(domain){.kind = DOMAIN_SESSIONS,
                                      .members = &base,
                                      .member_count = 1,
                                      .index = (size_t)gap_microseconds});
}

uint32_t graph_items_domain(graph *g, uint32_t holder, size_t list,
                            const uint32_t *members, size_t member_count)
{
    uint32_t *all = memory_alloc_array(member_count + 1, sizeof *all);
    all[0] = holder;
    if (member_count > 0)
        memcpy(all + 1, members, member_count * sizeof *all);
    uint32_t id = domain_intern(g, &(domain){.kind = DOMAIN_ITEMS,
                                             .index = list,
                                             .members = all,
                                             .member_count = member_count + 1});
    memory_free(all);
    return id;
}

uint32_t graph_beside_domain(graph *g, uint32_t base, uint32_t group)
{
    return domain_intern(g, &(domain){.kind = DOMAIN_BESIDE,
                                      .members = (const uint32_t[]){base, group},
                                      .member_count = 2});
}

uint32_t graph_group_of(const graph *g, uint32_t id)
{
    for (;;) {
        const domain *d = g->domains[id];
        switch (d->kind) {
        case DOMAIN_RUN:
        case DOMAIN_PEOPLE: return RUN;
        case DOMAIN_EVENTS:
        case DOMAIN_TRAIT: return PEOPLE;
        case DOMAIN_ITEMS: return d->members[0];
        case DOMAIN_BESIDE: return d->members[1];
        default:
            if (d->member_count == 0)
                return PEOPLE;
            id = d->members[0];
        }
    }
}

bool graph_domain_is_inside(const graph *g, uint32_t inner, uint32_t outer)
{
    while (inner != outer && inner != RUN)
        inner = graph_group_of(g, inner);
    return inner == outer;
}

static int compare_ids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

uint32_t graph_union_domain(graph *g, const uint32_t *members, size_t count,
                            bool in_order)
{
    uint32_t *distinct = memory_alloc_array(count + 1, sizeof *distinct);
    size_t distinct_count = 0;
    for (size_t i = 0; i < count; i++) {
        size_t known = 0;
        while (known < distinct_count && distinct[known] != members[i])
            known++;
        if (known == distinct_count)
            distinct[distinct_count++] = members[i];
    }
    if (!in_order)
        qsort(distinct, distinct_count, sizeof *distinct, compare_ids);
    uint32_t id = distinct_count == 1
                      ? distinct[0]
                      : domain_intern(g, &(domain){.kind = DOMAIN_UNION,
                                                   .members = distinct,
                                                   .member_count = distinct_count});
    memory_free(distinct);
    return id;
}

/* ---- what is named by number -------------------------------------------- */

static size_t sequence_number(graph *g, const sequence *wanted)
{
    for (size_t i = 0; i < g->sequence_count; i++)
        if (sequence_equals(g->sequences[i], wanted))
            return i;
    sequence *s = copied(g, wanted, sizeof *wanted);
    s->steps = copied(g, wanted->steps, wanted->step_count * sizeof *wanted->steps);
    s->rows = copied(g, wanted->rows, wanted->rows_count * sizeof *wanted->rows);
    memory_grow((void **)&g->sequences, g->sequence_count, &g->sequence_capacity,
                sizeof *g->sequences);
    g->sequences[g->sequence_count] = s;
    return g->sequence_count++;
}

uint32_t graph_sequence_domain(graph *g, const sequence *s, const uint32_t *members,
                               const node **inputs, size_t input_count)
{
    return domain_intern(g, &(domain){.kind = DOMAIN_SEQUENCE,
                                      .members = members,
                                      .member_count = s->rows_count,
                                      .index = sequence_number(g, s),
                                      .inputs = inputs,
                                      .input_count = input_count});
}

size_t graph_occasion(graph *g, const occasion *o)
{
    for (size_t i = 0; i < g->occasion_count; i++)
        if (occasion_equals(g->occasions[i], o))
            return i;
    occasion *kept = copied(g, o, sizeof *o);
    kept->dates = copied(g, o->dates, o->date_count * sizeof *o->dates);
    memory_grow((void **)&g->occasions, g->occasion_count, &g->occasion_capacity,
                sizeof *g->occasions);
    g->occasions[g->occasion_count] = kept;
    return g->occasion_count++;
}

size_t graph_import(graph *g, const node *of_people)
{
    for (size_t i = 0; i < g->import_count; i++)
        if (g->imports[i] == of_people)
            return i;
    memory_grow((void **)&g->imports, g->import_count, &g->import_capacity,
                sizeof *g->imports);
    g->imports[g->import_count] = of_people;
    return g->import_count++;
}

size_t graph_list(graph *g, const dictionary *list)
{
    for (size_t i = 0; i < g->list_count; i++)
        if (g->lists[i] == list)
            return i;
    memory_grow((void **)&g->lists, g->list_count, &g->list_capacity, sizeof *g->lists);
    g->lists[g->list_count] = list;
    return g->list_count++;
}

size_t graph_judgement(graph *g, judgement j)
{
    memory_grow((void **)&g->judgements, g->judgement_count, &g->judgement_capacity,
                sizeof *g->judgements);
    g->judgements[g->judgement_count] = j;
    return g->judgement_count++;
}

/* ---- nodes -------------------------------------------------------------- */

static uint64_t node_hash(const node *n)
{
    payload_key payload = node_payload_key(n);
    uint64_t head[] = {(uint64_t)n->kind, (uint64_t)n->type.kind << 8 | n->type.scale,
                       n->domain,         n->rows,
                       n->operand_count,  payload.words[0],
                       payload.words[1],  payload.words[2],
                       payload.words[3]};
    XXH64_hash_t hash = XXH3_64bits(head, sizeof head);
    for (size_t i = 0; i < n->operand_count; i++)
        hash = XXH3_64bits_withSeed(&n->operands[i]->hash, sizeof(uint64_t), hash);
    return payload.text.size
               ? XXH3_64bits_withSeed(payload.text.data, payload.text.size, hash)
               : hash;
}

static bool node_equals(const node *a, const node *b)
{
    return a->hash == b->hash && a->kind == b->kind && type_equals(a->type, b->type) &&
           a->domain == b->domain && a->rows == b->rows && node_payload_equals(a, b) &&
           a->operand_count == b->operand_count &&
           (a->operand_count == 0 || memcmp(a->operands, b->operands,
                                            a->operand_count * sizeof *a->operands) == 0);
}

static void table_grow(struct node_table *table)
{
    node **old = table->slots;
    size_t old_count = table->slot_count;
    table->slot_count = old_count ? old_count * 2 : 256;
    table->slots = memory_alloc_zero_array(table->slot_count, sizeof *table->slots);
    for (size_t i = 0; i < old_count; i++) {
        if (!old[i])
            continue;
        size_t slot = old[i]->hash & (table->slot_count - 1);
        while (table->slots[slot])
            slot = (slot + 1) & (table->slot_count - 1);
        table->slots[slot] = old[i];
    }
    memory_free(old);
}

static bool has_operand_missing(const node *n, size_t first)
{
    for (size_t i = first; i < n->operand_count; i++)
        if (n->operands[i]->may_be_missing)
            return true;
    return false;
}

static bool can_be_missing(const node *n)
{
    node_kind kind = n->kind == NODE_UNITED ? (node_kind)n->united.kind : n->kind;
    switch (node_missing_rule(kind)) {
    case MISSING_NEVER:
    case MISSING_FALSE:
    case MISSING_EMPTY: return false;
    case MISSING_PASSES: return has_operand_missing(n, 0);
    case MISSING_CHOSEN: return has_operand_missing(n, 1);
    case MISSING_LOSES: return !node_is_count(n);
    case MISSING_OWN: return !node_is_known(n);
    case MISSING_SKIPS:
    case MISSING_SUMS: break;
    }
    return true;
}

static node *node_insert(graph *g, const node *wanted)
{
    node *n = arena_alloc(g->memory, sizeof *n);
    *n = *wanted;
    n->id = (uint32_t)g->node_count;
    n->may_be_missing = can_be_missing(n);
    n->origins = NULL;
    node_keep_texts(n, g->memory);
    n->operands = arena_alloc_array(g->memory, n->operand_count + 1, sizeof *n->operands);
    if (n->operand_count > 0)
        memcpy(n->operands, wanted->operands, n->operand_count * sizeof *n->operands);
    memory_grow((void **)&g->nodes, g->node_count, &g->node_capacity, sizeof *g->nodes);
    g->nodes[g->node_count++] = n;
    return n;
}

static const node *node_intern(graph *g, node *wanted)
{
    struct node_table *table = g->table;
    if (g->node_count * 2 >= table->slot_count)
        table_grow(table);
    wanted->hash = node_hash(wanted);
    size_t slot = wanted->hash & (table->slot_count - 1);
    while (table->slots[slot]) {
        if (node_equals(table->slots[slot], wanted))
            return table->slots[slot];
        slot = (slot + 1) & (table->slot_count - 1);
    }
    table->slots[slot] = node_insert(g, wanted);
    return table->slots[slot];
}

const node *graph_node(graph *g, const node *wanted)
{
    assert(node_kind_takes(wanted->kind, wanted->operand_count));
    const node *operands[4];
    node copy = *wanted;
    copy.operands = copy.operand_count <= 4
                        ? operands
                        : memory_alloc_array(copy.operand_count, sizeof *copy.operands);
    if (copy.operand_count > 0)
        memcpy(copy.operands, wanted->operands,
               copy.operand_count * sizeof *copy.operands);
    const node *made = simplify(g, &copy);
    if (!made)
        made = node_intern(g, &copy);
    graph_note_origin(g, g->nodes[made->id]);
    if (copy.operands != operands)
        memory_free(copy.operands);
    return made;
}

/* ---- rules -------------------------------------------------------------- */

void graph_add_rule(graph *g, rule r)
{
    memory_grow((void **)&g->rules, g->rule_count, &g->rule_capacity, sizeof *g->rules);
    g->rules[g->rule_count++] = r;
}

size_t graph_add_groups(graph *g, const char *name, const char *title)
{
    memory_grow((void **)&g->groups, g->group_count, &g->group_capacity,
                sizeof *g->groups);
    g->groups[g->group_count] = (group_set){name, title};
    return g->group_count++;
}

void graph_finish(graph *g)
{
    drop_unread(g);
    memory_free(g->table->domains);
    fill_domain_slots(g);
}

graph *graph_new(const schema *s, const struct script_set *scripts)
{
    graph *g = memory_alloc_zero(sizeof *g);
    g->schema = s;
    g->scripts = scripts;
    g->memory = arena_new();
    g->table = memory_alloc_zero(sizeof *g->table);
    domain_intern(g, &(domain){.kind = DOMAIN_RUN});
    domain_intern(g, &(domain){.kind = DOMAIN_PEOPLE});
    return g;
}

void graph_free(graph *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->judgement_count; i++) {
        graph_free((graph *)g->judgements[i].rules);
        graph_free((graph *)g->judgements[i].people);
    }
    memory_free(g->judgements);
    graph_free(g->accounts);
    memory_free(g->imports);
    memory_free(g->sequences);
    memory_free(g->occasions);
    memory_free(g->lists);
    memory_free(g->table->slots);
    memory_free(g->table->domains);
    memory_free(g->table);
    memory_free(g->nodes);
    memory_free(g->domains);
    memory_free(g->rules);
    memory_free(g->groups);
    arena_free(g->memory);
    memory_free(g);
}
