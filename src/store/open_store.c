/* SPDX-License-Identifier: MIT
 *
 * All files are opened before anything is read, as a later commit may remove them.
 */
#include "store/open_store.h"

#include "base/memory.h"
#include "store/arrivals.h"
#include "store/store_accounts.h"
#include "store/store_newest.h"
#include "store/store_texts.h"

/* A store with what it points into. */
typedef struct opened_store {
    store loaded; /* of the parts */
    bool is_read; /* it is there */
    store joined; /* when people are kept joined */
    section_file *joined_file;
    origins *no_origins; /* of that file */
    joined_names names;
    glossary *glossary;
    assembly_part *parts;
    section_file **files; /* of the parts */
    origins **origins;
    size_t file_count;
    arena *memory;
    const schema *schema;
    const wanted_tables *wanted;
} opened_store;

static void release_store(store *s)
{
    store_accounts_free(s->accounts);
    store_newest_free(s->newest);
    store_texts_unref(s->texts);
}

static void release(void *owner)
{
    opened_store *o = owner;
    release_store(&o->loaded);
    release_store(&o->joined);
    dictionary_free(o->names.persons);
    for (size_t i = 0; i < o->file_count; i++) {
        origins_free(o->origins[i]);
        section_file_close(o->files[i]);
    }
    origins_free(o->no_origins);
    section_file_close(o->joined_file);
    glossary_free(o->glossary);
    arena_free(o->memory);
    memory_free(o);
}

static void rest(void *owner)
{
    const opened_store *o = owner;
    for (size_t i = 0; i < o->file_count; i++)
        section_file_rest(o->files[i]);
}

static bool is_much_mapped(const opened_store *o)
{
    enum { MUCH = 16 << 20 };
    uint64_t bytes = 0;
    for (size_t i = 0; i < o->file_count; i++)
        bytes += section_file_identify(o->files[i]).size;
    return bytes >= MUCH;
}

/* ---- parts ---------------------------------------------------------------- */

static bool is_unwanted(const void *context, const section *s)
{
    const opened_store *o = context;
    return section_is_unwanted(s, o->schema, o->wanted);
}

static bool tells_no_origins(const void *context, const section *s)
{
    (void)context;
    return s->role != ROLE_ORIGINS && s->role != ROLE_LINES;
}

/* Open the parts of one source, of which what is not left out is checked. */
static bool open_parts(store_folder *f, opened_store *o, const char *name, size_t place,
                       section_choice *is_left_out, carpel_error *err)
{
    const manifest_source *s = manifest_find(store_folder_manifest(f), name);
    for (size_t i = 0; s && i < s->parts.count; i++) {
        size_t at = o->file_count;
        assembly_part *part = &o->parts[at];
        o->files[at] = store_folder_open_part(f, &s->parts.items[i], err);
        if (!o->files[at])
            return false;
        o->file_count++;
        *part = (assembly_part){.file = o->files[at], .source = place};
        if (!section_file_check(o->files[at], is_left_out, o, err))
            return false;
        part->origins = o->origins[at] =
            origins_read(o->files[at], &part->arrival_base, err);
        if (!part->origins)
            return false;
    }
    return true;
}

static size_t count_parts(const manifest *m)
{
    size_t count = 0;
    for (size_t i = 0; i < m->source_count; i++)
        count += m->sources[i].parts.count;
    return count;
}

static opened_store *opened_store_new(store_folder *f, const schema *s,
                                      const wanted_tables *wanted)
{
    opened_store *o = memory_alloc_zero(sizeof *o);
    size_t most = count_parts(store_folder_manifest(f)) + 1;
    o->schema = s;
    o->wanted = wanted;
    o->memory = arena_new();
    o->files = arena_alloc_array(o->memory, most, sizeof *o->files);
    o->origins = arena_alloc_array(o->memory, most, sizeof(origins *));
    o->parts = arena_alloc_array(o->memory, most, sizeof *o->parts);
    return o;
}

