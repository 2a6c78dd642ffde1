/* SPDX-License-Identifier: MIT
 *
 * Texts of numbers, truth values and durations, read exactly, and values written as
 * texts. Dates and instants are read in value_time.c.
 *
 * Numbers that need strtod assume that the process keeps LC_NUMERIC at "C", as a C
 * program does unless it calls setlocale.
 */
#include "value/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"

enum {
    NUMBER_LIMIT_BYTES = 400,
    EXACT_DIGITS = 15 /* whole numbers and powers of ten to 10^15 are exact doubles */
};

/* A plain decimal number taken apart: all digits as one number, with the sign; how many stand
 * after the point, without trailing zeros. */
typedef struct decimal_parts {
    int64_t digits;
    unsigned scale;
} decimal_parts;

static bool refuse(const char **reason, const char *why)
{
    *reason = why;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Why a text with `c` in it is no decimal number. */
static bool refuse_character(char c, const char **reason)
{
    if (c == ',')
        return refuse(reason, "a comma is not allowed; the decimal sign is a point");
    if (c == 'e' || c == 'E')
        return refuse(reason, "a number with an exponent is not exact");
    if (c == ' ')
        return refuse(reason, "there is a blank in it");
    return refuse(reason, "it is not a number");
}

static bool is_text(slice s, const char *word)
{
    return s.size == strlen(word) && strncasecmp(s.data, word, s.size) == 0;
}

/* Does somebody write this where there is no value? */
static bool is_word_for_nothing(slice s)
{
    static const char *const words[] = {"null",   "n/a",       "na", "nan", "none",
                                        "-",      "nil",       "--", "?",   "#n/a",
                                        "(null)", "undefined", "\\n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_text(s, words[i]))
            return true;
    return false;
}

static bool has_currency(slice s)
{
    static const char *const signs[] = {"$",   "\u20AC", "\u00A3", "EUR",
                                        "USD", "GBP",    "CHF"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (slice_contains(s, slice_of(signs[i])))
            return true;
    return false;
}

/* A better reason than that of one character, when the whole text shows it. */
static bool refuse_number(slice whole, char first_wrong, const char **reason)
{
    if (is_word_for_nothing(whole))
        return refuse(reason, "it is a word for nothing: leave the field empty");
    if (has_currency(whole))
        return refuse(reason,
                      "a currency stands with the number: write the number alone");
    return refuse_character(first_wrong, reason);
}

static bool take_sign(slice *s)
{
    bool is_negative = s->size > 0 && s->data[0] == '-';
    if (is_negative || (s->size > 0 && s->data[0] == '+')) {
        s->data++;
        s->size--;
    }
    return is_negative;
}

/* Append a digit, or false when 64 bits do not hold the number. */
static bool push_digit(int64_t *value, char digit, bool is_negative)
{
    int added = is_negative ? '0' - digit : digit - '0';
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_add_overflow(*value, added, value);
}

/* The first byte that a plain decimal number may not hold, or the size. *point is where
 * the point stands, or the size. */
static size_t scan_decimal(slice s, size_t *point)
{
    *point = s.size;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '.' && *point == s.size)
            *point = i;
        else if (!is_digit(s.data[i]))
            return i;
    }
    return s.size;
}

/* The digits of `whole`, which stand behind its sign. */
static bool split_digits(slice s, bool is_negative, slice whole, decimal_parts *out,
                         const char **reason)
{
    size_t point;
    *out = (decimal_parts){0};
    size_t wrong = scan_decimal(s, &point);
    if (wrong < s.size)
        return refuse_number(whole, s.data[wrong], reason);
    if (s.size == 0 || (s.size == 1 && point == 0))
        return refuse(reason, is_word_for_nothing(whole)
                                  ? "it is a word for nothing: leave the field empty"
                                  : "it is not a number");

    size_t end = s.size;
    while (end > point + 1 && s.data[end - 1] == '0')
        end--;
    for (size_t i = 0; i < end; i++) {
        if (i != point && !push_digit(&out->digits, s.data[i], is_negative))
            return refuse(reason, "it has too many digits for an exact number");
    }
    out->scale = end > point ? (unsigned)(end - point - 1) : 0;
    return true;
}

static bool split_decimal(slice s, decimal_parts *out, const char **reason)
{
    slice whole = s;
    bool is_negative = take_sign(&s);
    return split_digits(s, is_negative, whole, out, reason);
}

/* digits / 10^scale, both exact doubles: one correctly rounded division. */
static double divide_exactly(int64_t digits, int scale)
{
    static const double powers[EXACT_DIGITS + 1] = {1e0,  1e1,  1e2,  1e3, 1e4,  1e5,
                                                    1e6,  1e7,  1e8,  1e9, 1e10, 1e11,
                                                    1e12, 1e13, 1e14, 1e15};
    return (double)digits / powers[scale];
}

/* A text of the shape [+-]digits[.digits][e[+-]digits]. When it `is_short` (no exponent,
 * few digits), its value is digits / 10^scale. */
typedef struct number_shape {
    bool is_negative, is_short;
    int64_t digits;
    int scale;
} number_shape;

/* The end of a run of digits, which go into *shape and *count. */
static size_t skip_digits(slice s, size_t at, number_shape *shape, size_t *count)
{
    for (; at < s.size && is_digit(s.data[at]); at++, (*count)++) {
        if (*count < EXACT_DIGITS)
            shape->digits = shape->digits * 10 + (s.data[at] - '0');
    }
    return at;
}

static bool number_has_shape(slice s, number_shape *shape)
{
    *shape = (number_shape){.is_negative = take_sign(&s)};
    size_t count = 0;
    size_t at = skip_digits(s, 0, shape, &count);
    if (at < s.size && s.data[at] == '.') {
        size_t before = count;
        at = skip_digits(s, at + 1, shape, &count);
        shape->scale = (int)(count - before);
    }
    shape->is_short = count <= EXACT_DIGITS && at == s.size;
    if (count == 0 || at == s.size)
        return count > 0;
    if (s.data[at] != 'e' && s.data[at] != 'E')
        return false;
    slice exponent = {s.data + at + 1, s.size - at - 1};
    take_sign(&exponent);
    size_t digits = 0;
    return skip_digits(exponent, 0, &(number_shape){0}, &digits) == exponent.size &&
           digits > 0;
}

/* Add `number` times `unit_microseconds` to *sum. */
static bool add_duration(const decimal_parts *number, int64_t unit_microseconds,
                         int128 *sum, const char **reason)
{
    if (number->scale > DECIMAL_MAX_SCALE)
        return refuse(reason, "it is not a whole number of microseconds");
    int128 product = (int128)number->digits * unit_microseconds;
    int64_t power = number_power_of_ten(number->scale);
    if (product % power != 0)
        return refuse(reason, "it is not a whole number of microseconds");
    *sum += product / power;
    return (*sum >= INT64_MIN && *sum <= INT64_MAX) || refuse(reason, "it is too long");
}

/* The length of the unit that the first `size` letters of `rest` name. */
static bool read_unit(const char *name, size_t size, int64_t *microseconds,
                      const char **reason)
{
    calendar_span one = {.count = 1};
    if (size == 0)
        return refuse(reason, "it has no unit");
    if (!calendar_unit_parse(name, size, &one.unit))
        return refuse(reason, "its unit is none of second, minute, hour, day, week");
    return calendar_span_microseconds(one, microseconds) ||
           refuse(reason, "months and longer units have no fixed length");
}

static size_t count_blanks(slice s, size_t from)
{
    size_t at = from;
    while (at < s.size && s.data[at] == ' ')
        at++;
    return at - from;
}

/* One "12.5 hours" and the blanks behind it. */
static bool take_duration_part(slice *rest, bool is_negative, int128 *sum,
                               const char **reason)
{
    decimal_parts number;
    int64_t microseconds;
    size_t digits = 0, end;
    while (digits < rest->size && strchr("0123456789.,", rest->data[digits]) != NULL &&
           rest->data[digits] != '\0')
        digits++;
    const slice written = {rest->data, digits};
    if (!split_digits(written, is_negative, written, &number, reason))
        return false;
    size_t begin = digits + count_blanks(*rest, digits);
    for (end = begin; end < rest->size && is_letter(rest->data[end]); end++)
        continue;
    if (!read_unit(rest->data + begin, end - begin, &microseconds, reason) ||
        !add_duration(&number, microseconds, sum, reason))
        return false;
    size_t blanks = count_blanks(*rest, end);
    if (end < rest->size && (blanks == 0 || end + blanks == rest->size))
        return refuse(reason, "it is not a duration such as \"90 seconds\"");
    *rest = (slice){rest->data + end + blanks, rest->size - end - blanks};
    return true;
}

/* Six digits after the point at most, without trailing zeros. */
static void append_fraction(int64_t microseconds, text *out)
{
    if (microseconds == 0)
        return;
    unsigned digits = 6;
    while (microseconds % 10 == 0) {
        microseconds /= 10;
        digits--;
    }
    text_append_format(out, ".%0*lld", (int)digits, (long long)microseconds);
}

/* "Z", "+01:00", or with seconds for local times of long ago. */
static void append_offset(int64_t microseconds, bool is_utc, text *out)
{
    if (is_utc) {
        text_append(out, "Z");
        return;
    }
    long long seconds = (long long)(microseconds / MICROSECONDS_PER_SECOND);
    long long size = seconds < 0 ? -seconds : seconds;
    text_append_format(out, "%c%02lld:%02lld", seconds < 0 ? '-' : '+', size / 3600,
                       size / 60 % 60);
    if (size % 60 != 0)
        text_append_format(out, ":%02lld", size % 60);
}

/* Digits alone, and so few that the value fits: as most numbers are written. */
static bool read_few_digits(slice s, unsigned scale, int64_t *out)
{
    int64_t value = 0;
    if (s.size == 0 || s.size + scale > DECIMAL_MAX_SCALE)
        return false;
    for (size_t i = 0; i < s.size; i++) {
        if (!is_digit(s.data[i]))
            return false;
        value = value * 10 + (s.data[i] - '0');
    }
    *out = value * number_power_of_ten(scale);
    return true;
}

bool value_read_decimal(slice s, unsigned scale, int64_t *out, const char **reason)
{
    decimal_parts parts;
    if (read_few_digits(s, scale, out))
        return true;
    if (!split_decimal(s, &parts, reason))
        return false;
    if (parts.scale > scale && scale == 0)
        return refuse(reason, "it is not a whole number");
    if (parts.scale > scale)
        return refuse(reason, "it has more digits after the point than the type keeps");
    return number_scale_up(parts.digits, scale - parts.scale, out) ||
           refuse(reason, "it is too large");
}

bool value_read_number(slice s, double *out, const char **reason)
{
    number_shape shape;
    char copy[NUMBER_LIMIT_BYTES + 1];
    if (!number_has_shape(s, &shape)) {
        bool has_comma = s.size > 0 && memchr(s.data, ',', s.size) != NULL;
        return refuse_character(has_comma ? ',' : '?', reason);
    }
    if (shape.is_short) {
        double size = divide_exactly(shape.digits, shape.scale);
        *out = shape.is_negative ? -size : size;
        return true;
    }
    if (s.size > NUMBER_LIMIT_BYTES)
        return refuse(reason, "it is too long for a number");
    memcpy(copy, s.data, s.size);
    copy[s.size] = '\0';
    double value = strtod(copy, NULL);
    if (!isfinite(value))
        return refuse(reason, "it is too large");
    *out = value;
    return true;
}

bool value_read_bool(slice s, bool *out, const char **reason)
{
    static const char *const words[] = {"true", "false", "yes", "no", "t",
                                        "f",    "y",     "n",   "1",  "0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == s.size && strncasecmp(words[i], s.data, s.size) == 0) {
            *out = i % 2 == 0;
            return true;
        }
    }
    return refuse(reason, "it is neither true nor false (nor yes, no, 1, 0)");
}

