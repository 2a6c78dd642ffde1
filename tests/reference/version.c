/* SPDX-License-Identifier: MIT
 *
 * "1.10 > 1.9: numeric parts, absent part is 0, a pre-release is lower"; among pre-releases
 * the order of semver.org: "identifiers consisting of only digits are compared numerically.
 * Identifiers with letters or hyphens are compared lexically in ASCII sort order. Numeric
 * identifiers always have lower precedence than non-numeric identifiers. A larger set of
 * pre-release fields has a higher precedence than a smaller set, if all of the preceding
 * identifiers are equal", and "build metadata MUST be ignored".
 */
#include <string.h>

#include "reference/value.h"

/* Part number `index` between points; "" when there are fewer. */
typedef struct part {
    char text[64];
    bool is_there, is_number;
} part;

static part part_of(const char *text, size_t size, size_t index)
{
    part p = {.text = ""};
    const char *end = text + size;
    for (; index > 0 && text < end; index--) {
        const char *point = memchr(text, '.', (size_t)(end - text));
        text = point ? point + 1 : end;
    }
    if (text >= end)
        return p;
    const char *point = memchr(text, '.', (size_t)(end - text));
    size_t length = (size_t)((point ? point : end) - text);
    p.is_there = true;
    memcpy(p.text, text, length < sizeof p.text ? length : sizeof p.text - 1);
    p.is_number = strspn(p.text, "0123456789") == strlen(p.text);
    return p;
}

static int sign_of(int x)
{
    return (x > 0) - (x < 0);
}

/* As numbers of any size: without zeros in front the longer one is greater. */
static int compare_digits(const char *a, const char *b)
{
    a += strspn(a, "0");
    b += strspn(b, "0");
    if (strlen(a) != strlen(b))
        return strlen(a) < strlen(b) ? -1 : 1;
    return sign_of(strcmp(a, b));
}

static int compare_identifiers(const part *a, const part *b)
{
    if (!a->is_there || !b->is_there)
        return a->is_there - b->is_there;
    if (a->is_number != b->is_number)
        return a->is_number ? -1 : 1;
    return a->is_number ? compare_digits(a->text, b->text)
                        : sign_of(strcmp(a->text, b->text));
}

int versions_in_order(const char *a, const char *b)
{
    a += a[0] == 'v' || a[0] == 'V';
    b += b[0] == 'v' || b[0] == 'V';
    size_t a_size = strcspn(a, "-+"), b_size = strcspn(b, "-+");
    for (size_t i = 0; i < a_size + b_size; i++) {
        part x = part_of(a, a_size, i), y = part_of(b, b_size, i);
        if (compare_digits(x.text, y.text) != 0)
            return compare_digits(x.text, y.text);
    }
    bool a_is_before = a[a_size] == '-', b_is_before = b[b_size] == '-';
    if (!a_is_before || !b_is_before)
        return b_is_before - a_is_before;
    a += a_size + 1;
    b += b_size + 1;
    a_size = strcspn(a, "+");
    b_size = strcspn(b, "+");
    for (size_t i = 0; i < a_size + b_size; i++) {
        part x = part_of(a, a_size, i), y = part_of(b, b_size, i);
        if (compare_identifiers(&x, &y) != 0)
            return compare_identifiers(&x, &y);
    }
    return 0;
}
