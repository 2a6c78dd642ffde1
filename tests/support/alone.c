/* SPDX-License-Identifier: MIT
 *
 * A run whose answers are replaced by those of a judge, rule by rule.
 */
#include "support/alone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "exec/judge.h"

static void put_member(const run_segment *s, size_t person, bool is_in)
{
    bitmap_put((uint64_t *)s->members, person, is_in);
}

/* Codes of texts that scripts made are those of one run only. */
static void put_score(const run_score *s, size_t person, const void *value)
{
    if (type_is_text(s->type))
        return;
    size_t size = type_value_size(s->type);
    bitmap_put((uint64_t *)s->present, person, value != NULL);
    if (value == NULL)
        return;
    if (size == 0)
        bitmap_put((uint64_t *)s->values, person, bitmap_get(value, 0));
    else
        memcpy((char *)s->values + person * size, value, size);
}

/* Where the answers of the next rule of a kind belong. */
typedef struct places {
    const run_segment *segment, *member;
    const run_score *score, *import, *trait;
} places;

static void put_answers(places at, const graph *g, const judge *j, size_t person)
{
    for (size_t i = 0; i < g->rule_count; i++)
        switch (g->rules[i].kind) {
        case RULE_SEGMENT: put_member(at.segment++, person, judge_holds(j, i)); break;
        case RULE_GROUP: put_member(at.member++, person, judge_holds(j, i)); break;
        case RULE_SCORE: put_score(at.score++, person, judge_value(j, i)); break;
        case RULE_IMPORT: put_score(at.import++, person, judge_value(j, i)); break;
        case RULE_TRAIT: put_score(at.trait++, person, judge_value(j, i)); break;
        }
}

/* People are asked about twice, and in an order in which nobody stands beside whom they
 * would in a block. */
static void replace_answers(const plan *p, const store *s, const run_options *options,
                            places at)
{
    carpel_error err;
    judge *j = judge_new(p, s, options, &err);
    if (j == NULL)
        fail_msg("%s", err.message);
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < s->person_count; i++) {
            size_t person = round == 0 ? s->person_count - 1 - i : i;
            if (!judge_person(j, person, &err))
                fail_msg("%s", err.message);
            put_answers(at, p->graph, j, person);
        }
    judge_free(j);
}

static void replace_answers_about_accounts(const world_rules *r, const store *s,
                                           const run_result *all, run_options options)
{
    const run_result *from = all->of_accounts;
    options.people = s;
    options.imports = all->imports;
    replace_answers(r->plan->accounts, all->account_store, &options,
                    (places){from->segments, from->group_members, from->scores,
                             from->imports, from->traits});
}

run_result *world_run_alone(const world_rules *r, const store *s, int64_t now)
{
    carpel_error err;
    run_options options = {.as_of = now, .threads = 1};
    run_result *all = run_plan(r->plan, s, &options, &err);
    if (all == NULL)
        fail_msg("%s", err.message);
    replace_answers(r->plan, s, &options,
                    (places){all->segments, all->group_members, all->scores, all->imports,
                             all->traits});
    if (all->of_accounts)
        replace_answers_about_accounts(r, s, all, options);
    return all;
}
