/* SPDX-License-Identifier: MIT
 *
 * Each rule is asked in a graph of its own, so that walking through the past works out nothing
 * else; those that need everyone are asked together, once.
 */
#include "explain/person.h"

#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "explain/others.h"
#include "explain/person_store.h"
#include "explain/row_text.h"
#include "explain/value_text.h"
#include "lang/meaning.h"

typedef struct viewing {
    const person_request *request;
    person_view *view;
    store *own; /* the person's history up to the instant */
    size_t capacity;
    ast_list shared;       /* ast_expr: questions that need everyone */
    size_t *shared_places; /* whose they are */
    carpel_error *err;
} viewing;

/* ---- rules --------------------------------------------------------------- */

static standing *add_standing(viewing *v, const ast_decl *decl, const char *member,
                              const char *title)
{
    person_view *view = v->view;
    memory_grow((void **)&view->standings, view->standing_count, &v->capacity,
                sizeof *view->standings);
    standing *s = &view->standings[view->standing_count++];
    *s = (standing){.decl = decl, .path = decl->name.text, .title = title};
    if (member)
        s->path = arena_format(view->memory, "%s.%s", decl->name.text, member);
    return s;
}

static bool tell(viewing *v, standing *s, judge *j, const node *n)
{
    if (s->is_value)
        s->value = value_text(j, n, v->request->zone, v->view->memory);
    else
        s->holds = value_holds(j, n);
    return true;
}

static bool find_since(viewing *v, standing *s, const plan *p, moments *m, const node *n)
{
    horizon *h = horizon_new(p);
    s->since = since_find(h, m, n, v->view->known_since, v->request->as_of, &s->since_at,
                          v->err);
    horizon_free(h);
    return s->since != SINCE_FAILED;
}

static bool ask_alone(viewing *v, standing *s, const graph *g, const plan *p)
{
    run_options options = {.as_of = v->request->as_of, .cancel = v->request->cancel};
    moments *m = moments_new(p, v->own, 0, &options);
    const node *n = g->rules[0].node;
    judge *j = moments_here(m, v->request->as_of, v->err);
    bool ok = j && tell(v, s, j, n) && (!s->holds || find_since(v, s, p, m, n));
    moments_free(m);
    return ok;
}

static void put_off(viewing *v, standing *s, ast_expr *question)
{
    s->needs_others = true;
    s->since = SINCE_OPEN;
    v->shared_places[v->shared.count] = (size_t)(s - v->view->standings);
    ast_list_add(v->view->memory, &v->shared, question);
}

static bool ask(viewing *v, standing *s, size_t part)
{
    const person_request *r = v->request;
    lower_questions asked = {0};
    ast_expr *question = lower_question_about((ast_decl *)s->decl, part, v->view->memory);
    ast_list_add(v->view->memory, &asked.people, question);
    graph *g = graph_lower_questions(r->book, &asked);
    bool ok = true;
    if (graph_needs_others(g)) {
        put_off(v, s, question);
    } else {
        plan *p = plan_new(g, r->zone, r->week_start, r->scripts);
        ok = ask_alone(v, s, g, p);
        plan_free(p);
    }
    graph_free(g);
    return ok;
}

static bool ask_everyone(viewing *v)
{
    const person_request *r = v->request;
    lower_questions asked = {.people = v->shared};
    if (v->shared.count == 0)
        return true;
    graph *g = graph_lower_questions(r->book, &asked);
    plan *p = plan_new(g, r->zone, r->week_start, r->scripts);
    run_options options = {.as_of = r->as_of, .cancel = r->cancel};
    judge *j = judge_new(p, r->store, &options, v->err);
    if (j)
        judge_turn_to(j, r->person);
    for (size_t i = 0; j && i < v->shared.count; i++)
        tell(v, &v->view->standings[v->shared_places[i]], j, g->rules[i].node);
    judge_free(j);
    plan_free(p);
    graph_free(g);
    return j != NULL;
}

