/* SPDX-License-Identifier: MIT
 *
 * mistake_pattern -- patterns of tokens, as mistakes.def has them, held against the tokens around
 * the trouble.
 */
#ifndef LANG_MISTAKE_PATTERN_H
#define LANG_MISTAKE_PATTERN_H

#include "lang/mistaken.h"

#define MOST_ATOMS 16

typedef struct row {
    diag_code code;
    const char *pattern, *expected, *message, *hint, *fixes;
} row;

/* One piece of a pattern, and the tokens [from, to) that it stands for. */
typedef struct atom {
    slice name;
    bool is_context;  /* ~: no part of what is wrong */
    bool is_replaced; /* +: the message is not about it, but the fix */
    bool is_found;    /* @: the trouble */
    bool is_optional; /* ?: it may be absent, and stands for no tokens then */
    bool is_glued;    /* ^: no blank stands before it */
    size_t from, to;
} atom;

typedef struct match {
    const row *row;
    atom atoms[MOST_ATOMS];
    size_t count;
    unsigned weight; /* how much of it is fixed */
} match;

/* Is it tried only when nothing else knows? */
bool is_last_resort(const row *r);

/* Cut the row's pattern into pieces; does it stand around the trouble; and may stand there what
 * the row says, in which case its weight grows? */
void read_pattern(const row *r, match *out);
bool fits_pattern(const mistake *m, match *out);
bool fits_expected(const mistake *m, const char *expected, unsigned *weight);

/* Is what stands at the token one of the names between bars? */
bool fits_piece(const mistake *m, size_t at, slice names);

/* ---- mistake_classes.c ---------------------------------------------------------------- */

/* Is it a class of whole values; are the tokens [at, end), which are one, of that class? */
bool names_value(slice name);
bool is_value_class(const mistake *m, size_t at, size_t end, slice name);

/* How many tokens from `at` on are of the class; or 0. */
size_t class_size(const mistake *m, size_t at, slice name);

/* `thirty-one`, `two hundred`, `a dozen`: *number, and how many tokens it takes; or 0. */
size_t number_in_words(const mistake *m, size_t at, unsigned *number);

/* Where a time lies that is this far from another. */
typedef enum reach { REACH_BEYOND, REACH_WITHIN, REACH_AT } reach;

/* `ago` and `behind` are the windows of what lies so far back, `before` and `after` of what
 * lies so far from something; each is NULL where it takes more than a word. */
typedef struct quantity {
    int token;
    const char *sign, *words, *opposite;
    reach reach;
    const char *ago, *behind, *before, *after;
} quantity;

/* What the *count words from token `at` on say, or NULL. */
const quantity *quantity_at(const mistake *m, size_t at, size_t *count);

/* `Q2`: 2; `third`: 3; `Dezember`: 12; 0: it is no such word. */
int quarter_of(const lex_token *token);
int ordinal_of(const lex_token *token);
int month_of(const lex_token *token);

#endif
