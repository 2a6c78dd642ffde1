/* SPDX-License-Identifier: MIT
 *
 * Values for columns of PostgreSQL.
 */
#include "postgres/targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/types.h"

enum { EXACT_DIGITS = 15, EXACT_DIGITS_OF_FLOAT4 = 6, DIGITS_OF_INT8 = 19 };
enum { MODIFIER_OFFSET = 4 }; /* of those of texts and numerics */

/* ---- types ------------------------------------------------------------------------ */

static const struct {
    int number;
    target_kind kind;
    int bytes;
} types[] = {{TYPE_BOOL, TARGET_BOOL, 1},         {TYPE_INT2, TARGET_WHOLE, 2},
             {TYPE_INT4, TARGET_WHOLE, 4},        {TYPE_INT8, TARGET_WHOLE, 8},
             {TYPE_FLOAT4, TARGET_FLOAT, 4},      {TYPE_FLOAT8, TARGET_FLOAT, 8},
             {TYPE_NUMERIC, TARGET_NUMERIC, 0},   {TYPE_DATE, TARGET_DATE, 0},
             {TYPE_TIMESTAMP, TARGET_TIME, 0},    {TYPE_TIMESTAMPTZ, TARGET_TIME, 0},
             {TYPE_CLOCK, TARGET_CLOCK, 0},       {TYPE_CLOCKTZ, TARGET_CLOCK, 0},
             {TYPE_INTERVAL, TARGET_INTERVAL, 0}, {TYPE_JSON, TARGET_JSON, 0},
             {TYPE_JSONB, TARGET_JSON, 0}};

static void take_modifier(target *t, int modifier)
{
    t->most_digits = -1;
    if (modifier < 0)
        return;
    if (t->kind == TARGET_NUMERIC) {
        t->most_digits = type_numeric_scale(modifier);
        t->precision = (modifier - MODIFIER_OFFSET) >> 16 & 0xffff;
    } else if (t->kind == TARGET_TEXT) {
        t->most_signs = modifier - MODIFIER_OFFSET;
    } else if (t->kind == TARGET_TIME) {
        t->most_digits = modifier;
    }
}

/* By the category of a type that is not in the list. */
static target_kind kind_of_category(char category)
{
    switch (category) {
    case 'S': return TARGET_TEXT;
    case 'A':
    case 'R': return TARGET_MANY;
    default: return TARGET_OTHER;
    }
}

target target_of(const char *type, const char *category, const char *modifier,
                 const char *name)
{
    int number = atoi(type);
    target t = {.kind = kind_of_category(category[0])};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].number == number) {
            t.kind = types[i].kind;
            t.bytes = types[i].bytes;
        }
    take_modifier(&t, atoi(modifier));
    snprintf(t.type, sizeof t.type, "%s", name);
    return t;
}

const char *target_usual_type(const carpel_column *column)
{
    switch (column->type) {
    case CARPEL_BOOL: return "boolean";
    case CARPEL_INT: return "bigint";
    case CARPEL_DECIMAL: return "numeric";
    case CARPEL_NUMBER: return "double precision";
    case CARPEL_TIME: return "timestamp with time zone";
    case CARPEL_DATE: return "date";
    case CARPEL_DURATION: return "interval";
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_LIST: break;
    }
    return "text";
}

/* Signs that end a value or a row, and the one that marks them. */
static void add_escaped(const char *text, size_t size, buffer *out)
{
    size_t begin = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c != '\\' && c != '\t' && c != '\n' && c != '\r')
            continue;
        buffer_add_bytes(out, text + begin, i - begin);
        buffer_add(out, c == '\\'   ? "\\\\"
                        : c == '\t' ? "\\t"
                        : c == '\n' ? "\\n"
                                    : "\\r");
        begin = i + 1;
    }
    buffer_add_bytes(out, text + begin, size - begin);
}

