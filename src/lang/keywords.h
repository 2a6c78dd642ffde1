/* SPDX-License-Identifier: MIT
 *
 * keywords -- the words of grammar/keywords.def as a table: for the lexer, for
 * suggestions, and for `carpel help`.
 *
 *     const keyword *word = keyword_find("at least");
 *     puts(word->meaning);
 */
#ifndef LANG_KEYWORDS_H
#define LANG_KEYWORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Where a word is a keyword; see grammar/keywords.def. */
typedef enum keyword_use {
    KEYWORD_HEAD,
    KEYWORD_RESERVED,
    KEYWORD_SENTENCE,
    KEYWORD_FREE,
    KEYWORD_CALL,
    KEYWORD_PHRASE
} keyword_use;

typedef struct keyword {
    const char *spelling;
    int token; /* of grammar/segment.y */
    keyword_use use;
    int value;           /* tells apart the words of one token; an aggregate */
    const char *meaning; /* one line */
} keyword;

extern const keyword keywords[];
extern const size_t keyword_count;

/* The word with exactly this spelling, or NULL. */
const keyword *keyword_find(const char *spelling);

/* The same where "(" follows: "list" begins a declaration, and "list(" an aggregate. */
const keyword *keyword_find_call(const char *spelling);

/* The phrase of these two words, or NULL. */
const keyword *keyword_phrase(const char *first, const char *second);

/* Can nothing be declared with this name, unless in backticks? */
bool keyword_is_taken(const char *name);

/* Is it a keyword, or one of the two words of a phrase, such as `time` or `top`? */
bool keyword_has_word(const char *word);

#endif
