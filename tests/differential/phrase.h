/* SPDX-License-Identifier: MIT
 *
 * phrase -- a piece of a rule that the generator said, in a tree, so that it can be said
 * again with less in it.
 *
 *     phrase *p = say(memory, SORT_CONDITION, 0, "(~ and ~)", 2, a, b);
 *     phrase_append(p, &text);
 */
#ifndef TESTS_DIFFERENTIAL_PHRASE_H
#define TESTS_DIFFERENTIAL_PHRASE_H

#include "base/arena.h"
#include "base/text.h"

/* What a phrase is: one may stand in the place of another of its sort. */
typedef enum phrase_sort {
    SORT_CONDITION,
    SORT_NUMBER,
    SORT_DURATION,
    SORT_TIME,
    SORT_DATE,
    SORT_TEXT,
    SORT_EVENTS,   /* what `did` asks for */
    SORT_OPTIONAL, /* may be left out */
    SORT_FIXED     /* neither */
} phrase_sort;

enum { PHRASE_MOST_PARTS = 8 };

typedef struct phrase {
    phrase_sort sort;
    unsigned scope;    /* which properties it may name: a bit for each kind */
    const char *words; /* a ~ for each part */
    struct phrase *parts[PHRASE_MOST_PARTS];
    size_t part_count;
    bool is_left_out;
} phrase;

phrase *say(arena *memory, phrase_sort sort, unsigned scope, const char *words,
            size_t count, ...);
void phrase_append(const phrase *p, text *out);

/* All phrases below `p` and itself, at most `limit`, each before its parts. */
size_t phrase_collect(phrase *p, phrase **out, size_t limit);

/* The shortest words of a sort, or NULL. */
const char *phrase_least(phrase_sort sort);

#endif
