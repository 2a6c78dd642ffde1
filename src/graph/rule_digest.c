/* SPDX-License-Identifier: MIT
 *
 * One way up the graph: each node's digest is made of those of its operands and of the
 * rows that it looks at. Where the graph orders things by their numbers, they are ordered
 * by their digests here.
 */
#include "graph/rule_digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graph/counts.h"
#include "graph/payload_digest.h"

/* ---- tables ------------------------------------------------------------- */

static const digest *domain_digest(digesting *d, uint32_t id);

/* May the members of a union be named in any order? A row that two of them share is the
 * same in both, then: an event. */
static bool order_is_free(digesting *d, uint32_t id)
{
    const domain *rows = graph_domain(d->graph, id);
    if (d->order[id] != ORDER_UNKNOWN)
        return d->order[id] == ORDER_FREE;
    bool is_free = rows->kind == DOMAIN_EVENTS || rows->kind == DOMAIN_FILTER ||
                   rows->kind == DOMAIN_UNION || rows->kind == DOMAIN_ITEMS;
    size_t looked_at = rows->kind == DOMAIN_ITEMS ? 1 : rows->member_count;
    for (size_t i = 0; is_free && i < looked_at; i++)
        is_free = order_is_free(d, rows->members[i]);
    d->order[id] = is_free ? ORDER_FREE : ORDER_MATTERS;
    return is_free;
}

static void put_all(digest_input *in, digest *parts, size_t count, bool is_free)
{
    if (is_free)
        qsort(parts, count, sizeof *parts, digest_compare);
    digest_put_number(in, count);
    for (size_t i = 0; i < count; i++)
        digest_put(in, parts[i]);
}

static void put_members(digesting *d, digest_input *in, const domain *rows, size_t first)
{
    size_t count = rows->member_count - first;
    digest *members = memory_alloc_array(count + 1, sizeof *members);
    for (size_t i = 0; i < count; i++)
        members[i] = *domain_digest(d, rows->members[first + i]);
    put_all(in, members, count, order_is_free(d, rows->id));
    memory_free(members);
}

/* Those of one step that come one after another may be told in any order. */
static void sort_rows(digesting *d, const domain *matches, digest *parts)
{
    const sequence *s = d->graph->sequences[matches->index];
    for (size_t first = 0, end; first < s->rows_count; first = end) {
        bool is_free = true;
        for (end = first;
             end < s->rows_count && s->rows[end].role == s->rows[first].role &&
             s->rows[end].step == s->rows[first].step &&
             (end < s->end_count) == (first < s->end_count);
             end++)
            is_free = is_free && order_is_free(d, matches->members[end]);
        if (is_free)
            qsort(parts + first, end - first, sizeof *parts, digest_compare);
    }
}

static digest sequence_rows_digest(digesting *d, const sequence *s, size_t i,
                                   uint32_t member, const sequence_inputs *from)
{
    digest_input in;
    digest rows = *domain_digest(d, member);
    digest_begin(&in);
    digest_put_number(&in, (uint64_t)s->rows[i].role);
    digest_put_number(&in, s->rows[i].step);
    digest_put(&in, rows);
    digest_put(&in, d->nodes[from->window->id]);
    digest_put_number(&in, from->mask != NULL);
    if (from->mask)
        digest_put(&in, d->nodes[from->mask->id]);
    for (size_t k = 0; k < from->key_count; k++)
        digest_put(&in, d->nodes[from->keys[k]->id]);
    return digest_end(&in);
}

static void put_sequence(digesting *d, digest_input *in, const domain *matches)
{
    const sequence *s = d->graph->sequences[matches->index];
    const node *const *next = matches->inputs + 1;
    digest *rows = memory_alloc_array(s->rows_count + 1, sizeof *rows);
    for (size_t i = 0; i < s->rows_count; i++) {
        sequence_inputs from = sequence_take_inputs(s, i, &next);
        rows[i] = sequence_rows_digest(d, s, i, matches->members[i], &from);
    }
    sort_rows(d, matches, rows);
    digest_put(in, d->nodes[matches->inputs[0]->id]);
    payload_digest_put_sequence(d, in, s);
    put_all(in, rows, s->rows_count, false);
    memory_free(rows);
}

