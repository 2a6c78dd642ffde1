/* SPDX-License-Identifier: MIT
 *
 * Loading into the store on the disk: what is new of the sources becomes parts of it, one
 * commit makes them part of it together, and then it is opened.
 *
 *     read the manifest -- nothing is new ---------------------> open
 *           |                                                     ^
 *           +-- lock, read it again, load sources, commit --------+
 *                 |                                               |
 *                 +-- locked, or not writable: a note ------------+
 *
 * A project that says nothing about a store gets one as soon as it has something to remember.
 */
#include <string.h>

#include "base/aside.h"
#include "engine/kept_people.h"
#include "engine/store_loading.h"
#include "store/open_store.h"

#define READ_AS_IS   "the store is read as it is"
#define READ_WITHOUT "the sources are read without a store"

enum {
    MOST_TRIES = 5, /* of readers that a commit overtakes */
    MOST_TEXTS = 64 /* files of them, which are joined then */
};

static bool names_forgotten(void *context, slice value)
{
    return forgotten_is_named(context, value);
}

static bool is_forgotten(void *context, slice person)
{
    return forgotten_has(context, person);
}

/* Stops behind the first source that has to be read as a whole after all. */
static bool take_each(store_loading *r, carpel_error *err)
{
    engine *e = r->engine;
    bool is_good = true;
    forgotten *gone = &store_folder_manifest(r->folder)->forgotten;
    r->starts_over = false;
    e->forgotten_count = gone->count;
    if (gone->count > 0) {
        quarantine_hide(e->quarantine, names_forgotten, gone);
        quarantine_leave_out(e->quarantine, is_forgotten, gone);
    }
    for (size_t i = 0; is_good && !r->starts_over && i < e->project->source_count; i++) {
        quarantine_begin_source(e->quarantine);
        is_good = r->is_locked && r->states[i].is_stale ? store_loading_take(r, i, err)
                                                        : store_loading_repeat(r, i, err);
    }
    return is_good;
}

/* Rows of sources that the project does not have any more are not read. */
static void note_removed(const store_loading *r)
{
    const engine *e = r->engine;
    const manifest *m = store_folder_manifest(r->folder);
    for (size_t i = 0; i < m->source_count; i++) {
        const char *name = m->sources[i].name;
        bool is_there = false;
        for (size_t k = 0; k < e->project->source_count; k++)
            is_there |= strcmp(e->sources[k].name, name) == 0;
        if (!is_there)
            store_loading_note(
                r, arena_format(e->memory,
                                "the store has rows of a source \"%s\", which the "
                                "project does not have any more: \"carpel store drop "
                                "%s\" forgets them",
                                name, name));
    }
}

/* What the sources gave is on the disk. */
static void acknowledge_sources(const store_loading *r)
{
    for (size_t i = 0; i < r->engine->project->source_count; i++)
        if (r->states[i].told && r->states[i].told[0] != '\0')
            engine_acknowledge(r->engine, i, r->states[i].told, &r->options->listener);
}

static void index_texts(void *texts)
{
    dictionary_make_index(texts);
}

/* Each new row names somebody who is looked up among all: their index is made while rows are read. */
static aside *begin_index(const store_loading *r)
{
    enum { FEW = 10000 }; /* sooner done than a thread begun */
    dictionary *people = glossary_get(store_folder_glossary(r->folder), GLOSSARY_PEOPLE);
    bool is_worth =
        r->is_locked && r->options->threads != 1 && dictionary_count(people) >= FEW;
    return is_worth ? aside_begin(index_texts, people) : NULL;
}

static bool take_all(store_loading *r, carpel_error *err)
{
    aside *index = begin_index(r);
    bool is_good = take_each(r, err);
    while (is_good && r->starts_over) {
        engine_begin_intake(r->engine, r->options);
        is_good = take_each(r, err);
    }
    aside_end(index);
    return is_good;
}

static bool take_sources(store_loading *r, carpel_error *err)
{
    engine *e = r->engine;
    if (r->options->only_keeps)
        note_removed(r);
    bool is_good = take_all(r, err);
    if (!is_good || !engine_finish_intake(e, &r->options->listener, err))
        return false;
    if (!r->has_changed)
        return true;
    if (store_folder_manifest(r->folder)->texts.count > MOST_TEXTS)
        store_folder_join_texts(r->folder);
    if (r->options->commits)
        r->options->commits();
    if (!store_folder_commit(r->folder, err))
        return false;
    acknowledge_sources(r);
    return true;
}

