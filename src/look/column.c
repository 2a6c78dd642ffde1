/* SPDX-License-Identifier: MIT
 *
 * A type stays possible as long as every value fits it; a few that fit none are left out at the end (look/misfits.c). Numbers that begin with a zero are no
 * numbers but numbers of something, such as zip codes.
 */
#include "look/column.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "value/value.h"

/* More digits than these behind the point are no amounts of money. */
enum { MOST_SCALE = 6, MOST_DIGITS = 18 };

/* Ways to write times, in the order in which they are preferred. Counts since 1970 stand
 * apart: whether a number is one its size tells. */
static const char *const formats[] = {
#define X(format) format,
#include "value/time_formats.def"
#undef X
};
enum { FORMATS = sizeof formats / sizeof *formats };
_Static_assert(FORMATS <= 64, "a bit for each");

/* Texts that stand for nothing in many exports. */
static const char *const missing_words[] = {
    "NULL", "null", "\\N", "n/a", "N/A", "NaN", "nan", "None", "undefined", "(not set)"};

void look_column_begin(look_column *c, const char *from, arena *memory)
{
    *c = (look_column){.from = arena_copy_string(memory, from),
                       .memory = memory,
                       .values = dictionary_new(),
                       .are_emails = true,
                       .may_be_comma_number = true,
                       .may_be_point_number = true,
                       .may_be_bool = true,
                       .may_be_number = true,
                       .may_be_iso = true,
                       .formats = ~UINT64_C(0) >> (64 - FORMATS),
                       .beside_iso = ~UINT64_C(0) >> (64 - FORMATS)};
}

void look_column_done(look_column *c)
{
    dictionary_free(c->values);
    c->values = NULL;
    memory_free(c->counts);
    memory_free(c->lines);
    c->counts = c->lines = NULL;
}

/* ---- one value ------------------------------------------------------------------- */

static bool is_missing_word(slice s)
{
    for (size_t i = 0; i < sizeof missing_words / sizeof *missing_words; i++)
        if (slice_is(s, missing_words[i]))
            return true;
    return false;
}

