/* SPDX-License-Identifier: MIT
 *
 * Ids that may be of one person, and texts that may be one, that stand for nothing, or that have quotes.
 */
#include "base/bitmap.h"
#include "base/memory.h"
#include "engine/looker.h"
#include "engine/near_texts.h"
#include "engine/text_looks.h"

enum { MOST_DIFFERENT = 10000 }; /* texts of a column; more are no categories */

/* A field as `fields` of carpel.yaml names it: a trait by its own name. */
static const char *yaml_name(const char *owner, const char *name, const char *field)
{
    return strcmp(owner, "user") == 0 ? name : field;
}

static bool is_there(const store *data, uint32_t person)
{
    return person < data->person_count && store_names_person(data, person);
}

/* Is the id one of somebody else's, who is there? */
static bool is_another(const store *data, uint32_t person, slice id)
{
    uint32_t other = store_find_person(data, id);
    return other != person && is_there(data, other);
}

void notes_on_ids(looker *l)
{
    const store *data = l->engine->store;
    const dictionary *ids = data->persons; /* where they are joined, all of each person */
    size_t found = 0, count = dictionary_count(ids);
    slice first = {0}, first_twin = {0};
    unsigned steps = 0;
    for (uint32_t i = 0; i < count && i < MOST_LOOKED_AT; i++) {
        slice id = dictionary_text(ids, i), twin;
        uint32_t person = store_person_at(data, i);
        unsigned needed =
            is_there(data, person) ? near_text_find(ids, id, true, &twin) : 0;
        if (!needed || !is_another(data, person, twin))
            continue;
        steps |= needed;
        if (found++ == 0)
            first = id, first_twin = twin;
    }
    if (found > 0)
        looker_say(
            l, NOTE_IDS, "",
            "\"%.*s\" and \"%.*s\" are two people%s: ids are compared letter by letter, "
            "with their blanks and zeros; clean: {person: {%s}} makes one of %s",
            (int)first.size, first.data, (int)first_twin.size, first_twin.data,
            found > 1 ? arena_format(l->memory, ", and so are %zu more", found - 1) : "",
            near_text_steps(steps, l->memory), found > 1 ? "each two" : "them");
}

static bool is_word_for_nothing(slice s)
{
    static const char *const words[] = {"NULL",   "null",      "N/A", "n/a",
                                        "#N/A",   "\\N",       "NaN", "nan",
                                        "(null)", "undefined", "None"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equals(s, slice_of(words[i])))
            return true;
    return false;
}

/* A field of texts. A dictionary may have texts of rows that are not there any more. */
typedef struct text_field {
    const dictionary *texts;
    const uint64_t *seen; /* bits of the codes that rows have */
    const char *name, *yaml;
    uint32_t told;     /* the bits of the notes */
    slice first, twin; /* the first two that differ little */
    unsigned steps;    /* that make one text of each such two */
    slice quoted;      /* the first text in quotes */
    unsigned looks;    /* the bits of quoted_look that such texts have */
} text_field;

/* Was nothing of this kind told of the field yet? */
static bool is_first(text_field *f, data_note note)
{
    bool is_first = (f->told >> note & 1) == 0;
    f->told |= 1u << note;
    return is_first;
}

static void note_quoted(text_field *f, slice s, quoted_look look)
{
    f->quoted = f->looks == 0 ? s : f->quoted;
    f->looks |= 1u << look;
}

static void note_twin(text_field *f, slice s, slice twin, unsigned steps)
{
    if (f->steps == 0)
        f->first = s, f->twin = twin;
    f->steps |= steps;
}

