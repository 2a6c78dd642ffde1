/* SPDX-License-Identifier: MIT
 *
 * Judging everyone, and few.
 */
#include "base/aside.h"
#include "base/parallel.h"
#include "engine/identities.h"
#include "engine/parts.h"
#include "exec/judge.h"
#include "exec/judged.h"
#include "exec/run.h"

static void order_people(void *context)
{
    (void)engine_person_order(context);
}

/* Results are told by id: people are put in that order while they are judged. */
static aside *begin_order(engine *e, size_t threads)
{
    enum { FEW = 10000 }; /* sooner done than a thread begun */
    bool is_worth = threads != 1 && !e->person_order && e->store->person_count >= FEW;
    return is_worth ? aside_begin(order_people, e) : NULL;
}

run_result *engine_run(engine *e, int64_t as_of, size_t threads,
                       const engine_listener *listener, carpel_error *err)
{
    if (!engine_people_at(e, as_of, err))
        return NULL;
    aside *order = begin_order(e, threads);
    run_options options = {.as_of = as_of,
                           .threads = threads,
                           .is_strict = e->is_strict,
                           .stops_at_script_error = e->project->stops_at_script_error,
                           .is_profiled = e->is_profiled,
                           .cancel = e->cancel};
    if (listener && listener->log) {
        engine_note_people(e, listener);
        engine_note_looks(e, as_of, threads ? threads : parallel_processor_count(),
                          listener);
        engine_note_data(e, as_of, listener);
    }
    if (listener && listener->stage)
        listener->stage(listener->context, "judging", "people", e->store->person_count);
    if (listener) {
        options.progress = listener->progress;
        options.progress_context = listener->context;
    }
    run_result *result = run_plan(e->plan, e->store, &options, err);
    aside_end(order);
    if (result)
        judged_put_in_order(&result->people, engine_person_order(e), result->memory);
    if (result && listener && listener->log)
        engine_note_results(result, listener);
    if (result == NULL ||
        (!cancel_is_asked(e->cancel) && engine_check_run(e, result, err)))
        return result;
    if (cancel_is_asked(e->cancel))
        cancel_fail(err);
    run_result_free(result);
    return NULL;
}

judge *engine_judge(engine *e, int64_t as_of, carpel_error *err)
{
    if (!engine_people_at(e, as_of, err))
        return NULL;
    run_options options = {
        .as_of = as_of, .is_strict = e->is_strict, .cancel = e->cancel};
    return judge_new(e->plan, e->store, &options, err);
}
