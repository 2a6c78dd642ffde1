/* SPDX-License-Identifier: MIT
 *
 * Values for columns of PostgreSQL.
 */
#include "postgres/targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres/types.h"

enum { EXACT_DIGITS = 15 }; /* of a double */

target target_of(const char *type, const char *modifier, const char *name)
{
    int number = atoi(type), typmod = atoi(modifier);
    target t = {.most_digits = -1};
    t.is_float = number == TYPE_FLOAT4 || number == TYPE_FLOAT8;
    t.is_number = t.is_float || number == TYPE_INT2 || number == TYPE_INT4 ||
                  number == TYPE_INT8 || number == TYPE_NUMERIC;
    if (number == TYPE_NUMERIC && typmod >= 4) /* precision and scale, 4 bytes more */
        t.most_digits = (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
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

/* Would the column keep what is written so? */
static bool keeps(const target *t, const delivered *value, const char *text, size_t size)
{
    carpel_type type = value->column->type;
    bool is_exact =
        type == CARPEL_DECIMAL || type == CARPEL_INT || type == CARPEL_DURATION;
    if (!t->is_number)
        return true;
    if (delivered_is_text(value) && !is_plain_whole(text, size))
        return false;
    if (t->is_float && type != CARPEL_NUMBER && count_digits(text, size) > EXACT_DIGITS)
        return false;
    return !is_exact || t->most_digits < 0 ||
           fraction_digits(text, size) <= t->most_digits;
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
