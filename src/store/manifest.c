/* SPDX-License-Identifier: MIT
 *
 * The lists of a manifest.
 */
#include "store/manifest.h"

#include <string.h>

#include "base/memory.h"

void manifest_init(manifest *m)
{
    *m = (manifest){.next_number = 1, .memory = arena_new()};
}

static void release_source(manifest_source *s)
{
    memory_free(s->cursors);
    memory_free(s->parts.items);
}

void manifest_done(manifest *m)
{
    for (size_t i = 0; i < m->source_count; i++)
        release_source(&m->sources[i]);
    memory_free(m->sources);
    memory_free(m->texts.items);
    memory_free(m->joined.file.items);
    forgotten_done(&m->forgotten);
    arena_free(m->memory);
    *m = (manifest){0};
}

manifest_source *manifest_find(const manifest *m, const char *name)
{
    for (size_t i = 0; i < m->source_count; i++)
        if (strcmp(m->sources[i].name, name) == 0)
            return &m->sources[i];
    return NULL;
}

manifest_source *manifest_begin_source(manifest *m, const char *name)
{
    manifest_source *s = manifest_find(m, name);
    if (s) {
        release_source(s);
    } else {
        memory_grow((void **)&m->sources, m->source_count, &m->source_capacity,
                    sizeof *m->sources);
        s = &m->sources[m->source_count++];
        *s = (manifest_source){.name = arena_copy_string(m->memory, name)};
    }
    *s = (manifest_source){.name = s->name};
    return s;
}

bool manifest_drop_source(manifest *m, const char *name)
{
    manifest_source *s = manifest_find(m, name);
    if (!s)
        return false;
    release_source(s);
    size_t index = (size_t)(s - m->sources);
    memmove(s, s + 1, (m->source_count - index - 1) * sizeof *s);
    m->source_count--;
    return true;
}

void manifest_add_file(manifest_files *files, uint64_t number,
                       section_file_identity identity)
{
    memory_grow((void **)&files->items, files->count, &files->capacity,
                sizeof *files->items);
    files->items[files->count++] = (manifest_file){number, identity};
}

void manifest_set_position(manifest *m, manifest_source *s, const char *position)
{
    bool is_there = position && position[0] != '\0';
    s->position = is_there ? arena_copy_string(m->memory, position) : NULL;
}

file_content manifest_content(const manifest_cursor *c)
{
    return c->unpacked.bytes > 0 ? c->unpacked
                                 : (file_content){c->bytes, c->head, c->tail};
}

const manifest_cursor *manifest_find_cursor(const manifest_source *s, const char *path)
{
    for (size_t i = 0; i < s->cursor_count; i++)
        if (strcmp(s->cursors[i].path, path) == 0)
            return &s->cursors[i];
    return NULL;
}

void manifest_put_cursor(manifest *m, manifest_source *s, const manifest_cursor *c)
{
    const manifest_cursor *known = manifest_find_cursor(s, c->path);
    size_t at = known ? (size_t)(known - s->cursors) : s->cursor_count;
    if (!known)
        memory_grow((void **)&s->cursors, s->cursor_count++, &s->cursor_capacity,
                    sizeof *s->cursors);
    s->cursors[at] = *c;
    s->cursors[at].path = arena_copy_string(m->memory, c->path);
}
