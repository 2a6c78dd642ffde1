/* SPDX-License-Identifier: MIT
 *
 * saying -- what the files of sayings share. sayings.h is their public face.
 *
 *   saying_words.c  a rule as a row of words, whatever language it is in
 *   saying_names.c  what a class of sayings.def can be: names of the data and of rules
 *   saying_values.c the same: values, lengths of time, conditions
 *   saying_table.c  the rows of sayings.def
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
    const char *text; /* in small letters; of a text what stands between its quotes */
    const char
        *ours; /* what the language says for it; the same when it says nothing else */
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

/* What the classes of sayings.def are read with. */
typedef struct saying_context {
    const rulebook *book;
    const words *words;
    arena *memory;
} saying_context;

/* Gaps in a text that rows around it fill. */
enum { GAP_SUBJECT = 1, GAP_EVENT, GAP_WINDOW, GAP_WHERE };

enum { NEARLY = 2 }; /* the cost of a name that is not written as the data have it */

static inline void meaning_add(meanings *out, size_t end, unsigned cost, const char *text)
{
    if (out->count < MOST_MEANINGS)
        out->items[out->count++] = (meaning_of_words){end, text, cost};
}

#define meaning_say(c, out, end, cost, ...)                                              \
    meaning_add(out, end, cost, arena_format((c)->memory, __VA_ARGS__))

/* Behind the last word stands one that is none. */
static inline const word *word_at(const saying_context *c, size_t at)
{
    return &c->words->items[at < c->words->count ? at : c->words->count];
}

static inline bool is_nameable(const word *w)
{
    return w->kind == WORD_NAME || w->kind == WORD_QUOTED || w->kind == WORD_TEXT;
}

/* Of a word that is not the first. */
static inline bool begins_line(const word *w)
{
    const char *before = w->source.data;
    while (before[-1] == ' ' || before[-1] == '\t')
        before--;
    return before[-1] == '\n';
}

typedef struct saying_class {
    const char *name;
    void (*read)(const saying_context *c, size_t at, meanings *out);
    bool is_data; /* a word that is part of one is known */
} saying_class;

#define X(name, reader, is_data)                                                         \
    void saying_read_##reader(const saying_context *c, size_t at, meanings *out);
#include "lang/saying_classes.def"
#undef X

extern const saying_class saying_classes[];
extern const size_t saying_class_count;

/* How many of the words have something to do with events: the kinds that a rule names. */
size_t saying_kinds(const saying_context *c, const char **kinds, size_t most);

/* ---- the table ------------------------------------------------------------------------------ */

#define MOST_PIECES 16

typedef struct saying_piece {
    enum { PIECE_WORDS, PIECE_CLASS, PIECE_SYMBOL, PIECE_SAME } kind;
    slice text;    /* words with bars between; or a name */
    size_t number; /* of the class or symbol; of the piece that it is the same as */
    bool is_optional;
    bool is_set; /* may come in another order than those of its set beside it, or not */
} saying_piece;

typedef struct saying_row {
    const struct saying_row *next; /* of its symbol */
    unsigned cost;
    const char *form;
    saying_piece pieces[MOST_PIECES];
    size_t count;
} saying_row;

typedef struct saying_table {
    saying_row *rows;
    const saying_row **first; /* of each symbol */
    size_t row_count, symbol_count;
    size_t rule; /* the symbol of a whole rule */
} saying_table;

saying_table saying_table_read(arena *memory);

/* Mark the words that stand in some row. */
void saying_table_mark(const saying_table *t, const words *all);

#endif
