/* SPDX-License-Identifier: MIT
 *
 * text -- a growing, NUL-ended byte string, and slices of other strings.
 *
 *     text t;
 *     text_init(&t);
 *     text_append(&t, "people: ");
 *     text_append_format(&t, "%zu", count);
 *     puts(t.data);
 *     text_done(&t);
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"

typedef struct text {
    char *data;  /* NUL-ended; NULL only where text_take() or text_done() left it so */
    size_t size; /* without the NUL */
    size_t capacity;
} text;

void text_init(text *t);
void text_done(text *t);
void text_clear(text *t);
void text_cut(text *t, size_t size); /* to its first `size` bytes, of not fewer */
void text_append(text *t, const char *string);
void text_append_bytes(text *t, const char *bytes, size_t size);
void text_append_char(text *t, char c);

/* Room for `size` more bytes, where the text ends; as many of them as were filled become part of
 * it by text_add_filled(), and nothing else is done with the text before. */
char *text_room(text *t, size_t size);
void text_add_filled(text *t, size_t size);

void text_append_repeat(text *t, const char *string, size_t times);
CARPEL_PRINTF(2, 3) void text_append_format(text *t, const char *format, ...);
void text_append_format_list(text *t, const char *format, va_list arguments);

/* The shortest digits that read back as the same finite double, with a point whatever
 * the locale says. */
void text_append_number(text *t, double value);

/* Give the string away; the caller releases it with memory_free. `t` holds nothing after, and
 * needs no text_done(); text_clear() or anything appended makes it a text again. */
char *text_take(text *t);

/* A part of somebody else's bytes; not NUL-ended. */
typedef struct slice {
    const char *data;
    size_t size;
} slice;

/* memcmp of short texts costs more than the comparison: two loads that overlap do it. */
static inline bool bytes_are_equal(const char *a, const char *b, size_t size)
{
    if (size > 16)
        return memcmp(a, b, size) == 0;
    if (size >= 8) {
        uint64_t x[2], y[2];
        memcpy(&x[0], a, 8);
        memcpy(&y[0], b, 8);
        memcpy(&x[1], a + size - 8, 8);
        memcpy(&y[1], b + size - 8, 8);
        return x[0] == y[0] && x[1] == y[1];
    }
    if (size >= 4) {
        uint32_t x[2], y[2];
        memcpy(&x[0], a, 4);
        memcpy(&y[0], b, 4);
        memcpy(&x[1], a + size - 4, 4);
        memcpy(&y[1], b + size - 4, 4);
        return x[0] == y[0] && x[1] == y[1];
    }
    for (size_t i = 0; i < size; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

slice slice_of(const char *string);
bool slice_equals(slice a, slice b);
bool slice_is(slice a, const char *string);
bool slice_starts_with(slice a, slice prefix);
bool slice_ends_with(slice a, slice suffix);
bool slice_contains(slice a, slice part);

/* Without those of these signs that stand at either end: " ", or all that C calls white space. */
#define WHITE_SPACE " \t\n\v\f\r"
slice slice_trim(slice a, const char *signs);

/* Order by bytes, which for UTF-8 is the order of code points: <0, 0, >0. */
int slice_compare(slice a, slice b);

/* Does `pattern` fit all of `a`, where * stands for any run of bytes? */
bool slice_fits(slice a, slice pattern);

#endif