bool value_read_duration(slice s, int64_t unit_microseconds, int64_t *out,
                         const char **reason)
{
    bool is_negative = take_sign(&s);
    bool begins_well = s.size > 0 && (is_digit(s.data[0]) || s.data[0] == '.');
    decimal_parts number;
    int128 sum = 0;
    if (!begins_well)
        return refuse(reason, "it is not a duration such as \"90 seconds\"");
    if (unit_microseconds > 0 && split_digits(s, is_negative, s, &number, reason)) {
        if (!add_duration(&number, unit_microseconds, &sum, reason))
            return false;
        s.size = 0;
    }
    while (s.size > 0) {
        if (!take_duration_part(&s, is_negative, &sum, reason))
            return false;
    }
    *out = (int64_t)sum;
    return true;
}

void value_append_date(int64_t date, text *out)
{
    int64_t year;
    unsigned month, day;
    date_to_civil(date, &year, &month, &day);
    text_append_format(out, "%04lld-%02u-%02u", (long long)year, month, day);
}

void value_append_time(int64_t instant, const zone *z, text *out)
{
    int64_t local = z == NULL ? instant : zone_local(z, instant);
    int64_t clock = number_floor_modulo(local, MICROSECONDS_PER_DAY);
    long long seconds = (long long)(clock / MICROSECONDS_PER_SECOND);
    value_append_date(number_floor_divide(local, MICROSECONDS_PER_DAY), out);
    text_append_format(out, "T%02lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60,
                       seconds % 60);
    append_fraction(clock % MICROSECONDS_PER_SECOND, out);
    append_offset(local - instant, z == NULL, out);
}

