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

#include "base/memory.h"
#include "base/parallel.h"
#include "engine/cursors.h"
#include "engine/parts.h"
#include "ingest/meaning.h"
#include "plugin/guarded.h"
#include "store/compact.h"

_Static_assert((int)MEANING_COUNT == MANIFEST_MEANINGS, "a manifest has all meanings");

enum {
    MOST_TRIES = 5, /* of readers that a commit overtakes */
    MOST_TEXTS = 64 /* files of them, which are joined then */
};

/* What is known of a source before it is loaded. */
typedef struct source_state {
    bool is_stale;
    bool goes_on; /* what is loaded is put beside what there is */
    const char
        *why; /* it is loaded as a whole; NULL: it was never loaded, or is no file */
    const char *vanished; /* a file that it was loaded from, or NULL */
    cursors files;
    uint64_t meanings[MEANING_COUNT];
    uint64_t added; /* rows, by this load */
} source_state;

typedef struct store_loading {
    engine *engine;
    const engine_load_options *options;
    store_folder *folder;
    bool is_locked, has_changed;
    bool starts_over;     /* a source has to be read as a whole after all */
    source_state *states; /* by source */
} store_loading;

static void note(const store_loading *r, const char *message)
{
    const engine_listener *l = &r->options->listener;
    if (l->log)
        l->log(l->context, message);
}

/* ---- what is new ---------------------------------------------------------- */

static const char *changed_meaning(const engine *e, const manifest_source *then,
                                   const uint64_t *now)
{
    for (int m = 0; m < MEANING_COUNT; m++)
        if (then->meanings[m] != now[m])
            return arena_format(e->memory, "its %s has changed",
                                meaning_name((source_meaning)m));
    return NULL;
}

void engine_source_meanings(const engine *e, size_t source, uint64_t *out)
{
    const engine_source *s = &e->sources[source];
    meaning_hash(s->mapping, &e->project->sources[source], s->connector.plugin->version,
                 project_source_keys, out);
}

/* Can its files be read on from where they ended? */
static bool may_go_on(const engine_connector *c)
{
    const carpel_reading *reading = c->plugin ? guarded_reading(c->plugin) : NULL;
    return reading && reading->goes_on;
}

/* The source that has the file now, or NULL. */
static const char *find_owner(const store_loading *r, const char *path)
{
    for (size_t i = 0; i < r->engine->project->source_count; i++)
        if (cursors_have(&r->states[i].files, path))
            return r->engine->sources[i].name;
    return NULL;
}

/* Why the rows of a file that the source does not have any more must not stay, or NULL. One that is
 * there under another name, or is of another source now, would be counted twice; one that lies where it
 * lay is not named any more. */
static const char *why_file_left(const store_loading *r, const source_state *s,
                                 const manifest_source *then, const manifest_cursor *c)
{
    const engine *e = r->engine;
    const char *owner = find_owner(r, c->path),
               *name = owner ? NULL : cursors_find_renamed(e, &s->files, then, c);
    if (owner)
        return arena_format(e->memory, "%s is a file of the source \"%s\" now", c->path,
                            owner);
    if (name)
        return arena_format(e->memory, "%s is called %s now", c->path, name);
    return cursors_is_on_disk(e, c->path)
               ? arena_format(e->memory, "%s is not one of its files any more", c->path)
               : NULL;
}

/* Look for the files that the source does not have any more. */
static void look_at_vanished(const store_loading *r, source_state *s,
                             const manifest_source *then)
{
    for (size_t i = 0; i < then->cursor_count; i++) {
        const manifest_cursor *c = &then->cursors[i];
        if (cursors_have(&s->files, c->path))
            continue;
        const char *why = why_file_left(r, s, then, c);
        if (!why)
            s->vanished = s->vanished ? s->vanished : c->path;
        s->why = s->why ? s->why : why;
    }
}

