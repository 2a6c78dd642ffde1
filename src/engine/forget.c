/* SPDX-License-Identifier: MIT
 *
 * The store is written anew without them, and committed; then the runs, and the list of refused rows.
 * A process that ends in between leaves work that the same call does when it is made again.
 */
#include "base/file.h"
#include "base/journal.h"
#include "base/memory.h"
#include "base/path.h"
#include "engine/identities.h"
#include "engine/parts.h"
#include "report/similar_id.h"
#include "runs/run_forget.h"
#include "store/compact.h"
#include "store/open_store.h"

typedef struct forgetting {
    engine *engine;
    const char *const *ids;
    size_t count;
    bool *is_known;         /* by id */
    const char **questions; /* by id */
    engine_forgotten *out;
} forgetting;

/* Nobody knows any more whose row it was: no value that a reason quotes is sure to be of others. */
static bool is_of_anybody(void *context, slice value)
{
    (void)context;
    return value.size > 0;
}

static void hide_values(void *context, text *refused)
{
    quarantine_hide_kept(refused, is_of_anybody, context);
}

/* Is somebody in the store, or was once? */
static bool is_known(store_folder *folder, slice id)
{
    const dictionary *people =
        glossary_get(store_folder_glossary(folder), GLOSSARY_PEOPLE);
    return dictionary_find(people, id.data, id.size) != DICTIONARY_NONE ||
           forgotten_has(&store_folder_manifest(folder)->forgotten, id);
}

/* Whoever is forgotten by one id is forgotten by all of theirs, as the links of the store say. */
static bool take_all_ids(forgetting *f, carpel_error *err)
{
    engine *e = f->engine;
    size_t count = e->project->source_count, unlinked;
    const char **names = arena_alloc_array(e->memory, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = e->sources[i].name;
    store_folder *folder = store_folder_new(e->project->store.text);
    bool is_good = store_folder_read(folder, err);
    if (is_good && store_folder_exists(folder)) {
        e->store = store_open(folder, e->schema, names, count, NULL, err);
        is_good = e->store;
    }
    if (e->store) {
        f->ids = engine_all_ids(e, f->ids, f->count, &f->count, &unlinked, err);
        is_good = f->ids;
        f->is_known = arena_alloc_array(e->memory, f->count + 1, sizeof *f->is_known);
        for (size_t i = unlinked; is_good && i < f->count; i++)
            f->is_known[i] = true;
        engine_end_people(e);
        store_free(e->store);
        e->store = NULL;
    }
    store_folder_free(folder);
    return is_good;
}

/* A mistyped id is to be found out before the person comes back with the next load. */
static const char *question_of(const engine *e, const similar_ids *similar)
{
    text question;
    text_init(&question);
    const char *out = NULL;
    if (similar_ids_append(similar, &question))
        out = arena_copy_text(e->memory, question.data, question.size);
    text_done(&question);
    return out;
}

static const char *ask_in_store(const engine *e, store_folder *folder, const char *id)
{
    arena *copies = arena_new();
    similar_ids similar = similar_ids_begin(id);
    similar_ids_consider_all(
        &similar, glossary_get(store_folder_glossary(folder), GLOSSARY_PEOPLE), copies);
    const char *out = question_of(e, &similar);
    arena_free(copies);
    return out;
}

static const char *ask_in_run(const engine *e, const remembered_run *run, const char *id)
{
    arena *copies = arena_new();
    similar_ids similar = similar_ids_begin(id);
    for (size_t i = 0; i < run->people.count; i++) {
        slice own = run->people.items[i];
        similar_ids_consider(&similar, arena_copy_text(copies, own.data, own.size));
    }
    const char *out = question_of(e, &similar);
    arena_free(copies);
    return out;
}

static bool add_forgotten(forgetting *f, store_folder *folder, carpel_error *err)
{
    bool is_good = true;
    for (size_t i = 0; is_good && i < f->count; i++) {
        slice id = slice_of(f->ids[i]);
        f->is_known[i] = f->is_known[i] || is_known(folder, id);
        if (!f->is_known[i])
            f->questions[i] = ask_in_store(f->engine, folder, f->ids[i]);
        is_good = forgotten_add(&store_folder_manifest(folder)->forgotten, id, err);
    }
    return is_good;
}

static bool forget_in_store(forgetting *f, carpel_error *err)
{
    engine *e = f->engine;
    store_folder *folder = engine_lock_store(e, err);
    bool is_good = folder && add_forgotten(f, folder, err) &&
                   compact_store(folder, e->schema, hide_values, f, &f->out->rows, err) &&
                   store_folder_commit(folder, err);
    store_folder_free(folder);
    return is_good;
}

/* Without a store, the last run knows who there is. */
static void ask_in_last_run(forgetting *f, const run_folder *runs)
{
    carpel_error ignored;
    const remembered_run *head = run_folder_up_to(runs, INT64_MAX);
    remembered_run *last = head ? run_folder_read(runs, head->number, &ignored) : NULL;
    for (size_t i = 0; last && i < f->count; i++)
        if (!f->is_known[i])
            f->questions[i] = ask_in_run(f->engine, last, f->ids[i]);
    remembered_run_free(last);
}

static bool forget_in_each_run(forgetting *f, carpel_error *err)
{
    run_folder *runs = run_folder_open(f->engine->project->directory, err);
    bool is_good = runs && run_folder_remove_aside(runs, err);
    for (size_t i = 0; is_good && i < f->count; i++) {
        size_t changed;
        is_good = run_folder_forget(runs, slice_of(f->ids[i]), &changed, err);
        f->out->runs += changed;
        f->is_known[i] |= changed > 0;
    }
    if (is_good && !f->engine->project->store.text)
        ask_in_last_run(f, runs);
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

static void list_unknown(const forgetting *f)
{
    engine_forgotten *out = f->out;
    out->unknown =
        arena_alloc_array(f->engine->memory, f->count + 1, sizeof *out->unknown);
    out->questions =
        arena_alloc_array(f->engine->memory, f->count + 1, sizeof *out->questions);
    for (size_t i = 0; i < f->count; i++) {
        if (f->is_known[i])
            continue;
        out->unknown[out->unknown_count] = f->ids[i];
        out->questions[out->unknown_count++] = f->questions[i];
    }
}

bool engine_forget(engine *e, const char *const *ids, size_t count, engine_forgotten *out,
                   carpel_error *err)
{
    *out = (engine_forgotten){0};
    bool *known = arena_alloc_array(e->memory, count + 1, sizeof *known);
    forgetting f = {
        .engine = e, .ids = ids, .count = count, .is_known = known, .out = out};
    bool has_links = e->project->store.text && engine_joins_people(e);
    bool is_good = !has_links || take_all_ids(&f, err);
    f.questions = arena_alloc_array(e->memory, f.count + 1, sizeof *f.questions);
    is_good = is_good && (!e->project->store.text || forget_in_store(&f, err)) &&
              forget_in_runs(&f, err) && remove_list(e, err);
    list_unknown(&f);
    return is_good;
}
