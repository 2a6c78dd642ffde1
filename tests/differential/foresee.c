/* SPDX-License-Identifier: MIT
 *
 * foresee -- does the horizon of a rule and a person tell what will be? Random rules on random
 * histories that end at now: the value is worked out at many instants from now on, and it has to
 * be as it is now before the horizon that is told; and where a change is told, to be another one
 * at that instant and not a microsecond earlier. Since when a condition holds is tried in the same
 * way on the past. What explains the pair says what the engine says: whether it holds, the value of a
 * score and what its lines gave, the group; and what it suggests makes the rule hold. Rules for each
 * account are tried in the same way on accounts.
 *
 *     foresee --pairs 20000 --seed 1
 *     foresee --pairs 100000 --seed 1 --looks 60       # many pairs, each followed less far
 *     foresee --pairs 1 --seed 1 --first 57 --show     # one world again, with its rules
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "differential/accepted.h"
#include "differential/foreseen.h"
#include "differential/program.h"
#include "exec/block.h"
#include "explain/others.h"
#include "explain/since.h"
#include "graph/lower.h"
#include "value/value.h"

#define FAR(now) ((now) + HORIZON_YEARS * 365 * MICROSECONDS_PER_DAY)

enum { RULES_A_BOOK = 24, INSTANTS_A_PAIR = 24, MOST_WRONG = 5 };

typedef struct options {
    unsigned long pairs, seed, first;
    unsigned long looks; /* of a horizon */
    const char *files;
    bool shows;
} options;

/* ---- the value at an instant --------------------------------------------------------- */

said foreseen_value(trial *t, int64_t instant)
{
    carpel_error err;
    judge *j = moments_here(t->brute, instant, &err);
    if (!j) {
        fprintf(stderr, "foresee: %s\n", err.message);
        exit(70);
    }
    const vector *v = judge_node(j, t->rule->node);
    bool has = vector_has(v, 0);
    t->tally->looks++;
    return (said){has, has ? vector_key(v, t->rule->node->type, 0) : 0};
}

static bool is_same(said a, said b)
{
    return a.has == b.has && a.key == b.key;
}

void foreseen_complain(trial *t, const char *what, int64_t at, int64_t told)
{
    text words;
    text_init(&words);
    text_append_format(&words, "\n# wrong (--seed %lu --first %lu): %s, %s: %s; at ",
                       t->seed, t->number, t->name, t->who, what);
    value_append_time(at, t->setting->world->zone, &words);
    text_append_format(&words, " (%lld), told ", (long long)at);
    value_append_time(told, t->setting->world->zone, &words);
    text_append_format(&words, " (%lld), now ", (long long)told);
    value_append_time(t->setting->now, t->setting->world->zone, &words);
    puts(words.data);
    fflush(stdout);
    text_done(&words);
    t->tally->wrong++;
}

/* ---- instants to look at ------------------------------------------------------------- */

/* Lengths that rules are made of, from events and from now. */
static int64_t draw_instant(trial *t, int64_t until)
{
    static const calendar_span lengths[] = {
        {1, UNIT_SECOND}, {1, UNIT_HOUR},  {2, UNIT_HOUR},  {1, UNIT_DAY},
        {2, UNIT_DAY},    {3, UNIT_DAY},   {7, UNIT_DAY},   {30, UNIT_DAY},
        {14, UNIT_DAY},   {1, UNIT_MONTH}, {2, UNIT_MONTH}, {1, UNIT_QUARTER},
        {1, UNIT_YEAR},   {60, UNIT_DAY},  {90, UNIT_DAY}};
    const world *w = t->setting->world;
    int64_t now = t->setting->now, at = now;
    calendar_span length =
        lengths[random_below(t->random, sizeof lengths / sizeof *lengths)];
    switch (random_below(t->random, 5)) {
    case 0: at = time_add(w->zone, now, length, 1); break;
    case 1:
        at = calendar_unit_start(w->zone, now,
                                 random_chance(t->random, 50) ? UNIT_DAY : UNIT_HOUR,
                                 (int64_t)random_below(t->random, 40), w->week_start);
        break;
    case 2:
        if (until > now + 1 && until < TIME_MAX)
            at =
                now + 1 + (int64_t)(random_next(t->random) % (uint64_t)(until - now - 1));
        break;
    default:
        if (w->event_count > 0)
            at =
                time_add(w->zone, w->events[random_below(t->random, w->event_count)].time,
                         length, 1);
    }
    return at + (int64_t)random_below(t->random, 3) - 1;
}

/* Is it as it was at all of them before `until`? */
static void look_before(trial *t, said now, int64_t until, const char *what)
{
    int64_t begin = t->setting->now;
    until = until < FAR(begin) ? until : FAR(begin);
    if (until > begin + 1 && until <= TIME_MAX &&
        !is_same(now, foreseen_value(t, until - 1))) {
        foreseen_complain(t, what, until - 1, until);
        return;
    }
    for (size_t i = 0; i < INSTANTS_A_PAIR; i++) {
        int64_t at = draw_instant(t, until);
        if (at <= begin || at >= until || at > TIME_MAX)
            continue;
        if (!is_same(now, foreseen_value(t, at))) {
            foreseen_complain(t, what, at, until);
            return;
        }
    }
}

