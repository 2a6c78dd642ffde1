/* SPDX-License-Identifier: MIT
 *
 * near_texts -- texts that people take for one: they differ in blanks, letter case, composed letters, or, of ids, in zeros
 * and fractions.
 */
#ifndef ENGINE_NEAR_TEXTS_H
#define ENGINE_NEAR_TEXTS_H

#include "base/arena.h"
#include "base/dictionary.h"

/* What makes one text of two, as bits. */
enum { NEAR_TRIM = 1, NEAR_COMPOSE = 2, NEAR_FOLD = 4, NEAR_WHOLE = 8, NEAR_ZEROS = 16 };

/* Another text of the dictionary that a form of this one is. Returns the steps of cleaning, as bits, that make that one
 * of `s`; 0: there is none. */
unsigned near_text_find(const dictionary *d, slice s, bool is_id, slice *twin);

/* "trim: true, case: fold" */
const char *near_text_steps(unsigned steps, arena *memory);

#endif
