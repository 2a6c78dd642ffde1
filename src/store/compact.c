/* SPDX-License-Identifier: MIT
 *
 * The parts are opened as a store of their own, which is written as one.
 */
#include "store/compact.h"

#include "base/memory.h"
#include "store/arrivals.h"
#include "store/assemble.h"

/* The parts that become one. */
typedef struct compaction {
    store_folder *folder;
    assembly_part *parts;
    section_file **files;
    origins **origins;
    size_t count;
    arena *memory;
    taken_ids *ids;
    text refused;
} compaction;

static bool open_part(compaction *c, const manifest_file *part, carpel_error *err)
{
    section_file *f = store_folder_open_part(c->folder, part, err);
    if (!f)
        return false;
    assembly_part *p = &c->parts[c->count];
    c->files[c->count] = f;
    c->origins[c->count++] = NULL;
    if (!section_file_check(f, err))
        return false;
    p->file = f;
    p->origins = c->origins[c->count - 1] = origins_read(f, &p->arrival_base, err);
    return p->origins && taken_ids_keep_part(c->ids, f, err) &&
           store_folder_read_refused(c->folder, part, &c->refused, err);
}

static bool open_parts(compaction *c, const manifest_source *source, size_t first,
                       carpel_error *err)
{
    size_t most = source->parts.count - first + 1;
    c->parts = arena_alloc_array(c->memory, most, sizeof *c->parts);
    c->files = arena_alloc_array(c->memory, most, sizeof(section_file *));
    c->origins = arena_alloc_array(c->memory, most, sizeof(origins *));
    bool is_good = true;
    for (size_t i = first; is_good && i < source->parts.count; i++)
        is_good = open_part(c, &source->parts.items[i], err);
    return is_good;
}

/* Write the parts as one, in the place of `first` and those behind it. */
static bool write_part(compaction *c, const schema *s, manifest_source *source,
                       size_t first, carpel_error *err)
{
    store rows;
    if (!store_assemble(s, store_folder_glossary(c->folder), c->parts, c->count,
                        c->memory, &rows, err))
        return false;
    origins *joined = arrivals_join_origins(c->parts, c->count, c->memory);
    part_content content = {.rows = &rows,
                            .origins = joined,
                            .arrival_base = c->parts[0].arrival_base,
                            .refused = {c->refused.data, c->refused.size},
                            .ids = c->ids};
    bool is_good = store_folder_add_part(c->folder, source, &content, err);
    origins_free(joined);
    if (!is_good)
        return false;
    source->parts.items[first] = source->parts.items[source->parts.count - 1];
    source->parts.count = first + 1;
    return true;
}

bool compact_parts(store_folder *f, const schema *s, manifest_source *source,
                   size_t first, carpel_error *err)
{
    if (source->parts.count <= first + 1)
        return true;
    compaction c = {.folder = f, .memory = arena_new(), .ids = taken_ids_new()};
    text_init(&c.refused);
    bool is_good =
        open_parts(&c, source, first, err) && write_part(&c, s, source, first, err);
    for (size_t i = 0; i < c.count; i++) {
        origins_free(c.origins[i]);
        section_file_close(c.files[i]);
    }
    text_done(&c.refused);
    taken_ids_free(c.ids);
    arena_free(c.memory);
    return is_good;
}

bool compact_small_parts(store_folder *f, const schema *s, manifest_source *source,
                         carpel_error *err)
{
    const manifest_files *parts = &source->parts;
    if (parts->count <= COMPACT_MOST_PARTS)
        return true;
    size_t first = parts->count - 1;
    uint64_t behind = parts->items[first].identity.size;
    while (first > 0 && parts->items[first - 1].identity.size <= behind)
        behind += parts->items[--first].identity.size;
    if (first == parts->count - 1) /* each is larger than all behind it */
        first--;
    return compact_parts(f, s, source, first, err);
}
