/* SPDX-License-Identifier: MIT
 *
 * Fields of files that hold ids of people beside the one that names whose the row is. Most often nothing
 * reads such a field, so the first rows of the file are looked at once more, with all that they have.
 */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "engine/looker.h"
#include "ingest/mapping.h"
#include "plugin/guarded.h"
#include "report/yaml_text.h"

enum { MOST_ROWS = 1000, MOST_FIELDS = 200, LONGEST_ID = 200, SHORTEST_ID = 3 };

/* A plugin that is asked to look goes through much of a file to find out how it is written. This is nothing
 * beside reading its rows, but would be most of a run over a store that has them already. */
#define MOST_BYTES_AGAIN (UINT64_C(1024) * 1024)

/* A field of the rows, and what stands in it in the present one. */
typedef struct field {
    const char *from;
    bool is_known;  /* it names the person, or the project says that it holds ids */
    bool is_choice; /* it names the person where the fields before it do not */
    char value[LONGEST_ID + 1]; /* "": none */
    size_t values, ids;         /* that could be one; that are one of somebody else */
    const char *id, *owner;     /* the first of these, and whose row it is in */
} field;

/* What may be the id of somebody. */
typedef struct candidate {
    size_t field;
    uint32_t code; /* of its text */
    const char *owner;
} candidate;

typedef struct reading {
    const looker *l;
    const config_source *source;
    const mapping *mapping; /* or NULL */
    arena *memory;
    field *fields;
    size_t field_count, row_count;
    dictionary *texts; /* of the candidates */
    candidate *candidates;
    size_t candidate_count, candidate_capacity;
} reading;

static bool is_field(config_text name, const char *from)
{
    return name.text && strcmp(name.text, from) == 0;
}

/* Does the source say that the field holds ids of the person? */
static bool is_identity(const config_source *s, const char *from)
{
    bool is = false;
    for (size_t i = 0; i < s->identity_count; i++)
        is |= is_field(s->identities[i].field.from, from);
    return is;
}

/* May it name the person where the fields before it are missing? In a row that has both, nothing reads it. */
static bool is_second_choice(const config_source *s, const char *from)
{
    bool is = false;
    for (size_t i = 1; i < s->person_field_count; i++)
        is |= is_field(s->person_fields[i], from);
    return is;
}

/* It names the person, or it is said to hold ids of theirs, or (as a property of the type `person`) of
 * another one. */
static bool is_known(const reading *r, const char *from)
{
    const config_source *s = r->source;
    if (is_identity(s, from) || is_second_choice(s, from))
        return is_identity(s, from);
    bool is = is_field(s->person.from, from);
    for (size_t i = 0; r->mapping && i < r->mapping->column_count; i++)
        is |= r->mapping->columns[i].type == CARPEL_PERSON &&
              strcmp(r->mapping->columns[i].from, from) == 0;
    return is;
}

/* NULL: there are too many, or it is of a list. */
static field *find_or_add(reading *r, const char *from)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (strcmp(r->fields[i].from, from) == 0)
            return &r->fields[i];
    if (r->field_count == MOST_FIELDS || strstr(from, "[]"))
        return NULL;
    field *f = &r->fields[r->field_count++];
    *f = (field){.from = arena_copy_string(r->memory, from),
                 .is_known = is_known(r, from),
                 .is_choice = is_second_choice(r->source, from)};
    return f;
}

/* ---- what a plugin tells ----------------------------------------------------------------- */

static bool begin_row(void *context, uint64_t line)
{
    reading *r = context;
    (void)line;
    for (size_t i = 0; i < r->field_count; i++)
        r->fields[i].value[0] = '\0';
    return r->row_count++ < MOST_ROWS;
}

static void hear_value(void *context, const char *from, const char *data, size_t size,
                       bool is_text)
{
    field *f = size <= LONGEST_ID ? find_or_add(context, from) : NULL;
    (void)is_text;
    if (!f)
        return;
    memcpy(f->value, data, size);
    f->value[size] = '\0';
}

/* The first of the fields that may name the person. */
static const char *owner_of(const reading *r)
{
    const config_source *s = r->source;
    for (size_t k = 0; k < s->person_field_count; k++)
        for (size_t i = 0; i < r->field_count; i++)
            if (is_field(s->person_fields[k], r->fields[i].from) &&
                r->fields[i].value[0] != '\0')
                return r->fields[i].value;
    return "";
}

/* Of numbers nobody can tell what they number. */
static bool could_be_id(const char *value)
{
    return strlen(value) >= SHORTEST_ID &&
           value[strspn(value, "0123456789.,:+- /TZ")] != '\0';
}

static void end_row(void *context)
{
    reading *r = context;
    const char *owner = owner_of(r);
    for (size_t i = 0; owner[0] != '\0' && i < r->field_count; i++) {
        field *f = &r->fields[i];
        if (f->is_known || !could_be_id(f->value) || strcmp(f->value, owner) == 0)
            continue;
        f->values++;
        memory_grow((void **)&r->candidates, r->candidate_count, &r->candidate_capacity,
                    sizeof *r->candidates);
        r->candidates[r->candidate_count++] =
            (candidate){i, dictionary_add(r->texts, f->value, strlen(f->value)),
                        arena_copy_string(r->memory, owner)};
    }
}

static const carpel_view rows_view = {.struct_size = sizeof rows_view,
                                      .option = view_ignore_option,
                                      .field = view_ignore_text,
                                      .row_begin = begin_row,
                                      .row_field = hear_value,
                                      .row_refuse = view_ignore_text,
                                      .row_end = end_row};

