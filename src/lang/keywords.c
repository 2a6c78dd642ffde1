/* SPDX-License-Identifier: MIT
 *
 * The table of words, the aggregates behind the others, and the ways to look into it. It is short, so a plain loop finds
 * a word; only words of a rule file are ever looked up.
 */
#include "lang/keywords.h"

#include <string.h>

#include "grammar/segment_parser.h"

const keyword keywords[] = {
#define X(spelling, token, use, value, meaning)                                          \
    {spelling, TOKEN_##token, KEYWORD_##use, value, meaning},
#include "grammar/keywords.def"
#undef X
#define X(name, spelling, takes, with, result, nothing, lowering, node, meaning,         \
          example)                                                                       \
    {spelling, TOKEN_AGG, KEYWORD_CALL, AGGREGATE_##name, meaning},
#include "lang/aggregates.def"
#undef X
};

const size_t keyword_count = sizeof keywords / sizeof keywords[0];

const keyword *keyword_find(const char *spelling)
{
    for (size_t i = 0; i < keyword_count; i++) {
        const char *known = keywords[i].spelling;
        if (*known == *spelling && strcmp(known, spelling) == 0)
            return &keywords[i];
    }
    return NULL;
}

const keyword *keyword_find_call(const char *spelling)
{
    for (size_t i = 0; i < keyword_count; i++)
        if (keywords[i].use == KEYWORD_CALL &&
            strcmp(keywords[i].spelling, spelling) == 0)
            return &keywords[i];
    return keyword_find(spelling);
}

const keyword *keyword_phrase(const char *first, const char *second)
{
    size_t length = strlen(first);
    for (size_t i = 0; i < keyword_count; i++) {
        const char *spelling = keywords[i].spelling;
        if (keywords[i].use == KEYWORD_PHRASE && strncmp(spelling, first, length) == 0 &&
            spelling[length] == ' ' && strcmp(spelling + length + 1, second) == 0)
            return &keywords[i];
    }
    return NULL;
}

/* `user.x` and `account.x` are traits, whatever is declared. */
bool keyword_is_taken(const char *name)
{
    const keyword *word = keyword_find(name);
    return (word && word->use != KEYWORD_FREE) || strcmp(name, "user") == 0 ||
           strcmp(name, "account") == 0;
}

bool keyword_has_word(const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i < keyword_count; i++) {
        const char *spelling = keywords[i].spelling, *blank = strchr(spelling, ' ');
        if (*spelling == *word && strncmp(spelling, word, length) == 0 &&
            (!spelling[length] || spelling + length == blank))
            return true;
        if (blank && blank[1] == *word && strcmp(blank + 1, word) == 0)
            return true;
    }
    return false;
}