/* ---- which rules ---------------------------------------------------------- */

static bool ask_members(viewing *v, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->groups.count; i++) {
        const ast_group *group = decl->groups.items[i];
        if (!ask(v, add_standing(v, decl, group->name.text, group->title.text), i))
            return false;
    }
    for (size_t i = 0; i < decl->arms.count; i++) {
        const ast_arm *arm = decl->arms.items[i];
        if (!ask(v, add_standing(v, decl, arm->name.text, NULL), i))
            return false;
    }
    return true;
}

static bool ask_decl(viewing *v, const ast_decl *decl)
{
    standing *s;
    if (decl->meaning && decl->meaning->level == LEVEL_ACCOUNT)
        return true;
    switch (decl->kind) {
    case DECL_SEGMENT: return ask(v, add_standing(v, decl, NULL, decl->title.text), 0);
    case DECL_GROUPS:
    case DECL_SPLIT: return ask_members(v, decl);
    case DECL_LET:
        if (!decl->meaning->varies)
            return true;
        break;
    case DECL_SCORE: break;
    default: return true;
    }
    s = add_standing(v, decl, NULL, decl->title.text);
    s->is_value = true;
    return ask(v, s, 0);
}

static size_t count_most(const rulebook *book)
{
    size_t count = 1;
    for (size_t i = 0; i < book->decls.count; i++) {
        const ast_decl *decl = book->decls.items[i];
        count += 1 + decl->groups.count + decl->arms.count;
    }
    return count;
}

static bool ask_rules(viewing *v)
{
    const ast_list *decls = &v->request->book->decls;
    v->shared_places = arena_alloc_array(v->view->memory, count_most(v->request->book),
                                         sizeof *v->shared_places);
    for (size_t i = 0; i < decls->count; i++)
        if (!ask_decl(v, decls->items[i]))
            return false;
    return ask_everyone(v);
}

/* ---- rows ---------------------------------------------------------------- */

typedef struct timed_row {
    witness row;
    uint64_t arrival;
} timed_row;

typedef struct timed_rows {
    timed_row *items;
    size_t count, capacity;
} timed_rows;

static int latest_first(const void *a, const void *b)
{
    const timed_row *x = a, *y = b;
    if (x->row.time != y->row.time)
        return x->row.time > y->row.time ? -1 : 1;
    return (x->arrival < y->arrival) - (x->arrival > y->arrival);
}

static void gather(const viewing *v, const event_table *t, witness as, timed_rows *out)
{
    size_t person = v->request->person;
    if (!t->offsets || t->row_count == 0)
        return;
    for (uint64_t r = t->offsets[person]; r < t->offsets[person + 1]; r++) {
        as.row = (size_t)(r - t->offsets[person]);
        as.time = event_table_time(t, (size_t)r);
        if (as.time > v->request->as_of)
            return;
        memory_grow((void **)&out->items, out->count, &out->capacity, sizeof *out->items);
        out->items[out->count++] =
            (timed_row){as, (uint64_t)packed_get(&t->arrival, (size_t)r)};
    }
}

static witness *keep_rows(viewing *v, const timed_rows *rows, size_t count)
{
    const person_request *r = v->request;
    witness *kept = arena_alloc_array(v->view->memory, count + 1, sizeof *kept);
    for (size_t i = 0; i < count; i++) {
        kept[i] = rows->items[i].row;
        row_text_find_origin(r->store, r->person, &kept[i]);
    }
    return kept;
}

static void take_timeline(viewing *v)
{
    const store *s = v->request->store;
    person_view *view = v->view;
    timed_rows rows = {0};
    for (size_t k = 0; k < schema_total(s->schema); k++)
        if (s->schema->kinds[k].derivation == KIND_FROM_DATA)
            gather(v, &s->kinds[k], (witness){.table = k}, &rows);
    if (rows.count > 0)
        qsort(rows.items, rows.count, sizeof *rows.items, latest_first);
    view->row_total = rows.count;
    view->row_count =
        rows.count < v->request->most_rows ? rows.count : v->request->most_rows;
    view->rows = keep_rows(v, &rows, view->row_count);
    memory_free(rows.items);
}

