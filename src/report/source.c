/* SPDX-License-Identifier: MIT
 *
 * A text file in memory with the offsets of its lines.
 */
#include "report/source.h"

#include <assert.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"

#define SOURCE_LIMIT_BYTES ((size_t)64 * 1024 * 1024)

struct source {
    char *name;
    char *data;
    uint32_t size;
    uint32_t *line_begins; /* of line 1, 2, ...; at least one */
    size_t line_count, line_capacity;
};

static void add_line(source *s, uint32_t begin)
{
    memory_grow((void **)&s->line_begins, s->line_count, &s->line_capacity,
                sizeof *s->line_begins);
    s->line_begins[s->line_count++] = begin;
}

static void find_lines(source *s)
{
    add_line(s, 0);
    const char *at = s->data, *end = s->data + s->size;
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        add_line(s, (uint32_t)(at - s->data));
    }
}

/* The line that holds the byte, from 0. */
static size_t line_index(const source *s, uint32_t offset)
{
    size_t low = 0, high = s->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->line_begins[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

source *source_open(const char *path, const char *name, carpel_error *err)
{
    text body;
    text_init(&body);
    source *s = NULL;
    if (file_read_text(path, SOURCE_LIMIT_BYTES, &body, err))
        s = source_new(name == NULL ? path : name, body.data, body.size);
    text_done(&body);
    return s;
}

source *source_new(const char *name, const char *data, size_t size)
{
    assert(size < UINT32_MAX);
    source *s = memory_alloc_zero(sizeof *s);
    s->name = memory_copy_string(name);
    s->data = memory_copy_text(data, size);
    s->size = (uint32_t)size;
    find_lines(s);
    return s;
}

void source_free(source *s)
{
    if (s == NULL)
        return;
    memory_free(s->name);
    memory_free(s->data);
    memory_free(s->line_begins);
    memory_free(s);
}

const char *source_name(const source *s)
{
    return s->name;
}

slice source_text(const source *s)
{
    return (slice){s->data, s->size};
}

static bool are_ascii(const char *eight)
{
    uint64_t bytes;
    memcpy(&bytes, eight, sizeof bytes);
    return (bytes & UINT64_C(0x8080808080808080)) == 0;
}

static uint32_t count_characters(slice bytes)
{
    uint32_t count = 0;
    for (size_t at = 0, length; at < bytes.size; at += length) {
        if (bytes.size - at >= 8 && are_ascii(bytes.data + at)) {
            length = 8;
            count += 8;
            continue;
        }
        utf8_decode(bytes.data + at, bytes.size - at, &length);
        count++;
    }
    return count;
}

place source_place(const source *s, uint32_t offset)
{
    if (offset > s->size)
        offset = s->size;
    size_t line = line_index(s, offset);
    slice before = {s->data + s->line_begins[line], offset - s->line_begins[line]};
    size_t mark = line == 0 ? utf8_mark_size(before.data, before.size) : 0;
    before = (slice){before.data + mark, before.size - mark};
    return (place){(uint32_t)line + 1, count_characters(before) + 1};
}

slice source_line(const source *s, uint32_t line)
{
    if (line == 0 || line > s->line_count)
        return (slice){s->data + s->size, 0};
    uint32_t begin = s->line_begins[line - 1];
    uint32_t end = s->size;
    if (line < s->line_count) {
        end = s->line_begins[line] - 1;
        if (end > begin && s->data[end - 1] == '\r')
            end--;
    }
    return (slice){s->data + begin, end - begin};
}

uint32_t source_line_begin(const source *s, uint32_t line)
{
    if (line == 0 || line > s->line_count)
        return s->size;
    return s->line_begins[line - 1];
}

span span_join(span a, span b)
{
    if (a.file == NULL)
        return b;
    if (b.file == NULL)
        return a;
    return (span){a.file, a.begin, b.end};
}

span span_gap(span a, span b)
{
    return (span){a.file, a.end, b.begin};
}

slice span_text(span where)
{
    slice whole = source_text(where.file);
    return (slice){whole.data + where.begin, where.end - where.begin};
}
