/* SPDX-License-Identifier: MIT
 *
 * Looks words up in foreign_words.def.
 */
#include "lang/foreign.h"

#include <string.h>
#include <strings.h>

#include "lang/keywords.h"

#include "grammar/segment_parser.h"

static const foreign_word words[] = {
#define X(word, ours) {word, ours},
#include "lang/foreign_words.def"
#undef X
};

const foreign_word *foreign_find(const char *name, const foreign_word *after)
{
    const foreign_word *end = words + sizeof words / sizeof *words;
    for (const foreign_word *word = after != NULL ? after + 1 : words; word < end;
         word++) {
        if (strcasecmp(word->word, name) == 0)
            return word;
    }
    return NULL;
}

static const char *find_fitting(const char *name, bool (*fits)(const char *ours))
{
    const foreign_word *word = foreign_find(name, NULL);
    while (word != NULL && !fits(word->ours))
        word = foreign_find(name, word);
    return word != NULL ? word->ours : NULL;
}

static bool is_unit(const char *ours)
{
    const keyword *known = keyword_find(ours);
    return known != NULL && (known->token == TOKEN_UNIT || known->token == TOKEN_SECOND);
}

static bool is_function(const char *ours)
{
    const keyword *known = keyword_find(ours);
    return strcmp(ours, "smaller") == 0 || strcmp(ours, "larger") == 0 ||
           (known != NULL && known->use == KEYWORD_CALL);
}

static bool is_value(const char *ours)
{
    return strcmp(ours, "true") == 0 || strcmp(ours, "false") == 0 ||
           strcmp(ours, "missing") == 0;
}

const char *foreign_unit(const char *name)
{
    return find_fitting(name, is_unit);
}

const char *foreign_function(const char *name)
{
    return find_fitting(name, is_function);
}

const char *foreign_value(const char *name)
{
    return find_fitting(name, is_value);
}
