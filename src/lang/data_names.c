/* SPDX-License-Identifier: MIT
 *
 * Looks words up among the names of the data, and in foreign_events.def.
 */
#include "lang/data_names.h"

#include <string.h>

#include "lang/foreign.h"
#include "lang/keywords.h"

static const char *const same_events[] = {
#define X(words) words,
#include "lang/foreign_events.def"
#undef X
};

const char *schema_same_kind(const schema *s, const char *word)
{
    const char *found = NULL;
    for (size_t i = 0; i < sizeof same_events / sizeof *same_events; i++) {
        if (!is_word_of(word, same_events[i]))
            continue;
        for (size_t k = 0; k < s->kind_count; k++) {
            if (!is_word_of(s->kinds[k].name, same_events[i]))
                continue;
            if (found)
                return NULL;
            found = s->kinds[k].name;
        }
    }
    return found;
}

bool is_word_for_joining(const char *word)
{
    return is_word_of(
        word, "joining joined join joins registration registering registered register "
              "sign signup signups signingup signedup signed signing onboarding "
              "accountcreation created creation membership");
}

const char *schema_joining_trait(const schema *s)
{
    static const char names[] =
        "signedup signedupat signup signupdate signupat joined joinedat "
        "joindate registered registeredat registration "
        "registrationdate createdat created accountcreated "
        "accountcreatedat membersince customersince";
    const char *found = NULL;
    for (size_t i = 0; i < s->trait_count; i++) {
        type t = s->traits[i].type;
        if (!is_word_of(s->traits[i].name, names) || !type_is_moment(t))
            continue;
        if (found)
            return NULL;
        found = s->traits[i].name;
    }
    return found;
}

/* The first word of a name with points, if it is a word of the language. */
static void add_word(data_names *names, arena *memory, const char *name)
{
    const char *dot = strchr(name, '.');
    size_t size = dot ? (size_t)(dot - name) : strlen(name);
    char *word = arena_copy_text(memory, name, size);
    if (keyword_has_word(word))
        name_index_add(&names->words, memory, word, 0);
}

void data_names_init(data_names *names, const schema *s, arena *memory)
{
    names->schema = s;
    for (size_t k = 0; k < schema_total(s); k++) {
        add_word(names, memory, s->kinds[k].name);
        for (size_t i = 0; i < s->kinds[k].property_count; i++)
            add_word(names, memory, s->kinds[k].properties[i].name);
    }
}

const char *data_event(const data_names *names, const char *word)
{
    const schema *s = names->schema;
    if (schema_find_event(s, word) != SCHEMA_NONE)
        return word;
    const char *same = schema_same_kind(s, word);
    return same ? same : schema_similar_kind(s, word);
}

bool data_has_trait(const data_names *names, const char *word)
{
    return schema_find_trait(names->schema, word) != SCHEMA_NONE ||
           schema_find_list_trait(names->schema, word) != SCHEMA_NONE;
}

bool data_has_property(const data_names *names, const char *word)
{
    const schema *s = names->schema;
    for (size_t i = 0; i < s->kind_count; i++)
        if (kind_find_property(&s->kinds[i], word) != SCHEMA_NONE)
            return true;
    return false;
}