/* ---- who it is ---------------------------------------------------------------------------- */

/* A few texts that are looked for among the ids of all people. */
typedef struct wanted_texts {
    const dictionary *texts;
    bool begins[LONGEST_ID + 1][256]; /* by size and first byte: there are some */
} wanted_texts;

static wanted_texts *want_texts(const dictionary *texts, arena *memory)
{
    wanted_texts *w = arena_alloc(memory, sizeof *w);
    w->texts = texts;
    for (uint32_t i = 0; i < dictionary_count(texts); i++) {
        slice text = dictionary_text(texts, i);
        w->begins[text.size][(unsigned char)text.data[0]] = true;
    }
    return w;
}

static uint32_t find_wanted(const wanted_texts *w, slice id)
{
    return id.size <= LONGEST_ID && w->begins[id.size][(unsigned char)id.data[0]]
               ? dictionary_find(w->texts, id.data, id.size)
               : DICTIONARY_NONE;
}

/* By code of the texts: whether it is the id of somebody. All people are gone through once, as an index of
 * them would take longer. */
static bool *find_people(const store *data, const dictionary *texts, arena *memory)
{
    const wanted_texts *w = want_texts(texts, memory);
    bool *are = arena_alloc_array(memory, dictionary_count(texts) + 1, sizeof *are);
    for (uint32_t i = 0; i < dictionary_count(data->persons); i++) {
        uint32_t code = find_wanted(w, dictionary_text(data->persons, i));
        if (code != DICTIONARY_NONE)
            are[code] = store_names_person(data, store_person_at(data, i));
    }
    return are;
}

static void count_ids(reading *r)
{
    if (r->candidate_count == 0)
        return;
    const bool *are = find_people(r->l->engine->store, r->texts, r->memory);
    for (size_t i = 0; i < r->candidate_count; i++) {
        const candidate *c = &r->candidates[i];
        field *f = &r->fields[c->field];
        if (!are[c->code] || f->ids++ > 0)
            continue;
        f->id = dictionary_text(r->texts, c->code).data;
        f->owner = c->owner;
    }
}

/* ---- what is said ------------------------------------------------------------------------ */

/* Has this command read rows of the source? */
static bool has_read(const engine *e, size_t source)
{
    return source < e->intake_count && e->intakes[source].added > 0;
}

/* The first file of a source that a plugin can look at; NULL: none, or it is not read here, or was read by
 * an earlier command and is too large to be looked at by each. */
static const char *first_file(const engine *e, size_t source)
{
    const engine_source *s = &e->sources[source];
    const config_source *c = &e->project->sources[source];
    const carpel_option *o = engine_files_option(s->connector.plugin);
    file_facts facts;
    if (!o || c->command || s->connector.isolation ||
        !guarded_can_look(s->connector.plugin))
        return NULL;
    const carpel_texts *files =
        (const void *)((const char *)s->connector.options + o->offset);
    bool is_file =
        files->count > 0 && file_look(files->items[0], &facts) && facts.is_regular;
    is_file = is_file && (facts.bytes <= MOST_BYTES_AGAIN || has_read(e, source));
    return is_file ? files->items[0] : NULL;
}

static void say(looker *l, const engine_source *s, const field *f)
{
    text line;
    text_init(&line);
    yaml_append_text(&line, slice_of(f->from));
    looker_say(
        l, NOTE_OTHER_IDS, looker_field(l, s->name, f->from),
        "\"%s\" of the source \"%s\" holds ids of people, such as \"%s\" in a row of "
        "\"%s\": where both are one person, `identities: {%s: cookie}` of the "
        "source makes them one (or user, email, phone, device)",
        f->from, s->name, f->id, f->owner, line.data);
    text_done(&line);
}

/* Some of its texts are ids of people: all of a field that names people in other rows, else half of them at least. */
static bool holds_ids(const field *f)
{
    return f->ids > 0 && (f->is_choice || 2 * f->ids >= f->values);
}

static void note_on_source(looker *l, size_t source, reading *r)
{
    const engine_source *s = &l->engine->sources[source];
    const host_listener hears = {.cancel = l->engine->cancel, .plugin = s->name};
    const char *path = first_file(l->engine, source);
    carpel_error ignored; /* what cannot be read was told when it was read */
    carpel_view view = rows_view;
    bool is_mine;
    if (!path)
        return;
    view.context = r;
    plugin_host *host = host_new(NULL, NULL, &hears);
    bool ok = guarded_look(host, s->connector.plugin, path, &view, &is_mine, &ignored);
    host_free(host);
    if (ok)
        count_ids(r);
    for (size_t i = 0; ok && i < r->field_count; i++)
        if (holds_ids(&r->fields[i]))
            say(l, s, &r->fields[i]);
}

void notes_on_other_ids(looker *l)
{
    const engine *e = l->engine;
    field *fields = memory_alloc_array(MOST_FIELDS, sizeof *fields);
    for (size_t i = 0; i < e->project->source_count; i++) {
        reading r = {.l = l,
                     .source = &e->project->sources[i],
                     .mapping = e->sources[i].mapping,
                     .memory = arena_new(),
                     .fields = fields,
                     .texts = dictionary_new()};
        note_on_source(l, i, &r);
        memory_free(r.candidates);
        dictionary_free(r.texts);
        arena_free(r.memory);
    }
    memory_free(fields);
}
