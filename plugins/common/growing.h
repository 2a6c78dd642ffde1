/* SPDX-License-Identifier: MIT
 *
 * growing -- the greatest value so far of a column whose values only grow, by which a source
 * of a database goes on where it was.
 *
 * Rows come in the order of the column. A batch ends where the value changes, so that behind
 * a batch all rows of its last value are there, and those that follow are greater.
 */
#ifndef COMMON_GROWING_H
#define COMMON_GROWING_H

#include <carpel/plugin.h>

#define GROWING_OPTION(at)                                                               \
    {                                                                                    \
        .name = "growing", .type = CARPEL_OPTION_TEXT, .offset = (at),                   \
        .help =                                                                          \
            "A column whose values only grow, such as an id that is counted up: the "    \
            "next load asks for the rows behind those that it has."                      \
    }

/* Zeroed: nothing came yet. */
typedef struct growing {
    const char *column; /* NULL: all rows are read each time */
    const char *last;   /* as a text of the source's own; NULL: none */
    const char
        *before; /* the value before that; NULL: none, or it is not known any more */
    struct growing_text {
        char *bytes;
        size_t size, room;
    } texts[2]; /* of the two */
    int at;     /* that of the last one */
} growing;

/* What the request says; the text is copied. */
void growing_begin(growing *g, const char *column, const char *cursor);
void growing_done(growing *g);

/* Does a row with this value begin behind the last one? */
bool growing_is_new(const growing *g, const char *value, size_t size);
void growing_take(growing *g, const char *value, size_t size);

/* The rows of the last value are to come again: the one before is the last. */
void growing_go_back(growing *g);

/* carpel_resuming.cursor */
bool growing_tell(const growing *g, char *out, size_t capacity, carpel_error *err);

#endif