/* ---- a pair -------------------------------------------------------------------------- */

void foreseen_must(bool ok, const carpel_error *err)
{
    if (ok)
        return;
    fprintf(stderr, "foresee: %s\n", err->message);
    exit(70);
}

static void try_pair(trial *t, horizon *h)
{
    carpel_error err;
    int64_t until, at, begin = t->setting->now;
    said now = foreseen_value(t, begin);
    foreseen_must(horizon_of(h, t->moments, begin, t->rule->node, &until, &err), &err);
    if (until <= begin)
        foreseen_complain(t, "a horizon that is over", until, until);
    look_before(t, now, until, "it changes before its horizon");
    horizon_answer a = horizon_change(h, t->moments, begin, t->rule->node, &at, &err);
    foreseen_must(a != HORIZON_FAILED, &err);
    look_before(t, now, at, "it changes before what is told");
    if (a == HORIZON_CHANGES && is_same(now, foreseen_value(t, at)))
        foreseen_complain(t, "it does not change then", at, at);
    t->tally->changes += a == HORIZON_CHANGES;
    t->tally->stays += a == HORIZON_STAYS;
    t->tally->open += a == HORIZON_OPEN;
    t->tally->pairs++;
}

/* ---- the past ------------------------------------------------------------------------ */

/* It holds at all instants from `since` on, and did not a microsecond before, unless that was
 * before anything was known. */
static void look_behind(trial *t, int64_t since, bool has_entered)
{
    int64_t now = t->setting->now;
    if (has_entered && foreseen_value(t, since - 1).key != 0)
        foreseen_complain(t, "it held before it is said to begin", since - 1, since);
    for (size_t i = 0; i < INSTANTS_A_PAIR; i++) {
        uint64_t length = (uint64_t)(now - since);
        int64_t back = i == 0 || length == 0 ? (int64_t)length
                                             : (int64_t)(random_next(t->random) % length);
        if (foreseen_value(t, now - back).key == 0) {
            foreseen_complain(t, "it did not hold all the time since then", now - back,
                              since);
            return;
        }
    }
}

static void try_since(trial *t, const questioned *q)
{
    carpel_error err;
    int64_t at, now = t->setting->now;
    int64_t first = t->subject.account ? INT64_MAX /* accounts are not asked since when */
                                       : t->store->known_since[t->subject.people[0]];
    bool is_condition = t->rule->node->type.kind == TYPE_BOOL;
    if (!is_condition || first > now || graph_needs_others(q->graph) ||
        foreseen_value(t, now).key == 0)
        return;
    since_answer a =
        since_find(q->horizon, t->moments, t->rule->node, first, now, &at, &err);
    foreseen_must(a != SINCE_FAILED, &err);
    if (a == SINCE_THEN || (a == SINCE_FIRST && first != TIME_MIN))
        look_behind(t, at, a == SINCE_THEN);
    t->tally->entered += a == SINCE_THEN;
}

/* Nothing happens from now on. */
static void cut(world *w, int64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->event_count; i++)
        if (w->events[i].time <= now)
            w->events[kept++] = w->events[i];
    w->event_count = kept;
}

/* ---- rules ----------------------------------------------------------------------------- */

static void try_subject(trial *t, const questioned *q)
{
    run_options as = {.as_of = t->setting->now};
    const char *account = t->subject.account;
    for (size_t i = 0; i < 2; i++) {
        moments **m = i == 0 ? &t->moments : &t->brute;
        *m = account ? moments_new_of_account(q->plan, t->store, account, &as)
                     : moments_new(q->plan, t->store, t->subject.people[0], &as);
    }
    try_pair(t, q->horizon);
    try_since(t, q);
    foreseen_try_explanation(t, q);
    t->tally->accounts += account != NULL;
    moments_free(t->moments);
    moments_free(t->brute);
}

/* One rule in a graph of its own, so that no other one has to be worked out. */
static void try_rule(trial *t, ast_decl *decl, size_t part)
{
    const world *w = t->setting->world;
    bool of_accounts = t->subject.account != NULL;
    arena *memory = arena_new();
    lower_questions asked = {0};
    ast_list_add(memory, of_accounts ? &asked.accounts : &asked.people,
                 lower_question_about(decl, part, memory));
    questioned q = {.decl = decl, .part = part};
    q.graph = graph_lower_questions(t->rules->book, &asked);
    q.plan = plan_new(q.graph, w->zone, w->week_start, t->rules->scripts);
    q.horizon = horizon_new(of_accounts ? q.plan->accounts : q.plan);
    horizon_limit_looks(q.horizon, t->looks);
    t->name = decl->name.text;
    t->rule = of_accounts ? &q.graph->accounts->rules[0] : &q.graph->rules[0];
    if (!type_is_text(t->rule->node->type)) /* codes of scripts' texts are a run's own */
        try_subject(t, &q);
    horizon_free(q.horizon);
    plan_free(q.plan);
    graph_free(q.graph);
    arena_free(memory);
}

