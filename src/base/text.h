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

#include "base/error.h"

typedef struct text {
    char *data;  /* never NULL; NUL-ended */
    size_t size; /* without the NUL */
    size_t capacity;
} text;

void text_init(text *t);
void text_done(text *t);
void text_clear(text *t);
void text_append(text *t, const char *string);
void text_append_bytes(text *t, const char *bytes, size_t size);
void text_append_char(text *t, char c);
void text_append_repeat(text *t, const char *string, size_t times);
CARPEL_PRINTF(2, 3) void text_append_format(text *t, const char *format, ...);
void text_append_format_list(text *t, const char *format, va_list arguments);

/* Give the string away; the caller releases it with memory_free. `t` is empty after. */
char *text_take(text *t);

/* A part of somebody else's bytes; not NUL-ended. */
typedef struct slice {
    const char *data;
    size_t size;
} slice;

slice slice_of(const char *string);
bool slice_equals(slice a, slice b);
bool slice_is(slice a, const char *string);
bool slice_starts_with(slice a, slice prefix);
bool slice_ends_with(slice a, slice suffix);
bool slice_contains(slice a, slice part);
/* Order by bytes, which for UTF-8 is the order of code points: <0, 0, >0. */
int slice_compare(slice a, slice b);

/* Does `pattern` fit all of `a`, where * stands for any run of bytes? */
bool slice_fits(slice a, slice pattern);

#endif
