/* SPDX-License-Identifier: MIT
 *
 * What the rows of a set have: properties, and what is asked of a row without one.
 */
#include "graph/lowering.h"

#include <string.h>

static bool is_known_answer(const row_set *rows, const row_answer *asked)
{
    const row_answer *known = rows->answer;
    return known && known->node && known->name == asked->name &&
           type_equals(known->type, asked->type) && known->which == asked->which &&
           known->is_declared == asked->is_declared;
}

static const node *keep_answer(const row_set *rows, row_answer asked, const node *answer)
{
    row_answer *kept = rows->answer;
    if (!kept)
        return answer;
    kept->name = asked.name;
    kept->type = asked.type;
    kept->which = asked.which;
    kept->is_declared = asked.is_declared;
    kept->node = answer;
    return answer;
}

static const node *merged(lowering *b, const row_set *rows, const node **values, type t)
{
    node wanted = {.kind = NODE_MERGE,
                   .type = t,
                   .domain = rows->domain,
                   .operands = values,
                   .operand_count = rows->member_count};
    bool is_first = true;
    for (size_t i = 0; i < rows->member_count; i++) {
        text_origin here = values[i]->origin;
        if (node_is_constant(values[i]) && values[i]->constant.is_missing)
            continue;
        if (is_first)
            wanted.origin = here;
        else if (wanted.origin.kind != here.kind || wanted.origin.table != here.table ||
                 wanted.origin.column != here.column)
            wanted.origin = (text_origin){.kind = ORIGIN_COMMON};
        is_first = false;
    }
    return graph_node(b->graph, &wanted);
}

static const node *taken(lowering *b, const row_set *rows, const node *value)
{
    if (value->domain <= PEOPLE)
        return value;
    return graph_node(b->graph, &(node){.kind = NODE_TAKE,
                                        .type = value->type,
                                        .domain = rows->domain,
                                        .origin = value->origin,
                                        .operands = &value,
                                        .operand_count = 1});
}

/* The property's type in whichever kind has it. */
static type type_in_schema(const lowering *b, const char *name)
{
    const schema *s = b->book->schema;
    for (size_t k = 0; k < s->kind_count + s->derived_count; k++) {
        size_t p = kind_find_property(&s->kinds[k], name);
        if (p != SCHEMA_NONE)
            return s->kinds[k].properties[p].type;
    }
    return (type){TYPE_ERROR, 0};
}

static bool rows_type(const lowering *b, const row_set *rows, const char *name,
                      type *out);

static bool find_type(const lowering *b, const row_set *rows, const char *name, type *out)
{
    if (rows->kind != SCHEMA_NONE) {
        const event_kind *kind = &b->book->schema->kinds[rows->kind];
        size_t p = kind_find_property(kind, name);
        if (p != SCHEMA_NONE)
            *out = kind->properties[p].type;
        return p != SCHEMA_NONE;
    }
    for (size_t i = 0; i < rows->member_count; i++)
        if (rows->members[i] && rows_type(b, rows->members[i], name, out))
            return true;
    return false;
}

static bool rows_type(const lowering *b, const row_set *rows, const char *name, type *out)
{
    row_answer *known = rows->answer;
    if (!known)
        return find_type(b, rows, name, out);
    if (known->typed_name != name) {
        type t = {TYPE_ERROR, 0};
        known->typed_name = name;
        known->has_type = find_type(b, rows, name, &t);
        known->found_type = t;
    }
    if (known->has_type)
        *out = known->found_type;
    return known->has_type;
}

type row_property_type(const lowering *b, const row_set *rows, const char *name)
{
    type t = type_in_schema(b, name);
    rows_type(b, rows, name, &t);
    return t;
}

/* Do the rows stand for rows of members[0]? A match stands for the step that ends it, whose
 * rows may be in one table. The items of such rows stand for items of members[0], too. */
static bool is_taken(const lowering *b, const row_set *rows)
{
    const domain *d = graph_domain(b->graph, rows->domain);
    if (d->kind == DOMAIN_ITEMS)
        d = graph_domain(b->graph, d->members[0]);
    return d->kind == DOMAIN_FILTER || d->kind == DOMAIN_BESIDE ||
           (d->kind == DOMAIN_SEQUENCE && rows->member_count == 1);
}

static bool is_session(const lowering *b, const row_set *rows)
{
    return b->book->schema->kinds[rows->kind].derivation == KIND_SESSIONS;
}

