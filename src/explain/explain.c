/* SPDX-License-Identifier: MIT
 *
 * The questions of all reasons are one graph, judged once.
 */
#include "explain/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/block.h"
#include "explain/person_store.h"
#include "explain/witness.h"
#include "report/json.h"
#include "value/value.h"

/* More rows than these nobody reads. */
enum { MOST_WITNESSES = 6 };

typedef struct answering {
    const explain_request *request;
    explanation *out;
    graph *graph;
    plan *plan;
    moments *moments;
    judge *judge;
} answering;

/* ---- values -------------------------------------------------------------- */

static void append_number(double value, text *out)
{
    char buffer[40];
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(buffer, sizeof buffer, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value)
            break;
    }
    text_append(out, buffer);
}

static void append_value(const answering *a, const node *n, const vector *v, text *out)
{
    const zone *z = a->request->zone;
    slice s;
    int64_t integer = type_is_text(n->type) || n->type.kind == TYPE_BOOL
                          ? 0
                          : *(const int64_t *)v->values;
    switch (n->type.kind) {
    case TYPE_BOOL: text_append(out, bitmap_get(v->values, 0) ? "true" : "false"); break;
    case TYPE_NUMBER: append_number(*(const double *)v->values, out); break;
    case TYPE_DECIMAL: value_append_decimal(integer, n->type.scale, out); break;
    case TYPE_TIME: value_append_time(integer, z, out); break;
    case TYPE_DATE: value_append_date(integer, out); break;
    case TYPE_DURATION: value_append_duration(integer, out); break;
    default:
        s = bound_text(judge_block(a->judge)->bound, n->origin,
                       *(const uint32_t *)v->values);
        json_append_quoted(out, s);
    }
}

static const node *node_of(const answering *a, size_t question)
{
    return a->graph->rules[question].node;
}

/* NULL: there is no value. */
static const char *tell(const answering *a, size_t question)
{
    text t;
    const node *n = node_of(a, question);
    const vector *v = judge_node(a->judge, n);
    if (!vector_has(v, 0))
        return NULL;
    text_init(&t);
    append_value(a, n, v, &t);
    const char *kept = arena_copy_text(a->out->memory, t.data, t.size);
    text_done(&t);
    return kept;
}

static bool does_hold(const answering *a, size_t question)
{
    const vector *v = judge_node(a->judge, node_of(a, question));
    return vector_has(v, 0) && bitmap_get(v->values, 0);
}

/* ---- reasons ------------------------------------------------------------- */

static bool are_same_rows(const witnesses *a, const witnesses *b)
{
    return a->has_from == b->has_from && a->has_until == b->has_until &&
           (!a->has_from || a->from == b->from) &&
           (!a->has_until || a->until == b->until) && a->count == b->count &&
           a->item_count == b->item_count &&
           (a->item_count == 0 || (a->items[0].is_trait == b->items[0].is_trait &&
                                   a->items[0].table == b->items[0].table &&
                                   a->items[0].row == b->items[0].row));
}

/* A sum and a count of the same rows tell them once. */
static void drop_repeated(reason *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < r->looked_at_count; i++) {
        bool is_repeated = false;
        for (size_t k = 0; k < kept && !is_repeated; k++)
            is_repeated = are_same_rows(&r->looked_at[k], &r->looked_at[i]);
        if (!is_repeated)
            r->looked_at[kept++] = r->looked_at[i];
    }
    r->looked_at_count = kept;
}

static void look_at_rows(answering *a, reason *r)
{
    r->looked_at = witnesses_find(a->judge, a->graph, node_of(a, r->question),
                                  MOST_WITNESSES, &r->looked_at_count, a->out->memory);
    drop_repeated(r);
}

static void fill_value(const answering *a, reason_value *v)
{
    if (v->question != NO_QUESTION)
        v->shown = tell(a, v->question);
}

