/* SPDX-License-Identifier: MIT
 *
 * rules -- random rules that are well typed: a book of declarations, each a phrase.
 *
 * Every number, text, duration and instant comes from small pools, from which the histories
 * draw too, so that what lies at an edge is met again and again.
 */
#ifndef TESTS_DIFFERENTIAL_RULES_H
#define TESTS_DIFFERENTIAL_RULES_H

#include "differential/phrase.h"
#include "differential/random.h"
#include "support/world.h"

typedef enum construct {
#define X(name, is_said, example) SAY_##name,
#include "differential/constructs.def"
#undef X
    CONSTRUCT_COUNT
} construct;

/* The pools that rules and histories share. */
typedef struct pools {
    const char *const *people; /* ids, and one that nobody has */
    size_t people_count;
    const int64_t *instants; /* what a rule may write down */
    size_t instant_count;
    const int64_t *dates;
    size_t date_count;
    bool is_at_month_ends; /* events lie where a month is not as long for all of them */
} pools;

typedef struct declaration {
    const char *name;
    phrase *words;
    bool is_rule;    /* something comes out of it: a segment, groups, a score */
    bool is_dropped; /* while a case is made smaller, or because the rules were refused */
} declaration;

enum { BOOK_MOST = 128 };

typedef struct book {
    declaration declarations[BOOK_MOST];
    size_t count;
    unsigned long said[CONSTRUCT_COUNT]; /* how often */
} book;

/* The kinds and traits that rules speak of. */
void rules_schema(world *w);

/* Fill a book with some helpers and `rule_count` rules. `files` (or NULL) is the folder of
 * pure.lua and people.csv. Lives in `memory`. */
void rules_make(book *b, const pools *p, size_t rule_count, const char *files,
                random_source *random, arena *memory);

/* The text of all declarations that are not dropped. */
void book_append(const book *b, text *out);

const char *construct_name(construct c);
bool construct_is_said(construct c);

#endif