/* Let the store have all of it. */
static store *end_opening(opened_store *o, store_folder *f, store *s)
{
    o->glossary = store_folder_take_texts(f);
    s->owner = o;
    s->release = release;
    s->rest = is_much_mapped(o) ? rest : NULL;
    return s;
}

static void begin_store(opened_store *o, store *s, store_texts *texts)
{
    s->texts = texts;
    s->accounts = store_accounts_new();
    s->newest = store_newest_new(o->schema);
}

static bool open_all_parts(store_folder *f, opened_store *o, const char *const *sources,
                           size_t count, section_choice *is_left_out, carpel_error *err)
{
    bool is_good = true;
    for (size_t i = 0; is_good && i < count; i++)
        is_good = open_parts(f, o, sources[i], i, is_left_out, err);
    return is_good;
}

/* `texts` are those that are known already, or NULL. */
static bool read_parts(opened_store *o, glossary *g, store_texts *texts,
                       carpel_error *err)
{
    size_t people = dictionary_count(glossary_get(g, GLOSSARY_PEOPLE));
    o->is_read = store_assemble(o->schema, g, people, o->parts, o->file_count, o->wanted,
                                o->memory, &o->loaded, err);
    if (o->is_read)
        begin_store(o, &o->loaded, texts ? store_texts_ref(texts) : store_texts_new());
    return o->is_read;
}

store *store_open(store_folder *f, const schema *s, const char *const *sources,
                  size_t count, const wanted_tables *wanted, carpel_error *err)
{
    opened_store *o = opened_store_new(f, s, wanted);
    if (open_all_parts(f, o, sources, count, is_unwanted, err) &&
        read_parts(o, store_folder_glossary(f), NULL, err))
        return end_opening(o, f, &o->loaded);
    release(o);
    return NULL;
}

/* ---- joined people -------------------------------------------------------- */

/* The tables of the file, with the ids that its people have. */
static bool read_joined(opened_store *o, glossary *g, carpel_error *err)
{
    o->no_origins = origins_new();
    assembly_part part = {.file = o->joined_file, .origins = o->no_origins};
    if (!joined_file_read(o->joined_file, g, o->schema, o->memory, &o->names, err) ||
        !store_assemble(o->schema, g, o->names.person_count, &part, 1, NULL, o->memory,
                        &o->joined, err))
        return false;
    o->joined.persons = o->names.persons;
    o->joined.persons_of = o->names.persons_of;
    begin_store(o, &o->joined, store_texts_new());
    return true;
}

static bool open_joined(opened_store *o, store_folder *f, carpel_error *err)
{
    const manifest_files *file = &store_folder_manifest(f)->joined.file;
    o->joined_file = store_folder_open_part(f, &file->items[0], err);
    return o->joined_file && section_file_check(o->joined_file, NULL, NULL, err) &&
           read_joined(o, store_folder_glossary(f), err);
}

/* Where the rows stand: their places are those that they have in the parts. */
static bool find_origins(opened_store *o, carpel_error *err)
{
    const arrivals *a = arrivals_new(o->parts, o->file_count, o->memory, err);
    if (a)
        o->joined.origins = arrivals_list_origins(a, o->parts, o->memory);
    return a;
}

store *store_open_joined(store_folder *f, const schema *s, const char *const *sources,
                         size_t count, slice *notes, carpel_error *err)
{
    opened_store *o = opened_store_new(f, s, NULL);
    if (open_all_parts(f, o, sources, count, tells_no_origins, err) &&
        open_joined(o, f, err) && find_origins(o, err)) {
        *notes = o->names.notes;
        return end_opening(o, f, &o->joined);
    }
    release(o);
    return NULL;
}

store *store_open_parts(store *joined, carpel_error *err)
{
    opened_store *o = joined->owner;
    bool is_good = true;
    for (size_t i = 0; !o->is_read && is_good && i < o->file_count; i++)
        is_good = section_file_check(o->files[i], NULL, NULL, err);
    if (is_good && !o->is_read)
        is_good = read_parts(o, o->glossary, joined->texts, err);
    return is_good ? &o->loaded : NULL;
}
