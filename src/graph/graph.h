/* SPDX-License-Identifier: MIT
 *
 * graph -- all rules of a project as one graph of shared nodes.
 *
 * A node is a value in some *domain*: one for the whole run, one a person, or one a row
 * of a table of events. Nodes are made through graph_node(), which returns the node
 * that is there already when an equal one was made before (hash-consing) and works out
 * what can be known now (simplify.c), so a hundred rules cost what their distinct
 * conditions cost.
 *
 * Every reading of the rules (batch, explain, SQL, live) is a walk over these nodes.
 * The graph knows no data: dictionaries and columns are bound when a plan runs.
 */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/dictionary.h"
#include "graph/kinds.h"
#include "graph/origins.h"
#include "graph/payload.h"
#include "graph/sequence.h"
#include "report/source.h"
#include "value/calendar.h"
#include "value/occasion.h"
#include "schema/schema.h"
#include "value/type.h"

/* ---- domains ------------------------------------------------------------ */

typedef enum domain_kind {
    DOMAIN_RUN,    /* one value for everyone */
    DOMAIN_PEOPLE, /* one value a person */
    DOMAIN_EVENTS, /* the rows of an event kind: index */
    DOMAIN_TRAIT,  /* the rows of a trait: index */
    DOMAIN_FILTER, /* the rows of domain members[0] for which inputs[0] holds */
    DOMAIN_UNION,  /* the rows of all members, in the total order */
    DOMAIN_SESSIONS, /* runs of rows of members[0] without a gap longer than `index` microseconds */
    DOMAIN_ITEMS, /* the items of a list (`index`: its kind, or that of one of them) inside the
                       rows of members[0]; when those come from other domains, the members that
                       follow are the items of these, RUN for one without a list */
    DOMAIN_BESIDE, /* beside each row of members[1] the rows of members[0] that belong to the
                       same person (of items: to the same row) */
    DOMAIN_SEQUENCE /* matches of a sequence (`index`), each standing for the row of a member that
                       ends it; members and inputs as sequence.rows tells */
} domain_kind;

typedef struct node node;

typedef struct domain {
    domain_kind kind;
    uint32_t id; /* its place in graph.domains */
    size_t index;
    const uint32_t *members;
    size_t member_count;
    const node **inputs;
    size_t input_count;
} domain;

enum { RUN = 0, PEOPLE = 1 }; /* the ids of the two that are always there */

/* ---- nodes -------------------------------------------------------------- */

/* Which dictionary gives the codes of a text node their meaning. */
typedef struct text_origin {
    enum {
        ORIGIN_COMMON,
        ORIGIN_PERSONS,
        ORIGIN_WEEKDAYS,
        ORIGIN_KIND,
        ORIGIN_TRAIT
    } kind;
    size_t table, column; /* KIND: both; TRAIT: table */
} text_origin;

struct node {
    node_kind kind;
    uint32_t id; /* in the order of making; operands have smaller ones */
    type type;
    uint32_t domain;
    uint32_t rows;      /* windows and folds: the domain of the rows they look at */
    text_origin origin; /* STRING and PERSON */
    const node **operands;
    size_t operand_count;
    bool may_be_missing; /* for anybody, any row; conditions and counts are not */

    /* What else tells nodes of a kind apart: the member that the kind's payload family
     * names (nodes.def); for `nothing`, none. */
    union {
        constant_value constant;
        slice salt;
        size_t column, import, member, occasion, list, judgement;
        unsigned digits;   /* RESCALE: more of them */
        int64_t scale;     /* DIVIDE: the quotient of the integers is 10^scale times too
                              large; DIVIDE_DURATION: the divisor is; QUOTIENT_*: a is to be
                              multiplied by 10^scale (or b by 10^-scale) before comparing */
        int64_t half_life; /* in microseconds */
        calendar_span move;
        unit_move unit_start;
        calendar_unit unit;
        int64_t days;
        date_part date_part;
        near_test near;
        window_ends window;
        int64_t newest; /* how many rows */
        fold_details fold;
        united_fold united;
        lua_call script;
    };

    const origin *origins; /* the places in the rules that asked for it */
    uint64_t hash;
};

/* ---- what nodes and domains refer to by number --------------------------- */

/* `judged every month when A stay while B`: rules 0 and 1 of a graph of their own,
 * judged at the first instant of each unit. */
typedef struct judgement {
    const struct graph *rules;
    const struct graph *people; /* of accounts: what `rules` import; else NULL */
    calendar_unit unit;
} judgement;

/* ---- rules -------------------------------------------------------------- */

