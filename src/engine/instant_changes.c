/* SPDX-License-Identifier: MIT
 *
 * Two runs that nobody remembers.
 */
#include "engine/instant_changes.h"

#include "base/memory.h"
#include "engine/remembered_result.h"

static remembered_run *judge_at(engine *e, int64_t at, size_t threads,
                                const engine_listener *listener, run_result **result,
                                carpel_error *err)
{
    *result = engine_run(e, at, threads, listener, err);
    return *result ? remembered_result(e, *result, NULL) : NULL;
}

instant_changes *engine_changes(engine *e, int64_t since, int64_t to, size_t threads,
                                const engine_listener *listener, carpel_error *err)
{
    instant_changes *c = memory_alloc_zero(sizeof *c);
    engine_listener quiet = *listener; /* what is noted of the data is told once */
    quiet.log = NULL;
    c->before = judge_at(e, since, threads, &quiet, &c->results[0], err);
    if (c->before)
        c->now = judge_at(e, to, threads, listener, &c->results[1], err);
    if (c->now) {
        c->changes = run_changes_between(c->before, c->now);
        return c;
    }
    instant_changes_free(c);
    return NULL;
}

void instant_changes_free(instant_changes *c)
{
    if (!c)
        return;
    run_changes_free(c->changes);
    remembered_run_free(c->before);
    remembered_run_free(c->now);
    run_result_free(c->results[0]);
    run_result_free(c->results[1]);
    memory_free(c);
}