/* Only words: 0 and 1 are numbers as well. */
static bool is_bool_word(slice s)
{
    static const char *const words[] = {"true", "false", "yes", "no"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (s.size == strlen(words[i]) && strncasecmp(s.data, words[i], s.size) == 0)
            return true;
    return false;
}

/* A number in digits, with what its digits tell. */
static bool look_at_number(look_column *c, slice s)
{
    size_t at = s.size > 0 && s.data[0] == '-', digits = 0;
    bool has_leading_zero =
        s.size > at + 1 && s.data[at] == '0' && isdigit((unsigned char)s.data[at + 1]);
    for (; at < s.size && isdigit((unsigned char)s.data[at]); at++)
        digits++;
    bool has_point = at < s.size && s.data[at] == '.';
    if (digits == 0)
        return false;
    for (at += has_point; has_point && at < s.size && isdigit((unsigned char)s.data[at]);
         at++)
        digits++;
    c->has_point |= has_point;
    c->has_leading_zero |= has_leading_zero;
    c->has_wide_number |= digits > MOST_DIGITS;
    return at == s.size;
}

/* Digits behind the point, without zeros at the end. */
static unsigned scale_of(slice s)
{
    const char *point = memchr(s.data, '.', s.size);
    size_t scale = point ? (size_t)(s.data + s.size - point - 1) : 0;
    while (scale > 0 && point[scale] == '0')
        scale--;
    return (unsigned)scale;
}

static void add_number(look_column *c, slice s)
{
    const char *reason;
    double value;
    if (!value_read_number(s, &value, &reason)) {
        c->may_be_number = false;
        return;
    }
    if (!look_at_number(c, s))
        c->has_exponent = true;
    else if (scale_of(s) > c->scale)
        c->scale = scale_of(s);
    c->least = c->filled == 1 || value < c->least ? value : c->least;
    c->most = c->filled == 1 || value > c->most ? value : c->most;
}

/* Is it a number with this sign between groups of three digits, and that before the fraction? */
static bool is_grouped_number(slice s, char group, char point, bool *has_groups,
                              bool *has_point, unsigned *scale)
{
    size_t at = s.size > 0 && s.data[0] == '-', digits = 0, groups = 0;
    for (; at < s.size && s.data[at] != point; at++) {
        bool is_group = s.data[at] == group;
        if (is_group ? digits == 0 || digits > 3 || (groups > 0 && digits != 3)
                     : !isdigit((unsigned char)s.data[at]))
            return false;
        groups += is_group;
        digits = is_group ? 0 : digits + 1;
    }
    if (digits == 0 || (groups > 0 && digits != 3))
        return false;
    size_t fraction = at < s.size ? s.size - at - 1 : 0;
    for (size_t i = at + 1; i < s.size; i++)
        if (!isdigit((unsigned char)s.data[i]))
            return false;
    *has_groups |= groups > 0;
    *has_point |= at < s.size;
    *scale = fraction > *scale ? (unsigned)fraction : *scale;
    return at == s.size || fraction > 0;
}

bool look_is_grouped_number(slice s, char group, char point)
{
    bool has_groups = false, has_point = false;
    unsigned scale = 0;
    return is_grouped_number(s, group, point, &has_groups, &has_point, &scale);
}

static void add_grouped_number(look_column *c, slice s)
{
    bool ignored = false;
    c->may_be_comma_number =
        c->may_be_comma_number &&
        is_grouped_number(s, '.', ',', &c->has_groups, &c->has_comma, &c->comma_scale);
    c->may_be_point_number =
        c->may_be_point_number &&
        is_grouped_number(s, ',', '.', &c->has_groups, &ignored, &c->group_scale);
}

/* ISO 8601 with a time of day; a blank may stand for the T. */
static bool has_time_of_day(slice s)
{
    return s.size > 10;
}

/* Those of the formats that a value fits, too. */
static uint64_t fitting_formats(uint64_t some, slice s)
{
    for (size_t i = 0; some != 0 && i < FORMATS; i++)
        if (some >> i & 1 && !value_fits_format(s, formats[i]))
            some &= ~(UINT64_C(1) << i);
    return some;
}

static void add_time(look_column *c, slice s)
{
    bool is_iso = value_fits_format(s, NULL);
    c->iso_count += is_iso;
    c->has_iso_time |= is_iso && has_time_of_day(s);
    c->may_be_iso = c->may_be_iso && is_iso;
    c->formats = fitting_formats(c->formats, s);
    if (!is_iso)
        c->beside_iso = fitting_formats(c->beside_iso, s);
}

static void count_value(look_column *c, slice s, uint64_t line)
{
    if (dictionary_count(c->values) >= COLUMN_MOST_DISTINCT) {
        c->has_more_values |=
            dictionary_find(c->values, s.data, s.size) == DICTIONARY_NONE;
        return;
    }
    size_t known = dictionary_count(c->values);
    uint32_t code = dictionary_add(c->values, s.data, s.size);
    if (code == known) {
        memory_grow((void **)&c->counts, known, &c->count_capacity, sizeof *c->counts);
        memory_grow((void **)&c->lines, known, &c->line_capacity, sizeof *c->lines);
        c->counts[code] = 0;
        c->lines[code] = line;
    }
    c->counts[code]++;
}

slice look_without_money_sign(slice s, const char **sign)
{
    static const char *const signs[] = {"$", "\xe2\x82\xac", "\xc2\xa3", "\xc2\xa5"};
    *sign = NULL;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t size = strlen(signs[i]);
        if (s.size <= size)
            continue;
        if (memcmp(s.data, signs[i], size) == 0)
            s = (slice){s.data + size, s.size - size};
        else if (memcmp(s.data + s.size - size, signs[i], size) == 0)
            s.size -= size;
        else
            continue;
        *sign = signs[i];
        return slice_trim(s, WHITE_SPACE);
    }
    return s;
}

/* Amounts in two currencies are no numbers of one column. */
static void add_amount(look_column *c, slice s)
{
    const char *sign;
    slice number = look_without_money_sign(s, &sign);
    if (sign && c->money_sign && sign != c->money_sign)
        c->may_be_number = c->may_be_comma_number = c->may_be_point_number = false;
    c->money_sign = sign ? sign : c->money_sign;
    if (c->may_be_comma_number || c->may_be_point_number)
        add_grouped_number(c, number);
    if (c->may_be_number)
        add_number(c, number);
}

