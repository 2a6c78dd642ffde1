/* SPDX-License-Identifier: MIT
 *
 * foreign -- words of other languages and tools, and what is written here instead.
 *
 *     const foreign_word *word = foreign_find("und", NULL);    // word->ours is "and"
 *     word = foreign_find("less than", word);                  // another meaning, or NULL
 *
 *     const phrase *line = phrase_find("countif", NULL);       // of the phrase book
 */
#ifndef LANG_FOREIGN_H
#define LANG_FOREIGN_H

#include "base/arena.h"

#include <stdbool.h>

typedef struct foreign_word {
    const char *word, *ours;
} foreign_word;

/* Is it one of a list of words in small letters with blanks between them; does it hold one of them? Letter
 * case counts for nothing, and of the first no `_`, blank or hyphen within the word. */
bool is_word_of(const char *word, const char *list);

/* `lists/vips.csv`: a file that values may stand in? */
bool is_file_name(const char *text);
bool holds_word(const char *text, const char *list);

/* The first row of the table behind `after` (NULL: of all) with this word, whatever the
 * case of its letters. */
const foreign_word *foreign_find(const char *name, const foreign_word *after);

/* What is written instead when a unit of time, a function, or a value is meant, or NULL. */
const char *foreign_unit(const char *name);
const char *foreign_function(const char *name);
const char *foreign_value(const char *name);

/* What we call the time of an event, or a part of it, that columns call `name`: "date" is
 * "time.date"; or NULL. */
const char *foreign_time(const char *name);

/* `december`, `Dec`, `Dezember`: 12; 0: it is no month. */
int foreign_month(const char *name);

/* `Saturday`, `sat`, `Saturdays`, `Samstag`: "saturday"; NULL: it is no day of the week. */
const char *foreign_weekday(const char *name);

/* Does the word name those who are judged: people, customers, everyone? */
bool is_word_for_people(const char *word);

/* A line of the phrase book. */
typedef struct phrase {
    const char *words;  /* that it is found by, with blanks between them */
    const char *theirs; /* as another tool says it */
    const char *ours;
} phrase;

/* The first line behind `after` (NULL: of all) that is found by this word. Letter case, `_`
 * and blanks in the word count for nothing. */
const phrase *phrase_find(const char *word, const phrase *after);

/* What `like` asks for: `starts with "sho"` of "sho%"; NULL: its signs stand not at its ends alone. */
const char *test_of_like(arena *memory, const char *like);

/* What `ilike` asks for, as a pattern for `matches`: "(?i)^sho" of "sho%". NULL when the
 * text has other signs that stand for something. */
const char *pattern_of_like(arena *memory, const char *like);

#endif
