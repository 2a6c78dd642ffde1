/* SPDX-License-Identifier: MIT
 *
 * Growing byte strings, and questions about slices.
 */
#include "base/text.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 32 };

/* Make room for `more` bytes and the NUL behind them. */
static void reserve(text *t, size_t more)
{
    size_t needed = t->size + more + 1;
    if (needed <= t->capacity)
        return;
    if (needed < more)
        needed = SIZE_MAX; /* cannot be had: memory_resize says so */
    size_t doubled = t->capacity > SIZE_MAX / 2 ? SIZE_MAX : t->capacity * 2;
    size_t capacity = doubled > needed ? doubled : needed;
    if (capacity < FIRST_CAPACITY)
        capacity = FIRST_CAPACITY;
    t->data = memory_resize(t->data, capacity);
    t->capacity = capacity;
}

void text_init(text *t)
{
    t->data = memory_alloc(FIRST_CAPACITY);
    t->data[0] = '\0';
    t->size = 0;
    t->capacity = FIRST_CAPACITY;
}

void text_done(text *t)
{
    memory_free(t->data);
    *t = (text){NULL, 0, 0};
}

void text_clear(text *t)
{
    reserve(t, 0);
    t->size = 0;
    t->data[0] = '\0';
}

void text_cut(text *t, size_t size)
{
    if (t->size == size)
        return;
    t->size = size;
    t->data[size] = '\0';
}

void text_append(text *t, const char *string)
{
    text_append_bytes(t, string, strlen(string));
}

void text_append_bytes(text *t, const char *bytes, size_t size)
{
    if (size == 0)
        return;
    reserve(t, size);
    memcpy(t->data + t->size, bytes, size);
    t->size += size;
    t->data[t->size] = '\0';
}

char *text_room(text *t, size_t size)
{
    reserve(t, size);
    return t->data + t->size;
}

void text_add_filled(text *t, size_t size)
{
    t->size += size;
    t->data[t->size] = '\0';
}

void text_append_char(text *t, char c)
{
    text_append_bytes(t, &c, 1);
}

void text_append_repeat(text *t, const char *string, size_t times)
{
    size_t size = strlen(string);
    for (size_t i = 0; i < times; i++)
        text_append_bytes(t, string, size);
}

void text_append_format(text *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(t, format, arguments);
    va_end(arguments);
}

void text_append_format_list(text *t, const char *format, va_list arguments)
{
    va_list again;
    assert(format != NULL);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    assert(size >= 0);
    reserve(t, (size_t)size);
    vsnprintf(t->data + t->size, (size_t)size + 1, format, again);
    t->size += (size_t)size;
    va_end(again);
}

/* Print with so many digits; true when it reads back the same. */
static bool print_number(char *buffer, size_t size, int digits, double value)
{
    snprintf(buffer, size, "%.*g", digits, value);
    return strtod(buffer, NULL) == value;
}

/* A program around the library may have set a locale with another decimal point. */
static void append_with_point(text *t, const char *number)
{
    for (size_t i = 0; number[i] != '\0'; i++) {
        if (strchr("0123456789+-e", number[i]) != NULL)
            text_append_char(t, number[i]);
        else if (t->data[t->size - 1] != '.')
            text_append_char(t, '.');
    }
}

void text_append_number(text *t, double value)
{
    char buffer[40];
    int digits = 15;
    while (!print_number(buffer, sizeof buffer, digits, value) && digits < 17)
        digits++;
    append_with_point(t, buffer);
}

char *text_take(text *t)
{
    char *data = t->data;
    *t = (text){NULL, 0, 0};
    return data;
}

slice slice_of(const char *string)
{
    return (slice){string, strlen(string)};
}

bool slice_equals(slice a, slice b)
{
    return a.size == b.size && bytes_are_equal(a.data, b.data, a.size);
}

bool slice_is(slice a, const char *string)
{
    return slice_equals(a, slice_of(string));
}

bool slice_starts_with(slice a, slice prefix)
{
    return a.size >= prefix.size && slice_equals((slice){a.data, prefix.size}, prefix);
}

bool slice_ends_with(slice a, slice suffix)
{
    if (a.size < suffix.size)
        return false;
    if (suffix.size == 0)
        return true;
    return memcmp(a.data + (a.size - suffix.size), suffix.data, suffix.size) == 0;
}

slice slice_trim(slice a, const char *signs)
{
    size_t count = strlen(signs);
    while (a.size > 0 && memchr(signs, a.data[0], count))
        a = (slice){a.data + 1, a.size - 1};
    while (a.size > 0 && memchr(signs, a.data[a.size - 1], count))
        a.size--;
    return a;
}

bool slice_contains(slice a, slice part)
{
    if (part.size == 0)
        return true;
    return a.size >= part.size && memmem(a.data, a.size, part.data, part.size) != NULL;
}

int slice_compare(slice a, slice b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

/* Only the latest star ever has to be tried again: an earlier one that takes more
 * bytes cannot help, since the latest can take those too. */
bool slice_fits(slice a, slice pattern)
{
    size_t at = 0, p = 0;
    size_t star = SIZE_MAX, retry = 0;
    while (at < a.size) {
        if (p < pattern.size && pattern.data[p] == '*') {
            star = p++;
            retry = at;
        } else if (p < pattern.size && pattern.data[p] == a.data[at]) {
            p++;
            at++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            at = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.data[p] == '*')
        p++;
    return p == pattern.size;
}
