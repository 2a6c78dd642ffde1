/* SPDX-License-Identifier: MIT
 *
 * mistaken -- what the files of recognisers share. mistake.h is their public face.
 *
 *   mistake.c           names; brackets; the plain message
 *   mistake_joints.c    what joins conditions
 *   mistake_words.c     words that are misspelt, or of another language
 *   mistake_shape.c     what is unfinished or stands in the wrong shape
 *   mistake_query.c     queries of SQL, and where they stand; what they ask: query.c
 *   mistake_rows.c      those of mistakes.def, which show in neighbouring tokens; their patterns
 *                       are fitted in mistake_pattern.c, their classes in mistake_classes.c
 *   mistaken.c          looking around
 *
 * A recogniser looks at the tokens around the trouble and at what the parser expected. It
 * reports and returns true when it knows what was meant.
 */
#ifndef LANG_MISTAKEN_H
#define LANG_MISTAKEN_H

#include <string.h>

#include "lang/build.h"
#include "lang/telling.h"

#include "grammar/segment_parser.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define MOST_EXCERPT  60

typedef struct mistake {
    const parser *p;
    diags *diags;
    size_t at;
    const lex_token *found;
    const lex_token *before, *behind; /* never NULL: the end token where nothing stands */
} mistake;

static inline const lex_token *token_at(const parser *p, size_t at)
{
    return at >= p->begin && at < p->end ? &p->tokens[at] : &p->end_token;
}

/* The token `steps` before the trouble. */
static inline const lex_token *back(const mistake *m, size_t steps)
{
    return m->at >= steps ? token_at(m->p, m->at - steps) : &m->p->end_token;
}

static inline bool expects(const mistake *m, int token)
{
    return m->p->expected[token];
}

static inline bool is_end(const lex_token *token)
{
    return token->kind == 0;
}

static inline bool is_one_of(const lex_token *token, const int *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (token->kind == kinds[i])
            return true;
    }
    return false;
}

#define KINDS(...) (const int[]){__VA_ARGS__}, LENGTH(((const int[]){__VA_ARGS__}))

/* Is the token of one of these kinds, or of one of those in an array? */
#define IS_ANY(token, ...)  is_one_of(token, KINDS(__VA_ARGS__))
#define IS_IN(token, array) is_one_of(token, array, LENGTH(array))

/* What joins conditions, and what compares values; what a window begins with. */
#define JOINTS      TOKEN_WHEN, TOKEN_AND, TOKEN_OR, TOKEN_THEN, TOKEN_ELSE, TOKEN_STAY_WHILE
#define COMPARISONS '=', '<', '>', TOKEN_LE, TOKEN_GE, TOKEN_NE
#define WINDOWS                                                                          \
    TOKEN_IN_LAST, TOKEN_IN_PREVIOUS, TOKEN_IN_NEXT, TOKEN_IN_THIS, TOKEN_TODAY,         \
        TOKEN_TOMORROW, TOKEN_YESTERDAY, TOKEN_BETWEEN, TOKEN_SINCE, TOKEN_BEFORE,       \
        TOKEN_AFTER, TOKEN_ON, TOKEN_DURING, TOKEN_WITHIN

static const int window_tokens[] = {WINDOWS};
static const int quantity_tokens[] = {
    TOKEN_AT_LEAST, TOKEN_AT_MOST, TOKEN_EXACTLY, TOKEN_MORE_THAN, TOKEN_FEWER_THAN,
};
static const int times_tokens[] = {TOKEN_TIMES, TOKEN_ONCE, TOKEN_TWICE};
static const int compare_tokens[] = {COMPARISONS};

/* Words that hold a sentence together: before them something is missing, rather than that
 * they were meant as names. */
static const int joint_tokens[] = {JOINTS, TOKEN_WHERE, TOKEN_AMONG, TOKEN_IS};

static inline span span_from(const mistake *m, uint32_t begin, uint32_t end)
{
    return (span){m->p->source, begin, end};
}

/* The point before or behind a token, where something is to be written. */
static inline span span_before(const lex_token *token)
{
    return (span){token->where.file, token->where.begin, token->where.begin};
}

static inline span span_behind(const lex_token *token)
{
    return (span){token->where.file, token->where.end, token->where.end};
}

/* The text from one place to another, if it is short and on one line. */
static inline bool excerpt(const mistake *m, uint32_t begin, uint32_t end, char *out,
                           size_t size)
{
    slice whole = source_text(m->p->source);
    if (begin >= end || end - begin > MOST_EXCERPT || end - begin >= size)
        return false;
    memcpy(out, whole.data + begin, end - begin);
    out[end - begin] = '\0';
    return !strchr(out, '\n') && !strchr(out, '#');
}

/* Go back from the trouble, past whole brackets, to the nearest of `kinds`. It is not
 * found when the bracket that is open there, or the declaration, begins before it. */
static inline const lex_token *find_back(const mistake *m, const int *kinds, size_t count)
{
    size_t closed = 0;
    for (size_t at = m->at; at > m->p->begin; at--) {
        const lex_token *token = &m->p->tokens[at - 1];
        if (token->kind == ')')
            closed++;
        if (token->kind == '(' && closed-- == 0)
            return NULL;
        if (closed == 0 && is_one_of(token, kinds, count))
            return token;
    }
    return NULL;
}

#define FIND_ANY(m, ...)    find_back(m, KINDS(__VA_ARGS__))
#define FIND_BACK(m, array) find_back(m, array, LENGTH(array))

/* How many brackets are open at the trouble; *innermost is the last of them. */
static inline size_t open_brackets(const mistake *m, const lex_token **innermost)
{
    size_t closed = 0, open = 0;
    for (size_t at = m->at; at > m->p->begin; at--) {
        const lex_token *token = &m->p->tokens[at - 1];
        if (token->kind == ')') {
            closed++;
        } else if (token->kind == '(' && closed > 0) {
            closed--;
        } else if (token->kind == '(') {
            if (open++ == 0)
                *innermost = token;
        }
    }
    return open;
}

/* ---- mistaken.c ------------------------------------------------------------------- */

/* How many tokens from `at` on spell `words`, with blanks or _ between them; or 0.
 * Letter case does not count. */
size_t words_at(const mistake *m, size_t at, slice words);

/* Where the value begins that ends before token `at`; where one ends that goes on there:
 * at the nearest joint, comparison or bracket around it. */
size_t operand_begin(const mistake *m, size_t at);
size_t operand_end_index(const mistake *m, size_t at);

/* Does the bracket that is open at the trouble get closed behind it? */
bool is_closed_later(const mistake *m);

/* The row of mistakes.def that fits best: of those that are tried first, or of those for
 * what nothing else knows. */
bool mistake_in_rows(const mistake *m);
bool mistake_in_last_rows(const mistake *m);

/* The other files: each tries its recognisers in turn. */
bool mistake_in_query(const mistake *m);
bool mistake_in_joints(const mistake *m);
bool mistake_in_words(const mistake *m);
bool mistake_in_shape(const mistake *m);
bool mistake_in_use(const mistake *m);

#endif