static void fill(answering *a, reason *r)
{
    for (size_t i = 0; i < r->part_count; i++)
        fill(a, r->parts[i]);
    if (r->question == NO_QUESTION)
        return;
    if (r->kind == REASON_VALUE || r->kind == REASON_EACH)
        r->shown = tell(a, r->question);
    else
        r->holds = does_hold(a, r->question);
    for (size_t i = 0; i < r->value_count; i++)
        fill_value(a, &r->values[i]);
    fill_value(a, &r->points);
    fill_value(a, &r->unbounded);
    if (r->part_count == 0 && r->kind != REASON_NAMED)
        look_at_rows(a, r);
}

/* Of all groups, the root says which one holds. */
static void find_group(answering *a, const reason *root)
{
    for (size_t i = 0; root->kind == REASON_FIRST && i < root->part_count; i++)
        if (root->parts[i]->kind == REASON_NAMED && root->parts[i]->holds)
            a->out->group = root->parts[i]->name;
    if (a->out->group)
        ((reason *)root)->holds = true;
}

/* ---- when it changes ------------------------------------------------------ */

static bool find_change(answering *a, size_t question, carpel_error *err)
{
    int64_t at;
    explanation *out = a->out;
    horizon *h = horizon_new(a->plan);
    horizon_answer answer =
        horizon_change(h, a->moments, a->request->as_of, node_of(a, question), &at, err);
    horizon_free(h);
    if (answer == HORIZON_FAILED)
        return false;
    bool is_first = out->changes == HORIZON_STAYS || at < out->changes_at;
    if (answer != HORIZON_STAYS && is_first) {
        out->changes = answer;
        out->changes_at = at;
    }
    return true;
}

static bool find_changes(answering *a, const reason *root, carpel_error *err)
{
    a->out->changes = HORIZON_STAYS;
    a->out->changes_at = HORIZON_NEVER;
    if (a->out->needs_others) {
        a->out->changes = HORIZON_OPEN;
        a->out->changes_at = a->request->as_of;
        return true;
    }
    if (root->question != NO_QUESTION)
        return find_change(a, root->question, err);
    for (size_t i = 0; i < root->part_count; i++)
        if (!find_change(a, root->parts[i]->question, err))
            return false;
    return true;
}

/* ---- all of it ------------------------------------------------------------ */

static bool needs_others(const graph *g)
{
    for (size_t i = 0; i < g->node_count; i++)
        if (node_is_ranking(g->nodes[i]->kind) || g->nodes[i]->kind == NODE_MEMBER_OF)
            return true;
    for (size_t i = 0; i < g->judgement_count; i++)
        if (needs_others(g->judgements[i].rules))
            return true;
    return false;
}

static void find_store(answering *a)
{
    const explain_request *r = a->request;
    explanation *out = a->out;
    out->needs_others = needs_others(a->graph);
    if (!out->needs_others)
        out->own = person_store(r->store, r->person, r->as_of, NULL, 0);
    out->person = out->own ? out->own : r->store;
    out->person_number = out->own ? 0 : r->person;
}

/* What would make it hold; of several groups there is nothing to say. */
static bool advise(answering *a, const reason *root, carpel_error *err)
{
    const explain_request *r = a->request;
    if (a->out->needs_others || root->kind != REASON_NAMED || root->holds)
        return true;
    advice_request asked = {.plan = a->plan,
                            .node = node_of(a, root->question),
                            .data = r->store,
                            .person = r->person,
                            .as_of = r->as_of,
                            .cancel = r->cancel};
    a->out->is_advised = true;
    return advice_find(&asked, &a->out->suggestions, a->out->memory, err);
}

static bool answer(answering *a, reason *root, carpel_error *err)
{
    run_options options = {.as_of = a->request->as_of, .cancel = a->request->cancel};
    find_store(a);
    a->moments = moments_new(a->plan, a->out->person, a->out->person_number, &options);
    a->judge = moments_here(a->moments, a->request->as_of, err);
    if (!a->judge)
        return false;
    fill(a, root);
    find_group(a, root);
    return find_changes(a, root, err) && advise(a, root, err);
}

