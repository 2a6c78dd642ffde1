/* SPDX-License-Identifier: MIT
 *
 * A scenario on trial: what it expects becomes questions to a graph, which is judged
 * over its people once for each instant that is asked about.
 */
#include "engine/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "engine/parts.h"
#include "explain/explain.h"
#include "graph/lower.h"
#include "lang/meaning.h"
#include "report/json.h"
#include "value/value.h"

/* A question's place in the result. */
typedef struct asked {
    bool of_accounts;
    size_t index;
} asked;

/* The one person of whom is asked what functions give. */
enum { ANYBODY = 0 };

/* What is asked for one expectation. */
typedef struct inquiry {
    const ast_line *line;
    const ast_setting *setting; /* NULL: a membership */
    bool is_out;                /* of a membership: not in is what is expected */
    bool is_before;             /* the microsecond before somebody enters or leaves */
    asked holds;
    asked value;  /* of a setting: what is compared */
    asked *group; /* of a membership in one of several groups: in which? Else NULL */
} inquiry;

/* A trial on its way. */
typedef struct court {
    const engine *e;
    const ast_decl *scenario;
    trial *trial;
    inquiry *inquiries; /* as many as the trial has expectations */
    lower_questions questions;
    const run_result *result; /* at the instant that is asked about now */
    diags *failures;
} court;

/* ---- questions ---------------------------------------------------------- */

static asked ask(court *c, const ast_line *line, ast_expr *expr)
{
    ast_list *to = line->is_of_account ? &c->questions.accounts : &c->questions.people;
    ast_list_add(c->trial->memory, to, expr);
    return (asked){line->is_of_account, to->count - 1};
}

static const char *group_name(const ast_decl *decl, size_t index)
{
    return decl->kind == DECL_SPLIT
               ? ((const ast_arm *)decl->arms.items[index])->name.text
               : ((const ast_group *)decl->groups.items[index])->name.text;
}

static size_t group_count(const ast_decl *decl)
{
    return decl->kind == DECL_SPLIT ? decl->arms.count : decl->groups.count;
}

/* Who is not in the one group may be in another. */
static asked *ask_groups(court *c, const ast_line *line)
{
    const ast_ref *ref = &line->ref;
    if (!ref->member.text)
        return NULL;
    size_t count = group_count(ref->decl);
    asked *groups = arena_alloc_array(c->trial->memory, count, sizeof *groups);
    for (size_t i = 0; i < count; i++) {
        ast_expr *member = arena_alloc(c->trial->memory, sizeof *member);
        *member = *line->holds;
        member->is_negated = false;
        member->ref.group = i;
        groups[i] = ask(c, line, member);
    }
    return groups;
}

static inquiry *add_inquiry(court *c, const ast_line *line, span where, int64_t at)
{
    trial *t = c->trial;
    inquiry *q = &c->inquiries[t->expectation_count];
    expectation *x = &t->expectations[t->expectation_count++];
    *q = (inquiry){.line = line};
    x->where = where;
    x->person = line->kind == LINE_EXPECT_CALL ? "" : line->person.text;
    x->is_of_account = line->is_of_account;
    x->at = at;
    if (line->kind == LINE_EXPECT_IN) {
        bool is_whole = !line->ref.member.text;
        x->decl = line->ref.decl->kind == DECL_SPLIT && is_whole ? NULL : line->ref.decl;
        x->part =
            line->ref.decl->kind == DECL_GROUPS && is_whole ? SIZE_MAX : line->ref.group;
    }
    return q;
}

static void add_value(court *c, const ast_line *line, const ast_setting *setting)
{
    int64_t at = line->at ? told_instant(c->e, line->at) : 0;
    inquiry *q = add_inquiry(c, line, setting->holds->where, at);
    const meaning *about = setting->result ? setting->result->meaning : NULL;
    if (about && about->kind == MEANING_DECL)
        c->trial->expectations[c->trial->expectation_count - 1].decl = about->decl;
    q->setting = setting;
    if (line->kind == LINE_EXPECT_CALL)
        return; /* asked by itself */
    q->holds = ask(c, line, setting->holds);
    q->value = ask(c, line, setting->result);
}

static inquiry *add_membership(court *c, const ast_line *line, bool is_out, int64_t at)
{
    inquiry *q = add_inquiry(c, line, line->holds->where, at);
    ast_expr *holds = arena_alloc(c->trial->memory, sizeof *holds);
    *holds = *line->holds;
    holds->is_negated = is_out;
    q->is_out = is_out;
    q->holds = ask(c, line, holds);
    q->group = ask_groups(c, line);
    return q;
}

