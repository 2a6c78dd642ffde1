/* SPDX-License-Identifier: MIT
 *
 * An id is a number: that of a person of the store, or behind all of these the code of a text that only
 * links name.
 */
#include "store/joined_file.h"

#include "base/memory.h"
#include "store/part.h"

#define NOTES "notes"

/* ---- writing -------------------------------------------------------------- */

static void write_codes(section_writer *w, section_role role, const uint32_t *codes,
                        size_t count)
{
    packed p = packed_new_codes(codes, count);
    section s = section_of_numbers(&p);
    s.role = role;
    s.name = slice_of(GLOSSARY_PEOPLE);
    s.count = count;
    section_writer_add(w, &s, p.data, packed_stored_bytes(p.bits, count));
    memory_free((void *)p.data);
}

/* By number of those ids that only links name: the code of the text. To be freed. */
static uint32_t *codes_of_others(const store_links *l)
{
    size_t count = l->texts ? dictionary_count(l->texts) : 0;
    uint32_t *codes =
        memory_alloc_array(l->id_count - l->person_count + 1, sizeof *codes);
    for (uint32_t code = 0; code < count; code++)
        if (l->numbers[code] != DICTIONARY_NONE && l->numbers[code] >= l->person_count)
            codes[l->numbers[code] - l->person_count] = code;
    return codes;
}

static void write_names(section_writer *w, const joined_content *c)
{
    const uint32_t *ids = store_joined_ids(c->joined);
    size_t first = c->joined->person_count; /* of the other ids */
    size_t count = dictionary_count(c->joined->persons), people = c->links->person_count;
    uint32_t *codes = codes_of_others(c->links);
    uint32_t *names = memory_alloc_array(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = ids[i] < people ? ids[i] : (uint32_t)people + codes[ids[i] - people];
    write_codes(w, ROLE_NAMES, names, count);
    write_codes(w, ROLE_NAMED, c->joined->persons_of + first, count - first);
    memory_free(names);
    memory_free(codes);
}

bool joined_file_write(const char *path, const joined_content *content,
                       section_file_identity *out, carpel_error *err)
{
    section_writer *w = section_writer_new(path, err);
    if (!w)
        return false;
    part_content tables = {.rows = content->joined};
    part_write_tables(w, &tables);
    write_names(w, content);
    section_writer_add(w, &(section){.role = ROLE_NOTES, .name = slice_of(NOTES)},
                       content->notes.data, content->notes.size);
    return section_writer_finish(w, out, err);
}

/* ---- reading -------------------------------------------------------------- */

enum { NAMES_AT_ONCE = 1024 };

/* The texts by which people are known. */
typedef struct name_texts {
    const dictionary *people, *others;
    size_t people_count, count;
} name_texts;

static name_texts texts_of(glossary *g, const schema *s)
{
    text table, column;
    text_init(&table);
    text_init(&column);
    part_name_kind(s, schema_find_links(s), &table);
    part_name_column(table.data,
                     s->kinds[schema_find_links(s)].properties[LINK_COLUMN_ID].name,
                     &column);
    name_texts t = {.people = glossary_get(g, GLOSSARY_PEOPLE),
                    .others = glossary_get(g, column.data)};
    t.people_count = dictionary_count(t.people);
    t.count = t.people_count + dictionary_count(t.others);
    text_done(&table);
    text_done(&column);
    return t;
}

/* Append the ids of one dictionary, of which the numbers begin at `base`. */
static void append_names(dictionary *out, const dictionary *from, uint32_t *ids,
                         size_t count, uint32_t base)
{
    slice texts[NAMES_AT_ONCE];
    for (size_t i = 0; i < count; i++)
        ids[i] -= base;
    dictionary_texts(from, ids, count, texts);
    dictionary_append_texts(out, texts, count);
}

/* Most ids that follow one another are of one dictionary. */
static bool append_some(const name_texts *t, uint32_t *ids, size_t count, dictionary *out)
{
    for (size_t i = 0, end; i < count; i = end) {
        bool is_person = ids[i] < t->people_count;
        for (end = i; end < count && (ids[end] < t->people_count) == is_person; end++)
            if (ids[end] >= t->count)
                return false;
        append_names(out, is_person ? t->people : t->others, ids + i, end - i,
                     is_person ? 0 : (uint32_t)t->people_count);
    }
    return true;
}

static bool read_names(const section *names, const name_texts *t, dictionary *out)
{
    uint32_t ids[NAMES_AT_ONCE];
    packed numbers = section_numbers(names);
    dictionary_reserve(out, (size_t)names->count);
    for (size_t i = 0, size; i < names->count; i += size) {
        size = (size_t)names->count - i;
        size = size < NAMES_AT_ONCE ? size : NAMES_AT_ONCE;
        packed_widen_32(&numbers, i, size, ids);
        if (!append_some(t, ids, size, out))
            return false;
    }
    return true;
}

/* The first ids are those that stand for people, in their order. */
static bool read_named(const section *named, size_t people, uint32_t *persons_of)
{
    packed numbers = section_numbers(named);
    bool is_good = true;
    for (size_t i = 0; i < people; i++)
        persons_of[i] = (uint32_t)i;
    packed_widen_32(&numbers, 0, (size_t)named->count, persons_of + people);
    for (size_t i = 0; i < named->count; i++)
        is_good = is_good && persons_of[people + i] < people;
    return is_good;
}

bool joined_file_read(const section_file *f, glossary *g, const schema *s, arena *memory,
                      joined_names *out, carpel_error *err)
{
    const section *names = section_file_find(f, ROLE_NAMES, GLOSSARY_PEOPLE),
                  *named = section_file_find(f, ROLE_NAMED, GLOSSARY_PEOPLE),
                  *notes = section_file_find(f, ROLE_NOTES, NOTES);
    name_texts t = texts_of(g, s);
    bool is_sane = names && named && notes && names->count >= named->count &&
                   names->count <= t.count;
    *out = (joined_names){.persons = dictionary_new()};
    if (is_sane) {
        out->person_count = (size_t)(names->count - named->count);
        out->persons_of =
            arena_alloc_array(memory, (size_t)names->count + 1, sizeof *out->persons_of);
        out->notes = (slice){notes->data, (size_t)notes->bytes};
    }
    if (is_sane && read_names(names, &t, out->persons) &&
        read_named(named, out->person_count, out->persons_of))
        return true;
    dictionary_free(out->persons);
    out->persons = NULL;
    return carpel_fail(err, CARPEL_E_INPUT,
                       "the store is damaged: \"%s\" does not tell who its people are",
                       section_file_path(f));
}