explanation *explain(const explain_request *request, carpel_error *err)
{
    explanation *out = memory_alloc_zero(sizeof *out);
    out->memory = arena_new();
    reasons asked = reasons_ask(request->decl, request->part, out->memory);
    answering a = {.request = request, .out = out};
    a.graph = graph_lower_questions(request->book, &asked.questions);
    a.plan = plan_new(a.graph, request->zone, request->week_start, request->scripts);
    out->root = asked.root;
    bool ok = answer(&a, asked.root, err);
    moments_free(a.moments);
    plan_free(a.plan);
    graph_free(a.graph);
    if (ok)
        return out;
    explanation_free(out);
    return NULL;
}

void explanation_free(explanation *x)
{
    if (!x)
        return;
    store_free(x->own);
    memory_free(x->suggestions.items);
    arena_free(x->memory);
    memory_free(x);
}

/* ---- rows ------------------------------------------------------------------ */

static void append_cell(const column *c, size_t row, text *out)
{
    int64_t value = packed_get(&c->values, row);
    double number;
    switch (c->type.kind) {
    case TYPE_BOOL: text_append(out, value ? "true" : "false"); break;
    case TYPE_NUMBER:
        memcpy(&number, &value, sizeof number);
        append_number(number, out);
        break;
    case TYPE_DECIMAL: value_append_decimal(value, c->type.scale, out); break;
    case TYPE_TIME: value_append_time(value, NULL, out); break;
    case TYPE_DATE: value_append_date(value, out); break;
    case TYPE_DURATION: value_append_duration(value, out); break;
    default: json_append_quoted(out, dictionary_text(c->dictionary, (uint32_t)value));
    }
}

void explain_append_row(const explanation *x, const witness *w, text *out)
{
    const schema *s = x->person->schema;
    const event_table *t =
        w->is_trait ? &x->person->traits[w->table] : &x->person->kinds[w->table];
    size_t row = (size_t)t->offsets[x->person_number] + w->row, said = 0;
    if (w->is_trait)
        text_append_format(out, "user.%s", s->traits[w->table].name);
    else
        text_append(out, s->kinds[w->table].name);
    for (size_t p = 0; p < t->column_count; p++) {
        const column *c = &t->columns[p];
        if (c->present && !bitmap_get(c->present, row))
            continue;
        if (w->is_trait)
            text_append(out, " = ");
        else
            text_append_format(out, "%s%s = ", said++ > 0 ? ", " : " (",
                               s->kinds[w->table].properties[p].name);
        append_cell(c, row, out);
    }
    text_append(out, said > 0 ? ")" : "");
}

static void append_imagined(type t, const imagined_value *v, text *out)
{
    switch (t.kind) {
    case TYPE_BOOL: text_append(out, v->integer ? "true" : "false"); break;
    case TYPE_NUMBER: append_number(v->number, out); break;
    case TYPE_DECIMAL: value_append_decimal(v->integer, t.scale, out); break;
    case TYPE_TIME: value_append_time(v->integer, NULL, out); break;
    case TYPE_DATE: value_append_date(v->integer, out); break;
    case TYPE_DURATION: value_append_duration(v->integer, out); break;
    default: json_append_quoted(out, v->text);
    }
}

void explain_append_advice(const explanation *x, const advice *a, text *out)
{
    const schema *s = x->person->schema;
    if (a->is_trait) {
        text_append_format(out, "user.%s = ", s->traits[a->table].name);
        append_imagined(s->traits[a->table].type, &a->values[0], out);
        return;
    }
    const event_kind *kind = &s->kinds[a->table];
    text_append(out, kind->name);
    for (size_t v = 0; v < a->value_count; v++) {
        const property *p = &kind->properties[a->values[v].property];
        text_append_format(out, "%s%s = ", v > 0 ? ", " : " (", p->name);
        if (a->is_another[v])
            text_append(out, "another");
        else
            append_imagined(p->type, &a->values[v], out);
    }
    text_append(out, a->value_count > 0 ? ")" : "");
    text_append(out, a->like != NO_LIKENESS ? " like the last one" : "");
}
