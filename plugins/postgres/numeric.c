/* SPDX-License-Identifier: MIT
 *
 * Digits of numerics.
 */
#include "postgres/numeric.h"

#include "postgres/binary.h"

enum { DIGITS_OF_GROUP = 4, HEAD_BYTES = 8 };

/* What stands in the place of a sign. */
enum {
    SIGN_POSITIVE = 0,
    SIGN_NEGATIVE = 0x4000,
    SIGN_NAN = 0xc000,
    SIGN_INFINITE = 0xd000,
    SIGN_MINUS_INFINITE = 0xf000,
};

/* Of one that is no number. */
static const char *special_of(int sign)
{
    switch (sign) {
    case SIGN_POSITIVE:
    case SIGN_NEGATIVE: return NULL;
    case SIGN_INFINITE: return "Infinity";
    case SIGN_MINUS_INFINITE: return "-Infinity";
    default: return "NaN";
    }
}

bool numeric_open(const char *data, size_t size, numeric *out)
{
    if (size < HEAD_BYTES ||
        size != HEAD_BYTES + 2 * (size_t)(uint16_t)binary_int16(data))
        return false;
    int sign = (uint16_t)binary_int16(data + 4);
    *out = (numeric){.groups = data + HEAD_BYTES,
                     .count = (uint16_t)binary_int16(data),
                     .weight = binary_int16(data + 2),
                     .scale = binary_int16(data + 6),
                     .is_negative = sign == SIGN_NEGATIVE,
                     .special = special_of(sign)};
    return out->special || out->scale >= 0;
}

/* Four digits, of the first group without zeros before them. */
static char *write_group(char *at, int digits, bool is_first)
{
    for (int part = 1000; part > 0; part /= 10)
        if (!is_first || digits >= part || part == 1)
            *at++ = (char)('0' + digits / part % 10);
    return at;
}

static int first_group(const numeric *n)
{
    return n->weight > 0 ? n->weight : 0;
}

static int last_group(const numeric *n)
{
    return -((n->scale + DIGITS_OF_GROUP - 1) / DIGITS_OF_GROUP);
}

/* With a sign and a point. */
size_t numeric_room(const numeric *n)
{
    return (size_t)(first_group(n) - last_group(n) + 1) * DIGITS_OF_GROUP + 2;
}

size_t numeric_write(const numeric *n, char *out)
{
    char *to = out;
    if (n->is_negative)
        *to++ = '-';
    for (int at = first_group(n); at >= last_group(n); at--) {
        int index = n->weight - at;
        int digits =
            index >= 0 && index < n->count ? binary_int16(n->groups + index * 2) : 0;
        if (at == -1)
            *to++ = '.';
        to = write_group(to, digits < 0 || digits > 9999 ? 0 : digits,
                         at == first_group(n));
    }
    if (last_group(n) < 0)
        to -= -last_group(n) * DIGITS_OF_GROUP - n->scale;
    return (size_t)(to - out);
}

int64_t numeric_power_of_ten(int power)
{
    static const int64_t powers[] = {INT64_C(1),
                                     INT64_C(10),
                                     INT64_C(100),
                                     INT64_C(1000),
                                     INT64_C(10000),
                                     INT64_C(100000),
                                     INT64_C(1000000),
                                     INT64_C(10000000),
                                     INT64_C(100000000),
                                     INT64_C(1000000000),
                                     INT64_C(10000000000),
                                     INT64_C(100000000000),
                                     INT64_C(1000000000000),
                                     INT64_C(10000000000000),
                                     INT64_C(100000000000000),
                                     INT64_C(1000000000000000),
                                     INT64_C(10000000000000000),
                                     INT64_C(100000000000000000),
                                     INT64_C(1000000000000000000)};
    return powers[power];
}

/* As few steps as there can be, since nearly all values of a column go through here. */
bool numeric_read(const char *data, size_t size, numeric_parts *out)
{
    if (size < HEAD_BYTES ||
        size != HEAD_BYTES + 2 * (size_t)(uint16_t)binary_int16(data))
        return false;
    int count = binary_int16(data), weight = binary_int16(data + 2);
    int sign = (uint16_t)binary_int16(data + 4);
    int64_t digits = 0;
    bool is_over = sign != SIGN_POSITIVE && sign != SIGN_NEGATIVE;
    for (int i = 0; i < count && !is_over; i++) {
        int16_t group = binary_int16(data + HEAD_BYTES + i * 2);
        is_over = group < 0 || group > 9999 ||
                  __builtin_mul_overflow(digits, 10000, &digits) ||
                  __builtin_add_overflow(digits, group, &digits);
    }
    out->digits = sign == SIGN_NEGATIVE && !is_over ? -digits : digits;
    out->exponent = (weight - count + 1) * DIGITS_OF_GROUP;
    return !is_over;
}
