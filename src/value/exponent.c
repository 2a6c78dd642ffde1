/* SPDX-License-Identifier: MIT
 *
 * Numbers with an exponent, written without one.
 */
#include "value/exponent.h"

#include <stdlib.h>
#include <string.h>

#include "value/value.h"

/* A number such as "-1.25e3" taken apart. */
typedef struct exponent_form {
    bool is_negative;
    char digits[24];
    long digit_count;
    long point; /* how many digits stand before the point; may lie outside of them */
} exponent_form;

static bool take_digits(const char *data, size_t size, exponent_form *out)
{
    bool has_point = false;
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '.' && !has_point) {
            has_point = true;
            out->point = out->digit_count;
        } else if (data[i] >= '0' && data[i] <= '9') {
            out->digits[out->digit_count++] = data[i];
        } else {
            return false;
        }
    }
    if (!has_point)
        out->point = out->digit_count;
    return out->digit_count > 0;
}

/* False: the text has no exponent, is no number, or is a very long one. */
static bool take_apart(slice s, exponent_form *out)
{
    *out = (exponent_form){.is_negative = s.size > 0 && s.data[0] == '-'};
    size_t begin = out->is_negative || (s.size > 0 && s.data[0] == '+') ? 1 : 0;
    size_t e = begin;
    while (e < s.size && s.data[e] != 'e' && s.data[e] != 'E')
        e++;
    char exponent_text[8] = {0}, *rest;
    if (e == s.size || e - begin >= sizeof out->digits ||
        s.size - e - 1 >= sizeof exponent_text ||
        !take_digits(s.data + begin, e - begin, out))
        return false;
    memcpy(exponent_text, s.data + e + 1, s.size - e - 1);
    long exponent = strtol(exponent_text, &rest, 10);
    out->point += exponent;
    return rest != exponent_text && *rest == '\0' && exponent >= -30 && exponent <= 30;
}

/* Write "1.25e3" as "1250", "1e-2" as "0.01"; at most 2 + 30 + 24 + 1 bytes. */
static size_t write_plain(const exponent_form *number, char out[EXPONENT_PLAIN_SIZE])
{
    size_t n = 0;
    if (number->is_negative)
        out[n++] = '-';
    if (number->point <= 0)
        out[n++] = '0';
    for (long i = number->point < 0 ? number->point : 0;
         i < number->digit_count || i < number->point; i++) {
        if (i == number->point)
            out[n++] = '.';
        out[n++] = i >= 0 && i < number->digit_count ? number->digits[i] : '0';
    }
    return n;
}

size_t exponent_write_plain(slice s, char out[EXPONENT_PLAIN_SIZE])
{
    exponent_form number;
    return take_apart(s, &number) ? write_plain(&number, out) : 0;
}

bool exponent_read_decimal(slice s, unsigned scale, int64_t *out, const char **why)
{
    char plain[EXPONENT_PLAIN_SIZE];
    if (value_read_decimal(s, scale, out, why))
        return true;
    size_t size = exponent_write_plain(s, plain);
    return size > 0 && value_read_decimal((slice){plain, size}, scale, out, why);
}
