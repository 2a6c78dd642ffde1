/* SPDX-License-Identifier: MIT
 *
 * Lines and keys about one person.
 */
#include "app/page.h"

#include <string.h>

#include "explain/row_text.h"
#include "report/terminal.h"
#include "value/value.h"

page page_begin(const engine *e, text *out)
{
    return (page){.engine = e,
                  .zone = engine_zone(e),
                  .width = terminal_line_width(stdout),
                  .has_colour = terminal_has_colour(stdout),
                  .out = out};
}

/* ---- lines --------------------------------------------------------------- */

void page_line(page *p, const char *line, page_colour colour)
{
    static const char *const codes[] = {[PAGE_PLAIN] = "",
                                        [PAGE_GREEN] = "\033[32m",
                                        [PAGE_RED] = "\033[31m",
                                        [PAGE_DIM] = "\033[2m",
                                        [PAGE_BOLD] = "\033[1m"};
    bool is_coloured = p->has_colour && colour != PAGE_PLAIN;
    text safe;
    text_init(&safe);
    terminal_append_safe(&safe, slice_of(line));
    text_append(p->out, is_coloured ? codes[colour] : "");
    terminal_append_wrapped(p->out, safe.data ? safe.data : "", p->width);
    text_append(p->out, is_coloured ? "\033[0m\n" : "\n");
    text_done(&safe);
}

void page_gap(page *p)
{
    text_append_char(p->out, '\n');
}

void page_indent(size_t depth, text *line)
{
    for (size_t i = 0; i < depth; i++)
        text_append(line, "  ");
}

/* How many blanks and ends of lines s begins with; ends of lines inside of a bracket leave no
 * blank. */
static size_t take_gap(slice s, char before, bool *leaves_blank)
{
    size_t size = 0;
    bool is_line_end = false;
    for (; size < s.size && s.data[size] && strchr(" \t\r\n", s.data[size]); size++)
        is_line_end |= s.data[size] == '\n';
    char next = size < s.size ? s.data[size] : '\0';
    *leaves_blank = size > 0 && next && !(is_line_end && (before == '(' || next == ')'));
    return size;
}

void page_append_words(span where, text *line)
{
    slice s = span_text(where);
    for (size_t i = 0; i < s.size; i++) {
        bool leaves_blank;
        i += take_gap((slice){s.data + i, s.size - i}, i > 0 ? s.data[i - 1] : '\0',
                      &leaves_blank);
        if (leaves_blank)
            text_append_char(line, ' ');
        if (i < s.size)
            text_append_char(line, s.data[i]);
    }
}

void page_append_line(slice written, text *out)
{
    for (size_t i = 0, begin = 0; i <= written.size; i++) {
        if (i < written.size && written.data[i] != '\t')
            continue;
        terminal_append_safe(out, (slice){written.data + begin, i - begin});
        text_append(out, i < written.size ? " " : "");
        begin = i + 1;
    }
}

void page_append_instant(const page *p, int64_t at, text *line)
{
    if (at == TIME_MIN)
        text_append(line, "since ever");
    else
        value_append_time(at, p->zone, line);
}

/* Files outside of the project by their folder and name, as the whole path tells nobody more. */
static slice shown_file(slice file)
{
    size_t slashes = 0, i = file.size;
    if (file.size == 0 || file.data[0] != '/')
        return file;
    while (i > 0 && (file.data[i - 1] != '/' || ++slashes < 2))
        i--;
    return (slice){file.data + i, file.size - i};
}

void page_append_row(const page *p, const store *data, size_t person, bool says_who,
                     const witness *w, text *line)
{
    slice id = dictionary_text(data->persons, (uint32_t)person);
    if (row_is_of_user(data, w)) {
        text_append_bytes(line, id.data, id.size);
        return;
    }
    page_append_instant(p, w->time, line);
    text_append(line, "  ");
    if (says_who)
        text_append_format(line, "%.*s: ", (int)id.size, id.data);
    row_text_append(data, person, w, line);
    slice file = shown_file(w->origin.file);
    if (w->has_origin)
        text_append_format(line, "  %.*s:%llu", (int)file.size, file.data,
                           (unsigned long long)w->origin.line);
}

/* ---- keys ---------------------------------------------------------------- */

void page_write_text(json_writer *w, const char *key, const char *value)
{
    json_key(w, key);
    json_string(w, value);
}

void page_write_words(json_writer *w, const char *key, span where)
{
    text t;
    text_init(&t);
    page_append_words(where, &t);
    page_write_text(w, key, t.data ? t.data : "");
    text_done(&t);
}

void page_write_instant(json_writer *w, const page *p, const char *key, bool has,
                        int64_t at)
{
    text t;
    bool is_told = has && at != TIME_MIN;
    text_init(&t);
    if (is_told)
        value_append_time(at, p->zone, &t);
    page_write_text(w, key, is_told ? t.data : NULL);
    text_done(&t);
}

static void write_origin(json_writer *w, const page *p, const witness *row)
{
    page_write_text(w, "source",
                    row->has_origin ? engine_source_name(p->engine, row->origin.source)
                                    : NULL);
    json_key(w, "file");
    if (row->has_origin)
        json_text(w, row->origin.file);
    else
        json_null(w);
    json_key(w, "line");
    if (row->has_origin)
        json_int(w, (int64_t)row->origin.line);
    else
        json_null(w);
}

void page_write_row(json_writer *w, const page *p, const store *data, size_t person,
                    bool says_who, const witness *row)
{
    text t;
    text_init(&t);
    json_object_begin(w);
    page_write_instant(w, p, "time", true, row->time);
    if (says_who) {
        json_key(w, "person");
        json_text(w, dictionary_text(data->persons, (uint32_t)person));
    }
    row_text_append(data, person, row, &t);
    page_write_text(w, "row", t.data);
    write_origin(w, p, row);
    json_object_end(w);
    text_done(&t);
}
