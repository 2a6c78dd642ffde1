/* SPDX-License-Identifier: MIT
 *
 * Files that were not loaded yet, or that have changed, are opened; of the others it is known
 * what they hold.
 */
#include "engine/moved_files.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "plugin/guarded.h"

/* ---- what a file holds ---------------------------------------------------- */

/* A part of what comes by. */
typedef struct window {
    uint64_t begin, end;
    uint64_t at; /* the place of what comes next */
    text *out;
} window;

static bool take(void *context, const char *bytes, size_t size)
{
    window *w = context;
    uint64_t from = w->begin > w->at ? w->begin - w->at : 0;
    uint64_t behind = w->end - w->at < size ? w->end - w->at : size;
    if (from < behind)
        text_append_bytes(w->out, bytes + from, (size_t)(behind - from));
    w->at += size;
    return w->at < w->end;
}

/* Append some bytes of what a file holds without its packing; fewer when it ends before. */
static bool read_content(const engine *e, size_t source, const char *name, uint64_t begin,
                         size_t size, text *out)
{
    const carpel_plugin *plugin = e->sources[source].connector.plugin;
    const host_listener hears = {.cancel = e->cancel, .plugin = plugin->name};
    carpel_error unused;
    bool is_packed;
    window w = {begin, begin + size, 0, out};
    char *path = path_join(e->project->directory, name);
    plugin_host *host = host_new(NULL, NULL, &hears);
    bool is_good = guarded_unpack(host, plugin, path, take, &w, &is_packed, &unused) &&
                   host_is_well(host, &unused) &&
                   (is_packed || file_read_part(path, begin, size, out, &unused));
    host_free(host);
    memory_free(path);
    return is_good;
}

/* The first bytes, which are read once. */
static slice head_of(const engine *e, size_t source, cursor *c)
{
    text head;
    if (c->head.data)
        return c->head;
    text_init(&head);
    bool is_good = read_content(e, source, c->now.path, 0, CARPEL_HASHED_BYTES, &head);
    size_t size = is_good ? head.size : 0;
    c->head = (slice){arena_copy_text(e->memory, head.data, size), size};
    text_done(&head);
    return c->head;
}

static bool has_tail(const engine *e, size_t source, const char *name,
                     const file_content *wanted)
{
    text tail;
    text_init(&tail);
    bool has = read_content(e, source, name, wanted->bytes - CARPEL_HASHED_BYTES,
                            CARPEL_HASHED_BYTES, &tail) &&
               tail.size == CARPEL_HASHED_BYTES &&
               XXH3_64bits(tail.data, tail.size) == wanted->tail;
    text_done(&tail);
    return has;
}

static bool begins_with(const engine *e, size_t source, cursor *c,
                        const file_content *wanted)
{
    bool is_short = wanted->bytes <= CARPEL_HASHED_BYTES;
    size_t size = is_short ? (size_t)wanted->bytes : CARPEL_HASHED_BYTES;
    slice head = head_of(e, source, c);
    return head.size >= size && XXH3_64bits(head.data, size) == wanted->head &&
           (is_short || has_tail(e, source, c->now.path, wanted));
}

/* ---- looking -------------------------------------------------------------- */

static bool is_same(const file_content *a, const file_content *b)
{
    return a->bytes == b->bytes && a->head == b->head && a->tail == b->tail;
}

/* How the file was when it was loaded, when it is that still. */
static const manifest_cursor *find_loaded(const engine *e, size_t source,
                                          const manifest *m, const cursor *c)
{
    const manifest_source *s = manifest_find(m, e->sources[source].name);
    const manifest_cursor *then = s ? manifest_find_cursor(s, c->now.path) : NULL;
    return then && cursors_look_the_same(&c->now, then) ? then : NULL;
}

static bool find_in_source(const engine *e, size_t source, cursors *files,
                           const manifest *m, const file_content *wanted, moved_file *out)
{
    for (size_t i = 0; i < files->count; i++) {
        cursor *c = &files->items[i];
        const manifest_cursor *then = find_loaded(e, source, m, c);
        file_content holds = then ? manifest_content(then) : (file_content){0};
        bool is_it = then ? !out->path && is_same(&holds, wanted)
                          : begins_with(e, source, c, wanted);
        if (is_it)
            *out = (moved_file){source, c->now.path, then};
        if (is_it && !then)
            return true;
    }
    return false;
}

bool moved_files_find(const engine *e, cursors *files, const manifest *m,
                      const manifest_cursor *gone, moved_file *out)
{
    file_content wanted = manifest_content(gone);
    *out = (moved_file){0};
    for (size_t i = 0; wanted.bytes > 0 && i < e->project->source_count; i++)
        if (files[i].are_files && find_in_source(e, i, &files[i], m, &wanted, out))
            return true;
    return out->path;
}