/* Of a whole set, the group that holds is told. */
static void try_groups(trial *t, ast_decl *decl)
{
    const char *holds = NULL;
    for (size_t part = 0; part < decl->groups.count; part++) {
        try_rule(t, decl, part);
        if (t->is_held)
            holds = ((const ast_group *)decl->groups.items[part])->name.text;
    }
    foreseen_try_group(t, decl, holds);
}

static void try_decl(trial *t, ast_decl *decl)
{
    if (decl->kind == DECL_SEGMENT || decl->kind == DECL_SCORE)
        try_rule(t, decl, 0);
    else if (decl->groups.count > 0)
        try_groups(t, decl);
}

/* The first two who are there at the instant. */
static void try_people(trial *t, ast_decl *decl, arena *memory)
{
    for (size_t p = 0; p < 2 && p < t->store->person_count; p++) {
        t->subject = subject_of_person(t->store, p, memory);
        t->who = t->setting->world->people[p];
        try_decl(t, decl);
    }
}

static void try_accounts(trial *t, ast_decl *decl, arena *memory)
{
    const event_table *trait = &t->store->traits[t->store->schema->account_trait];
    const dictionary *names = trait->columns[0].dictionary;
    size_t tried = 0;
    for (uint32_t i = 0; i < dictionary_count(names) && tried < 2; i++) {
        slice name = dictionary_text(names, i);
        t->who = arena_copy_text(memory, name.data, name.size);
        if (!subject_of_account(t->store, t->who, t->setting->now, memory, &t->subject))
            continue;
        try_decl(t, decl);
        tried++;
    }
}

static void try_rules(trial *t)
{
    const ast_list *decls = &t->rules->book->decls;
    arena *memory = arena_new();
    for (size_t i = 0; i < decls->count && t->tally->wrong < MOST_WRONG; i++) {
        ast_decl *decl = decls->items[i];
        if (decl->subject.text)
            try_accounts(t, decl, memory);
        else
            try_people(t, decl, memory);
    }
    arena_free(memory);
}

static void try_world(const options *o, unsigned long number, tally *counts)
{
    random_source random = {o->seed * UINT64_C(0x100000001b3) + number};
    arena *memory = arena_new();
    book *b = memory_alloc_zero(sizeof *b);
    random_next(&random);
    setting s = setting_make(&random, memory);
    rules_make(b, &s.pools, RULES_A_BOOK, o->files, &random, memory);
    cut(s.world, s.now);
    world_rules *rules = book_compile(s.world, b, NULL, NULL, o->shows);
    if (o->shows) {
        text events;
        text_init(&events);
        world_append(s.world, &events);
        fputs(events.data, stderr);
        text_done(&events);
    }
    store *st = world_store(s.world);
    trial t = {.setting = &s,
               .rules = rules,
               .store = st,
               .random = &random,
               .tally = counts,
               .seed = o->seed,
               .looks = o->looks,
               .number = number};
    try_rules(&t);
    store_free(st);
    world_rules_free(rules);
    world_free(s.world);
    memory_free(b);
    arena_free(memory);
}

/* ---- the program --------------------------------------------------------------------- */

static options read_options(int argc, char **argv)
{
    options o = {.pairs = 2000, .seed = 1, .looks = 2000};
    const program_option known[] = {
        {"--pairs", "N", .number = &o.pairs},    {"--seed", "S", .number = &o.seed},
        {"--first", "K", .number = &o.first},    {"--looks", "N", .number = &o.looks},
        {"--files", "FOLDER", .text = &o.files}, {"--show", NULL, .flag = &o.shows},
    };
    program_read_options("foresee", known, sizeof known / sizeof *known, argc, argv);
    return o;
}

int main(int argc, char **argv)
{
    options o = read_options(argc, argv);
    tally t = {0};
    for (unsigned long n = o.first; t.pairs < o.pairs && t.wrong < MOST_WRONG; n++)
        try_world(&o, n, &t);
    printf("# %lu change, %lu stay for ever, %lu are not followed to the end; "
           "%lu looks\n",
           t.changes, t.stays, t.open, t.looks);
    printf(
        "# %lu explanations, of %lu scores, %lu sets of groups; %lu pairs of accounts; "
        "%lu suggestions; %lu times since when\n",
        t.explained, t.scores, t.groups, t.accounts, t.suggestions, t.entered);
    printf("%lu pairs, %lu wrong answers (seed %lu)\n", t.pairs, t.wrong, o.seed);
    return t.wrong > 0;
}