/* Tell that it is a word for nothing, or empty, of each once; what else is odd about it is noted. */
static void look_at_text(looker *l, text_field *f, slice s)
{
    slice twin;
    quoted_look quotes = text_quoted_look(s);
    unsigned steps = near_text_find(f->texts, s, false, &twin);
    if (steps && !bitmap_get(f->seen, dictionary_find(f->texts, twin.data, twin.size)))
        steps = 0;
    if (is_word_for_nothing(s) && is_first(f, NOTE_NULLS))
        looker_say(
            l, NOTE_NULLS, f->name,
            "%s has the text \"%.*s\": an empty field is missing, this is a text like "
            "any "
            "other; clean: {fields: {%s: {missing: ['%.*s']}}} makes it missing",
            f->name, (int)s.size, s.data, f->yaml, (int)s.size, s.data);
    else if (s.size == 0 && is_first(f, NOTE_EMPTY))
        looker_say(
            l, NOTE_EMPTY, f->name,
            "%s has empty texts, which are not missing: they stood in quotes; clean: "
            "{fields: {%s: {missing: [\"\"]}}} makes them missing",
            f->name, f->yaml);
    else if (quotes != QUOTED_NOT)
        note_quoted(f, s, quotes);
    else if (steps)
        note_twin(f, s, twin, steps);
}

static void say_quoted(looker *l, const text_field *f)
{
    const char *advice = "";
    if (f->looks == 1u << QUOTED_ONE)
        advice = arena_format(
            l->memory,
            "; clean: {fields: {%s: {replace: {'^\"|\"$': \"\"}}}} takes them away",
            f->yaml);
    else if ((f->looks & 1u << QUOTED_OTHERS) == 0)
        advice = arena_format(l->memory,
                              "; with the type [string], clean: {fields: {%s: {split: "
                              "\",\", replace: {'^\"|\"$': \"\"}}}} makes lists of them",
                              f->yaml);
    looker_say(l, NOTE_QUOTES, f->name,
               "%s has the text %.*s with its quotes, which were doubled in the file%s",
               f->name, (int)f->quoted.size, f->quoted.data, advice);
}

static void say_twins(looker *l, const text_field *f)
{
    looker_say(
        l, NOTE_TEXTS, f->name,
        "%s has \"%.*s\" and \"%.*s\", which differ; clean: {fields: {%s: {%s}}} makes "
        "one of them",
        f->name, (int)f->first.size, f->first.data, (int)f->twin.size, f->twin.data,
        f->yaml, near_text_steps(f->steps, l->memory));
}

/* Which texts rows have, as bits of their codes; with the last of them it is known. */
static uint64_t *find_seen(const event_table *t, const column *c, size_t text_count)
{
    enum { MANY = 1024 };
    uint32_t codes[MANY];
    size_t rows = t->row_count < MOST_LOOKED_AT ? t->row_count : MOST_LOOKED_AT;
    size_t unseen = text_count;
    uint64_t *seen = memory_alloc_zero_array(bitmap_words(text_count), sizeof *seen);
    for (size_t from = 0; from < rows && unseen > 0; from += MANY) {
        size_t count = rows - from < MANY ? rows - from : MANY;
        packed_widen_32(&c->values, from, count, codes);
        for (size_t i = 0; i < count; i++) {
            if (!column_has(c, from + i) || bitmap_get(seen, codes[i]))
                continue;
            bitmap_set(seen, codes[i]);
            unseen--;
        }
    }
    return seen;
}

/* A column of categories: of a property, or of a trait ("user"). */
void notes_on_texts(looker *l, const event_table *t, const column *c, const char *owner,
                    const char *name)
{
    size_t count = c->dictionary ? dictionary_count(c->dictionary) : 0;
    const char *field = looker_field(l, owner, name);
    if (c->type.kind != TYPE_STRING || count > MOST_DIFFERENT)
        return;
    uint64_t *seen = find_seen(t, c, count);
    text_field f = {.texts = c->dictionary,
                    .seen = seen,
                    .name = field,
                    .yaml = yaml_name(owner, name, field)};
    for (size_t i = 0; i < count; i++)
        if (bitmap_get(seen, i))
            look_at_text(l, &f, dictionary_text(c->dictionary, (uint32_t)i));
    if (f.looks)
        say_quoted(l, &f);
    if (f.steps)
        say_twins(l, &f);
    memory_free(seen);
}
