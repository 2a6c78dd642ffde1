/* SPDX-License-Identifier: MIT
 *
 * Names that are written in many ways, in one.
 */
#include "look/names.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "lang/keywords.h"
#include "schema/schema.h"

/* Append the letters and digits, with an underscore for all between them, and where a small letter
 * stands before a large one. */
static void append_plain(const char *from, size_t size, text *out)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)from[i];
        bool is_part = isalnum(c) && c < 0x80;
        bool begins = i > 0 && isupper(c) && islower((unsigned char)from[i - 1]);
        bool needs_gap = begins || !is_part;
        if (needs_gap && out->size > 0 && out->data[out->size - 1] != '_')
            text_append_char(out, '_');
        if (is_part)
            text_append_char(out, (char)tolower(c));
    }
    while (out->size > 0 && out->data[out->size - 1] == '_')
        out->data[--out->size] = '\0';
}

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

static const char *finish(text *plain, bool (*is_taken)(const char *name),
                          const char *behind, arena *memory)
{
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
    append_plain(from, strlen(from), &plain);
    return finish(&plain, is_taken_for_kinds, "_event", memory);
}

const char *look_property_name(const char *from, const char *prefix, arena *memory)
{
    text plain;
    const char *key = strstr(from, "[key=");
    text_init(&plain);
    if (key) {
        key += strlen("[key=");
        append_plain(key, strcspn(key, "]"), &plain);
    } else {
        size_t skipped =
            prefix && strncmp(from, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
        append_plain(from + skipped, strlen(from + skipped), &plain);
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
