/* SPDX-License-Identifier: MIT
 *
 * Digits, and where the point stands among them.
 */
#include "value/decimal_text.h"

#include <stdlib.h>

enum { MOST_EXPONENT = 400 };

/* Take the digits and the point; returns how many bytes they are. */
static size_t take_digits(slice s, decimal_text *out)
{
    bool has_point = false;
    size_t at = 0;
    for (; at < s.size; at++) {
        if (s.data[at] == '.' && !has_point) {
            has_point = true;
            out->point = out->count;
        } else if (s.data[at] >= '0' && s.data[at] <= '9' &&
                   out->count < DECIMAL_TEXT_DIGITS) {
            out->digits[out->count++] = s.data[at];
        } else {
            break;
        }
    }
    if (!has_point)
        out->point = out->count;
    return at;
}

/* "e-3" behind the digits. */
static bool take_exponent(slice s, decimal_text *out)
{
    char written[8] = {0}, *end;
    if (s.size == 0)
        return true;
    if ((s.data[0] != 'e' && s.data[0] != 'E') || s.size < 2 || s.size > sizeof written)
        return false;
    memcpy(written, s.data + 1, s.size - 1);
    long exponent = strtol(written, &end, 10);
    if (*end != '\0' || written[0] == ' ' || exponent < -MOST_EXPONENT ||
        exponent > MOST_EXPONENT)
        return false;
    out->point += (int)exponent;
    return true;
}

bool decimal_text_read(slice s, decimal_text *out)
{
    *out = (decimal_text){.is_negative = s.size > 0 && s.data[0] == '-'};
    if (s.size > 0 && (s.data[0] == '-' || s.data[0] == '+')) {
        s.data++;
        s.size--;
    }
    size_t taken = take_digits(s, out);
    return out->count > 0 && take_exponent((slice){s.data + taken, s.size - taken}, out);
}

/* Digit i, zero where none was written. */
static char digit_at(const decimal_text *n, int i)
{
    return i >= 0 && i < n->count ? n->digits[i] : '0';
}

static bool has_more_than(const decimal_text *n, int end)
{
    for (int i = end < 0 ? 0 : end; i < n->count; i++)
        if (n->digits[i] != '0')
            return true;
    return false;
}

/* Is what stands behind digit `end` to make it one more? */
static bool is_raised(const decimal_text *n, int end, decimal_text_mode mode)
{
    char next = digit_at(n, end);
    if (mode == DECIMAL_TEXT_DOWN || next < '5')
        return false;
    bool is_half = next == '5' && !has_more_than(n, end + 1);
    return !is_half || mode == DECIMAL_TEXT_HALF_UP ||
           (digit_at(n, end - 1) - '0') % 2 == 1;
}

/* Add one to the last of the digits. */
static void raise(decimal_text *n)
{
    int i = n->count - 1;
    while (i >= 0 && n->digits[i] == '9')
        n->digits[i--] = '0';
    if (i >= 0) {
        n->digits[i]++;
        return;
    }
    memmove(n->digits + 1, n->digits, (size_t)n->count);
    n->digits[0] = '1';
    n->count++;
    n->point++;
}

bool decimal_text_round(decimal_text *n, unsigned scale, decimal_text_mode mode)
{
    int end = n->point + (int)scale; /* digits that stay */
    if (!has_more_than(n, end))
        return false;
    bool is_raising = is_raised(n, end, mode);
    if (end <= 0) { /* nothing stays, or one in the last place */
        n->digits[0] = is_raising ? '1' : '0';
        n->count = 1;
        n->point = 1 - (int)scale;
        return true;
    }
    n->count = end < n->count ? end : n->count;
    if (is_raising)
        raise(n);
    return true;
}

static bool is_zero(const decimal_text *n)
{
    return !has_more_than(n, 0);
}

void decimal_text_append(const decimal_text *n, text *out)
{
    if (n->is_negative && !is_zero(n))
        text_append_char(out, '-');
    if (n->point <= 0)
        text_append_char(out, '0');
    int begin = n->point < 0 ? n->point : 0;
    for (int i = begin; i < n->count || i < n->point; i++) {
        if (i == n->point)
            text_append_char(out, '.');
        text_append_char(out, digit_at(n, i));
    }
}