static void put_domain(digesting *d, digest_input *in, const domain *rows)
{
    const schema *s = d->graph->schema;
    switch (rows->kind) {
    case DOMAIN_RUN: digest_put_word(in, "run"); break;
    case DOMAIN_PEOPLE:
        digest_put_word(in, d->account_trait ? "accounts" : "people");
        break;
    case DOMAIN_EVENTS: digest_put_word(in, s->kinds[rows->index].name); break;
    case DOMAIN_TRAIT: digest_put_word(in, s->traits[rows->index].name); break;
    case DOMAIN_FILTER: digest_put(in, d->nodes[rows->inputs[0]->id]); break;
    case DOMAIN_UNION: break;
    case DOMAIN_SESSIONS: digest_put_number(in, rows->index); break;
    case DOMAIN_ITEMS: digest_put_word(in, s->kinds[rows->index].name); break;
    case DOMAIN_BESIDE: break;
    case DOMAIN_SEQUENCE: put_sequence(d, in, rows); return;
    }
    if (rows->kind == DOMAIN_PEOPLE && d->account_trait)
        digest_put_word(in, d->account_trait);
    if (rows->kind == DOMAIN_BESIDE || rows->kind == DOMAIN_ITEMS)
        digest_put(in, *domain_digest(d, rows->members[0]));
    size_t first = rows->kind == DOMAIN_BESIDE || rows->kind == DOMAIN_ITEMS;
    if (rows->member_count > 0)
        put_members(d, in, rows, first);
}

static const char *const domain_words[] = {
    [DOMAIN_RUN] = "run",           [DOMAIN_PEOPLE] = "people",
    [DOMAIN_EVENTS] = "events",     [DOMAIN_TRAIT] = "trait",
    [DOMAIN_FILTER] = "filter",     [DOMAIN_UNION] = "union",
    [DOMAIN_SESSIONS] = "sessions", [DOMAIN_ITEMS] = "items",
    [DOMAIN_BESIDE] = "beside",     [DOMAIN_SEQUENCE] = "sequence"};

static const digest *domain_digest(digesting *d, uint32_t id)
{
    const domain *rows = graph_domain(d->graph, id);
    if (!d->is_domain_known[id]) {
        digest_input in;
        digest_begin(&in);
        digest_put_word(&in, domain_words[rows->kind]);
        put_domain(d, &in, rows);
        d->domains[id] = digest_end(&in);
        d->is_domain_known[id] = true;
    }
    return &d->domains[id];
}

/* ---- operands ----------------------------------------------------------- */

/* From which operand on their order does not matter? */
static size_t first_free_operand(const node *n)
{
    switch (n->kind) {
    case NODE_ADD:
    case NODE_MULTIPLY:
    case NODE_SMALLER:
    case NODE_LARGER:
    case NODE_LEAST_OF:
    case NODE_GREATEST_OF:
    case NODE_EQUAL:
    case NODE_TEXT_EQUAL:
    case NODE_AND:
    case NODE_OR:
    case NODE_BOTH_WINDOWS: return 0;
    case NODE_TEXT_IN: return 1;
    default: return n->operand_count;
    }
}

static void put_operands(digesting *d, digest_input *in, const node *const *operands,
                         size_t count, size_t first_free)
{
    digest *parts = memory_alloc_array(count + 1, sizeof *parts);
    for (size_t i = 0; i < count; i++)
        parts[i] = d->nodes[operands[i]->id];
    put_all(in, parts, first_free, false);
    put_all(in, parts + first_free, count - first_free, true);
    memory_free(parts);
}

/* Values of each member, in the order of the members. */
static void put_merge(digesting *d, digest_input *in, const node *n)
{
    const domain *rows = graph_domain(d->graph, n->domain);
    size_t first = rows->kind == DOMAIN_ITEMS; /* whose first member holds them */
    digest *parts = memory_alloc_array(n->operand_count + 1, sizeof *parts);
    for (size_t i = 0; i < n->operand_count; i++) {
        digest_input part;
        digest member = *domain_digest(d, rows->members[first + i]);
        digest_begin(&part);
        digest_put(&part, member);
        digest_put(&part, d->nodes[n->operands[i]->id]);
        parts[i] = digest_end(&part);
    }
    put_all(in, parts, n->operand_count, order_is_free(d, n->domain));
    memory_free(parts);
}

