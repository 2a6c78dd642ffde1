/* SPDX-License-Identifier: MIT
 *
 * A judge an instant; what is bound to the data stays.
 */
#include "exec/moments.h"

#include "base/memory.h"
#include "exec/bind.h"

typedef struct moment {
    judge *judge; /* or NULL */
    bound *bound; /* made at the first instant */
} moment;

struct moments {
    const plan *plan;
    const store *store;
    size_t person;
    run_options options;
    moment here, there;
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

static void moment_done(moment *at)
{
    judge_free(at->judge);
    bound_free(at->bound);
}

void moments_free(moments *m)
{
    if (!m)
        return;
    moment_done(&m->here);
    moment_done(&m->there);
    memory_free(m);
}

static judge *stand_at(moments *m, moment *at, int64_t instant, carpel_error *err)
{
    if (at->judge && judge_instant(at->judge) == instant)
        return at->judge;
    judge_free(at->judge);
    at->judge = NULL;
    if (!at->bound)
        at->bound = bind_plan(m->plan, m->store, instant, m->options.cancel, err);
    if (!at->bound)
        return NULL;
    run_options options = m->options;
    options.as_of = instant;
    options.bound = at->bound;
    at->judge = judge_new(m->plan, m->store, &options, err);
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
