/* SPDX-License-Identifier: MIT
 *
 * The parts are opened as a store of their own, which is written as one.
 */
#include "store/compact.h"

#include "base/bitmap.h"
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
    glossary *texts;       /* of the parts */
    part_renewal *renewal; /* or NULL */
    uint64_t left_out;     /* rows of the source of people who are forgotten */
} compaction;

static bool open_part(compaction *c, const manifest_file *part, carpel_error *err)
{
    section_file *f = store_folder_open_part(c->folder, part, err);
    if (!f)
        return false;
    assembly_part *p = &c->parts[c->count];
    c->files[c->count] = f;
    c->origins[c->count++] = NULL;
    if (!section_file_check(f, NULL, NULL, err))
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
    size_t people = dictionary_count(glossary_get(c->texts, GLOSSARY_PEOPLE));
    if (!store_assemble(s, c->texts, people, c->parts, c->count, NULL, c->memory, &rows,
                        err))
        return false;
    origins *joined = arrivals_join_origins(c->parts, c->count, c->memory);
    part_content content = {.rows = &rows,
                            .origins = joined,
                            .arrival_base = c->parts[0].arrival_base,
                            .refused = {c->refused.data, c->refused.size},
                            .ids = c->ids,
                            .renewal = c->renewal};
    bool is_good = store_folder_add_part(c->folder, source, &content, err);
    origins_free(joined);
    if (!is_good)
        return false;
    c->left_out = content.left_out;
    source->parts.items[first] = source->parts.items[source->parts.count - 1];
    source->parts.count = first + 1;
    return true;
}

static void end(compaction *c)
{
    for (size_t i = 0; i < c->count; i++) {
        origins_free(c->origins[i]);
        section_file_close(c->files[i]);
    }
    text_done(&c->refused);
    taken_ids_free(c->ids);
    arena_free(c->memory);
}

bool compact_parts(store_folder *f, const schema *s, manifest_source *source,
                   size_t first, carpel_error *err)
{
    compaction c = {.folder = f,
                    .memory = arena_new(),
                    .ids = taken_ids_new(),
                    .texts = store_folder_glossary(f)};
    text_init(&c.refused);
    bool is_good =
        open_parts(&c, source, first, err) && write_part(&c, s, source, first, err);
    end(&c);
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

/* ---- all of it ------------------------------------------------------------ */

/* A whole store that is written anew. */
typedef struct rewriting {
    store_folder *folder;
    const schema *schema;
    glossary *texts; /* as they were */
    part_renewal renewal;
    uint64_t left_out;
    clean_refused *clean;
    void *context;
} rewriting;

static bool rewrite_source(rewriting *r, manifest_source *source, carpel_error *err)
{
    compaction c = {.folder = r->folder,
                    .memory = arena_new(),
                    .ids = taken_ids_new(),
                    .texts = r->texts,
                    .renewal = &r->renewal};
    text_init(&c.refused);
    bool is_good = open_parts(&c, source, 0, err);
    if (is_good && r->clean)
        r->clean(r->context, &c.refused);
    is_good = is_good && (c.count == 0 || write_part(&c, r->schema, source, 0, err));
    source->taken -= c.left_out < source->taken ? c.left_out : source->taken;
    r->left_out += c.left_out;
    end(&c);
    return is_good;
}

/* A text that stands for nobody. */
static void add_nobody(dictionary *people, size_t number)
{
    text id;
    text_init(&id);
    do
        text_append_format(&id, "\x7F%zu", number);
    while (dictionary_find(people, id.data, id.size) != DICTIONARY_NONE);
    dictionary_add(people, id.data, id.size);
    text_done(&id);
}

/* Everybody whom a row names keeps the number. */
static void renew_people(rewriting *r)
{
    const dictionary *old = glossary_get(r->texts, GLOSSARY_PEOPLE);
    dictionary *people = glossary_get(store_folder_glossary(r->folder), GLOSSARY_PEOPLE);
    for (size_t i = 0; i < dictionary_count(old); i++) {
        slice id = dictionary_text(old, (uint32_t)i);
        if (bitmap_get(r->renewal.named, i))
            dictionary_add(people, id.data, id.size);
        else
            add_nobody(people, i);
    }
}

bool compact_store(store_folder *f, const schema *s, clean_refused *clean, void *context,
                   uint64_t *left_out_rows, carpel_error *err)
{
    manifest *m = store_folder_manifest(f);
    rewriting r = {.folder = f,
                   .schema = s,
                   .texts = store_folder_renew_texts(f),
                   .clean = clean,
                   .context = context};
    size_t people = dictionary_count(glossary_get(r.texts, GLOSSARY_PEOPLE));
    r.renewal.named = memory_alloc_zero_array(bitmap_words(people) + 1, sizeof(uint64_t));
    bool is_good = true;
    for (size_t i = 0; is_good && i < m->source_count; i++)
        is_good = rewrite_source(&r, &m->sources[i], err);
    if (is_good)
        renew_people(&r);
    *left_out_rows = r.left_out;
    memory_free(r.renewal.named);
    glossary_free(r.texts);
    return is_good;
}