typedef enum rule_kind {
    RULE_SEGMENT,
    RULE_GROUP,
    RULE_SCORE,
    /* No rules of the user's: */
    RULE_IMPORT, /* a value of people that rules of accounts read */
    RULE_TRAIT   /* the latest value of a trait, for the outputs */
} rule_kind;

/* What a name of the rules became. */
typedef struct rule {
    rule_kind kind;
    const char *name;  /* "vip", "active", "churn_risk" */
    const char *path;  /* "vip", "lifecycle.active", "churn_risk" */
    const char *title; /* or NULL */
    size_t groups;     /* GROUP: index into graph.groups */
    span where;
    const node *node; /* a condition, or the score's value, for each person */
} rule;

typedef struct group_set {
    const char *name, *title;
} group_set;

typedef struct graph {
    const schema *schema;
    const struct script_set *scripts;
    node **nodes; /* reachable ones, operands before users, after graph_finish */
    size_t node_count, node_capacity;
    domain **domains;
    size_t domain_count, domain_capacity;
    rule *rules; /* in the order of the rules */
    size_t rule_count, rule_capacity;
    group_set *groups;
    size_t group_count, group_capacity;
    const sequence **sequences;
    size_t sequence_count, sequence_capacity;
    const occasion **occasions;
    size_t occasion_count, occasion_capacity;
    const dictionary **lists; /* of files; the rulebook owns them */
    size_t list_count, list_capacity;
    struct graph *accounts; /* the rules `for each account`, or NULL */
    const node **imports;   /* of the accounts' graph: nodes of the people's */
    size_t import_count, import_capacity;
    judgement *judgements;
    size_t judgement_count, judgement_capacity;
    struct node_table *table;
    origin standing; /* what is lowered at the moment */
    arena *memory;
} graph;

/* The graph owns an arena of its own; schema and scripts outlive it. */
graph *graph_new(const schema *s, const struct script_set *scripts);
void graph_free(graph *g);

/* The node that equals `wanted` (kind, type, operands and details; id and hash do not
 * matter), simplified. Operands are copied. */
const node *graph_node(graph *g, const node *wanted);

/* The domain of an event kind, of a trait, of a filtered one, of a union (of distinct
 * members, in the order of their ids or `in_order` as given). */
uint32_t graph_events_domain(graph *g, size_t kind);
uint32_t graph_trait_domain(graph *g, size_t trait);
uint32_t graph_filter_domain(graph *g, uint32_t base, const node *mask);
uint32_t graph_union_domain(graph *g, const uint32_t *members, size_t count,
                            bool in_order);
uint32_t graph_items_domain(graph *g, uint32_t holder, size_t list,
                            const uint32_t *members, size_t member_count);
uint32_t graph_beside_domain(graph *g, uint32_t base, uint32_t group);
uint32_t graph_sessions_domain(graph *g, uint32_t base, int64_t gap_microseconds);
uint32_t graph_sequence_domain(graph *g, const sequence *s, const uint32_t *members,
                               const node **inputs, size_t input_count);

/* What the rows of a domain are grouped by, each group in order: people; rows that hold
 * items, or that other rows stand beside; RUN for people. */
uint32_t graph_group_of(const graph *g, uint32_t id);

/* Does every row of `inner` belong to one row of `outer`: a person's row, a row's item? */
bool graph_domain_is_inside(const graph *g, uint32_t inner, uint32_t outer);

/* The numbers of things that nodes name; equal ones get one number. Copied, but for
 * lists. */
size_t graph_occasion(graph *g, const occasion *o);
size_t graph_import(graph *g, const node *of_people);
size_t graph_list(graph *g, const dictionary *list);
size_t graph_judgement(graph *g, judgement j); /* the graph owns those of it */
static inline const domain *graph_domain(const graph *g, uint32_t id)
{
    return g->domains[id];
}

void graph_add_rule(graph *g, rule r);
size_t graph_add_groups(graph *g, const char *name, const char *title);

/* Mark the nodes that the rows of a domain depend on, but not what these are made of.
 * Domains that were seen are left out. */
void graph_mark_domain(const graph *g, uint32_t id, bool *is_seen, bool *is_needed);

/* Drop nodes and domains that no rule needs, and number the rest in order. */
void graph_finish(graph *g);

bool node_is_constant(const node *n);

/* Of ADD, SUBTRACT, SMALLER and LARGER: is an operand an exact number with fewer digits
 * behind the point than the result? And what brings it there. */
bool node_joins_scales(const node *n);
int64_t node_power_to_scale(const node *n, size_t operand);
/* A constant that is not missing. */
bool node_is_known(const node *n);

/* A constant condition. */
bool node_is_true(const node *n);
bool node_is_false(const node *n);

#endif