void look_column_add(look_column *c, slice value, bool is_text, uint64_t line)
{
    slice s = slice_trim(value, WHITE_SPACE);
    if (s.size == 0)
        return;
    if (is_missing_word(s)) {
        if (c->missing_words++ == 0)
            c->missing_word = arena_copy_text(c->memory, s.data, s.size);
        return;
    }
    c->row_count += c->filled++ == 0 || line != c->last_row;
    c->last_row = line;
    c->padded += s.size < value.size;
    c->is_quoted_text |= is_text;
    c->least_size = c->filled == 1 || s.size < c->least_size ? s.size : c->least_size;
    c->most_size = s.size > c->most_size ? s.size : c->most_size;
    count_value(c, s, line);
    for (size_t i = 0; !c->has_capitals && i < s.size; i++)
        c->has_capitals = isupper((unsigned char)s.data[i]);
    add_amount(c, s);
    c->are_emails = c->are_emails && memchr(s.data, '@', s.size);
    c->may_be_bool = c->may_be_bool && is_bool_word(s);
    if (c->may_be_iso || c->formats != 0 || c->beside_iso != 0)
        add_time(c, s);
}

/* ---- all of them -------------------------------------------------------------------- */

uint64_t look_column_distinct(const look_column *c)
{
    return dictionary_count(c->values);
}

/* Do the numbers lie where counts since 1970 do, from 2001 to 2100? */
static const char *count_format(const look_column *c)
{
    static const struct {
        const char *format;
        double least, most;
    } counts[] = {
        {"unix", 978e6, 4.1e9}, {"unix_ms", 978e9, 4.1e12}, {"unix_us", 978e12, 4.1e15}};
    bool is_number = c->may_be_number && !c->has_leading_zero && c->filled > 0;
    for (size_t i = 0; is_number && i < sizeof counts / sizeof *counts; i++)
        if (c->least >= counts[i].least && c->most <= counts[i].most)
            return counts[i].format;
    return NULL;
}

bool look_column_mixes_iso(const look_column *c)
{
    return c->formats == 0 && c->beside_iso != 0 && c->iso_count > 0 &&
           c->iso_count < c->filled && !c->may_be_number;
}

/* The first format from `from` on that all values fit, beside ISO 8601 where both come; or FORMATS. */
static size_t next_format(const look_column *c, size_t from)
{
    uint64_t some = look_column_mixes_iso(c) ? c->beside_iso : c->formats;
    while (from < FORMATS && !(some >> from & 1))
        from++;
    return from;
}

const char *look_column_time_format(const look_column *c, const char **other)
{
    *other = NULL;
    if (c->filled == 0 || (c->may_be_iso && !c->may_be_number))
        return NULL;
    size_t first = next_format(c, 0);
    if (first == FORMATS)
        return count_format(c);
    size_t second = next_format(c, first + 1);
    *other = second < FORMATS ? formats[second] : NULL;
    return formats[first];
}

static bool is_date_format(const char *format)
{
    return !strstr(format, "%H") && !strstr(format, "%I");
}

void look_column_number_signs(const look_column *c, char *decimal, char *thousands)
{
    *decimal = *thousands = 0;
    if (c->may_be_number || c->filled == 0)
        return;
    if (c->may_be_comma_number && c->has_comma && c->comma_scale <= MOST_SCALE) {
        *decimal = ',';
        *thousands = c->has_groups ? '.' : 0;
    } else if (c->may_be_point_number && c->has_groups && c->group_scale <= MOST_SCALE) {
        *thousands = ',';
    }
}

static unsigned most_scale(const look_column *c)
{
    char decimal, thousands;
    look_column_number_signs(c, &decimal, &thousands);
    return decimal ? c->comma_scale : thousands ? c->group_scale : c->scale;
}

