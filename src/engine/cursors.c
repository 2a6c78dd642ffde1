/* SPDX-License-Identifier: MIT
 *
 * A file counts as the same when its path, size and time of change are.
 */
#include "engine/cursors.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/file_view.h"
#include "base/memory.h"

enum { HASHED_BYTES = 4096 };

/* A file that changes this short before it is read may change again in the same tick of the
 * clock of its file system: it is read once more then. */
#define TICK_NANOSECONDS INT64_C(50000000)
#define UNSURE           INT64_C(-1)

static const carpel_texts *files_of(const engine_source *s)
{
    const carpel_option *o = s->connector.plugin ? s->connector.plugin->options : NULL;
    for (; o && o->name; o++)
        if (strcmp(o->name, "files") == 0 && o->type == CARPEL_OPTION_PATHS)
            return (const void *)((const char *)s->connector.options + o->offset);
    return NULL;
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
            (manifest_cursor){.path = seen_from_project(e, files->items[i]),
                              .bytes = facts.bytes,
                              .modified = modified_of(&facts)};
    }
    return c;
}

static bool hash_file(const char *path, manifest_cursor *c, carpel_error *err)
{
    file_view v;
    if (!file_view_open(path, &v, err))
        return false;
    size_t size = v.size < c->bytes ? v.size : (size_t)c->bytes;
    size_t part = size < HASHED_BYTES ? size : HASHED_BYTES;
    c->head = XXH3_64bits(v.data, part);
    c->tail = XXH3_64bits(v.data + size - part, part);
    file_view_close(&v);
    return true;
}

bool cursors_hash(const engine *e, cursors *c, carpel_error *err)
{
    bool is_good = true;
    for (size_t i = 0; is_good && i < c->count; i++) {
        char *path = path_join(e->project->directory, c->items[i].path);
        is_good = hash_file(path, &c->items[i], err);
        memory_free(path);
    }
    return is_good;
}

static const manifest_cursor *find(const manifest_cursor *items, size_t count,
                                   const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i].path, path) == 0)
            return &items[i];
    return NULL;
}

const char *cursors_difference(const engine *e, const cursors *now,
                               const manifest_source *then)
{
    for (size_t i = 0; i < now->count; i++) {
        const manifest_cursor *c = &now->items[i],
                              *before = find(then->cursors, then->cursor_count, c->path);
        if (!before)
            return arena_format(e->memory, "%s is new", c->path);
        bool is_unsure = before->modified == UNSURE || c->modified == UNSURE;
        if (before->bytes == c->bytes && is_unsure)
            return arena_format(e->memory, "%s may have changed", c->path);
        if (before->bytes != c->bytes || before->modified != c->modified)
            return arena_format(e->memory, "%s has changed", c->path);
    }
    return NULL;
}

const char *cursors_vanished(const cursors *now, const manifest_source *then)
{
    for (size_t i = 0; i < then->cursor_count; i++)
        if (!find(now->items, now->count, then->cursors[i].path))
            return then->cursors[i].path;
    return NULL;
}
