/* SPDX-License-Identifier: MIT
 *
 * Lists inside events: their items as rows of a domain of their own, built like the
 * domain of the events that hold them (a table, some rows of it, a union of several),
 * so that the items of any rows are found row by row.
 */
#include "graph/lowering.h"

static const type BOOLEAN = {TYPE_BOOL, 0};

static row_set *new_items(lowering *b, const row_set *holder, size_t list,
                          uint32_t domain)
{
    row_set *items = arena_alloc(b->memory, sizeof *items);
    items->domain = domain;
    items->kind = SCHEMA_NONE;
    items->list = list;
    items->parent = holder;
    return items;
}

static const row_set *row_items(lowering *b, const row_set *holder, const char *name);

/* The items of each member of the rows, if any has them: a domain over theirs. */
static const row_set *items_of_members(lowering *b, const row_set *holder,
                                       const char *name)
{
    size_t count = holder->member_count, list = SCHEMA_NONE;
    const row_set **members = arena_alloc_array(b->memory, count + 1, sizeof *members);
    uint32_t *ids = arena_alloc_array(b->memory, count + 1, sizeof *ids);
    for (size_t i = 0; i < count; i++) {
        members[i] = row_items(b, holder->members[i], name);
        ids[i] =
            members[i] ? members[i]->domain : RUN; /* nothing is in a list of the run */
        if (members[i] && list == SCHEMA_NONE)
            list = members[i]->list;
    }
    if (list == SCHEMA_NONE)
        return NULL;
    row_set *items = new_items(
        b, holder, list, graph_items_domain(b->graph, holder->domain, list, ids, count));
    items->members = members;
    items->member_count = count;
    return items;
}

/* The items of the list `name` of all rows, or NULL when no row can have such a list. */
static const row_set *find_items(lowering *b, const row_set *holder, const char *name)
{
    if (holder->kind == SCHEMA_NONE)
        return items_of_members(b, holder, name);
    size_t list = schema_find_list(b->book->schema, holder->kind, name);
    if (list == SCHEMA_NONE)
        return NULL;
    row_set *items = new_items(
        b, holder, list, graph_items_domain(b->graph, holder->domain, list, NULL, 0));
    items->kind = list;
    return items;
}

static const row_set *row_items(lowering *b, const row_set *holder, const char *name)
{
    row_answer *known = holder->answer;
    if (known && known->items_of == holder && known->items_name == name)
        return known->items;
    const row_set *items = find_items(b, holder, name);
    if (known) {
        known->items = items;
        known->items_of = holder;
        known->items_name = name;
    }
    return items;
}

/* The rows that a `where` judges, or those that hold these. */
static row_set *holder_in(lowering *b, bool is_of_outer, context c)
{
    row_set *holder = arena_alloc(b->memory, sizeof *holder);
    *holder = is_of_outer ? *c.rows->parent : *c.rows;
    holder->mask = NULL;
    return holder;
}

/* Nothing, for rows that cannot have the list, though others that a `where` judges can. */
static const row_set *no_items(lowering *b, const row_set *holder, const ast_event *event)
{
    const event_scope *scope = event->list_scope;
    size_t list = SCHEMA_NONE,
           count = holder->member_count > 0 ? holder->member_count : 1;
    for (size_t i = 0; list == SCHEMA_NONE; i++) /* resolve found it in the scope */
        list = schema_find_list(scope->schema, scope->kinds[i], event->list);
    uint32_t *ids = arena_alloc_array(b->memory, count, sizeof *ids);
    for (size_t i = 0; i < count; i++)
        ids[i] = RUN;
    return new_items(b, holder, list,
                     graph_items_domain(b->graph, holder->domain, list, ids, count));
}

static const node *window_of_items(lowering *b, const row_set *items)
{
    return graph_node(b->graph, &(node){.kind = NODE_ITEMS,
                                        .domain = items->parent->domain,
                                        .rows = items->domain});
}

selected lower_items(lowering *b, const ast_event *event, context c, bool with_conditions)
{
    const row_set *holder = holder_in(b, event->is_of_outer, c);
    const row_set *items = row_items(b, holder, event->list);
    selected s = {.rows = items ? items : no_items(b, holder, event)};
    s.window = window_of_items(b, s.rows);
    if (with_conditions && event->where)
        s.mask =
            lower_condition(b, event->where, (context){.now = c.now, .rows = s.rows});
    return s;
}

/* Does the value differ between the items that a `where` judges? */
static bool is_of_item(value v, context c)
{
    return c.rows->parent && (v.node->domain == c.rows->domain ||
                              (v.denominator && v.denominator->domain == c.rows->domain));
}

/* `did items where (sku in tags)`: beside each item, the values of another list of its event. */
static const row_set *across(lowering *b, const row_set *items, const row_set *values)
{
    row_set *beside =
        new_items(b, items, values->list,
                  graph_beside_domain(b->graph, values->domain, items->domain));
    beside->members = arena_alloc(b->memory, sizeof *beside->members);
    beside->members[0] = values;
    beside->member_count = 1;
    return beside;
}

const node *lower_list_test(lowering *b, const ast_expr *expr, context c)
{
    const meaning *m = expr->meaning;
    const row_set *items = row_items(b, holder_in(b, m->is_of_outer, c), m->name);
    if (!items) /* rows that cannot have the list */
        return make_bool(b->graph, false);
    value wanted =
        lower_value(b, expr->kind == EXPR_CONTAINS ? expr->right : expr->left, c);
    if (is_of_item(wanted, c))
        items = across(b, c.rows, items);
    const node *item = row_property(b, items, SCHEMA_ITEM_VALUE);
    const node *equal = lower_compare(b, COMPARE_EQ, value_of(item), wanted, c);
    return make_fold(b->graph, NODE_ANY, BOOLEAN, window_of_items(b, items), equal, NULL);
}