static void look_at_source(const store_loading *r, size_t source)
{
    const engine *e = r->engine;
    source_state *s = &r->states[source];
    const engine_source *from = &e->sources[source];
    const manifest_source *then =
        manifest_find(store_folder_manifest(r->folder), from->name);
    engine_source_meanings(e, source, s->meanings);
    s->is_stale = true;
    if (!then)
        return;
    s->why = changed_meaning(e, then, s->meanings);
    if (then->has_cursors)
        look_at_vanished(r, s, then);
    if (s->why)
        return;
    s->goes_on = !s->files.are_files && e->project->sources[source].is_appended;
    if (!s->files.are_files || !then->has_cursors)
        return;
    s->why = cursors_compare(e, &s->files, then, may_go_on(&from->connector));
    s->goes_on = !s->why;
    s->is_stale = s->why || cursors_are_wanted(&s->files);
}

/* Is anything new? */
static bool look_at_sources(const store_loading *r)
{
    bool is_any_stale = false;
    size_t count = r->engine->project->source_count;
    for (size_t i = 0; i < count; i++)
        r->states[i] = (source_state){.files = cursors_find(r->engine, i)};
    for (size_t i = 0; i < count; i++) {
        look_at_source(r, i);
        is_any_stale = is_any_stale || r->states[i].is_stale;
    }
    return is_any_stale;
}

/* ---- loading -------------------------------------------------------------- */

/* Places of the rows that stand before those of a source. */
static uint64_t places_before(const store_loading *r, size_t source)
{
    uint64_t places = 0;
    for (size_t i = 0; i < source; i++) {
        const manifest_source *s =
            manifest_find(store_folder_manifest(r->folder), r->engine->sources[i].name);
        places += s ? s->places : 0;
    }
    return places;
}

/* The entry of the source in the manifest, of which everything or nothing stays. */
static manifest_source *begin_source(const store_loading *r, size_t source)
{
    manifest *m = store_folder_manifest(r->folder);
    const char *name = r->engine->sources[source].name;
    return r->states[source].goes_on ? manifest_find(m, name)
                                     : manifest_begin_source(m, name);
}

/* What was read of a source. */
typedef struct source_rows {
    store_loading *loading;
    size_t source;
    bool has_begun;    /* its entry in the manifest is that of this load */
    size_t part_count; /* that it had then */
    loader *loader;
    origins *origins; /* of the rows that are not put down yet */
    source_extent extent;
    uint64_t left_out; /* rows of people who are forgotten */
    text refused;      /* the rows that were refused */
    section_file *
        *ids_files; /* the parts of loads before, where `id:` has to know them */
    size_t ids_file_count;
} source_rows;

/* The entry of the source in the manifest, to which this load adds. */
static manifest_source *entry_of(source_rows *read)
{
    const store_loading *r = read->loading;
    if (read->has_begun)
        return manifest_find(store_folder_manifest(r->folder),
                             r->engine->sources[read->source].name);
    manifest_source *s = begin_source(r, read->source);
    read->has_begun = true;
    read->part_count = s->parts.count;
    return s;
}

/* Put down the rows that were read as a part. */
static bool add_part(source_rows *read, slice refused, const taken_ids *ids,
                     carpel_error *err)
{
    const store_loading *r = read->loading;
    manifest_source *s = entry_of(read);
    store *rows = loader_finish(read->loader);
    if (!rows)
        return cancel_fail(err);
    part_content content = {.rows = rows,
                            .origins = read->origins,
                            .arrival_base = places_before(r, read->source) + s->places,
                            .refused = refused,
                            .ids = ids};
    bool is_good = store_folder_add_part(r->folder, s, &content, err);
    s->places += origins_row_count(read->origins);
    read->left_out += content.left_out;
    store_free(rows);
    return is_good;
}

/* The loader is full: put down its rows. They are joined with the others in the end. */
static bool spill_rows(void *context, carpel_error *err)
{
    source_rows *read = context;
    bool is_good = add_part(read, (slice){"", 0}, NULL, err);
    origins_free(read->origins);
    read->origins = origins_new();
    loader_set_origins(read->loader, read->origins);
    return is_good;
}