/* Who enters is out until then, and who leaves is in. */
static void add_memberships(court *c, const ast_line *line)
{
    int64_t at = told_instant(c->e, line->at);
    if (line->is_crossing)
        add_membership(c, line, !line->is_negated, at - 1)->is_before = true;
    add_membership(c, line, line->is_negated, at);
}

static bool expects_values(const ast_line *line)
{
    return line->kind == LINE_EXPECT_HAS || line->kind == LINE_EXPECT_CALL;
}

static size_t count_expectations(const ast_decl *scenario)
{
    size_t count = 0;
    for (size_t i = 0; i < scenario->lines.count; i++) {
        const ast_line *line = scenario->lines.items[i];
        count += line->kind == LINE_EXPECT_IN ? 1 + line->is_crossing : 0;
        count += expects_values(line) ? line->settings.count : 0;
    }
    return count;
}

static void add_inquiries(court *c)
{
    trial *t = c->trial;
    size_t count = count_expectations(c->scenario);
    t->expectations = arena_alloc_array(t->memory, count + 1, sizeof *t->expectations);
    c->inquiries = arena_alloc_array(t->memory, count + 1, sizeof *c->inquiries);
    for (size_t i = 0; i < c->scenario->lines.count; i++) {
        const ast_line *line = c->scenario->lines.items[i];
        if (line->kind == LINE_EXPECT_IN)
            add_memberships(c, line);
        for (size_t k = 0; expects_values(line) && k < line->settings.count; k++)
            add_value(c, line, line->settings.items[k]);
    }
}

/* ---- answers ------------------------------------------------------------ */

/* The number of the person or account, or DICTIONARY_NONE: no such account yet. */
static uint32_t subject_of(const court *c, const ast_line *line)
{
    const run_population *all =
        line->is_of_account ? &c->result->accounts : &c->result->people;
    const char *name = line->person.text;
    if (line->kind == LINE_EXPECT_CALL)
        return ANYBODY;
    return all->count > 0 ? dictionary_find(all->ids, name, strlen(name))
                          : DICTIONARY_NONE;
}

/* The number of its score in the result. */
static size_t place_of(const court *c, asked a)
{
    return (a.of_accounts ? c->questions.people.count : 0) + a.index;
}

static const run_score *answer_to(const court *c, asked a)
{
    return &c->result->scores[place_of(c, a)];
}

static bool is_so(const court *c, asked a, uint32_t subject)
{
    const run_score *s = answer_to(c, a);
    return bitmap_get(s->present, subject) && bitmap_get(s->values, subject);
}

/* The fewest digits that read back the same. */
static void append_number(double value, text *out)
{
    char buffer[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, sizeof buffer, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value)
            break;
    }
    text_append(out, buffer);
}

static void append_value(const court *c, const run_score *s, uint32_t subject, text *out)
{
    const int64_t *integers = s->values;
    switch (s->type.kind) {
    case TYPE_BOOL:
        text_append(out, bitmap_get(s->values, subject) ? "true" : "false");
        break;
    case TYPE_DECIMAL: value_append_decimal(integers[subject], s->type.scale, out); break;
    case TYPE_NUMBER: append_number(((const double *)s->values)[subject], out); break;
    case TYPE_TIME: value_append_time(integers[subject], c->e->zone, out); break;
    case TYPE_DATE: value_append_date(integers[subject], out); break;
    case TYPE_DURATION: value_append_duration(integers[subject], out); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON:
        json_append_quoted(
            out, dictionary_text(s->texts, ((const uint32_t *)s->values)[subject]));
        break;
    case TYPE_LIST:
    case TYPE_ERROR: break;
    }
}

/* ---- words -------------------------------------------------------------- */

static const char *keep(const court *c, text *words)
{
    const char *kept = arena_copy_text(c->trial->memory, words->data, words->size);
    text_done(words);
    return kept;
}

/* "vip", "lifecycle.active". */
static const char *ref_words(const court *c, const ast_ref *ref, size_t group)
{
    if (!ref->member.text)
        return ref->name.text;
    return arena_format(c->trial->memory, "%s.%s", ref->name.text,
                        group_name(ref->decl, group));
}

/* "15", just as it was written; "missing". */
static const char *expected_value(const court *c, const inquiry *q)
{
    span where = q->setting->value->where;
    if (q->setting->tolerance)
        where = span_join(where, q->setting->tolerance->where);
    slice value = span_text(where);
    return arena_copy_text(c->trial->memory, value.data, value.size);
}