static bool is_same_value(const column *c, size_t a, size_t b)
{
    return column_has(c, a) == column_has(c, b) && column_get(c, a) == column_get(c, b);
}

/* The trait may have been set again and again to what it was: since when is it that? */
static size_t first_of_value(const viewing *v, const event_table *t,
                             const timed_rows *rows)
{
    size_t begin = (size_t)t->offsets[v->request->person], i = rows->count - 1;
    while (i > 0 && is_same_value(&t->columns[0], begin + rows->items[i].row.row,
                                  begin + rows->items[i - 1].row.row))
        i--;
    return i;
}

static void take_trait(viewing *v, size_t trait)
{
    const event_table *t = &v->request->store->traits[trait];
    person_view *view = v->view;
    timed_rows rows = {0};
    gather(v, t, (witness){.is_trait = true, .table = trait}, &rows);
    if (rows.count > 0) {
        rows.items[0] = rows.items[first_of_value(v, t, &rows)];
        view->traits[view->trait_count++] = *keep_rows(v, &rows, 1);
    }
    memory_free(rows.items);
}

/* A trait that is a list: the last time it was set. */
static void take_list_trait(viewing *v, size_t kind)
{
    person_view *view = v->view;
    timed_rows rows = {0};
    gather(v, &v->request->store->kinds[kind], (witness){.table = kind}, &rows);
    if (rows.count > 0) {
        rows.items[0] = rows.items[rows.count - 1];
        view->traits[view->trait_count++] = *keep_rows(v, &rows, 1);
    }
    memory_free(rows.items);
}

static void take_traits(viewing *v)
{
    const schema *s = v->request->store->schema;
    size_t most = s->trait_count + schema_total(s);
    v->view->traits = arena_alloc_array(v->view->memory, most + 1, sizeof(witness));
    for (size_t t = 0; t < s->trait_count; t++)
        take_trait(v, t);
    for (size_t k = 0; k < schema_total(s); k++)
        if (s->kinds[k].derivation == KIND_SETTINGS)
            take_list_trait(v, k);
}

/* The person's account is the value of a trait. */
static void take_account(viewing *v)
{
    const store *s = v->request->store;
    person_view *view = v->view;
    for (size_t i = 0; i < view->trait_count; i++) {
        const witness *w = &view->traits[i];
        if (!w->is_trait || w->table != s->schema->account_trait)
            continue;
        const event_table *t = &s->traits[w->table];
        size_t row = (size_t)t->offsets[v->request->person] + w->row;
        if (!column_has(&t->columns[0], row))
            continue;
        slice name =
            dictionary_text(t->columns[0].dictionary, column_code(&t->columns[0], row));
        view->account = arena_copy_text(view->memory, name.data, name.size);
        view->joined = w;
    }
}

/* ---- all of it ------------------------------------------------------------ */

person_view *person_view_new(const person_request *request, carpel_error *err)
{
    person_view *view = memory_alloc_zero(sizeof *view);
    viewing v = {.request = request, .view = view, .err = err};
    view->memory = arena_new();
    view->person = request->person;
    view->known_since = request->store->known_since[request->person];
    v.own = people_store(request->store, &(uint32_t){(uint32_t)request->person}, 1,
                         request->as_of, NULL, 0);
    bool ok = ask_rules(&v);
    if (ok) {
        take_timeline(&v);
        take_traits(&v);
        take_account(&v);
    }
    store_free(v.own);
    if (ok)
        return view;
    person_view_free(view);
    return NULL;
}

void person_view_free(person_view *v)
{
    if (!v)
        return;
    memory_free(v->standings);
    arena_free(v->memory);
    memory_free(v);
}
