/* SPDX-License-Identifier: MIT
 *
 * A file counts as the same when its path, size and times are: when its bytes changed, and when
 * anything did, which nobody can set back. One that is longer counts as grown when what was
 * read of it begins and ends with the same bytes.
 */
#include "engine/cursors.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"

enum { HASHED_BYTES = CARPEL_HASHED_BYTES };

/* A file that changes this short before it is read may change again in the same tick of the
 * clock of its file system: it is read once more then. */
#define TICK_NANOSECONDS INT64_C(50000000)
#define UNSURE           INT64_C(-1)

/* ---- looking at files ----------------------------------------------------- */

static const carpel_texts *files_of(const engine_source *s)
{
    const carpel_option *o = engine_files_option(s->connector.plugin);
    return o ? (const void *)((const char *)s->connector.options + o->offset) : NULL;
}

static const char *seen_from_project(const engine *e, const char *path)
{
    const char *folder = e->project->directory;
    size_t size = strlen(folder);
    bool is_inside = strncmp(path, folder, size) == 0 && path[size] == '/';
    return is_inside ? path + size + 1 : path;
}

static int64_t modified_of(const file_facts *facts)
{
    int64_t now = clock_now() * 1000;
    return now - facts->modified < TICK_NANOSECONDS && now >= facts->modified
               ? UNSURE
               : facts->modified;
}

cursors cursors_find(const engine *e, size_t source)
{
    const carpel_texts *files = files_of(&e->sources[source]);
    cursors c = {.are_files = files != NULL && files->count > 0};
    if (!files)
        return c;
    c.items = arena_alloc_array(e->memory, files->count + 1, sizeof *c.items);
    for (size_t i = 0; c.are_files && i < files->count; i++) {
        file_facts facts;
        c.are_files = file_look(files->items[i], &facts) && facts.is_regular;
        c.items[c.count++] =
            (cursor){.now = {.path = seen_from_project(e, files->items[i]),
                             .bytes = facts.bytes,
                             .modified = modified_of(&facts),
                             .touched = facts.touched},
                     .is_wanted = true};
    }
    return c;
}

/* ---- the bytes that were read --------------------------------------------- */

static bool hash_part(const char *path, uint64_t place, size_t size, uint64_t *out,
                      carpel_error *err)
{
    text bytes;
    text_init(&bytes);
    bool is_good = file_read_part(path, place, size, &bytes, err);
    *out = XXH3_64bits(bytes.data, bytes.size);
    text_done(&bytes);
    return is_good;
}

/* Hash the first and the last of the first `bytes` bytes of a file. */
static bool hash_file(const engine *e, const char *name, uint64_t bytes, uint64_t *head,
                      uint64_t *tail, carpel_error *err)
{
    char *path = path_join(e->project->directory, name);
    size_t size = bytes < HASHED_BYTES ? (size_t)bytes : HASHED_BYTES;
    bool is_good = hash_part(path, 0, size, head, err) &&
                   hash_part(path, bytes - size, size, tail, err);
    memory_free(path);
    return is_good;
}

bool cursors_are_there(const engine *e, const manifest_cursor *then)
{
    carpel_error unused;
    uint64_t head, tail;
    return hash_file(e, then->path, then->bytes, &head, &tail, &unused) &&
           head == then->head && tail == then->tail;
}

/* ---- comparing ------------------------------------------------------------ */

/* Do the hashes tell of every byte that nothing has happened to it? */
static bool is_surely_same(const engine *e, const manifest_cursor *then)
{
    return then->bytes <= 2 * HASHED_BYTES && cursors_are_there(e, then);
}

static bool is_unsure(const manifest_cursor *now, const manifest_cursor *then)
{
    return then->modified == UNSURE || now->modified == UNSURE;
}

bool cursors_look_the_same(const manifest_cursor *now, const manifest_cursor *then)
{
    return now->bytes == then->bytes &&
           (is_unsure(now, then) || now->modified == then->modified);
}

/* What has happened to a file of the length that it had, or NULL. */
static const char *compare_as_long(const engine *e, const manifest_cursor *now,
                                   const manifest_cursor *then, bool *is_doubt)
{
    bool is_touched = then->touched != 0 && then->touched != now->touched;
    bool looks_the_same = cursors_look_the_same(now, then);
    bool is_as_it_was = !is_touched && !is_unsure(now, then);
    if (looks_the_same && (is_as_it_was || is_surely_same(e, then)))
        return NULL;
    if (is_unsure(now, then))
        return arena_format(e->memory, "%s may have changed", now->path);
    if (!looks_the_same || !cursors_are_there(e, then))
        return arena_format(e->memory, "%s has changed", now->path);
    *is_doubt = true;
    return arena_format(e->memory,
                        "%s may have changed: it was touched since, or has moved here",
                        now->path);
}

