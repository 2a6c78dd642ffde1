/* SPDX-License-Identifier: MIT
 *
 * Scripts that come with carpel, named in other ways than `use lib.rate`.
 */
#include <string.h>

#include "lang/mistaken.h"
#include "script/meant.h"

enum { MOST_SCRIPTS = 8 };

/* "rate" and what begins with "lib"; "rate.lua" is a file of the project. */
static const char *library_of(slice word)
{
    bool is_of_library = slice_starts_with(word, slice_of("lib"));
    return is_of_library || !memchr(word.data, '.', word.size)
               ? script_meant_library(word)
               : NULL;
}

/* The names of all scripts between the commas; 0: one of them does not come with carpel. */
static size_t read_scripts(const char *words, const char **names)
{
    size_t count = 0;
    while (words) {
        const char *end = strchr(words, ',');
        size_t size = end ? (size_t)(end - words) : strlen(words);
        if (count == MOST_SCRIPTS)
            return 0;
        names[count] = library_of(slice_trim((slice){words, size}, " "));
        if (!names[count++])
            return 0;
        words = end ? end + 1 : NULL;
    }
    return count;
}

static void propose_uses(const mistake *m, span where, const char *const *names,
                         size_t count)
{
    text hint, fix;
    text_init(&hint);
    text_init(&fix);
    for (size_t i = 0; i < count; i++) {
        text_append_format(&hint, "%suse lib.%s",
                           i > 0 ? ", and in a line of its own: " : "", names[i]);
        text_append_format(&fix, "%slib.%s", i > 0 ? "\nuse " : "", names[i]);
    }
    hint(m, "Write: %s. Its functions are called as %s.NAME(...): carpel help lib.%s",
         hint.data, names[0], names[0]);
    fix(m, where, "%s", fix.data);
    text_done(&hint);
    text_done(&fix);
}

/* `use rate`, `use lib/rate`, `use lib.rate.low`, `use lib.rate, lib.habit`. */
bool mistake_in_use(const mistake *m)
{
    const char *names[MOST_SCRIPTS];
    char words[MOST_EXCERPT + 1];
    const lex_token *first = token_at(m->p, m->p->begin);
    if (first->kind != TOKEN_USE || m->p->end < m->p->begin + 2)
        return false;
    span where = span_join(first[1].where, token_at(m->p, m->p->end - 1)->where);
    size_t count = excerpt(m, where.begin, where.end, words, sizeof words)
                       ? read_scripts(words, names)
                       : 0;
    if (count == 0)
        return false;
    if (count > 1)
        error(m, where, E0101, "each script has a \"use\" of its own");
    else
        error(m, where, E0101, "a script that comes with carpel is named \"lib.%s\"",
              names[0]);
    propose_uses(m, where, names, count);
    return true;
}