static bool is_plain_whole(const char *text, size_t size)
{
    size_t sign = size > 0 && text[0] == '-';
    if (size == sign || (text[sign] == '0' && size > 1))
        return false;
    for (size_t i = sign; i < size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static size_t count_digits(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += text[i] >= '0' && text[i] <= '9' && (count > 0 || text[i] != '0');
    return count;
}

/* Digits behind the point, without zeros at the end. */
static int fraction_digits(const char *text, size_t size)
{
    const char *point = memchr(text, '.', size);
    while (size > 0 && text[size - 1] == '0')
        size--;
    return point && text + size > point ? (int)(text + size - point) - 1 : 0;
}

static bool is_number(const target *t)
{
    return t->kind == TARGET_WHOLE || t->kind == TARGET_NUMERIC ||
           t->kind == TARGET_FLOAT;
}

/* The server alone knows which texts are its values. */
static bool is_for_server(const target *t)
{
    return t->kind == TARGET_JSON || t->kind == TARGET_MANY || t->kind == TARGET_OTHER;
}

/* A column of numbers makes 7 of 007, and one of moments or bools its own value of any text that it reads. */
static bool keeps_text(const target *t, const char *text, size_t size)
{
    if (t->kind == TARGET_TEXT || t->kind == TARGET_ANY || is_for_server(t))
        return true;
    return is_number(t) && is_plain_whole(text, size) &&
           (t->kind != TARGET_FLOAT ||
            count_digits(text, size) <=
                (t->bytes == 4 ? EXACT_DIGITS_OF_FLOAT4 : EXACT_DIGITS));
}

static bool keeps_double(const target *t, double value)
{
    char rounded[400];
    if (t->kind == TARGET_FLOAT && t->bytes == 4) {
        snprintf(rounded, sizeof rounded, "%.*g", EXACT_DIGITS_OF_FLOAT4, value);
        return strtod(rounded, NULL) == value || (double)(float)value == value;
    }
    if (t->kind != TARGET_NUMERIC || t->most_digits < 0)
        return true;
    snprintf(rounded, sizeof rounded, "%.*f", t->most_digits, value);
    return strtod(rounded, NULL) == value;
}

/* A whole number, decimal, or duration. */
static bool keeps_exact(const target *t, const char *text, size_t size)
{
    if (t->kind == TARGET_FLOAT)
        return count_digits(text, size) <=
               (t->bytes == 4 ? EXACT_DIGITS_OF_FLOAT4 : EXACT_DIGITS);
    return t->kind != TARGET_NUMERIC || t->most_digits < 0 ||
           fraction_digits(text, size) <= t->most_digits;
}

/* A date has no time of the day, a time of any day no date, and timestamp(0) whole seconds. */
static bool keeps_time(const target *t, int64_t microseconds)
{
    const int64_t day = INT64_C(86400000000);
    if (t->kind == TARGET_DATE || t->kind == TARGET_CLOCK)
        return t->kind == TARGET_DATE && microseconds % day == 0;
    int64_t unit = 1;
    for (int digits = t->most_digits; digits >= 0 && digits < 6; digits++)
        unit *= 10;
    return t->kind != TARGET_TIME || microseconds % unit == 0;
}

/* Would the column keep what is written so? What the server refuses by itself is left to it. */
static bool keeps(const target *t, const delivered *value, const char *text, size_t size)
{
    switch (value->column->type) {
    case CARPEL_STRING:
    case CARPEL_PERSON: return keeps_text(t, text, size);
    case CARPEL_NUMBER: return keeps_double(t, value->number);
    case CARPEL_INT:
    case CARPEL_DECIMAL:
    case CARPEL_DURATION: return keeps_exact(t, text, size);
    case CARPEL_TIME: return keeps_time(t, value->whole);
    case CARPEL_BOOL:
    case CARPEL_DATE:
    case CARPEL_LIST: break;
    }
    return true;
}

bool target_add(const target *t, const delivered *value, const char *table, buffer *out,
                carpel_error *err)
{
    char written[DELIVERED_TEXT_SIZE];
    const char *text = value->text;
    size_t size = value->size;
    if (value->is_missing) {
        buffer_add(out, "\\N");
        return true;
    }
    if (!delivered_is_text(value)) {
        text = written;
        size = delivered_text(value, written);
    } else if (memchr(text, '\0', size)) {
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "a text for the column \"%.100s\" of the table \"%.100s\" has a "
            "sign U+0000, which PostgreSQL does not keep",
            value->column->name, table);
    }
    if (!keeps(t, value, text, size))
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the column \"%.100s\" of the table \"%.100s\" is %s, which would "
            "not keep \"%.*s\" as it is",
            value->column->name, table, t->type, (int)(size < 100 ? size : 100), text);
    add_escaped(text, size, out);
    return true;
}

