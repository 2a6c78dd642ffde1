/* SPDX-License-Identifier: MIT
 *
 * saying -- what the files of sayings share. sayings.h is their public face.
 *
 *   saying_words.c  a rule as a row of words, whatever language it is in
 *   saying_names.c  what a class of sayings.def can be: names of the data, values
 *   sayings.c       the reader
 */
#ifndef LANG_SAYING_H
#define LANG_SAYING_H

#include "lang/rulebook.h"

typedef enum word_kind {
    WORD_END,
    WORD_NAME,
    WORD_QUOTED, /* a name in backticks */
    WORD_NUMBER,
    WORD_PERCENT,
    WORD_TEXT,
    WORD_DATE,
    WORD_SIGN
} word_kind;

typedef struct word {
    word_kind kind;
    const char *text;    /* in small letters; of a text what stands between its quotes */
    const char *written; /* as it was written; of numbers and dates as we write them */
    slice source;        /* where it stands in the rule */
    bool is_noise;       /* says nothing: reading may pass it by */
    bool is_said;        /* sayings.def has it */
} word;

typedef struct words {
    word *items; /* with a WORD_END behind the last */
    size_t count;
} words;

words saying_words(slice rule, arena *memory);

/* Where a class can end that begins at a word, and the text that it becomes. */
typedef struct meaning_of_words {
    size_t end;
    const char *text;
    unsigned cost;
} meaning_of_words;

#define MOST_MEANINGS 16

typedef struct meanings {
    meaning_of_words items[MOST_MEANINGS];
    size_t count;
} meanings;

/* The classes of sayings.def: X(NAME, function). */
typedef struct saying_context {
    const rulebook *book;
    const words *words;
    arena *memory;
} saying_context;

typedef void saying_class(const saying_context *c, size_t at, meanings *out);

/* The class of this name, or NULL. */
saying_class *saying_class_find(slice name);

/* How many of the words have something to do with events: the kinds that a rule names. */
size_t saying_kinds(const saying_context *c, const char **kinds, size_t most);

#endif
