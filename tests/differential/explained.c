/* SPDX-License-Identifier: MIT
 *
 * Explanations, held against the engine.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "differential/foreseen.h"
#include "exec/score.h"
#include "explain/value_text.h"

/* The place of the subject among those whom the run judged. */
static size_t number_then(const trial *t, const run_result *r)
{
    const char *name = t->subject.account;
    return name ? dictionary_find(r->account_store->persons, name, strlen(name)) : 0;
}

/* Each change that is suggested, happening, makes the rule hold. */
static void try_suggestion(trial *t, const advice *a, const plan *p)
{
    const setting *s = t->setting;
    store *then = advice_store(a, p->zone, &t->subject, s->now, s->now);
    run_options as = {.as_of = advice_end(a, p->zone, s->now), .threads = 1};
    carpel_error err;
    run_result *r = run_plan(p, then, &as, &err);
    foreseen_must(r != NULL, &err);
    size_t number = number_then(t, r);
    if (!score_has(&r->scores[0], number) || score_number(&r->scores[0], number) == 0)
        foreseen_complain(t, "a suggestion does not make it hold", s->now, s->now);
    t->tally->suggestions++;
    run_result_free(r);
    store_free(then);
}

/* The value of a score as the engine has it, in words. */
static void check_score(trial *t, const explanation *x)
{
    carpel_error err;
    judge *j = moments_here(t->brute, t->setting->now, &err);
    foreseen_must(j != NULL, &err);
    arena *memory = arena_new();
    const char *own = value_text(j, t->rule->node, t->setting->world->zone, memory);
    const char *told = x->root->value.shown;
    if ((own == NULL) != (told == NULL) || (own && strcmp(own, told) != 0))
        foreseen_complain(t, "the explanation has another value", t->setting->now, 0);
    t->tally->scores++;
    arena_free(memory);
}

/* What the lines of a plan of points gave is the score, in whole units of 10^-6. */
static void check_points(trial *t, const explanation *x, const ast_decl *decl)
{
    const reason *root = x->root;
    double sum = 0;
    for (size_t i = 0; i < root->part_count; i++)
        sum +=
            root->parts[i]->points.shown ? strtod(root->parts[i]->points.shown, NULL) : 0;
    if (decl->points.count > 0 && root->value.shown &&
        llround((sum - strtod(root->value.shown, NULL)) * 1e6) != 0)
        foreseen_complain(t, "the points are not the score", t->setting->now, 0);
}

static explanation *explained(const trial *t, ast_decl *decl, size_t part)
{
    const world *w = t->setting->world;
    carpel_error err;
    explain_request asked = {.book = t->rules->book,
                             .zone = w->zone,
                             .week_start = w->week_start,
                             .scripts = t->rules->scripts,
                             .store = t->store,
                             .person = t->subject.people[0],
                             .account = t->subject.account,
                             .as_of = t->setting->now,
                             .most_looks = t->looks,
                             .decl = decl,
                             .part = part};
    explanation *x = explain(&asked, &err);
    foreseen_must(x != NULL, &err);
    t->tally->explained++;
    return x;
}

void foreseen_try_explanation(trial *t, const questioned *q)
{
    explanation *x = explained(t, q->decl, q->part);
    said now = foreseen_value(t, t->setting->now);
    t->is_held = now.has && now.key != 0;
    if (x->root->kind == REASON_VALUE) {
        check_score(t, x);
        check_points(t, x, q->decl);
    } else if (x->root->holds != t->is_held) {
        foreseen_complain(t, "the explanation says something else", t->setting->now, 0);
    }
    for (size_t i = 0; i < x->suggestions.count; i++)
        try_suggestion(t, &x->suggestions.items[i], q->plan);
    explanation_free(x);
}

void foreseen_try_group(trial *t, ast_decl *decl, const char *holds)
{
    explanation *whole = explained(t, decl, SIZE_MAX);
    if ((holds == NULL) != (whole->group == NULL) ||
        (holds && strcmp(holds, whole->group) != 0))
        foreseen_complain(t, "the explanation has another group", t->setting->now, 0);
    t->tally->groups++;
    explanation_free(whole);
}
