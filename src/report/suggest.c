/* SPDX-License-Identifier: MIT
 *
 * Optimal string alignment distance over what is left of two names when letter
 * case and separators are taken away.
 */
#include "report/suggest.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "report/lookalike.h"

enum { LONGEST = 64 };

/* A name as it is compared. */
typedef struct letters {
    uint32_t items[LONGEST];
    size_t count;
} letters;

/* Lower case for the alphabets that have two cases in plain rows. */
static uint32_t fold_case(uint32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
        (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    bool even_is_upper = (c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177);
    if (even_is_upper && c % 2 == 0)
        return c + 1;
    bool odd_is_upper = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (odd_is_upper && c % 2 == 1)
        return c + 1;
    return c;
}

/* False when the name is too long. */
static bool letters_of(const char *name, letters *out)
{
    size_t size = strlen(name), length;
    out->count = 0;
    for (size_t at = 0; at < size; at += length) {
        uint32_t c = (unsigned char)name[at];
        length = 1;
        if (c >= 0x80)
            c = utf8_decode(name + at, size - at, &length);
        if (c == '_' || c == '-' || utf8_is_blank(c))
            continue;
        if (out->count == LONGEST)
            return false;
        out->items[out->count++] = fold_case(lookalike_latin(c));
    }
    return true;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* rows[i % 3][j]: the distance of the first i letters of a from the first j of b. What is
 * more than `limit` need not be exact. */
static size_t distance(const letters *a, const letters *b, size_t limit)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b->count; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a->count; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3];
        size_t least = i, least_before = before[0];
        now[0] = i;
        for (size_t j = 1; j <= b->count; j++) {
            size_t replaced = before[j - 1] + (a->items[i - 1] != b->items[j - 1]);
            now[j] = smallest(before[j] + 1, now[j - 1] + 1, replaced);
            bool is_swap = i > 1 && j > 1 && a->items[i - 1] == b->items[j - 2] &&
                           a->items[i - 2] == b->items[j - 1];
            if (is_swap && rows[(i + 1) % 3][j - 2] + 1 < now[j])
                now[j] = rows[(i + 1) % 3][j - 2] + 1;
            least = now[j] < least ? now[j] : least;
            least_before = before[j] < least_before ? before[j] : least_before;
        }
        if (least > limit && least_before > limit)
            return least;
    }
    return rows[a->count % 3][b->count];
}

suggestion suggest_begin(const char *wanted)
{
    return (suggestion){.wanted = wanted, .best = NULL, .best_distance = SIZE_MAX};
}

void suggest_consider(suggestion *s, const char *candidate)
{
    letters a, b;
    if (strcmp(s->wanted, candidate) == 0)
        return;
    if (!letters_of(s->wanted, &a) || !letters_of(candidate, &b))
        return;
    size_t longer = a.count > b.count ? a.count : b.count;
    size_t shorter = a.count > b.count ? b.count : a.count;
    if (longer == 0 || longer - shorter > longer / 3 ||
        longer - shorter >= s->best_distance)
        return;
    size_t found = distance(&a, &b, longer / 3);
    if (found <= longer / 3 && found < s->best_distance) {
        s->best = candidate;
        s->best_distance = found;
    }
}

const char *suggest_best(const suggestion *s)
{
    return s->best;
}
