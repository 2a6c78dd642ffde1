/* SPDX-License-Identifier: MIT
 *
 * Rows as JSON.
 */
#include "common/json_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void put(const json_sink *sink, const char *data, size_t size)
{
    sink->put(sink->context, data, size);
}

/* Write the escape of a byte that may not stand in a JSON string as it is. */
static void write_escape(const json_sink *sink, unsigned char c)
{
    char escape[8];
    int size;
    if (c == '"' || c == '\\')
        size = snprintf(escape, sizeof escape, "\\%c", c);
    else if (c == '\n')
        size = snprintf(escape, sizeof escape, "\\n");
    else if (c == '\t')
        size = snprintf(escape, sizeof escape, "\\t");
    else
        size = snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
    put(sink, escape, (size_t)size);
}

void json_write_string(const json_sink *sink, const char *data, size_t size)
{
    size_t begin = 0;
    put(sink, "\"", 1);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        put(sink, data + begin, i - begin);
        write_escape(sink, c);
        begin = i + 1;
    }
    put(sink, data + begin, size - begin);
    put(sink, "\"", 1);
}

/* Values of these types are JSON as they are; others stand in quotes. */
static bool is_bare(carpel_type type)
{
    return type == CARPEL_BOOL || type == CARPEL_INT || type == CARPEL_DECIMAL ||
           type == CARPEL_NUMBER || type == CARPEL_DURATION;
}

static void write_value(const json_sink *sink, const delivered *value)
{
    char text[DELIVERED_TEXT_SIZE];
    bool is_number = value->column->type == CARPEL_NUMBER;
    if (value->is_missing || (is_number && !isfinite(value->number)))
        put(sink, "null", 4);
    else if (delivered_is_text(value))
        json_write_string(sink, value->text, value->size);
    else if (is_bare(value->column->type))
        put(sink, text, delivered_text(value, text));
    else
        json_write_string(sink, text, delivered_text(value, text));
}

void json_write_row(const json_sink *sink, const delivered *row, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = row[i].column->name;
        put(sink, i == 0 ? "{" : ",", 1);
        json_write_string(sink, name, strlen(name));
        put(sink, ":", 1);
        write_value(sink, &row[i]);
    }
    put(sink, "}", 1);
}
