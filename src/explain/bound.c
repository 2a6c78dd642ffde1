/* SPDX-License-Identifier: MIT
 *
 * A run whose only rules are what a ranking is made of.
 */
#include "explain/bound.h"

#include <string.h>

#include "exec/score.h"
#include "value/value.h"

/* The answers about everyone. */
typedef struct poll {
    const store *store; /* of those who were asked */
    const zone *zone;
    size_t own; /* whose class it is */
    const run_score *holds, *value;
    const run_score *within, *among; /* or NULL */
} poll;

static bool is_same_class(const run_score *s, size_t a, size_t b)
{
    if (!s)
        return true;
    if (!score_has(s, a) || !score_has(s, b))
        return false;
    if (type_is_text(s->type))
        return slice_equals(score_text(s, a), score_text(s, b));
    return score_number(s, a) == score_number(s, b);
}

static bool takes_part(const poll *p, size_t person)
{
    bool is_asked =
        !p->among || (score_has(p->among, person) && score_number(p->among, person) != 0);
    return is_asked && score_has(p->value, person) &&
           is_same_class(p->within, person, p->own);
}

static bool is_inside(const poll *p, size_t person)
{
    return score_has(p->holds, person) && score_number(p->holds, person) != 0;
}

/* Numbers as doubles, all else exactly. */
static bool is_less(const run_score *s, size_t a, size_t b)
{
    if (s->type.kind == TYPE_NUMBER)
        return score_number(s, a) < score_number(s, b);
    return ((const int64_t *)s->values)[a] < ((const int64_t *)s->values)[b];
}

static const char *show(const poll *p, size_t person, arena *memory)
{
    text t;
    text_init(&t);
    if (p->value->type.kind == TYPE_TIME)
        value_append_time(((const int64_t *)p->value->values)[person], p->zone, &t);
    else
        score_append(p->value, person, &t);
    const char *kept = arena_copy_text(memory, t.data, t.size);
    text_done(&t);
    return kept;
}

static void find(const poll *p, ranking *out, arena *memory)
{
    const store *s = p->store;
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < s->person_count; i++) {
        if (!takes_part(p, i))
            continue;
        out->entrants++;
        if (!is_inside(p, i))
            continue;
        out->inside++;
        if (last == SIZE_MAX ||
            is_less(p->value, out->is_top ? i : last, out->is_top ? last : i))
            last = i;
    }
    if (last == SIZE_MAX)
        return;
    slice id = dictionary_text(s->persons, (uint32_t)last);
    out->person = arena_copy_text(memory, id.data, id.size);
    out->bound = show(p, last, memory);
}

static size_t own_number(const bounds_request *request, const run_result *r)
{
    const char *name = request->account;
    return name ? dictionary_find(r->account_store->persons, name, strlen(name))
                : request->person;
}

bool bound_find(const bounds_request *request, ranking *out, arena *memory,
                carpel_error *err)
{
    lower_questions asked = {0};
    ast_list *questions = request->account ? &asked.accounts : &asked.people;
    const ast_expr *const all[] = {out->holds, out->value, out->within, out->among};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            ast_list_add(memory, questions, (void *)all[i]);
    graph *g = graph_lower_questions(request->book, &asked);
    plan *p = plan_new(g, request->zone, request->week_start, request->scripts);
    run_options options = {.as_of = request->as_of, .cancel = request->cancel};
    run_result *r = run_plan(p, request->store, &options, err);
    if (r) {
        poll answers = {.store = request->account ? r->account_store : request->store,
                        .zone = request->zone,
                        .own = own_number(request, r),
                        .holds = &r->scores[0],
                        .value = &r->scores[1],
                        .within = out->within ? &r->scores[2] : NULL,
                        .among = out->among ? &r->scores[out->within ? 3 : 2] : NULL};
        find(&answers, out, memory);
    }
    run_result_free(r);
    plan_free(p);
    graph_free(g);
    return r != NULL;
}
