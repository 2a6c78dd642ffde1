/* SPDX-License-Identifier: MIT
 *
 * What the people depend on beside the files of the store is hashed, and stands with them in the manifest.
 */
#include "engine/kept_people.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "engine/identity_parts.h"
#include "ingest/meaning.h"
#include "store/open_store.h"

/* ---- the terms ------------------------------------------------------------ */

enum { RULES_OF_JOINING = 1 }; /* rises when the same links join others than before */

static void add_text(text *out, const char *word)
{
    text_append_bytes(out, word, strlen(word) + 1);
}

static void add_number(text *out, uint64_t number)
{
    text_append_format(out, "%llu,", (unsigned long long)number);
}

static void add_identities(text *out, const config_identities *said)
{
    for (int k = 0; k < ID_KIND_COUNT; k++)
        add_number(out, said->most[k]);
    add_number(out, said->most_of_person);
    for (size_t i = 0; i < said->unlinked_count; i++) {
        add_text(out, said->unlinked[i].ids[0].text);
        add_text(out, said->unlinked[i].ids[1].text);
    }
}

static void add_sources(text *out, const engine *e)
{
    uint64_t meanings[MEANING_COUNT];
    for (size_t i = 0; i < e->project->source_count; i++) {
        engine_source_meanings(e, i, meanings);
        add_text(out, e->sources[i].name);
        add_number(out, meanings[MEANING_TYPES]);
    }
}

/* Rows that are too old by now are not among those that are kept. */
static void add_keeps(text *out, const engine *e)
{
    for (size_t i = 0; i < e->keep_count; i++) {
        add_text(out, e->schema->kinds[e->keeps[i].kind].name);
        add_number(out, (uint64_t)e->keeps[i].length.count);
        add_number(out, e->keeps[i].length.unit);
    }
    if (e->keep_count > 0)
        add_text(out, e->project->time_zone.text ? e->project->time_zone.text : "");
}

static uint64_t terms_of(const engine *e)
{
    text said;
    text_init(&said);
    add_number(&said, RULES_OF_JOINING);
    add_identities(&said, &e->project->identities);
    add_sources(&said, e);
    add_keeps(&said, e);
    uint64_t terms = XXH3_64bits(said.data, said.size);
    text_done(&said);
    return terms;
}

/* The links that are known at this instant join the people who are kept. */
static int64_t instant_to_keep(const engine *e)
{
    return engine_instant_of_links(e, engine_clock(e));
}

/* ---- reading -------------------------------------------------------------- */

bool kept_people_fit(const engine *e, store_folder *f)
{
    const manifest_joined *j = &store_folder_manifest(f)->joined;
    return engine_joins_people(e) && j->file.count > 0 && j->terms == terms_of(e) &&
           people_last_at(j->from, j->until, instant_to_keep(e)) &&
           (e->keep_count == 0 || j->made <= engine_clock(e));
}

bool kept_people_open(engine *e, store_folder *f, const char *const *sources,
                      carpel_error *err)
{
    const manifest_joined *j = &store_folder_manifest(f)->joined;
    slice notes;
    e->store =
        store_open_joined(f, e->schema, sources, e->project->source_count, &notes, err);
    if (e->store)
        engine_use_kept_people(e, j->from, j->until, notes);
    return e->store;
}

bool kept_people_are_overtaken(const store_folder *f)
{
    carpel_error unused;
    store_folder *now = store_folder_new(store_folder_path(f));
    bool is_same = store_folder_look(now, &unused) &&
                   store_folder_stamp(now) == store_folder_stamp(f);
    store_folder_free(now);
    return !is_same;
}

/* ---- writing -------------------------------------------------------------- */

static void add_note(void *context, const char *line)
{
    add_text(context, line);
}

/* The store as it was read, locked; NULL: somebody else writes, nobody may, or it has changed. */
static store_folder *lock_same(const store_folder *f)
{
    carpel_error unused;
    store_folder *locked = store_folder_new(store_folder_path(f));
    if (store_folder_lock(locked, &unused) == STORE_LOCKED &&
        store_folder_look(locked, &unused) &&
        store_folder_stamp(locked) == store_folder_stamp(f))
        return locked;
    store_folder_free(locked);
    return NULL;
}

/* What commands say of the people is the same each time. To be released. */
static text notes_of(engine *e)
{
    text notes;
    text_init(&notes);
    engine_note_people(e, &(engine_listener){.log = add_note, .context = &notes});
    return notes;
}

static void write_people(engine *e, store_folder *f, const people *p)
{
    carpel_error unused;
    text notes = notes_of(e);
    manifest_joined joined = {.terms = terms_of(e),
                              .from = p->from,
                              .until = p->until,
                              .made = engine_clock(e)};
    joined_content content = {.joined = p->joined,
                              .links = e->identities->links,
                              .notes = {notes.data, notes.size}};
    if (store_folder_keep_joined(f, &joined, &content, &unused))
        store_folder_commit(f, &unused);
    text_done(&notes);
}

void kept_people_keep(engine *e, store_folder *f, bool is_locked)
{
    carpel_error unused;
    store_folder *locked = !engine_joins_people(e) ? NULL : is_locked ? f : lock_same(f);
    if (locked && engine_people_at(e, instant_to_keep(e), &unused) &&
        e->identities->at->joined)
        write_people(e, locked, e->identities->at);
    if (locked != f)
        store_folder_free(locked);
}