static const char *found_value(const court *c, const inquiry *q, uint32_t subject)
{
    const run_score *s = answer_to(c, q->value);
    if (subject == DICTIONARY_NONE || !bitmap_get(s->present, subject))
        return "missing";
    text out;
    text_init(&out);
    append_value(c, s, subject, &out);
    return keep(c, &out);
}

/* "in lifecycle.active", "not in vip" */
static const char *place_words(const court *c, const ast_ref *ref, size_t group,
                               bool is_out)
{
    return arena_format(c->trial->memory, "%s%s", is_out ? "not in " : "in ",
                        ref_words(c, ref, group));
}

static const char *expected_place(const court *c, const inquiry *q)
{
    return place_words(c, &q->line->ref, q->line->ref.group, q->is_out);
}

/* The group of the set that somebody is in; SIZE_MAX: none, or it is no set. */
static size_t group_of(const court *c, const inquiry *q, uint32_t subject)
{
    bool has_groups = q->group && subject != DICTIONARY_NONE;
    for (size_t i = 0; has_groups && i < group_count(q->line->ref.decl); i++)
        if (is_so(c, q->group[i], subject))
            return i;
    return SIZE_MAX;
}

/* ---- failures ----------------------------------------------------------- */

static void settle_value(const court *c, const inquiry *q, expectation *x,
                         uint32_t subject)
{
    const char *name = q->setting->name.text;
    const char *wanted = expected_value(c, q), *found = found_value(c, q, subject);
    x->expected = arena_format(c->trial->memory, "%s = %s", name, wanted);
    x->found = arena_format(c->trial->memory, "%s = %s", name, found);
    if (!x->holds && q->line->kind == LINE_EXPECT_CALL)
        diag_error(c->failures, x->where, E0501, "%s is %s, not %s", name, found, wanted);
    else if (!x->holds)
        diag_error(c->failures, x->where, E0501, "\"%s\" of \"%s\" is %s, not %s", name,
                   x->person, found, wanted);
}

static void settle_place(const court *c, const inquiry *q, expectation *x,
                         uint32_t subject)
{
    const ast_ref *ref = &q->line->ref;
    x->expected = x->found = expected_place(c, q);
    if (x->holds)
        return;
    size_t group = group_of(c, q, subject);
    bool is_elsewhere = !q->is_out && group != SIZE_MAX;
    x->found = group != SIZE_MAX ? place_words(c, ref, group, false)
                                 : place_words(c, ref, ref->group, !q->is_out);
    diag_error(c->failures, x->where, E0501, "\"%s\" is %s%s%s%s", x->person, x->found,
               is_elsewhere ? ", not " : "", is_elsewhere ? x->expected : "",
               q->is_before ? ", already a microsecond before" : "");
}

/* What the line alone does not show. */
static void hint_failure(const court *c, const inquiry *q, const expectation *x,
                         uint32_t subject)
{
    if (subject == DICTIONARY_NONE) {
        diag_hint(c->failures, "Nobody belongs to \"%s\" by then.", x->person);
        return;
    }
    const run_trouble *t = run_trouble_behind(c->result, place_of(c, q->holds), subject);
    if (t)
        diag_hint(c->failures, "A value could not be worked out: %s.", t->message);
}

static void settle(court *c, const inquiry *q, expectation *x)
{
    uint32_t subject = subject_of(c, q->line);
    if (subject != DICTIONARY_NONE)
        x->holds = is_so(c, q->holds, subject);
    else /* who is not there is in nothing and has no values */
        x->holds = q->setting ? q->setting->is_missing : q->is_out;
    if (q->setting)
        settle_value(c, q, x, subject);
    else
        settle_place(c, q, x, subject);
    if (x->holds)
        return;
    c->trial->failed_count++;
    hint_failure(c, q, x, subject);
}

/* ---- the trial ---------------------------------------------------------- */

static bool is_of_call(const court *c, size_t index)
{
    return c->inquiries[index].line->kind == LINE_EXPECT_CALL;
}

/* Are both settled by one result? */
static bool are_of_one(const court *c, size_t a, size_t b)
{
    const expectation *all = c->trial->expectations;
    return a == b || (!is_of_call(c, a) && !is_of_call(c, b) && all[a].at == all[b].at);
}

static bool was_judged(const court *c, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (are_of_one(c, i, index))
            return true;
    return false;
}

/* The rules could not be judged at the instant of this expectation. */
static void give_up(court *c, size_t index, const char *reason)
{
    trial *t = c->trial;
    diag_error(c->failures, t->expectations[index].where, E0501,
               "this could not be tried: %s", reason);
    for (size_t i = index; i < t->expectation_count; i++) {
        expectation *x = &t->expectations[i];
        const inquiry *q = &c->inquiries[i];
        if (!are_of_one(c, i, index))
            continue;
        x->expected = q->setting ? q->setting->name.text : expected_place(c, q);
        x->found = "not tried";
        t->failed_count++;
    }
}

