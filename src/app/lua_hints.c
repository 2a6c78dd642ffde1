/* SPDX-License-Identifier: MIT
 *
 * Lua says which name was nil, without the table that it was looked for in; that one stands in
 * front of it in the line.
 */
#include "app/lua_hints.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/say.h"
#include "base/directory.h"
#include "base/memory.h"
#include "report/suggest.h"
#include "report/terminal.h"

enum { MOST_NAME_BYTES = 64, MOST_TYPED_BYTES = 200 };

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The name in "... a nil value (field 'poinst')"; false: there is none. */
static bool find_nil(const char *reason, const char *kind, char name[MOST_NAME_BYTES])
{
    char before[40];
    snprintf(before, sizeof before, "a nil value (%s '", kind);
    const char *found = strstr(reason, before);
    if (!found)
        return false;
    found += strlen(before);
    size_t size = strcspn(found, "'");
    if (size >= MOST_NAME_BYTES)
        return false;
    memcpy(name, found, size);
    name[size] = '\0';
    return true;
}

/* The name in front of ".field" where that is typed; "" when there is none. */
static void find_owner(slice typed, const char *field, char owner[MOST_NAME_BYTES])
{
    size_t size = strlen(field);
    owner[0] = '\0';
    for (size_t dot = 1; dot + size < typed.size; dot++) {
        size_t end = dot + 1 + size, begin = dot;
        if (typed.data[dot] != '.' || memcmp(typed.data + dot + 1, field, size) != 0 ||
            (end < typed.size && is_name_byte(typed.data[end])))
            continue;
        while (begin > 0 && is_name_byte(typed.data[begin - 1]))
            begin--;
        if (begin == dot || dot - begin >= MOST_NAME_BYTES)
            continue;
        memcpy(owner, typed.data + begin, dot - begin);
        owner[dot - begin] = '\0';
        return;
    }
}

static void hint_field(const script_set *set, slice typed, const char *field)
{
    char owner[MOST_NAME_BYTES];
    find_owner(typed, field, owner);
    if (!script_set_has_module(set, owner))
        return;
    const char *similar = script_set_similar(set, owner, field);
    if (similar)
        say_hint("Did you mean \"%s\"?", similar);
    else
        say_hint("The line \"%s\" shows which functions it has.", owner);
}

/* A function without its script, or a script with another name. */
static void hint_global(const script_set *set, const char *name)
{
    path_list modules = {0};
    suggestion similar = suggest_begin(name);
    const char *meant = NULL;
    for (size_t i = 0; i < script_set_function_count(set); i++) {
        const char *full = script_set_function_name(set, i), *dot = strrchr(full, '.');
        char *module = memory_copy_text(full, (size_t)(dot - full));
        path_list_add(&modules, module);
        memory_free(module);
        if (strcmp(dot + 1, name) == 0)
            meant = full;
    }
    for (size_t i = 0; i < modules.count; i++)
        suggest_consider(&similar, modules.items[i]);
    meant = meant ? meant : suggest_best(&similar);
    if (meant)
        say_hint("Did you mean \"%s\"?", meant);
    path_list_done(&modules);
}

/* person ann, value count(purchase) */
static void hint_quotes(slice typed, const char *word)
{
    size_t size = strlen(word);
    while (typed.size > 0 && isspace((unsigned char)typed.data[typed.size - 1]))
        typed.size--;
    if (typed.size < size + 2 || typed.size > MOST_TYPED_BYTES ||
        !slice_starts_with(typed, slice_of(word)) || typed.data[size] != ' ' ||
        !is_name_byte(typed.data[size + 1]))
        return;
    slice rest = {typed.data + size + 1, typed.size - size - 1};
    bool has_quotes = memchr(rest.data, '"', rest.size) != NULL;
    text shown;
    text_init(&shown);
    terminal_append_safe(&shown, rest);
    say_hint("It stands in quotes: %s %s%s%s", word, has_quotes ? "[[" : "\"", shown.data,
             has_quotes ? "]]" : "\"");
    text_done(&shown);
}

void lua_hint_line(const script_set *set, slice typed, const char *reason)
{
    char name[MOST_NAME_BYTES];
    if (find_nil(reason, "field", name))
        hint_field(set, typed, name);
    else if (find_nil(reason, "global", name))
        hint_global(set, name);
    else if (strstr(reason, "to 'person' (string expected"))
        say_hint("An id stands in quotes: person \"ID\"");
    else if (strstr(reason, "to 'value' (string expected"))
        say_hint("An expression stands in quotes: value \"count(purchase)\"");
    else if (strstr(reason, "syntax error near")) {
        hint_quotes(typed, "person");
        hint_quotes(typed, "value");
    }
}
