/* SPDX-License-Identifier: MIT
 *
 * mistake -- what a rule that does not fit the grammar probably meant. Needs: a parser
 * that is stuck at a token. Gives: one message for it in the marketer's words.
 */
#ifndef LANG_MISTAKE_H
#define LANG_MISTAKE_H

#include "lang/build.h"

/* Is the trouble at token `at` that a word near it should begin a declaration, but is
 * misspelt or not at the left margin? Then *lost is that word. */
bool mistake_find_head(const parser *p, size_t at, size_t *lost);

/* Where reading can go on behind a mistake: the next lost head at the left margin. */
bool mistake_find_next_head(const parser *p, size_t at, size_t *lost);

/* Report the lost head: what it is meant to be. */
const keyword *mistake_report_head(const parser *p, size_t lost);

/* Report anything else that is wrong at token `at`. */
void mistake_report(const parser *p, size_t at);

#endif
