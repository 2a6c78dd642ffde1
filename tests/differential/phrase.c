/* SPDX-License-Identifier: MIT
 *
 * Phrases to text.
 */
#include "differential/phrase.h"

#include <assert.h>
#include <stdarg.h>

phrase *say(arena *memory, phrase_sort sort, unsigned scope, const char *words,
            size_t count, ...)
{
    phrase *p = arena_alloc(memory, sizeof *p);
    va_list parts;
    assert(count <= PHRASE_MOST_PARTS);
    *p = (phrase){.sort = sort, .scope = scope, .words = words, .part_count = count};
    va_start(parts, count);
    for (size_t i = 0; i < count; i++)
        p->parts[i] = va_arg(parts, phrase *);
    va_end(parts);
    return p;
}

void phrase_append(const phrase *p, text *out)
{
    size_t part = 0;
    if (p->is_left_out)
        return;
    for (const char *c = p->words; *c != '\0'; c++) {
        if (*c != '~')
            text_append_char(out, *c);
        else if (p->parts[part++])
            phrase_append(p->parts[part - 1], out);
    }
}

size_t phrase_collect(phrase *p, phrase **out, size_t limit)
{
    if (limit == 0 || p->is_left_out)
        return 0;
    size_t count = 1;
    out[0] = p;
    for (size_t i = 0; i < p->part_count; i++)
        if (p->parts[i])
            count += phrase_collect(p->parts[i], out + count, limit - count);
    return count;
}

const char *phrase_least(phrase_sort sort)
{
    switch (sort) {
    case SORT_CONDITION: return "true";
    case SORT_NUMBER: return "1";
    case SORT_DURATION: return "1 day";
    case SORT_TIME: return "now";
    case SORT_DATE: return "2026-03-01";
    case SORT_TEXT: return "\"a\"";
    case SORT_EVENTS: return "purchase";
    case SORT_OPTIONAL: return "";
    default: return NULL;
    }
}
