/* SPDX-License-Identifier: MIT
 *
 * A judge an instant; what is bound to the data stays. Before an account is judged its people are,
 * by a run of then.
 */
#include "exec/moments.h"

#include <string.h>

#include "base/memory.h"
#include "exec/accounts.h"
#include "exec/bind.h"

typedef struct moment {
    judge *judge;       /* or NULL */
    bound *bound;       /* made at the first instant; of an account NULL */
    run_result *people; /* of an account: its people, at the judge's instant */
} moment;

struct moments {
    const plan *plan;
    const store *store;
    const char *account; /* or NULL */
    size_t person;
    run_options options;
    moment here, there;
    moments *people; /* of an account, when they were asked for */
};

moments *moments_new(const plan *p, const store *s, size_t person,
                     const run_options *options)
{
    moments *m = memory_alloc_zero(sizeof *m);
    m->plan = p;
    m->store = s;
    m->person = person;
    m->options = *options;
    m->options.threads = 1;
    return m;
}

moments *moments_new_of_account(const plan *p, const store *s, const char *account,
                                const run_options *options)
{
    moments *m = moments_new(p, s, 0, options);
    m->account = account;
    return m;
}

moments *moments_like(const moments *m)
{
    moments *own = moments_new(m->plan, m->store, m->person, &m->options);
    own->account = m->account;
    return own;
}

static void leave(moment *at)
{
    judge_free(at->judge);
    at->judge = NULL;
    run_result_free(at->people);
    at->people = NULL;
}

static void moment_done(moment *at)
{
    leave(at);
    bound_free(at->bound);
}

void moments_free(moments *m)
{
    if (!m)
        return;
    moments_free(m->people);
    moment_done(&m->here);
    moment_done(&m->there);
    memory_free(m);
}

static judge *judge_a_person(moments *m, moment *at, run_options *options,
                             carpel_error *err)
{
    if (!at->bound)
        at->bound = bind_plan(m->plan, m->store, options->as_of, options->cancel, err);
    if (!at->bound)
        return NULL;
    options->bound = at->bound;
    return judge_new(m->plan, m->store, options, err);
}

static judge *judge_an_account(moments *m, moment *at, const run_options *options,
                               carpel_error *err)
{
    at->people = run_plan(m->plan, m->store, options, err);
    if (!at->people)
        return NULL;
    const store *accounts = at->people->account_store;
    uint32_t number = dictionary_find(accounts->persons, m->account, strlen(m->account));
    if (number == DICTIONARY_NONE) {
        carpel_fail(err, CARPEL_E_INPUT, "nobody is of the account \"%s\" then",
                    m->account);
        return NULL;
    }
    m->person = number;
    run_options inner = accounts_options(at->people, m->store, options);
    return judge_new(m->plan->accounts, accounts, &inner, err);
}

static judge *stand_at(moments *m, moment *at, int64_t instant, carpel_error *err)
{
    if (at->judge && judge_instant(at->judge) == instant)
        return at->judge;
    leave(at);
    run_options options = m->options;
    options.as_of = instant;
    at->judge = m->account ? judge_an_account(m, at, &options, err)
                           : judge_a_person(m, at, &options, err);
    if (at->judge)
        judge_turn_to(at->judge, m->person);
    return at->judge;
}

judge *moments_here(moments *m, int64_t instant, carpel_error *err)
{
    return stand_at(m, &m->here, instant, err);
}

judge *moments_there(moments *m, int64_t instant, carpel_error *err)
{
    return stand_at(m, &m->there, instant, err);
}

moments *moments_of_people(moments *m)
{
    if (m->account && !m->people)
        m->people = moments_new(m->plan, m->store, 0, &m->options);
    return m->people;
}

void moments_turn_to(moments *m, size_t person)
{
    m->person = person;
    if (m->here.judge)
        judge_turn_to(m->here.judge, person);
    if (m->there.judge)
        judge_turn_to(m->there.judge, person);
}

const plan *moments_plan(const moments *m)
{
    return m->account ? m->plan->accounts : m->plan;
}