/* What belongs to each table, whatever the order of the tables. */
static void put_united(digesting *d, digest_input *in, const node *n)
{
    const fold_details *f = &n->united.details;
    size_t size = 1u + f->has_mask + f->has_value, count = n->operand_count / size;
    digest *parts = memory_alloc_array(count + 1, sizeof *parts);
    for (size_t i = 0; i < count; i++) {
        digest_input part;
        digest_begin(&part);
        for (size_t k = 0; k < size; k++)
            digest_put(&part, d->nodes[n->operands[i * size + k]->id]);
        parts[i] = digest_end(&part);
    }
    put_all(in, parts, count, true);
    memory_free(parts);
}

static void put_operands_of(digesting *d, digest_input *in, const node *n)
{
    count_list counts;
    if (n->kind == NODE_ADD && counts_gather(n, &counts))
        put_operands(d, in, counts.items, counts.count, 0);
    else if (n->kind == NODE_MERGE)
        put_merge(d, in, n);
    else if (n->kind == NODE_UNITED)
        put_united(d, in, n);
    else
        put_operands(d, in, n->operands, n->operand_count, first_free_operand(n));
}

/* ---- nodes -------------------------------------------------------------- */

static digest node_digest(digesting *d, const node *n)
{
    digest_input in;
    digest_begin(&in);
    digest_put_word(&in, node_kind_name(n->kind));
    digest_put_word(&in, type_kind_name(n->type.kind));
    digest_put_number(&in, n->type.scale);
    digest_put(&in, *domain_digest(d, n->domain));
    digest_put(&in, *domain_digest(d, n->rows));
    payload_digest_put(d, &in, n);
    put_operands_of(d, &in, n);
    return digest_end(&in);
}

static void digest_nodes(digesting *d)
{
    const graph *g = d->graph;
    d->nodes = memory_alloc_array(g->node_count + 1, sizeof *d->nodes);
    d->domains = memory_alloc_array(g->domain_count + 1, sizeof *d->domains);
    d->is_domain_known =
        memory_alloc_zero_array(g->domain_count + 1, sizeof *d->is_domain_known);
    d->order = memory_alloc_zero_array(g->domain_count + 1, sizeof *d->order);
    for (size_t i = 0; i < g->node_count; i++)
        d->nodes[i] = node_digest(d, g->nodes[i]);
}

static void digesting_done(digesting *d)
{
    memory_free(d->nodes);
    memory_free(d->domains);
    memory_free(d->is_domain_known);
    memory_free(d->order);
}

/* ---- judgements --------------------------------------------------------- */

static void put_rules(digest_input *in, const digesting *rules)
{
    for (size_t i = 0; i < rules->graph->rule_count; i++)
        digest_put(in, rules->nodes[rules->graph->rules[i].node->id]);
}

void digest_put_judgement(digesting *d, digest_input *in, const judgement *j)
{
    digesting people = {.graph = j->people, .calendar = d->calendar};
    digesting rules = {.graph = j->rules,
                       .calendar = d->calendar,
                       .account_trait = d->account_trait,
                       .people = &people};
    if (j->people)
        digest_nodes(&people);
    digest_nodes(&rules);
    put_rules(in, &rules);
    digesting_done(&rules);
    digesting_done(&people);
}

/* ---- all rules ---------------------------------------------------------- */

struct rule_digests {
    rule_calendar calendar;
    digesting people, accounts;
};

rule_digests *rule_digests_new(const graph *g, const rule_calendar *calendar)
{
    rule_digests *d = memory_alloc_zero(sizeof *d);
    const schema *s = g->schema;
    d->calendar = *calendar;
    d->people = (digesting){.graph = g, .calendar = &d->calendar};
    digest_nodes(&d->people);
    if (!g->accounts)
        return d;
    d->accounts = (digesting){.graph = g->accounts,
                              .calendar = &d->calendar,
                              .people = &d->people,
                              .account_trait = s->account_trait != SCHEMA_NONE
                                                   ? s->traits[s->account_trait].name
                                                   : ""};
    digest_nodes(&d->accounts);
    return d;
}

static digest of_rule(const digesting *d, size_t rule)
{
    return d->nodes[d->graph->rules[rule].node->id];
}

digest rule_digests_of(const rule_digests *d, size_t rule)
{
    return of_rule(&d->people, rule);
}

digest rule_digests_of_accounts(const rule_digests *d, size_t rule)
{
    return of_rule(&d->accounts, rule);
}

void rule_digests_free(rule_digests *d)
{
    if (!d)
        return;
    digesting_done(&d->accounts);
    digesting_done(&d->people);
    memory_free(d);
}
