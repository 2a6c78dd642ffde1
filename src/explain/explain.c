/* SPDX-License-Identifier: MIT
 *
 * The questions of all reasons are one graph, judged once.
 */
#include "explain/explain.h"

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/block.h"
#include "explain/bound.h"
#include "explain/person_store.h"
#include "explain/latest.h"
#include "explain/others.h"
#include "explain/row_text.h"
#include "explain/value_text.h"
#include "explain/witness.h"

/* More rows than these nobody reads. */
enum { MOST_WITNESSES = 6 };

/* Rows of an account's tables by whose they are; those of one table are kept. */
typedef struct placed_rows {
    const subject_row *items;
    size_t count;
    bool is_trait;
    size_t table;
} placed_rows;

typedef struct answering {
    const explain_request *request;
    explanation *out;
    subject subject;
    graph *whole;       /* of an account, with that of its people */
    plan *plan;         /* of the whole */
    const graph *graph; /* whose questions are asked */
    placed_rows rows;
    moments *moments;
    judge *judge;
    bool has_rankings;
} answering;

/* ---- values -------------------------------------------------------------- */

static const node *node_of(const answering *a, size_t question)
{
    return a->graph->rules[question].node;
}

/* NULL: there is no value. */
static const char *tell(const answering *a, size_t question)
{
    return value_text(a->judge, node_of(a, question), a->request->zone, a->out->memory);
}

static bool does_hold(const answering *a, size_t question)
{
    return value_holds(a->judge, node_of(a, question));
}

/* ---- reasons ------------------------------------------------------------- */