/* Settle all expectations of the instant of this one, which is the first of them. */
static void settle_instant(court *c, const plan *p, const store *people, size_t index)
{
    carpel_error err;
    trial *t = c->trial;
    run_options options = {.as_of = t->expectations[index].at, .threads = 1};
    run_result *result = run_plan(p, people, &options, &err);
    if (!result) {
        give_up(c, index, err.message);
        return;
    }
    c->result = result;
    for (size_t i = index; i < t->expectation_count; i++)
        if (are_of_one(c, i, index))
            settle(c, &c->inquiries[i], &t->expectations[i]);
    run_result_free(result);
}

static void note_functions(const court *c, const graph *g)
{
    for (size_t i = 0; i < g->node_count; i++)
        if (g->nodes[i]->kind == NODE_SCRIPT)
            c->trial->functions[g->nodes[i]->script.function] = true;
    for (size_t i = 0; i < g->judgement_count; i++) {
        note_functions(c, g->judgements[i].rules);
        if (g->judgements[i].people)
            note_functions(c, g->judgements[i].people);
    }
    if (g->accounts)
        note_functions(c, g->accounts);
}

static plan *plan_of(const court *c, const graph *g)
{
    note_functions(c, g);
    return plan_new(g, c->e->zone, c->e->week_start, c->e->scripts);
}

/* What a function gives is the same for everybody; asked alone, a failure is its own. */
static void judge_call(court *c, const store *anybody, size_t index)
{
    inquiry *q = &c->inquiries[index];
    lower_questions both = {0};
    ast_list_add(c->trial->memory, &both.people, q->setting->holds);
    ast_list_add(c->trial->memory, &both.people, q->setting->result);
    q->value.index = 1;
    graph *g = graph_lower_questions(c->e->book, &both);
    plan *p = plan_of(c, g);
    settle_instant(c, p, anybody, index);
    plan_free(p);
    graph_free(g);
}

static void judge_calls(court *c)
{
    store *anybody = told_store_of_anybody(c->e->schema);
    for (size_t i = 0; i < c->trial->expectation_count; i++)
        if (is_of_call(c, i))
            judge_call(c, anybody, i);
    store_free(anybody);
}

static void judge_people(court *c)
{
    store *people = told_store(c->e, c->scenario);
    graph *g = graph_lower_questions(c->e->book, &c->questions);
    plan *p = plan_of(c, g);
    for (size_t i = 0; i < c->trial->expectation_count; i++)
        if (!is_of_call(c, i) && !was_judged(c, i))
            settle_instant(c, p, people, i);
    plan_free(p);
    graph_free(g);
    store_free(people);
}

size_t engine_scenario_count(const engine *e)
{
    return e->scenario_count;
}

const char *engine_scenario_name(const engine *e, size_t index)
{
    return e->scenarios[index]->name.text;
}

void engine_try_scenario(const engine *e, size_t index, diags *failures, trial *out)
{
    court c = {
        .e = e, .scenario = e->scenarios[index], .trial = out, .failures = failures};
    *out = (trial){.name = c.scenario->name.text,
                   .where = c.scenario->name.where,
                   .memory = arena_new()};
    out->functions = arena_alloc_array(
        out->memory, script_set_function_count(e->scripts) + 1, sizeof *out->functions);
    add_inquiries(&c);
    judge_people(&c);
    judge_calls(&c);
}

store *engine_scenario_people(const engine *e, size_t index)
{
    return told_store(e, e->scenarios[index]);
}

explanation *engine_explain_expectation(const engine *e, const store *people,
                                        const expectation *x, carpel_error *err)
{
    uint32_t person = dictionary_find(people->persons, x->person, strlen(x->person));
    explain_request request = {.book = e->book,
                               .zone = e->zone,
                               .week_start = e->week_start,
                               .scripts = e->scripts,
                               .store = people,
                               .person = person,
                               .account = x->is_of_account ? x->person : NULL,
                               .as_of = x->at,
                               .decl = x->decl,
                               .part = x->part,
                               .is_short = true};
    *err = (carpel_error){0};
    bool is_known = person != DICTIONARY_NONE && people->known_since[person] <= x->at;
    if (!x->decl || (!x->is_of_account && !is_known))
        return NULL;
    return explain(&request, err);
}

void trial_done(trial *t)
{
    arena_free(t->memory);
    *t = (trial){0};
}