/* ---- what a check says ------------------------------------------------------------ */

static fit if_all(bool is_all)
{
    return is_all ? FIT_ALL : FIT_SOME;
}

/* Has the column room for so many digits before the point and behind it? */
static bool has_room(const target *t, int before, int behind)
{
    return t->precision == 0 ||
           (t->most_digits >= behind && t->precision - t->most_digits >= before);
}

/* An exact number of up to `digits` digits, `scale` of them behind the point. */
static fit exact_fit(const target *t, int digits, int scale)
{
    switch (t->kind) {
    case TARGET_WHOLE: return if_all(t->bytes == 8 && scale == 0);
    case TARGET_NUMERIC: return if_all(has_room(t, digits - scale, scale));
    case TARGET_FLOAT: return FIT_SOME;
    default: return FIT_NONE;
    }
}

static fit double_fit(const target *t)
{
    if (t->kind == TARGET_FLOAT)
        return if_all(t->bytes == 8);
    return t->kind == TARGET_NUMERIC ? if_all(t->precision == 0)
           : is_number(t)            ? FIT_SOME
                                     : FIT_NONE;
}

static fit time_fit(const target *t)
{
    if (t->kind == TARGET_TIME)
        return if_all(t->most_digits < 0 || t->most_digits >= 6);
    return t->kind == TARGET_DATE ? FIT_SOME : FIT_NONE;
}

/* Numbers and bools are JSON as they are written, moments are not. */
static fit json_fit(const carpel_column *column)
{
    switch (column->type) {
    case CARPEL_STRING:
    case CARPEL_PERSON: return FIT_SOME;
    case CARPEL_TIME:
    case CARPEL_DATE: return FIT_NONE;
    default: return FIT_ALL;
    }
}

static fit text_fit(const target *t)
{
    if (t->kind == TARGET_TEXT)
        return if_all(t->most_signs == 0);
    return is_number(t) || is_for_server(t) ? FIT_SOME : FIT_NONE;
}

fit target_fit(const target *t, const carpel_column *column)
{
    bool is_text = column->type == CARPEL_STRING || column->type == CARPEL_PERSON;
    if (t->kind == TARGET_ANY || (t->kind == TARGET_TEXT && !is_text))
        return FIT_ALL;
    if (t->kind == TARGET_OTHER)
        return FIT_SOME;
    if (t->kind == TARGET_JSON)
        return json_fit(column);
    switch (column->type) {
    case CARPEL_BOOL: return t->kind == TARGET_BOOL ? FIT_ALL : FIT_NONE;
    case CARPEL_INT: return exact_fit(t, DIGITS_OF_INT8, 0);
    case CARPEL_DECIMAL: return exact_fit(t, 18, (int)column->scale);
    case CARPEL_NUMBER: return double_fit(t);
    case CARPEL_TIME: return time_fit(t);
    case CARPEL_DATE:
        return t->kind == TARGET_DATE || t->kind == TARGET_TIME ? FIT_ALL : FIT_NONE;
    case CARPEL_DURATION:
        return t->kind == TARGET_INTERVAL ? FIT_ALL : exact_fit(t, DIGITS_OF_INT8, 6);
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_LIST: break;
    }
    return text_fit(t);
}
