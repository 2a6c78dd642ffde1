/* SPDX-License-Identifier: MIT
 *
 * Lua's matcher tries again and again. With k repeated items and a free start, the
 * places where they begin and end are k + 1 positions in rising order out of n, so there
 * are at most C(n + k + 1, k + 1) ways, each followed by at most the rest of the pattern.
 * Whatever the matcher does, it goes over each way once.
 */
#include "script/pattern_cost.h"

/* Behind the item (a character, a class, a set) that begins at `at`. */
static size_t item_end(slice p, size_t at)
{
    char first = p.data[at++];
    if (first == '%')
        return at < p.size ? at + 1 : at;
    if (first != '[')
        return at;
    if (at < p.size && p.data[at] == '^')
        at++;
    do { /* a ] right here is part of the set */
        if (at < p.size && p.data[at++] == '%')
            at++;
    } while (at < p.size && p.data[at] != ']');
    return at < p.size ? at + 1 : p.size;
}

/* Behind a part that takes no suffix, and so lets the next sign stand for itself: a
 * bracket of a capture, %b(), %f before a set, %1. Or `at` when there is none. */
static size_t bare_part_end(slice p, size_t at)
{
    if (p.data[at] == '(' || p.data[at] == ')')
        return at + 1;
    if (p.data[at] != '%' || at + 1 >= p.size)
        return at;
    char second = p.data[at + 1];
    if (second >= '0' && second <= '9')
        return at + 2;
    if (second == 'b')
        return at + 4 < p.size ? at + 4 : p.size;
    if (second == 'f')
        return at + 2 < p.size ? item_end(p, at + 2) : p.size;
    return at;
}

/* %b goes over the text by itself, and so does a reference to a capture. */
static bool is_long_part(slice p, size_t at)
{
    return p.data[at] == '%' && p.data[at + 1] != 'f';
}

double pattern_cost(slice pattern, size_t text_size, bool anchors)
{
    bool is_anchored = anchors && pattern.size > 0 && pattern.data[0] == '^';
    double repeats = is_anchored ? 0 : 1;
    double cost = 1 + (double)pattern.size / 16;
    for (size_t at = is_anchored ? 1 : 0; at < pattern.size;) {
        size_t behind = bare_part_end(pattern, at);
        if (behind > at) {
            repeats += is_long_part(pattern, at);
            at = behind;
            continue;
        }
        at = item_end(pattern, at);
        char suffix = at < pattern.size ? pattern.data[at] : '\0';
        bool repeats_item = suffix == '*' || suffix == '+' || suffix == '-';
        repeats += repeats_item;
        cost *= suffix == '?' ? 2 : 1;
        at += repeats_item || suffix == '?';
    }
    for (double i = 1; i <= repeats; i++)
        cost *= ((double)text_size + i) / i;
    return cost;
}