/* ---- the store ------------------------------------------------------------ */

static bool read_folder(store_loading *r, carpel_error *err)
{
    store_folder_free(r->folder);
    r->folder = store_folder_new(r->engine->project->store.text);
    return store_folder_read(r->folder, err);
}

/* Is the store of any use that was locked, or was not? Else *err says why. */
static bool is_worth_reading(const store_loading *r, store_lock lock, carpel_error *err)
{
    if (lock == STORE_OF_OTHERS || (lock == STORE_READ_ONLY && r->options->only_keeps))
        return false;
    if (lock == STORE_BUSY && r->options->only_keeps)
        return carpel_fail(err, CARPEL_E_CANCELLED,
                           "another process writes to the store: try again later");
    return true;
}

/* Lock the folder and read it again. What somebody else writes is read as it is; *is_done is
 * false when there is nothing to read. */
static bool lock_folder(store_loading *r, bool *is_done, carpel_error *err)
{
    store_folder *now = store_folder_new(r->engine->project->store.text);
    store_lock lock = store_folder_lock(now, err);
    r->is_locked = lock == STORE_LOCKED;
    store_folder *before = r->folder;
    r->folder = now;
    carpel_error reason = *err;
    bool is_read =
        is_worth_reading(r, lock, err) && store_folder_read_again(r->folder, before, err);
    store_folder_free(before);
    if (!is_read)
        return false;
    *is_done = r->is_locked || store_folder_exists(r->folder);
    if (lock == STORE_BUSY)
        store_loading_note(
            r, *is_done ? "another process loads into the store: it is read as it is"
                        : "another process loads into the store: the sources are read "
                          "without it");
    else if (lock == STORE_READ_ONLY)
        store_loading_note(r, arena_format(r->engine->memory, "%s: %s", reason.message,
                                           *is_done ? READ_AS_IS : READ_WITHOUT));
    if (r->is_locked)
        source_states_look(r->engine, r->folder, r->states);
    return true;
}

/* Rows that were loaded with other types are not those that the rules speak of. */
static bool check_types(const store_loading *r, carpel_error *err)
{
    for (size_t i = 0; i < r->engine->project->source_count; i++) {
        const char *name = r->engine->sources[i].name;
        const manifest_source *s = manifest_find(store_folder_manifest(r->folder), name);
        if (s && s->meanings[MEANING_TYPES] != r->states[i].meanings[MEANING_TYPES])
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "the source \"%s\" was loaded with another schema: load it "
                "again",
                name);
    }
    return true;
}

/* Open the parts, whose people are joined then, and may be kept for the next command. */
static bool open_parts(store_loading *r, const char *const *names, carpel_error *err)
{
    engine *e = r->engine;
    size_t count = e->project->source_count;
    e->store = store_open(r->folder, e->schema, names, count, e->wanted, err);
    if (e->store)
        kept_people_keep(e, r->folder, r->is_locked);
    return e->store;
}

/* People who were joined before are taken as they are. What cannot be used of them is made again from the
 * parts. */
static bool open_once(store_loading *r, const char *const *names, carpel_error *err)
{
    engine *e = r->engine;
    if (!kept_people_fit(e, r->folder))
        return open_parts(r, names, err);
    if (kept_people_open(e, r->folder, names, err))
        return true;
    if (!r->is_locked && kept_people_are_overtaken(r->folder))
        return false;
    carpel_error damage = *err;
    if (!open_parts(r, names, err))
        return false;
    store_loading_note(
        r, arena_format(e->memory, "%s: the people are joined anew", damage.message));
    return true;
}

static bool open_store(store_loading *r, carpel_error *err)
{
    engine *e = r->engine;
    size_t count = e->project->source_count;
    const char **names = arena_alloc_array(e->memory, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = e->sources[i].name;
    bool is_open = open_once(r, names, err);
    for (int tries = 0; !is_open && !r->is_locked && tries < MOST_TRIES; tries++)
        if (read_folder(r, err)) /* a commit may have removed what we were to open */
            is_open = open_once(r, names, err);
    return is_open;
}

static bool fail_without_store(const store_loading *r, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "there is no store in \"%s\" yet: \"carpel load\" makes one",
                       r->engine->project->store.text);
}

