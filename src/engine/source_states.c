/* SPDX-License-Identifier: MIT
 *
 * Sources are held against what the manifest says of them: first the files that are gone, then
 * those that are there.
 */
#include "engine/source_states.h"

#include <string.h>

#include "engine/moved_files.h"
#include "plugin/guarded.h"

_Static_assert((int)MEANING_COUNT == MANIFEST_MEANINGS, "a manifest has all meanings");

/* What is looked at. */
typedef struct looking {
    const engine *engine;
    store_folder *folder;
    source_state *states; /* by source */
    cursors *files;       /* by source, too */
} looking;

static const char *changed_meaning(const engine *e, const manifest_source *then,
                                   const uint64_t *now)
{
    for (int m = 0; m < MEANING_COUNT; m++)
        if (then->meanings[m] != now[m])
            return arena_format(e->memory, "its %s has changed",
                                meaning_name((source_meaning)m));
    return NULL;
}

/* The keys that rows do not depend on: the host's, which are told apart, secrets, of which nothing is
 * kept and which may change, and what only says how rows are reached. */
static const char *const *keys_left_out(const engine *e, const carpel_plugin *p)
{
    size_t count = 0;
    for (size_t i = 0; project_source_keys[i]; i++)
        count++;
    for (size_t i = 0; p->options[i].name; i++)
        count += guarded_is_access_option(p, &p->options[i]);
    const char **keys = arena_alloc_array(e->memory, count + 1, sizeof *keys);
    count = 0;
    for (size_t i = 0; project_source_keys[i]; i++)
        keys[count++] = project_source_keys[i];
    for (size_t i = 0; p->options[i].name; i++)
        if (guarded_is_access_option(p, &p->options[i]))
            keys[count++] = p->options[i].name;
    keys[count] = NULL;
    return keys;
}

void engine_source_meanings(const engine *e, size_t source, uint64_t *out)
{
    const engine_source *s = &e->sources[source];
    meaning_hash(s->mapping, &e->project->sources[source], s->connector.plugin->version,
                 keys_left_out(e, s->connector.plugin), out);
}

/* Can its files be read on from where they ended? */
static bool may_go_on(const engine_connector *c)
{
    const carpel_reading *reading = c->plugin ? guarded_reading(c->plugin) : NULL;
    return reading && reading->goes_on;
}

static bool resumes(const engine_connector *c)
{
    return c->plugin && guarded_resumes(c->plugin, c->options);
}

/* ---- files that are gone -------------------------------------------------- */

/* The source that has the file now, or NULL. */
static const char *find_owner(const looking *l, const char *path)
{
    for (size_t i = 0; i < l->engine->project->source_count; i++)
        if (cursors_have(&l->files[i], path))
            return l->engine->sources[i].name;
    return NULL;
}

/* Has a row of the part come from the file? When nobody can tell, it has. */
static bool has_rows_in_part(const store_folder *f, const manifest_file *part,
                             const char *path)
{
    carpel_error unused;
    uint64_t base;
    section_file *file = store_folder_open_part(f, part, &unused);
    origins *o = file ? origins_read(file, &base, &unused) : NULL;
    bool has = !o;
    for (size_t i = 0; o && i < origins_file_count(o); i++)
        has |= slice_is(origins_file(o, i).name, path);
    origins_free(o);
    section_file_close(file);
    return has;
}

/* Was a row of the file refused when the part was loaded? Each stands as four texts, of which the
 * first is the file. */
static bool has_refused_in_part(const store_folder *f, const manifest_file *part,
                                const char *path)
{
    carpel_error unused;
    text kept;
    text_init(&kept);
    bool has = !store_folder_read_refused(f, part, &kept, &unused);
    size_t texts = 0;
    for (size_t at = 0; !has && at < kept.size; at += strlen(kept.data + at) + 1)
        has = texts++ % 4 == 0 && strcmp(kept.data + at, path) == 0;
    text_done(&kept);
    return has;
}

/* Is there anything of the file that could be counted twice, or be lost? */
static bool has_rows(const looking *l, const manifest_source *then, const char *path)
{
    for (size_t i = 0; i < then->parts.count; i++)
        if (has_rows_in_part(l->folder, &then->parts.items[i], path) ||
            has_refused_in_part(l->folder, &then->parts.items[i], path))
            return true;
    return false;
}

