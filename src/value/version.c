/* SPDX-License-Identifier: MIT
 *
 * Reading and comparing versions, part by part.
 */
#include "value/version.h"

#include <string.h>

/* "v1.2-beta.1+7" taken apart: "1.2", "beta.1"; without the rest. */
typedef struct version_parts {
    slice numbers, release;
    bool is_before; /* a pre-release */
} version_parts;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_number(slice part)
{
    for (size_t i = 0; i < part.size; i++)
        if (!is_digit(part.data[i]))
            return false;
    return part.size > 0;
}

static bool is_word(slice part)
{
    for (size_t i = 0; i < part.size; i++)
        if (!is_digit(part.data[i]) && !is_letter(part.data[i]) && part.data[i] != '-')
            return false;
    return part.size > 0;
}

/* What stands before the first `c`; *s is the rest behind it. *is_last: there was none. */
static slice cut(slice *s, char c, bool *is_last)
{
    const char *at = s->size > 0 ? memchr(s->data, c, s->size) : NULL;
    slice before = {s->data, at ? (size_t)(at - s->data) : s->size};
    size_t taken = before.size + (at ? 1 : 0);
    *is_last = at == NULL;
    *s = (slice){s->data + taken, s->size - taken};
    return before;
}

static version_parts split(slice s, slice *build, bool *has_build)
{
    version_parts v = {0};
    bool is_last;
    if (s.size > 0 && (s.data[0] == 'v' || s.data[0] == 'V'))
        s = (slice){s.data + 1, s.size - 1};
    *build = s;
    slice version = cut(build, '+', &is_last);
    *has_build = !is_last;
    v.release = version;
    v.numbers = cut(&v.release, '-', &is_last);
    v.is_before = !is_last;
    return v;
}

static bool all_parts(slice s, bool (*test)(slice part))
{
    bool is_last = false;
    while (!is_last)
        if (!test(cut(&s, '.', &is_last)))
            return false;
    return true;
}

bool version_read(slice s, const char **reason)
{
    slice build;
    bool has_build;
    version_parts v = split(s, &build, &has_build);
    if (!all_parts(v.numbers, is_number))
        *reason = "it is not made of numbers with points between them, like 1.18.1";
    else if (v.is_before && !all_parts(v.release, is_word))
        *reason = "what follows the hyphen is made of letters, digits and points";
    else if (has_build && !all_parts(build, is_word))
        *reason = "what follows the + is made of letters, digits and points";
    else
        return true;
    return false;
}

static int sign_of(long long x)
{
    return (x > 0) - (x < 0);
}

static int compare_bytes(slice a, slice b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size > 0 ? memcmp(a.data, b.data, size) : 0;
    return order != 0 ? sign_of(order) : (a.size > b.size) - (a.size < b.size);
}

/* Numbers of any size; "" is 0. */
static int compare_numbers(slice a, slice b)
{
    while (a.size > 0 && a.data[0] == '0')
        a = (slice){a.data + 1, a.size - 1};
    while (b.size > 0 && b.data[0] == '0')
        b = (slice){b.data + 1, b.size - 1};
    return a.size != b.size ? (a.size > b.size) - (a.size < b.size) : compare_bytes(a, b);
}

static int compare_releases(slice a, slice b)
{
    bool a_is_last = false, b_is_last = false;
    while (!a_is_last && !b_is_last) {
        slice x = cut(&a, '.', &a_is_last), y = cut(&b, '.', &b_is_last);
        bool x_is_number = is_number(x), y_is_number = is_number(y);
        int order = x_is_number != y_is_number ? (x_is_number ? -1 : 1)
                    : x_is_number              ? compare_numbers(x, y)
                                               : compare_bytes(x, y);
        if (order != 0)
            return order;
    }
    return b_is_last - a_is_last;
}

int version_compare(slice a, slice b)
{
    slice build;
    bool has_build, a_is_last = false, b_is_last = false;
    version_parts x = split(a, &build, &has_build), y = split(b, &build, &has_build);
    while (!a_is_last || !b_is_last) {
        slice p = a_is_last ? (slice){"", 0} : cut(&x.numbers, '.', &a_is_last);
        slice q = b_is_last ? (slice){"", 0} : cut(&y.numbers, '.', &b_is_last);
        int order = compare_numbers(p, q);
        if (order != 0)
            return order;
    }
    if (!x.is_before || !y.is_before)
        return y.is_before - x.is_before;
    return compare_releases(x.release, y.release);
}
