/* SPDX-License-Identifier: MIT */
#include "engine/forget_run.h"

#include <inttypes.h>

#include "base/journal.h"
#include "engine/parts.h"
#include "runs/run_folder.h"

static bool forget(const run_folder *runs, uint64_t number, carpel_error *err)
{
    if (!run_folder_remembers(runs, number))
        return carpel_fail(err, CARPEL_E_INPUT, "no run has the number %" PRIu64, number);
    return run_folder_forget_run(runs, number, err);
}

/* No other process writes a run meanwhile. */
bool engine_forget_run(const engine *e, uint64_t number, carpel_error *err)
{
    journal *held = engine_hold_outputs(e, err);
    if (!held)
        return false;
    run_folder *runs = run_folder_open(e->project->directory, err);
    bool is_good = runs && forget(runs, number, err);
    run_folder_free(runs);
    carpel_error unused;
    return journal_close(held, is_good ? err : &unused) && is_good;
}