/* Put down what is left, unless there is nothing, and make one part of all. */
static bool add_last_part(source_rows *read, carpel_error *err)
{
    const store_loading *r = read->loading;
    slice refused = {read->refused.data, read->refused.size};
    if ((origins_row_count(read->origins) > 0 || refused.size > 0) &&
        !add_part(read, refused, loader_ids(read->loader), err))
        return false;
    manifest_source *s = entry_of(read);
    return s->parts.count <= read->part_count + 1 ||
           compact_parts(r->folder, r->engine->schema, s, read->part_count, err);
}

static void add_intake(const store_loading *r, size_t source, const manifest_source *s)
{
    const char *name =
        r->engine->sources[source].name; /* that of `s` ends with the folder */
    engine_intake intake = {.source = name};
    if (s)
        intake = (engine_intake){name,       s->taken,    s->skipped,
                                 s->refused, s->repeated, r->states[source].added};
    engine_add_intake(r->engine, intake, &r->options->listener);
}

/* Put down what was read, and how the source was then. */
static bool keep_source(store_loading *r, size_t source, source_rows *read,
                        carpel_error *err)
{
    const engine *e = r->engine;
    source_state *state = &r->states[source];
    uint64_t taken = loader_row_count(read->loader),
             skipped = loader_skipped_count(read->loader);
    if (!add_last_part(read, err))
        return false;
    taken -= read->left_out;
    manifest_source *s = entry_of(read);
    for (size_t m = 0; m < MANIFEST_MEANINGS; m++)
        s->meanings[m] = state->meanings[m];
    s->taken += taken;
    s->skipped += skipped;
    s->repeated += loader_repeated_count(read->loader);
    s->refused = quarantine_source_count(e->quarantine, source); /* the old ones, too */
    s->has_cursors = state->files.are_files;
    state->added = taken;
    state->is_stale = false;
    add_intake(r, source, s);
    return compact_small_parts(r->folder, e->schema, s, err) &&
           (!s->has_cursors || cursors_end(e, &state->files, &read->extent,
                                           store_folder_manifest(r->folder), s, err));
}

/* What cannot be read again is not to be lost because of something else. */
static bool fail_vanished(const store_loading *r, size_t source, carpel_error *err)
{
    const source_state *s = &r->states[source];
    const char *name = r->engine->sources[source].name;
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "the source \"%s\" is to be loaded again, since %s, and \"%s\" is "
        "not there any more: put it back, or forget its rows with \"carpel "
        "store drop %s\"",
        name, s->why ? s->why : "it is no file", s->vanished, name);
}

static void note_vanished(const store_loading *r, size_t source)
{
    engine *e = r->engine;
    if (r->states[source].vanished)
        note(r, arena_format(e->memory,
                             "\"%s\" of the source \"%s\" is not there any more: its "
                             "rows stay in the store",
                             r->states[source].vanished, e->sources[source].name));
}

/* Tell of the rows that were refused when what is there of a source was loaded. */
static bool repeat_refused(store_loading *r, size_t source, carpel_error *err)
{
    engine *e = r->engine;
    const manifest_source *s =
        manifest_find(store_folder_manifest(r->folder), e->sources[source].name);
    text kept;
    text_init(&kept);
    bool is_good = true;
    for (size_t i = 0; is_good && s && s->refused > 0 && i < s->parts.count; i++)
        is_good = store_folder_read_refused(r->folder, &s->parts.items[i], &kept, err);
    is_good =
        is_good && quarantine_repeat(e->quarantine, (slice){kept.data, kept.size}, err);
    text_done(&kept);
    return is_good;
}

/* What is told before a source is loaded. */
static bool announce_source(store_loading *r, size_t source, carpel_error *err)
{
    engine *e = r->engine;
    const source_state *state = &r->states[source];
    if (state->goes_on) {
        note_vanished(r, source);
        return repeat_refused(r, source, err);
    }
    if (state->vanished)
        return fail_vanished(r, source, err);
    if (state->why)
        note(r, arena_format(e->memory, "the source \"%s\" is loaded again: %s",
                             e->sources[source].name, state->why));
    return true;
}