/* Where the bytes of a file are now, for people; NULL: nowhere, as far as it can be known. */
static const char *describe_move(const looking *l, size_t source,
                                 const manifest_cursor *gone, const moved_file *to)
{
    const engine *e = l->engine;
    if (to->source == source)
        return arena_format(e->memory, "%s is called %s now", gone->path, to->path);
    return arena_format(e->memory, "%s is %s of the source \"%s\" now", gone->path,
                        to->path, e->sources[to->source].name);
}

static void note_gone(source_state *s, const char *path)
{
    s->vanished = s->vanished ? s->vanished : path;
    s->vanished_count++;
}

/* Look for the bytes of a file that is not on the disk any more: where they stand in another one
 * that is to be read, they would be counted twice. */
static const char *look_for_move(const looking *l, size_t source,
                                 const manifest_source *then, const manifest_cursor *gone)
{
    source_state *s = &l->states[source];
    moved_file to;
    bool is_found = moved_files_find(l->engine, l->files,
                                     store_folder_manifest(l->folder), gone, &to);
    if (is_found && !has_rows(l, then, gone->path))
        return NULL;
    if (is_found && !to.was_there)
        return describe_move(l, source, gone, &to);
    note_gone(s, gone->path);
    if (is_found && !s->copy) {
        s->copied = gone->path;
        s->copy = to.path;
    }
    return NULL;
}

/* Why the rows of a file that the source does not have any more must not stay, or NULL: it is of
 * another source, is not named any more, or is there under another name. */
static const char *why_file_left(const looking *l, size_t source,
                                 const manifest_source *then, const manifest_cursor *c)
{
    const engine *e = l->engine;
    const char *owner = find_owner(l, c->path);
    if (owner)
        return arena_format(e->memory, "%s is a file of the source \"%s\" now", c->path,
                            owner);
    if (cursors_is_on_disk(e, c->path))
        return arena_format(e->memory, "%s is not one of its files any more", c->path);
    return look_for_move(l, source, then, c);
}

/* Look for the files that the source does not have any more. */
static void look_at_vanished(const looking *l, size_t source, const manifest_source *then)
{
    source_state *s = &l->states[source];
    for (size_t i = 0; i < then->cursor_count; i++) {
        const manifest_cursor *c = &then->cursors[i];
        const char *why =
            cursors_have(s->files, c->path) ? NULL : why_file_left(l, source, then, c);
        s->why = s->why ? s->why : why;
    }
}

/* ---- files that are there ------------------------------------------------- */

/* What may have changed is loaded again, unless that would lose the rows of another file. */
static void look_at_files(const looking *l, size_t source, const manifest_source *then)
{
    source_state *s = &l->states[source];
    bool is_doubt;
    const char *why =
        cursors_compare(l->engine, s->files, then,
                        may_go_on(&l->engine->sources[source].connector), &is_doubt);
    if (is_doubt && s->vanished) {
        s->doubt = why;
        why = NULL;
    }
    if (why)
        cursors_want_all(s->files);
    s->why = why;
    s->goes_on = !why;
    s->is_stale = why || cursors_are_wanted(s->files);
}

static void look_at_source(const looking *l, size_t source)
{
    const engine *e = l->engine;
    source_state *s = &l->states[source];
    const manifest_source *then =
        manifest_find(store_folder_manifest(l->folder), e->sources[source].name);
    engine_source_meanings(e, source, s->meanings);
    s->resumes = !s->files->are_files && resumes(&e->sources[source].connector);
    s->is_stale = true;
    if (!then)
        return;
    s->position = s->resumes ? then->position : NULL;
    s->why = changed_meaning(e, then, s->meanings);
    if (then->has_cursors)
        look_at_vanished(l, source, then);
    if (s->why)
        return;
    s->goes_on =
        !s->files->are_files && (e->project->sources[source].is_appended || s->position);
    if (s->files->are_files && then->has_cursors)
        look_at_files(l, source, then);
}

source_state *source_states_new(const engine *e)
{
    return arena_alloc_array(e->memory, e->project->source_count + 1,
                             sizeof(source_state));
}

bool source_states_look(const engine *e, store_folder *f, source_state *states)
{
    bool is_any_stale = false;
    size_t count = e->project->source_count;
    looking l = {e, f, states, arena_alloc_array(e->memory, count + 1, sizeof(cursors))};
    for (size_t i = 0; i < count; i++) {
        l.files[i] = cursors_find(e, i);
        states[i] = (source_state){.files = &l.files[i]};
    }
    for (size_t i = 0; i < count; i++) {
        look_at_source(&l, i);
        is_any_stale = is_any_stale || states[i].is_stale;
    }
    return is_any_stale;
}
