/* SPDX-License-Identifier: MIT */
#include "lang/list_file.h"

#include <string.h>

#include "base/file.h"
#include "base/utf8.h"

enum { LIMIT_BYTES = 256 << 20 };

static slice trimmed(slice s)
{
    while (s.size > 0 && strchr(" \t\r", s.data[0]))
        s.data++, s.size--;
    while (s.size > 0 && strchr(" \t\r", s.data[s.size - 1]))
        s.size--;
    return s;
}

/* A field in quotes: its content goes to `out`. False when the quote does not close. */
static bool read_quoted(slice line, text *out)
{
    text_clear(out);
    for (size_t i = 1; i < line.size; i++) {
        if (line.data[i] != '"') {
            text_append_char(out, line.data[i]);
        } else if (i + 1 < line.size && line.data[i + 1] == '"') {
            text_append_char(out, '"');
            i++;
        } else {
            return true;
        }
    }
    return false;
}

static bool read_line(slice line, dictionary *members, text *field, carpel_error *err,
                      const char *path, size_t number)
{
    line = trimmed(line);
    if (line.size == 0 || line.data[0] == '#')
        return true;
    if (!utf8_is_valid(line.data, line.size))
        return carpel_fail(err, CARPEL_E_INPUT, "%s:%zu: this line is not UTF-8", path,
                           number);
    if (line.data[0] == '"') {
        if (!read_quoted(line, field))
            return carpel_fail(err, CARPEL_E_INPUT, "%s:%zu: the quote does not close",
                               path, number);
        dictionary_add(members, field->data, field->size);
        return true;
    }
    const char *comma = memchr(line.data, ',', line.size);
    if (comma)
        line = trimmed((slice){line.data, (size_t)(comma - line.data)});
    dictionary_add(members, line.data, line.size);
    return true;
}

bool list_file_read(const char *path, dictionary **out, carpel_error *err)
{
    text content, field;
    text_init(&content);
    text_init(&field);
    dictionary *members = dictionary_new();
    bool ok = file_read_text(path, LIMIT_BYTES, &content, err);
    size_t number = 1, begin = ok ? utf8_mark_size(content.data, content.size) : 0;
    while (ok && begin < content.size) {
        const char *end = memchr(content.data + begin, '\n', content.size - begin);
        size_t size = end ? (size_t)(end - content.data) - begin : content.size - begin;
        ok = read_line((slice){content.data + begin, size}, members, &field, err, path,
                       number++);
        begin += size + 1;
    }
    text_done(&content);
    text_done(&field);
    if (ok)
        *out = members;
    else
        dictionary_free(members);
    return ok;
}