static const node *session_property(lowering *b, const row_set *rows, const char *name)
{
    static const node_kind kinds[] = {
#define X(id, spelling, kind) NODE_SESSION_##id,
#include "schema/session_properties.def"
#undef X
    };
    const event_kind *session = &b->book->schema->kinds[rows->kind];
    size_t which = kind_find_property(session, name);
    type t = session->properties[which].type;
    if (t.kind != TYPE_STRING)
        return make_leaf(b->graph, kinds[which], rows->domain, t);
    const node *event = row_pseudo(b, rows->members[0], PSEUDO_EVENT);
    if (event->domain <= PEOPLE)
        return event;
    return graph_node(b->graph, &(node){.kind = kinds[which],
                                        .type = event->type,
                                        .domain = rows->domain,
                                        .origin = event->origin,
                                        .operands = &event,
                                        .operand_count = 1});
}

static const node *find_property(lowering *b, const row_set *rows, const char *name,
                                 type t)
{
    if (rows_are_of_users(b, rows))
        return lower_user_property(b, rows, name);
    if (rows->kind != SCHEMA_NONE) {
        const event_kind *kind = &b->book->schema->kinds[rows->kind];
        size_t p = kind_find_property(kind, name);
        if (p == SCHEMA_NONE || !type_equals(kind->properties[p].type, t))
            return make_missing(b->graph, t);
        if (is_session(b, rows))
            return session_property(b, rows, name);
        return make_column(b->graph, rows->domain, t, p);
    }
    if (is_taken(b, rows))
        return taken(b, rows, row_property_of_type(b, rows->members[0], name, t));
    const node **values =
        arena_alloc_array(b->memory, rows->member_count, sizeof *values);
    for (size_t i = 0; i < rows->member_count; i++)
        values[i] = rows->members[i] ? row_property_of_type(b, rows->members[i], name, t)
                                     : make_missing(b->graph, t);
    return merged(b, rows, values, t);
}

const node *row_property_of_type(lowering *b, const row_set *rows, const char *name,
                                 type t)
{
    row_answer asked = {.name = name, .type = t};
    if (is_known_answer(rows, &asked))
        return rows->answer->node;
    return keep_answer(rows, asked, find_property(b, rows, name, t));
}

const node *row_property(lowering *b, const row_set *rows, const char *name)
{
    type t = type_in_schema(b, name);
    if (!rows_are_of_users(b, rows) && !rows_type(b, rows, name, &t))
        return make_missing(b->graph,
                            t); /* of none of the kinds that these rows may be */
    return row_property_of_type(b, rows, name, t);
}

const node *row_named_property(lowering *b, const row_set *rows, const meaning *m)
{
    type t = {TYPE_ERROR, 0};
    typed_property found = scope_property(m->scope, m->name);
    if (rows_are_of_users(b, rows) || rows_type(b, rows, m->name, &t) || !found.first ||
        found.second)
        return row_property(b, rows, m->name);
    return make_missing(b->graph, found.type);
}

static const node *own_pseudo(lowering *b, const row_set *rows, pseudo_property which)
{
    if (which == PSEUDO_GAP)
        return make_leaf(b->graph, NODE_ROW_GAP, rows->domain, (type){TYPE_DURATION, 0});
    return make_leaf(b->graph, NODE_ROW_NUMBER, rows->domain, (type){TYPE_DECIMAL, 0});
}

static const node *find_pseudo(lowering *b, const row_set *rows, pseudo_property which)
{
    if (rows->parent) /* items are numbered within their list */
        return own_pseudo(b, rows, PSEUDO_NTH);
    if (which == PSEUDO_TIME)
        return make_leaf(b->graph, NODE_ROW_TIME, rows->domain, (type){TYPE_TIME, 0});
    if (which != PSEUDO_EVENT && rows->is_declared)
        return own_pseudo(b, rows, which);
    if (rows->kind != SCHEMA_NONE) {
        slice name = slice_of(b->book->schema->kinds[rows->kind].name);
        return make_text(b->graph, name.data, name.size);
    }
    if (is_taken(b, rows))
        return taken(b, rows, row_pseudo(b, rows->members[0], which));
    const node **values =
        arena_alloc_array(b->memory, rows->member_count, sizeof *values);
    for (size_t i = 0; i < rows->member_count; i++)
        values[i] = row_pseudo(b, rows->members[i], which);
    return merged(b, rows, values, values[0]->type);
}

const node *row_pseudo(lowering *b, const row_set *rows, pseudo_property which)
{
    row_answer asked = {.which = which, .is_declared = rows->is_declared};
    if (is_known_answer(rows, &asked))
        return rows->answer->node;
    return keep_answer(rows, asked, find_pseudo(b, rows, which));
}