/* Both come, and nothing else. */
static bool is_zero_or_one(const look_column *c)
{
    return dictionary_count(c->values) == 2 &&
           dictionary_find(c->values, "0", 1) != DICTIONARY_NONE &&
           dictionary_find(c->values, "1", 1) != DICTIONARY_NONE;
}

column_kind column_kind_of(const look_column *c)
{
    const char *other;
    char decimal, thousands;
    if (c->filled == 0)
        return COLUMN_EMPTY;
    if (c->may_be_bool || is_zero_or_one(c))
        return COLUMN_BOOL;
    if (c->may_be_iso && !c->may_be_number)
        return c->has_iso_time ? COLUMN_TIME : COLUMN_DATE;
    if (look_column_mixes_iso(c) && c->has_iso_time)
        return COLUMN_TIME;
    if (next_format(c, 0) < FORMATS)
        return is_date_format(look_column_time_format(c, &other)) ? COLUMN_DATE
                                                                  : COLUMN_TIME;
    look_column_number_signs(c, &decimal, &thousands);
    if (decimal || thousands)
        return COLUMN_DECIMAL;
    if (!c->may_be_number || c->has_leading_zero || c->has_wide_number)
        return COLUMN_STRING;
    if (c->has_exponent || c->scale > MOST_SCALE)
        return COLUMN_NUMBER;
    return c->has_point || c->money_sign ? COLUMN_DECIMAL : COLUMN_INT;
}

void look_column_append_type(const look_column *c, text *out)
{
    switch (column_kind_of(c)) {
    case COLUMN_BOOL: text_append(out, "bool"); break;
    case COLUMN_INT: text_append(out, "int"); break;
    case COLUMN_DECIMAL:
        text_append_format(out, "decimal(%u)", most_scale(c) < 2 ? 2 : most_scale(c));
        break;
    case COLUMN_NUMBER: text_append(out, "number"); break;
    case COLUMN_DATE: text_append(out, "date"); break;
    case COLUMN_TIME: text_append(out, "time"); break;
    case COLUMN_EMPTY:
    case COLUMN_STRING: text_append(out, "string"); break;
    }
}

bool look_column_may_be_time(const look_column *c)
{
    column_kind kind = column_kind_of(c);
    return kind == COLUMN_DATE || kind == COLUMN_TIME ||
           ((kind == COLUMN_INT || kind == COLUMN_DECIMAL) && count_format(c));
}

/* ---- parts of the values ------------------------------------------------------------- */

typedef struct counted {
    double value;
    uint64_t count;
} counted;

static int compare_counted(const void *a, const void *b)
{
    double x = ((const counted *)a)->value, y = ((const counted *)b)->value;
    return (x > y) - (x < y);
}

/* A number in the column's signs. */
static bool read_counted(const look_column *c, slice s, text *plain, double *value)
{
    char decimal, thousands;
    const char *reason, *sign;
    s = look_without_money_sign(s, &sign);
    look_column_number_signs(c, &decimal, &thousands);
    text_clear(plain);
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] != thousands)
            text_append_char(plain, s.data[i] == decimal ? '.' : s.data[i]);
    return value_read_number((slice){plain->data, plain->size}, value, &reason);
}

/* All of them that are numbers, in order. Returns how many. */
static size_t list_counted(const look_column *c, counted *out)
{
    text plain;
    size_t count = 0;
    text_init(&plain);
    for (uint32_t i = 0; i < dictionary_count(c->values); i++)
        if (read_counted(c, dictionary_text(c->values, i), &plain, &out[count].value))
            out[count++].count = c->counts[i];
    qsort(out, count, sizeof *out, compare_counted);
    text_done(&plain);
    return count;
}

bool look_column_quantile(const look_column *c, double part, double *value)
{
    counted *all = memory_alloc_zero_array(dictionary_count(c->values) + 1, sizeof *all);
    size_t count = list_counted(c, all), i = 0;
    uint64_t sum = 0, passed = 0;
    for (size_t k = 0; k < count; k++)
        sum += all[k].count;
    while (i + 1 < count && (double)(passed + all[i].count) <= part * (double)sum)
        passed += all[i++].count;
    *value = all[i].value;
    memory_free(all);
    return count > 0;
}