/* Let the loader know the ids of the rows that are there. */
static bool add_known_ids(store_loading *r, size_t source, source_rows *read,
                          carpel_error *err)
{
    engine *e = r->engine;
    if (!r->states[source].goes_on || !e->project->sources[source].id.from.text)
        return true;
    const manifest_source *s =
        manifest_find(store_folder_manifest(r->folder), e->sources[source].name);
    read->ids_files =
        arena_alloc_array(e->memory, s->parts.count + 1, sizeof *read->ids_files);
    for (size_t i = 0; i < s->parts.count; i++) {
        section_file *f = store_folder_open_part(r->folder, &s->parts.items[i], err);
        if (!f)
            return false;
        read->ids_files[read->ids_file_count++] = f;
        if (!taken_ids_add_part(loader_ids(read->loader), f, err))
            return false;
    }
    return true;
}

/* Sorting rows and putting them down takes a third as much again as they do. */
static size_t memory_for_rows(const store_loading *r)
{
    size_t bytes = r->options->memory_bytes;
    return (bytes > 0 ? bytes : (size_t)r->engine->project->memory_bytes) / 4 * 3;
}

static bool read_source(store_loading *r, size_t source, source_rows *read,
                        carpel_error *err)
{
    engine *e = r->engine;
    source_state *state = &r->states[source];
    if (!add_known_ids(r, source, read, err))
        return false;
    if (state->files.are_files) {
        read->extent = cursors_extent(e, source, &state->files);
        if (!cursors_begin(e, &state->files, err))
            return false;
    }
    loader_set_cancel(read->loader, e->cancel);
    loader_set_threads(read->loader, r->options->threads > 0
                                         ? r->options->threads
                                         : parallel_processor_count());
    loader_set_origins(read->loader, read->origins);
    loader_set_spill(read->loader, memory_for_rows(r), spill_rows, read);
    quarantine_keep(e->quarantine, &read->refused);
    bool is_good =
        engine_read_source(e, source, state->files.are_files ? &read->extent : NULL,
                           read->loader, r->options, err);
    quarantine_keep(e->quarantine, NULL);
    return is_good;
}

static bool load_source(store_loading *r, size_t source, carpel_error *err)
{
    if (!announce_source(r, source, err))
        return false;
    source_rows read = {.loading = r,
                        .source = source,
                        .loader = loader_new(r->engine->schema, r->engine->quarantine),
                        .origins = origins_new()};
    text_init(&read.refused);
    bool is_good = read_source(r, source, &read, err);
    r->starts_over = is_good && loader_has_row_behind(read.loader);
    is_good = is_good && (r->starts_over || keep_source(r, source, &read, err));
    loader_free(read.loader);
    origins_free(read.origins);
    text_done(&read.refused);
    for (size_t i = 0; i < read.ids_file_count; i++)
        section_file_close(read.ids_files[i]);
    r->has_changed = true;
    return is_good;
}

/* Of rows with one id that which stands first counts: it came later than the other. */
static void load_as_a_whole(store_loading *r, size_t source)
{
    source_state *s = &r->states[source];
    s->goes_on = false;
    s->why = "a row of it has the id of one that was loaded before and stands behind";
    cursors_want_all(&s->files);
}

/* What became of the rows of a source when it was loaded. */
static bool repeat_source(store_loading *r, size_t source, carpel_error *err)
{
    engine *e = r->engine;
    const char *name = e->sources[source].name;
    note_vanished(r, source);
    if (!repeat_refused(r, source, err))
        return false;
    add_intake(r, source, manifest_find(store_folder_manifest(r->folder), name));
    return true;
}

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
        is_good = r->is_locked && r->states[i].is_stale ? load_source(r, i, err)
                                                        : repeat_source(r, i, err);
        if (is_good && r->starts_over)
            load_as_a_whole(r, i);
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
            note(r, arena_format(e->memory,
                                 "the store has rows of a source \"%s\", which the "
                                 "project does not have any more: \"carpel store drop "
                                 "%s\" forgets them",
                                 name, name));
    }
}