static bool are_same_rows(const witnesses *a, const witnesses *b)
{
    return witnesses_have_same_ends(a, b) && a->count == b->count &&
           a->item_count == b->item_count &&
           (a->item_count == 0 || (a->items[0].is_trait == b->items[0].is_trait &&
                                   a->items[0].table == b->items[0].table &&
                                   a->items[0].row == b->items[0].row &&
                                   a->items[0].person == b->items[0].person));
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

/* Whose row it is that an account has. */
static void find_owner(answering *a, witness *w)
{
    placed_rows *p = &a->rows;
    if (!p->items || p->is_trait != w->is_trait || p->table != w->table) {
        *p = (placed_rows){.is_trait = w->is_trait, .table = w->table};
        p->items = subject_rows(&a->subject, w->is_trait, w->table, a->request->as_of,
                                &p->count, a->out->memory);
    }
    subject_row own = w->row < p->count ? p->items[w->row] : (subject_row){0};
    w->person = own.person;
    w->row = own.row;
}

/* The number of the one who has it is first that of the subject's people. */
static void place_row(answering *a, witness *w)
{
    if (a->subject.account)
        find_owner(a, w);
    uint32_t in_data = a->subject.people[w->person];
    row_text_find_origin(a->request->store, in_data, w);
    if (a->out->needs_others)
        w->person = in_data;
}

static void look_at_rows(answering *a, reason *r)
{
    r->looked_at = witnesses_find(a->judge, a->graph, node_of(a, r->question),
                                  MOST_WITNESSES, &r->looked_at_count, a->out->memory);
    drop_repeated(r);
    for (size_t i = 0; i < r->looked_at_count; i++)
        for (size_t k = 0; k < r->looked_at[i].item_count; k++)
            place_row(a, &r->looked_at[i].items[k]);
}

/* What it is worked out of: are there such values, and is one missing? */
typedef struct grounds {
    size_t count;
    bool is_missing;
} grounds;

static grounds grounds_of(const reason_value *v, const reason *r)
{
    grounds g = {v->part_count + (r ? r->part_count : 0), false};
    for (size_t i = 0; i < v->part_count; i++)
        g.is_missing |= !v->parts[i].is_condition && !v->parts[i].shown;
    for (size_t i = 0; r && i < r->part_count; i++)
        g.is_missing |= r->parts[i]->kind == REASON_VALUE && !r->parts[i]->value.shown;
    return g;
}

static bool has_no_rows(const answering *a, size_t question)
{
    size_t count, seen = 0;
    const witnesses *rows = witnesses_find(a->judge, a->graph, node_of(a, question), 1,
                                           &count, a->out->memory);
    for (size_t i = 0; i < count; i++)
        seen += rows[i].count;
    return count > 0 && seen == 0;
}

/* Why a value is missing, where that can be told. Of what it is worked out of, that which is missing
 * tells it. */
static const char *why_missing(const answering *a, const reason_value *v, grounds g)
{
    size_t count;
    const run_trouble *troubles = judge_find_troubles(a->judge, &count);
    if (g.is_missing)
        return NULL;
    if (g.count == 0 && has_no_rows(a, v->question))
        return "no row with a value";
    if (count > 0)
        return arena_copy_string(a->out->memory, troubles[0].message);
    return g.count > 0 && v->is_quotient ? "division by 0" : NULL;
}

/* The other branch was not asked for. */
static void keep_value_taken(reason_value *v)
{
    if (!v->parts[0].holds)
        v->parts[1] = v->parts[2];
    v->part_count = 2;
}

/* That of a reason (else NULL) has its parts there. */
static void fill_value(const answering *a, reason_value *v, const reason *r)
{
    for (size_t i = 0; i < v->part_count; i++)
        fill_value(a, &v->parts[i], NULL);
    if (v->is_choice)
        keep_value_taken(v);
    if (v->is_condition)
        v->holds = does_hold(a, v->question);
    else if (v->question != NO_QUESTION) {
        v->shown = tell(a, v->question);
        if (!v->shown)
            v->lack = why_missing(a, v, grounds_of(v, r));
    } else if (v->where.file) {
        slice words = span_text(v->where); /* it is written out */
        v->shown = arena_copy_text(a->out->memory, words.data, words.size);
    }
}

static void keep_branch_taken(reason *r)
{
    if (!r->parts[0]->holds)
        r->parts[1] = r->parts[2];
    r->part_count = 2;
}

/* A moment that is written out lies where it lies. */
static void find_window(const answering *a, reason *r)
{
    size_t moment = r->value_count > 0 ? r->values[0].question : NO_QUESTION;
    if (r->in_window != NO_QUESTION && moment != NO_QUESTION)
        r->window =
            window_span_find(a->judge, node_of(a, r->in_window), node_of(a, moment));
}

static void fill(answering *a, reason *r)
{
    for (size_t i = 0; i < r->part_count; i++)
        fill(a, r->parts[i]);
    if (r->is_choice)
        keep_branch_taken(r);
    if (r->question == NO_QUESTION)
        return;
    if (r->kind == REASON_VALUE || r->kind == REASON_EACH) {
        r->value.question = r->question;
        r->value.where = r->where;
        fill_value(a, &r->value, r);
    } else
        r->holds = does_hold(a, r->question);
    for (size_t i = 0; i < r->value_count; i++)
        fill_value(a, &r->values[i], NULL);
    find_window(a, r);
    fill_value(a, &r->points, NULL);
    fill_value(a, &r->unbounded, NULL);
    if (r->ranking)
        a->has_rankings = true;
    if (r->part_count == 0 && r->kind != REASON_NAMED)
        look_at_rows(a, r);
}

/* Groups behind the one that holds were not asked. */
static void drop_unasked(reason *r)
{
    for (size_t i = 0; i < r->part_count; i++) {
        const reason *part = r->parts[i];
        drop_unasked(r->parts[i]);
        if (r->kind == REASON_FIRST && part->is_group && part->holds)
            r->part_count = i + 1;
    }
}

/* Of all groups, the root says which one holds. */
static void find_group(answering *a, const reason *root)
{
    for (size_t i = 0; root->kind == REASON_FIRST && i < root->part_count; i++)
        if (root->parts[i]->is_group && root->parts[i]->holds)
            a->out->group = root->parts[i]->name;
    if (a->out->group)
        ((reason *)root)->holds = true;
}

/* ---- when it changes ------------------------------------------------------ */

static bool find_change(answering *a, size_t question, carpel_error *err)
{
    int64_t at;
    explanation *out = a->out;
    horizon *h = horizon_new(moments_plan(a->moments));
    if (a->request->most_looks > 0)
        horizon_limit_looks(h, a->request->most_looks);
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

/* Where the first instant is not foretold, one at which it is certainly another. */
static bool find_latest(answering *a, const reason *root, carpel_error *err)
{
    explanation *out = a->out;
    const node *n = node_of(a, root->question);
    if (out->changes != HORIZON_OPEN || n->type.kind != TYPE_BOOL)
        return true;
    latest_answer answer =
        latest_find(a->moments, n, a->request->as_of, &out->latest, err);
    out->has_latest = answer == LATEST_FOUND;
    return answer != LATEST_FAILED;
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
        return find_change(a, root->question, err) && find_latest(a, root, err);
    for (size_t i = 0; i < root->part_count; i++)
        if (!find_change(a, root->parts[i]->question, err))
            return false;
    return true;
}

/* ---- borders of rankings ---------------------------------------------------- */

static bool find_bounds(const answering *a, const reason *r, carpel_error *err)
{
    const explain_request *q = a->request;
    bounds_request asked = {.book = q->book,
                            .zone = q->zone,
                            .week_start = q->week_start,
                            .scripts = q->scripts,
                            .store = q->store,
                            .cancel = q->cancel,
                            .person = q->person,
                            .account = q->account,
                            .as_of = q->as_of};
    if (r->ranking && !bound_find(&asked, r->ranking, a->out->memory, err))
        return false;
    for (size_t i = 0; i < r->part_count; i++)
        if (!find_bounds(a, r->parts[i], err))
            return false;
    return true;
}

/* ---- all of it ------------------------------------------------------------ */

static void find_store(answering *a)
{
    const explain_request *r = a->request;
    explanation *out = a->out;
    out->needs_others = graph_needs_others(a->whole);
    if (!out->needs_others)
        out->own = subject_store(&a->subject, r->as_of, NULL, 0);
    out->person = out->own ? out->own : r->store;
}

static bool find_subject(answering *a, carpel_error *err)
{
    const explain_request *r = a->request;
    arena *memory = a->out->memory;
    a->out->is_of_account = r->account != NULL;
    if (!r->account)
        a->subject = subject_of_person(r->store, r->person, memory);
    else if (!subject_of_account(r->store, r->account, r->as_of, memory, &a->subject))
        return carpel_fail(err, CARPEL_E_INPUT, "nobody is of the account \"%s\" then",
                           r->account);
    return true;
}

static moments *new_moments(const answering *a, const run_options *options)
{
    const explanation *out = a->out;
    if (a->subject.account)
        return moments_new_of_account(a->plan, out->person, a->subject.account, options);
    return moments_new(a->plan, out->person, out->own ? 0 : a->request->person, options);
}

/* What would make it hold; of several groups there is nothing to say. */
static bool advise(answering *a, const reason *root, carpel_error *err)
{
    const explain_request *r = a->request;
    if (a->out->needs_others || root->kind != REASON_NAMED || root->holds)
        return true;
    advice_request asked = {.plan = a->plan,
                            .node = node_of(a, root->question),
                            .subject = &a->subject,
                            .as_of = r->as_of,
                            .cancel = r->cancel};
    a->out->is_advised = true;
    return advice_find(&asked, &a->out->suggestions, a->out->memory, err);
}

static bool answer(answering *a, reason *root, carpel_error *err)
{
    run_options options = {.as_of = a->request->as_of, .cancel = a->request->cancel};
    if (!find_subject(a, err))
        return false;
    find_store(a);
    a->moments = new_moments(a, &options);
    a->judge = moments_here(a->moments, a->request->as_of, err);
    if (!a->judge)
        return false;
    fill(a, root);
    drop_unasked(root);
    find_group(a, root);
    if (a->request->is_short)
        return true;
    return find_changes(a, root, err) && advise(a, root, err) &&
           (!a->has_rankings || find_bounds(a, root, err));
}

explanation *explain(const explain_request *request, carpel_error *err)
{
    explanation *out = memory_alloc_zero(sizeof *out);
    out->memory = arena_new();
    reason_moment moment = {request->as_of, request->zone, request->week_start};
    reasons asked = reasons_ask(&moment, request->decl, request->part,
                                request->account != NULL, out->memory);
    answering a = {.request = request, .out = out};
    a.whole = graph_lower_questions(request->book, &asked.questions);
    a.graph = request->account ? a.whole->accounts : a.whole;
    a.plan = plan_new(a.whole, request->zone, request->week_start, request->scripts);
    out->root = asked.root;
    bool ok = answer(&a, asked.root, err);
    moments_free(a.moments);
    plan_free(a.plan);
    graph_free(a.whole);
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
