/* SPDX-License-Identifier: MIT
 *
 * Names that are written in many ways, in one.
 */
#include "look/names.h"

#include <ctype.h>
#include <string.h>

#include "base/plain_name.h"
#include "lang/keywords.h"
#include "schema/schema.h"

static bool is_taken_for_kinds(const char *name)
{
    static const char *const taken[] = {"user", "anything", "sessions", "session"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(taken[i], name) == 0)
            return true;
    return keyword_has_word(name);
}

/* Behind a dot most words are names. */
static bool is_taken_for_properties(const char *name)
{
    pseudo_property pseudo;
    const keyword *k = keyword_find(name);
    return (k && k->use == KEYWORD_RESERVED) || pseudo_property_find(name, &pseudo);
}

/* Names that are longer than people write them end in a number that tells them apart. */
static void shorten(text *plain)
{
    enum { LONGEST_NAME = 64, KEPT = 56 };
    uint64_t digest = 0;
    if (plain->size <= LONGEST_NAME)
        return;
    for (size_t i = 0; i < plain->size; i++)
        digest = digest * 31 + (unsigned char)plain->data[i];
    plain->size = KEPT;
    plain->data[KEPT] = '\0';
    text_append_format(plain, "_%06x", (unsigned)(digest & 0xffffff));
}

static const char *finish(text *plain, bool (*is_taken)(const char *name),
                          const char *behind, arena *memory)
{
    shorten(plain);
    const char *name = plain->data;
    if (plain->size == 0 || isdigit((unsigned char)name[0]))
        name = arena_format(memory, "n%s", name);
    else if (is_taken(name))
        name = arena_format(memory, "%s%s", name, behind);
    else
        name = arena_copy_string(memory, name);
    text_done(plain);
    return name;
}

const char *look_kind_name(const char *from, arena *memory)
{
    text plain;
    text_init(&plain);
    plain_name_append(&plain, slice_of(from));
    return finish(&plain, is_taken_for_kinds, "_event", memory);
}

const char *look_property_name(const char *from, const char *prefix, arena *memory)
{
    text plain;
    const char *key = strstr(from, "[key=");
    text_init(&plain);
    if (key) {
        key += strlen("[key=");
        plain_name_append(&plain, (slice){key, strcspn(key, "]")});
    } else {
        size_t skipped =
            prefix && strncmp(from, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
        plain_name_append(&plain, slice_of(from + skipped));
    }
    return finish(&plain, is_taken_for_properties, "_value", memory);
}

const char *look_bare_name(const char *from, arena *memory)
{
    const char *dot = strrchr(from, '.');
    bool parts = dot && dot[1] != '*' && dot[1] != '\0'; /* not the dot of "Kunden-Nr." */
    const char *last = parts ? dot + 1 : from;
    char *bare = arena_copy_string(memory, last), *out = bare;
    for (const char *in = last; *in != '\0'; in++)
        if (isalnum((unsigned char)*in))
            *out++ = (char)tolower((unsigned char)*in);
    *out = '\0';
    return bare;
}