/* What has happened to a file that was read, or NULL. */
static const char *compare_file(const engine *e, cursor *c, const manifest_cursor *then,
                                bool may_go_on, bool *is_doubt)
{
    const manifest_cursor *now = &c->now;
    c->is_wanted = now->bytes != then->bytes;
    if (!c->is_wanted)
        return compare_as_long(e, now, then, is_doubt);
    if (now->bytes < then->bytes || !cursors_are_there(e, then))
        return arena_format(e->memory, "%s has changed", now->path);
    if (!may_go_on || !then->is_settled)
        return arena_format(e->memory,
                            "%s has grown, and cannot be read on from where it ended",
                            now->path);
    c->begin = then->bytes;
    c->lines = then->lines;
    return NULL;
}

void cursors_want_all(cursors *c)
{
    for (size_t i = 0; i < c->count; i++) {
        c->items[i].is_wanted = true;
        c->items[i].begin = c->items[i].lines = 0;
    }
}

const char *cursors_compare(const engine *e, cursors *now, const manifest_source *then,
                            bool may_go_on, bool *is_doubt)
{
    const char *why = NULL, *doubt = NULL;
    *is_doubt = false;
    for (size_t i = 0; !why && i < now->count; i++) {
        bool is_only_doubt = false;
        const manifest_cursor *before =
            manifest_find_cursor(then, now->items[i].now.path);
        if (before)
            why = compare_file(e, &now->items[i], before, may_go_on, &is_only_doubt);
        doubt = is_only_doubt && !doubt ? why : doubt;
        why = is_only_doubt ? NULL : why;
    }
    *is_doubt = !why && doubt;
    return why ? why : doubt;
}

bool cursors_are_wanted(const cursors *c)
{
    bool are_wanted = false;
    for (size_t i = 0; i < c->count; i++)
        are_wanted |= c->items[i].is_wanted;
    return are_wanted;
}

bool cursors_have(const cursors *c, const char *path)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->items[i].now.path, path) == 0)
            return true;
    return false;
}

bool cursors_is_on_disk(const engine *e, const char *path)
{
    char *seen = path_join(e->project->directory, path);
    bool is_there = file_exists(seen);
    memory_free(seen);
    return is_there;
}

/* ---- what is read --------------------------------------------------------- */

source_extent cursors_extent(const engine *e, size_t source, const cursors *c)
{
    const carpel_texts *files = files_of(&e->sources[source]);
    const char **paths = arena_alloc_array(e->memory, c->count + 1, sizeof *paths);
    uint64_t *begins = arena_alloc_array(e->memory, c->count + 1, sizeof *begins),
             *lines = arena_alloc_array(e->memory, c->count + 1, sizeof *lines);
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (!c->items[i].is_wanted)
            continue;
        paths[count] = files->items[i];
        begins[count] = c->items[i].begin;
        lines[count++] = c->items[i].lines;
    }
    return (source_extent){.files = {paths, count},
                           .begins = begins,
                           .lines = lines,
                           .ends =
                               arena_alloc_array(e->memory, count + 1, sizeof(file_end))};
}

bool cursors_begin(const engine *e, cursors *c, carpel_error *err)
{
    bool is_good = true;
    for (size_t i = 0; is_good && i < c->count; i++) {
        manifest_cursor *now = &c->items[i].now;
        if (c->items[i].is_wanted)
            is_good = hash_file(e, now->path, now->bytes, &now->head, &now->tail, err);
    }
    return is_good;
}

/* How a file was that has been read up to `end`. */
static bool end_file(const engine *e, const cursor *c, const file_end *end,
                     manifest_cursor *out, carpel_error *err)
{
    *out = c->now;
    bool has_stayed = cursors_are_there(e, &c->now);
    bool was_appended = end->is_settled && end->place > c->now.bytes;
    if (!has_stayed || was_appended)
        out->modified = UNSURE;
    out->unpacked = end->unpacked;
    out->is_settled = has_stayed && end->is_settled && end->place >= c->now.bytes;
    if (!out->is_settled)
        return true;
    out->lines = end->lines;
    out->bytes = end->place;
    return !was_appended ||
           hash_file(e, out->path, out->bytes, &out->head, &out->tail, err);
}

bool cursors_end(const engine *e, const cursors *c, const source_extent *x, manifest *m,
                 manifest_source *into, carpel_error *err)
{
    bool is_good = true;
    size_t read = 0;
    for (size_t i = 0; is_good && i < c->count; i++) {
        manifest_cursor was;
        if (!c->items[i].is_wanted)
            continue;
        is_good = end_file(e, &c->items[i], &x->ends[read++], &was, err);
        if (is_good)
            manifest_put_cursor(m, into, &was);
    }
    return is_good;
}
