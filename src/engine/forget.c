/* SPDX-License-Identifier: MIT
 *
 * The store is written anew without them, and committed; then the runs, and the list of refused rows.
 * A process that ends in between leaves work that the same call does when it is made again.
 */
#include <string.h>

#include "base/file.h"
#include "base/journal.h"
#include "base/memory.h"
#include "engine/parts.h"
#include "runs/run_forget.h"
#include "store/compact.h"

typedef struct forgetting {
    engine *engine;
    const char *const *ids;
    size_t count;
    engine_forgotten *out;
} forgetting;

static bool has_an_id(void *context, slice value)
{
    const forgetting *f = context;
    for (size_t i = 0; i < f->count; i++)
        if (memmem(value.data, value.size, f->ids[i], strlen(f->ids[i])))
            return true;
    return false;
}

static void hide_values(void *context, text *refused)
{
    quarantine_hide_kept(refused, has_an_id, context);
}

static bool forget_in_store(forgetting *f, carpel_error *err)
{
    engine *e = f->engine;
    store_folder *folder = engine_lock_store(e, err);
    bool is_good = folder != NULL;
    for (size_t i = 0; is_good && i < f->count; i++)
        is_good = forgotten_add(&store_folder_manifest(folder)->forgotten,
                                slice_of(f->ids[i]), err);
    is_good = is_good &&
              compact_store(folder, e->schema, hide_values, f, &f->out->rows, err) &&
              store_folder_commit(folder, err);
    store_folder_free(folder);
    return is_good;
}

static bool forget_in_each_run(forgetting *f, carpel_error *err)
{
    run_folder *runs = run_folder_open(f->engine->project->directory, err);
    bool is_good = runs != NULL;
    for (size_t i = 0; is_good && i < f->count; i++) {
        size_t changed;
        is_good = run_folder_forget(runs, slice_of(f->ids[i]), &changed, err);
        f->out->runs += changed;
    }
    run_folder_free(runs);
    return is_good;
}

/* No other process writes a run meanwhile. */
static bool forget_in_runs(forgetting *f, carpel_error *err)
{
    journal *held = engine_hold_outputs(f->engine, err);
    if (!held)
        return false;
    bool is_good = forget_in_each_run(f, err);
    carpel_error unused;
    return journal_close(held, is_good ? err : &unused) && is_good;
}

/* The next run lists the rows anew. */
static bool remove_list(const engine *e, carpel_error *err)
{
    char *path = path_join(e->project->directory, ".carpel/refused.csv");
    bool is_good = !file_exists(path) || file_remove(path, err);
    memory_free(path);
    return is_good;
}

bool engine_forget(engine *e, const char *const *ids, size_t count, engine_forgotten *out,
                   carpel_error *err)
{
    *out = (engine_forgotten){0};
    forgetting f = {e, ids, count, out};
    return (!e->project->store.text || forget_in_store(&f, err)) &&
           forget_in_runs(&f, err) && remove_list(e, err);
}