/* Of a pipe or made-up data nothing is left to be read once: a store that nobody asked for would only be
 * written. */
static bool is_worth_keeping(const store_loading *r)
{
    const project *p = r->engine->project;
    bool is_worth =
        p->is_store_named || r->options->only_keeps || store_folder_exists(r->folder);
    for (size_t i = 0; i < p->source_count; i++)
        is_worth |= r->states[i].files->are_files || r->states[i].resumes ||
                    p->sources[i].is_appended;
    return is_worth || store_folder_manifest(r->folder)->forgotten.count > 0;
}

/* ---- when it cannot be written or read ------------------------------------- */

/* What cannot be kept is read all the same: from the store as the last commit left it, or into
 * memory. */
static bool go_without_writing(store_loading *r, bool *is_done, carpel_error *err)
{
    engine *e = r->engine;
    carpel_error reason = *err;
    if (r->options->only_keeps || !store_folder_has_failed(r->folder))
        return false;
    r->is_locked = r->has_changed = false;
    engine_begin_intake(e, r->options);
    if (!read_folder(r, err))
        return false;
    source_states_look(e, r->folder, r->states);
    *is_done = store_folder_exists(r->folder);
    store_loading_note(r, arena_format(e->memory, "%s: %s", reason.message,
                                       *is_done ? READ_AS_IS : READ_WITHOUT));
    return !*is_done || take_sources(r, err);
}

/* A store that may not be read is left alone, as long as nobody is forgotten in it. */
static bool go_without_reading(store_loading *r, bool *is_done, carpel_error *err)
{
    carpel_error reason = *err;
    bool may_read_sources = reason.code == CARPEL_E_SYSTEM && !r->options->only_keeps &&
                            !r->options->reads_as_is;
    store_folder_free(r->folder);
    r->folder = store_folder_new(r->engine->project->store.text);
    if (!may_read_sources || !store_folder_look_beside(r->folder, err))
        return false;
    *is_done = false;
    store_loading_note(
        r, arena_format(r->engine->memory, "%s: " READ_WITHOUT, reason.message));
    return true;
}

/* Only what is put into a store leaves out who is forgotten. */
static bool check_forgotten(const store_loading *r, carpel_error *err)
{
    size_t count = store_folder_manifest(r->folder)->forgotten.count;
    return count == 0 ||
           carpel_fail(err, CARPEL_E_SYSTEM,
                       "the sources cannot be read without the store in \"%s\", since "
                       "only that leaves out who is forgotten: make it readable and "
                       "writable, and see that there is room",
                       r->engine->project->store.text);
}

/* ---- all of it -------------------------------------------------------------- */

static bool take_and_open(store_loading *r, bool *is_done, carpel_error *err)
{
    bool is_new = !store_folder_exists(r->folder);
    if (!take_sources(r, err) && !go_without_writing(r, is_done, err))
        return false;
    if (!*is_done)
        return true;
    r->engine->has_made_store = is_new && store_folder_exists(r->folder);
    return check_types(r, err) && (r->options->only_keeps || open_store(r, err));
}

/* Read what there is, and what is new; *is_done is false when the sources are to be read
 * without a store. */
static bool use_store(store_loading *r, bool *is_done, carpel_error *err)
{
    if (!read_folder(r, err))
        return go_without_reading(r, is_done, err);
    bool is_stale = source_states_look(r->engine, r->folder, r->states);
    *is_done = is_worth_keeping(r);
    if (r->options->reads_as_is && !store_folder_exists(r->folder))
        return fail_without_store(r, err);
    if (*is_done && is_stale && !r->options->reads_as_is && !lock_folder(r, is_done, err))
        return false;
    return !*is_done || take_and_open(r, is_done, err);
}

static bool load_store(store_loading *r, bool *is_done, carpel_error *err)
{
    return use_store(r, is_done, err) && (*is_done || check_forgotten(r, err));
}

bool engine_load_store(engine *e, const engine_load_options *options, bool *is_done,
                       carpel_error *err)
{
    store_loading r = {.engine = e, .options = options};
    r.states = source_states_new(e);
    bool is_good = load_store(&r, is_done, err);
    quarantine_hide(e->quarantine, NULL, NULL);
    quarantine_leave_out(e->quarantine, NULL, NULL);
    store_folder_free(r.folder);
    return is_good;
}
