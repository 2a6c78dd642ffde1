/* SPDX-License-Identifier: MIT
 *
 * Writes JSON with two blanks a level, or on one line.
 */
#include "report/json.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"

static void new_line(json_writer *w)
{
    if (w->is_compact)
        return;
    text_append_char(w->out, '\n');
    text_append_repeat(w->out, "  ", w->depth);
}

/* What comes before an item: a comma, a new line, or nothing behind a key. */
static void begin_item(json_writer *w)
{
    if (w->after_key) {
        w->after_key = false;
        return;
    }
    if (w->depth == 0)
        return;
    if (w->has_items[w->depth - 1])
        text_append(w->out, w->is_compact ? ", " : ",");
    w->has_items[w->depth - 1] = true;
    new_line(w);
}

static void begin_nested(json_writer *w, char bracket)
{
    begin_item(w);
    assert(w->depth < JSON_MAX_DEPTH);
    text_append_char(w->out, bracket);
    w->has_items[w->depth++] = false;
}

static void end_nested(json_writer *w, char bracket)
{
    assert(w->depth > 0 && !w->after_key);
    w->depth--;
    if (w->has_items[w->depth])
        new_line(w);
    text_append_char(w->out, bracket);
}

static void append_escaped(text *out, uint32_t code_point)
{
    char bytes[4];
    switch (code_point) {
    case '"': text_append(out, "\\\""); break;
    case '\\': text_append(out, "\\\\"); break;
    case '\n': text_append(out, "\\n"); break;
    case '\r': text_append(out, "\\r"); break;
    case '\t': text_append(out, "\\t"); break;
    default:
        if (code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0))
            text_append_format(out, "\\u%04x", (unsigned)code_point);
        else
            text_append_bytes(out, bytes, utf8_encode(code_point, bytes));
    }
}

void json_begin(json_writer *w, text *out)
{
    *w = (json_writer){.out = out};
}

void json_end(json_writer *w)
{
    assert(w->depth == 0 && !w->after_key);
    text_append_char(w->out, '\n');
}

void json_object_begin(json_writer *w)
{
    begin_nested(w, '{');
}

void json_object_end(json_writer *w)
{
    end_nested(w, '}');
}

void json_array_begin(json_writer *w)
{
    begin_nested(w, '[');
}

void json_array_end(json_writer *w)
{
    end_nested(w, ']');
}

void json_key(json_writer *w, const char *key)
{
    assert(w->depth > 0 && !w->after_key);
    begin_item(w);
    json_append_quoted(w->out, slice_of(key));
    text_append(w->out, ": ");
    w->after_key = true;
}

void json_string(json_writer *w, const char *value)
{
    if (value == NULL)
        json_null(w);
    else
        json_text(w, slice_of(value));
}

void json_text(json_writer *w, slice value)
{
    begin_item(w);
    json_append_quoted(w->out, value);
}

void json_int(json_writer *w, int64_t value)
{
    begin_item(w);
    text_append_format(w->out, "%lld", (long long)value);
}

void json_number(json_writer *w, double value)
{
    if (!isfinite(value)) {
        json_null(w);
        return;
    }
    begin_item(w);
    text_append_number(w->out, value);
}

void json_digits(json_writer *w, const char *digits)
{
    begin_item(w);
    text_append(w->out, digits);
}

void json_bool(json_writer *w, bool value)
{
    begin_item(w);
    text_append(w->out, value ? "true" : "false");
}

void json_null(json_writer *w)
{
    begin_item(w);
    text_append(w->out, "null");
}

void json_append_quoted(text *out, slice value)
{
    size_t length;
    text_append_char(out, '"');
    for (size_t at = 0; at < value.size; at += length)
        append_escaped(out, utf8_decode(value.data + at, value.size - at, &length));
    text_append_char(out, '"');
}
