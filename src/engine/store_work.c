/* SPDX-License-Identifier: MIT
 *
 * Work on the store of a project that loads nothing: its parts are put together.
 */
#include <string.h>

#include "engine/parts.h"
#include "ingest/meaning.h"
#include "store/compact.h"

/* Lock the store and read what it consists of; NULL: err is filled. */
static store_folder *lock_store(engine *e, carpel_error *err)
{
    engine_begin_keeping(e);
    store_folder *f = store_folder_new(e->project->store.text);
    store_lock lock = store_folder_lock(f, err);
    bool is_good = lock == STORE_LOCKED;
    if (lock == STORE_BUSY)
        carpel_fail(err, CARPEL_E_CANCELLED,
                    "another process writes to the store: try again later");
    if (is_good && store_folder_read(f, err))
        return f;
    store_folder_free(f);
    return NULL;
}

static size_t find_source(const engine *e, const char *name)
{
    for (size_t i = 0; i < e->project->source_count; i++)
        if (strcmp(e->sources[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

/* Rows can be written anew only when it is known what they are. */
static bool check_source(const engine *e, const manifest_source *s, carpel_error *err)
{
    uint64_t meanings[MEANING_COUNT];
    size_t source = find_source(e, s->name);
    if (source == SIZE_MAX)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the store has rows of a source \"%s\", which the project does not have "
            "any more: forget them with \"carpel store drop %s\"",
            s->name, s->name);
    engine_source_meanings(e, source, meanings);
    return meanings[MEANING_TYPES] == s->meanings[MEANING_TYPES] ||
           carpel_fail(err, CARPEL_E_INPUT,
                       "the source \"%s\" was loaded with another schema: load it again "
                       "(carpel load)",
                       s->name);
}

static bool check_sources(const engine *e, const manifest *m, carpel_error *err)
{
    bool is_good = true;
    for (size_t i = 0; is_good && i < m->source_count; i++)
        is_good = check_source(e, &m->sources[i], err);
    return is_good;
}

store_folder *engine_lock_store(engine *e, carpel_error *err)
{
    store_folder *f = lock_store(e, err);
    if (f && check_sources(e, store_folder_manifest(f), err))
        return f;
    store_folder_free(f);
    return NULL;
}

bool engine_compact_store(engine *e, carpel_error *err)
{
    uint64_t unused;
    store_folder *f = engine_lock_store(e, err);
    bool is_good = f && compact_store(f, e->schema, NULL, NULL, &unused, err) &&
                   store_folder_commit(f, err);
    store_folder_free(f);
    return is_good;
}