static bool take_sources(store_loading *r, carpel_error *err)
{
    engine *e = r->engine;
    if (r->options->only_keeps)
        note_removed(r);
    bool is_good = take_each(r, err);
    while (is_good && r->starts_over) {
        engine_begin_intake(e, r->options);
        is_good = take_each(r, err);
    }
    if (!is_good || !engine_finish_intake(e, &r->options->listener, err))
        return false;
    if (!r->has_changed)
        return true;
    if (store_folder_manifest(r->folder)->texts.count > MOST_TEXTS)
        store_folder_join_texts(r->folder);
    if (r->options->commits)
        r->options->commits();
    return store_folder_commit(r->folder, err);
}

/* ---- the store ------------------------------------------------------------ */

static bool read_folder(store_loading *r, carpel_error *err)
{
    store_folder_free(r->folder);
    r->folder = store_folder_new(r->engine->project->store.text);
    return store_folder_read(r->folder, err);
}

/* Lock the folder and read it again. What somebody else writes is read as it is; *is_done is
 * false when there is nothing to read. */
static bool lock_folder(store_loading *r, bool *is_done, carpel_error *err)
{
    store_folder_free(r->folder);
    r->folder = store_folder_new(r->engine->project->store.text);
    store_lock lock = store_folder_lock(r->folder, err);
    r->is_locked = lock == STORE_LOCKED;
    if (lock == STORE_OF_OTHERS || (lock == STORE_READ_ONLY && r->options->only_keeps))
        return false;
    if (lock == STORE_BUSY && r->options->only_keeps)
        return carpel_fail(err, CARPEL_E_CANCELLED,
                           "another process writes to the store: try again later");
    carpel_error reason = *err;
    if (!store_folder_read(r->folder, err))
        return false;
    *is_done = r->is_locked || store_folder_exists(r->folder);
    if (lock == STORE_BUSY)
        note(r, *is_done ? "another process loads into the store: it is read as it is"
                         : "another process loads into the store: the sources are read "
                           "without it");
    else if (lock == STORE_READ_ONLY)
        note(r, arena_format(r->engine->memory, "%s: %s", reason.message,
                             *is_done ? "the store is read as it is"
                                      : "the sources are read without a store"));
    if (r->is_locked)
        look_at_sources(r);
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

static bool open_store(store_loading *r, carpel_error *err)
{
    engine *e = r->engine;
    size_t count = e->project->source_count;
    const char **names = arena_alloc_array(e->memory, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = e->sources[i].name;
    e->store = store_folder_open(r->folder, e->schema, names, count, err);
    for (int tries = 0; !e->store && !r->is_locked && tries < MOST_TRIES; tries++)
        if (read_folder(r,
                        err)) /* a commit may have removed what we were about to open */
            e->store = store_folder_open(r->folder, e->schema, names, count, err);
    return e->store != NULL;
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
        is_worth |= r->states[i].files.are_files || p->sources[i].is_appended;
    return is_worth;
}

static bool take_and_open(store_loading *r, carpel_error *err)
{
    bool is_new = !store_folder_exists(r->folder);
    if (!take_sources(r, err) || !check_types(r, err))
        return false;
    r->engine->has_made_store = is_new && store_folder_exists(r->folder);
    return r->options->only_keeps || open_store(r, err);
}

static bool load_store(store_loading *r, bool *is_done, carpel_error *err)
{
    if (!read_folder(r, err))
        return false;
    bool is_stale = look_at_sources(r);
    *is_done = is_worth_keeping(r);
    if (r->options->reads_as_is && !store_folder_exists(r->folder))
        return fail_without_store(r, err);
    if (*is_done && is_stale && !r->options->reads_as_is && !lock_folder(r, is_done, err))
        return false;
    return !*is_done || take_and_open(r, err);
}

bool engine_load_store(engine *e, const engine_load_options *options, bool *is_done,
                       carpel_error *err)
{
    store_loading r = {.engine = e, .options = options};
    r.states =
        arena_alloc_array(e->memory, e->project->source_count + 1, sizeof *r.states);
    bool is_good = load_store(&r, is_done, err);
    quarantine_hide(e->quarantine, NULL, NULL);
    quarantine_leave_out(e->quarantine, NULL, NULL);
    store_folder_free(r.folder);
    return is_good;
}