void value_append_decimal(int64_t value, unsigned scale, text *out)
{
    unsigned long long size =
        value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    unsigned long long power = (unsigned long long)number_power_of_ten(scale);
    text_append_format(out, "%s%llu", value < 0 ? "-" : "", size / power);
    if (scale > 0)
        text_append_format(out, ".%0*llu", (int)scale, size % power);
}

void value_append_duration(int64_t microseconds, text *out)
{
    static const struct {
        const char *name;
        uint64_t length;
    } parts[] = {
        {"day", UINT64_C(86400000000)}, {"hour", 3600000000u}, {"minute", 60000000u}};
    uint64_t rest =
        microseconds < 0 ? 0 - (uint64_t)microseconds : (uint64_t)microseconds;
    const char *before = microseconds < 0 ? "-" : "";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint64_t count = rest / parts[i].length;
        rest %= parts[i].length;
        if (count == 0)
            continue;
        text_append_format(out, "%s%llu %s%s", before, (unsigned long long)count,
                           parts[i].name, count == 1 ? "" : "s");
        before = " ";
    }
    if (rest == 0 && *before == ' ')
        return;
    text_append_format(out, "%s%llu", before, (unsigned long long)(rest / 1000000));
    append_fraction((int64_t)(rest % 1000000), out);
    text_append(out, rest == 1000000 ? " second" : " seconds");
}
