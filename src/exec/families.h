/* SPDX-License-Identifier: MIT
 *
 * families -- questions about the same rows in windows that overlap, so that one walk over the
 * rows of all windows can answer them.
 *
 * What a question looks at is told as numbers, its *key*: equal keys, equal rows. Windows that
 * do not overlap are in different families, since a walk would go over rows between them that
 * nobody asks for:
 *
 *     since 90 days ago                        |---------------------|
 *     since 60 days ago before 30 days ago            |-------|            one family
 *     since 400 days ago before 390 days ago                        |--|   another
 *
 *     families_sort(questions, count);
 *     for (first = 0; first < count; first = end)
 *         end = family_end(questions, count, first);
 */
#ifndef EXEC_FAMILIES_H
#define EXEC_FAMILIES_H

#include <stddef.h>
#include <stdint.h>

typedef struct family_question {
    size_t *key; /* the question's, to be freed */
    size_t key_count;
    int64_t from, until; /* its rows are at or after, and before */
    size_t id;           /* of the asker's */
} family_question;

/* By key, those of one key by `from`. */
void families_sort(family_question *questions, size_t count);

/* The end of the family that begins at `first`. */
size_t family_end(const family_question *questions, size_t count, size_t first);

/* The array, and the keys. */
void families_free(family_question *questions, size_t count);

#endif
