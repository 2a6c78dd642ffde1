/* SPDX-License-Identifier: MIT
 *
 * Near names, by the edit distance of their letters.
 */
#include "common/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_NAME = 100 }; /* longer names are not compared */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* One row of the usual table at a time. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t row[LONGEST_NAME + 1];
    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t replace = diagonal + (is_same_letter(a[i - 1], b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = smaller(replace, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[b_size];
}

const char *names_nearest(const char *wanted, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = 0, size = strlen(wanted);
    if (size > LONGEST_NAME)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t name_size = strlen(names[i]);
        if (name_size > LONGEST_NAME)
            continue;
        size_t d = distance(wanted, size, names[i], name_size);
        size_t longer = size > name_size ? size : name_size;
        if (d * 3 <= longer && (best == NULL || d < best_distance)) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}

/* Append to a message; what does not fit ends in an ellipsis. */
static void append(char *message, size_t capacity, const char *format, const char *word)
{
    size_t used = strlen(message);
    int size = snprintf(message + used, capacity - used, format, word);
    if (size >= 0 && (size_t)size >= capacity - used)
        memcpy(message + capacity - 4, "...", 4);
}

void names_fail(carpel_error *err, const char *where, const char *what,
                const char *wanted, const char *const *names, size_t count)
{
    const char *nearest = names_nearest(wanted, names, count);
    carpel_fail(err, CARPEL_E_INPUT, "%s has no %s \"%s\"", where, what, wanted);
    if (nearest != NULL)
        append(err->message, sizeof err->message, "; did you mean \"%s\"?", nearest);
    append(err->message, sizeof err->message,
           nearest != NULL ? " its %ss are " : "; its %ss are ", what);
    for (size_t i = 0; i < count; i++)
        append(err->message, sizeof err->message, i == 0 ? "%s" : ", %s", names[i]);
    if (count == 0)
        append(err->message, sizeof err->message, "%s", "none");
}

bool names_fail_missing(carpel_error *err, const char *where, const char *wanted,
                        const char *const *names, size_t count)
{
    names_fail(err, where, "column", wanted, names, count);
    return false;
}
