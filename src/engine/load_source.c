/* SPDX-License-Identifier: MIT
 *
 * The rows of a source are read, sorted and put down as parts, of which the end of the load makes
 * one; then it is put down how the source was.
 */
#include "base/memory.h"
#include "base/parallel.h"
#include "engine/store_loading.h"
#include "plugin/guarded.h"
#include "store/compact.h"

void store_loading_note(const store_loading *r, const char *message)
{
    const engine_listener *l = &r->options->listener;
    if (l->log)
        l->log(l->context, message);
}

/* ---- putting down ---------------------------------------------------------- */

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
    s->has_cursors = state->files->are_files;
    if (state->resumes)
        manifest_set_position(store_folder_manifest(r->folder), s, state->told);
    state->added = taken;
    state->is_stale = false;
    add_intake(r, source, s);
    return compact_small_parts(r->folder, e->schema, s, err) &&
           (!s->has_cursors || cursors_end(e, state->files, &read->extent,
                                           store_folder_manifest(r->folder), s, err));
}

/* `a.csv` or `a.csv and 2 more files`. */
static const char *name_vanished(const store_loading *r, size_t source)
{
    const source_state *s = &r->states[source];
    size_t others = s->vanished_count - 1;
    return others == 0 ? arena_format(r->engine->memory, "\"%s\"", s->vanished)
                       : arena_format(r->engine->memory, "\"%s\" and %zu more file%s",
                                      s->vanished, others, others > 1 ? "s" : "");
}

/* ---- what is told ----------------------------------------------------------- */

/* What cannot be read again is not to be lost because of something else. */
static bool fail_vanished(const store_loading *r, size_t source, carpel_error *err)
{
    const source_state *s = &r->states[source];
    const char *name = r->engine->sources[source].name;
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "the source \"%s\" is to be loaded again, since %s, and %s %s not there any "
        "more: put %s back, or forget the rows of the source with \"carpel store drop "
        "%s\"",
        name, s->why ? s->why : "it is no file", name_vanished(r, source),
        s->vanished_count > 1 ? "are" : "is", s->vanished_count > 1 ? "them" : "it",
        name);
}

/* What stays of a source although nobody can see that it should. */
static void note_stays(const store_loading *r, size_t source)
{
    engine *e = r->engine;
    const source_state *s = &r->states[source];
    const char *name = e->sources[source].name;
    if (s->vanished)
        store_loading_note(
            r, arena_format(e->memory,
                            "%s of the source \"%s\" %s not there any more: %s rows "
                            "stay in the store",
                            name_vanished(r, source), name,
                            s->vanished_count > 1 ? "are" : "is",
                            s->vanished_count > 1 ? "their" : "its"));
    if (s->copy)
        store_loading_note(
            r, arena_format(e->memory,
                            "\"%s\" holds the same as \"%s\", and both were loaded: to "
                            "count it once, forget the rows of the source with \"carpel "
                            "store drop %s\", and load what is there",
                            s->copy, s->copied, name));
    if (s->doubt)
        store_loading_note(
            r, arena_format(e->memory,
                            "%s; the source \"%s\" is not loaded again, since it would "
                            "lose the rows of %s",
                            s->doubt, name, name_vanished(r, source)));
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

/* A source that was told that its rows are kept may not have them any more. */
static bool fail_acknowledged(const store_loading *r, size_t source, carpel_error *err)
{
    const char *name = r->engine->sources[source].name;
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the source \"%s\" is to be loaded again, since %s, and may not "
                       "have the rows any "
                       "more that it knows to be kept: put that back, or forget them "
                       "with \"carpel store "
                       "drop %s\", and load what there is",
                       name, r->states[source].why, name);
}

static bool has_acknowledged(const store_loading *r, size_t source)
{
    const carpel_plugin *p = r->engine->sources[source].connector.plugin;
    return r->states[source].position && guarded_resuming(p)->acknowledge;
}

/* What is told before a source is loaded. */
static bool announce_source(store_loading *r, size_t source, carpel_error *err)
{
    engine *e = r->engine;
    const source_state *state = &r->states[source];
    if (state->goes_on) {
        note_stays(r, source);
        return repeat_refused(r, source, err);
    }
    if (state->vanished)
        return fail_vanished(r, source, err);
    if (state->why && has_acknowledged(r, source))
        return fail_acknowledged(r, source, err);
    if (state->why)
        store_loading_note(r, arena_format(e->memory,
                                           "the source \"%s\" is loaded again: %s",
                                           e->sources[source].name, state->why));
    return true;
}

/* ---- reading ---------------------------------------------------------------- */

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
    if (state->files->are_files) {
        read->extent = cursors_extent(e, source, state->files);
        if (!cursors_begin(e, state->files, err))
            return false;
    }
    loader_set_cancel(read->loader, e->cancel);
    loader_set_threads(read->loader, r->options->threads > 0
                                         ? r->options->threads
                                         : parallel_processor_count());
    loader_set_origins(read->loader, read->origins);
    loader_set_spill(read->loader, memory_for_rows(r), spill_rows, read);
    quarantine_keep(e->quarantine, &read->refused);
    if (state->resumes)
        read->extent = (source_extent){.resumes = true,
                                       .cursor = state->goes_on ? state->position : NULL};
    bool is_good = engine_read_source(
        e, source, state->files->are_files || state->resumes ? &read->extent : NULL,
        read->loader, r->options, err);
    quarantine_keep(e->quarantine, NULL);
    state->told = read->extent.told;
    return is_good;
}

/* Of rows with one id that which stands first counts: it came later than the other. */
static void load_as_a_whole(store_loading *r, size_t source)
{
    source_state *s = &r->states[source];
    s->goes_on = false;
    s->why = "a row of it has the id of one that was loaded before and stands behind";
    cursors_want_all(s->files);
}

bool store_loading_take(store_loading *r, size_t source, carpel_error *err)
{
    source_state *state = &r->states[source];
    if (!announce_source(r, source, err))
        return false;
    if (state->goes_on && state->position) /* it may not have heard of it */
        engine_acknowledge(r->engine, source, state->position, &r->options->listener);
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
    if (r->starts_over)
        load_as_a_whole(r, source);
    return is_good;
}

bool store_loading_repeat(store_loading *r, size_t source, carpel_error *err)
{
    engine *e = r->engine;
    const char *name = e->sources[source].name;
    note_stays(r, source);
    if (!repeat_refused(r, source, err))
        return false;
    add_intake(r, source, manifest_find(store_folder_manifest(r->folder), name));
    return true;
}
