/* SPDX-License-Identifier: MIT
 *
 * words -- where in the rules that are made of a fit stand the words that somebody wrote, so that a
 * mistake in them is told at their place in the project file.
 *
 *     fit_words w = {0};
 *     fit_words_append(&w, &fit->events, rules);          // while the rules are made
 *     span place = fit_words_place(&w, begin, end);       // of a mistake in them
 *     fit_words_done(&w);
 */
#ifndef FIT_WORDS_H
#define FIT_WORDS_H

#include "config/project.h"

/* What names in the rules of a fit begin with; the name of the fit follows. */
#define FIT_PREFIX "fit_of_"

typedef struct fit_word {
    size_t begin; /* in the rules */
    const config_text *said;
} fit_word;

typedef struct fit_words {
    fit_word *items;
    size_t count, capacity;
} fit_words;

/* Append what was said; `w` may be NULL: nobody will ask. */
void fit_words_append(fit_words *w, const config_text *said, text *out);

/* The next to be appended, at the end of `out`, are the words of `said`, byte for byte. */
void fit_words_note(fit_words *w, const config_text *said, const text *out);

/* What stands in the project file for the bytes [begin, end) of the rules: those of them that
 * somebody said, or all of his words where they are written in several pieces; without a file
 * when nobody said any. */
span fit_words_place(const fit_words *w, size_t begin, size_t end);

void fit_words_done(fit_words *w);

#endif
