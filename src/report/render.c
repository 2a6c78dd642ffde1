/* SPDX-License-Identifier: MIT
 *
 * Prints collected messages: for people, with the line and carets under the span,
 * and as JSON.
 */
#include "base/utf8.h"
#include "report/diags.h"
#include "report/json.h"
#include "report/terminal.h"

enum {
    MOST_OF_A_WARNING = 10,
    MOST_ERRORS = 100,
    LONGEST_EXCERPT =
        160, /* columns; of a longer line the part around the span is shown */
    SIGNS_BEFORE_SPAN = 60
};

/* Escape sequences, or empty texts. */
typedef struct palette {
    const char *place, *error, *warning, *note, *hint, *plain;
} palette;

static const palette colours = {
    .place = "\033[1m",
    .error = "\033[1;31m",
    .warning = "\033[1;33m",
    .note = "\033[1;36m",
    .hint = "\033[1;32m",
    .plain = "\033[0m",
};
static const palette no_colours = {"", "", "", "", "", ""};

/* A line around a span: what comes before it, in it, after it; and what was cut. */
typedef struct excerpt {
    uint32_t line;
    slice before, inside, after;
    bool is_cut_before, is_cut_after;
} excerpt;

static slice part(slice line, size_t begin, size_t end)
{
    return (slice){line.data + begin, end - begin};
}

/* The first sign of a text that is not empty. */
static slice first_sign(slice s)
{
    size_t length;
    utf8_decode(s.data, s.size, &length);
    return (slice){s.data, length};
}

static slice without(slice s, slice sign)
{
    return (slice){s.data + sign.size, s.size - sign.size};
}

/* Where the sign before `at` (not 0) begins; at most four bytes back. */
static size_t previous_sign(slice line, size_t at)
{
    size_t begin = at - 1;
    while (begin > 0 && at - begin < 4 &&
           ((unsigned char)line.data[begin] & 0xC0) == 0x80)
        begin--;
    return begin;
}

/* The part of a long line [*from, *to) that is shown around `begin`. */
static void choose_part(slice line, size_t begin, size_t *from, size_t *to)
{
    *from = begin;
    for (size_t i = 0; i<SIGNS_BEFORE_SPAN && * from> 0; i++)
        *from = previous_sign(line, *from);
    *to = *from;
    for (size_t i = 0; i < LONGEST_EXCERPT && *to < line.size; i++)
        *to += first_sign(part(line, *to, line.size)).size;
    if (*to < begin)
        *to = begin;
}

/* What has no width is shown, too. */
static bool is_long(slice line)
{
    size_t width = 0;
    while (line.size > 0 && width <= LONGEST_EXCERPT) {
        slice sign = first_sign(line);
        size_t columns = utf8_width(sign.data, sign.size);
        width += columns > 0 ? columns : 1;
        line = without(line, sign);
    }
    return width > LONGEST_EXCERPT;
}

static excerpt excerpt_of(span where)
{
    excerpt e = {.line = source_place(where.file, where.begin).line};
    size_t line_begin = source_line_begin(where.file, e.line);
    slice line = source_line(where.file, e.line);
    size_t begin = where.begin - line_begin;
    size_t end = where.end > where.begin ? where.end - line_begin : begin;
    if (begin > line.size)
        begin = line.size;
    if (end > line.size)
        end = line.size;
    size_t from = 0, to = line.size;
    if (is_long(line))
        choose_part(line, begin, &from, &to);
    if (end > to)
        end = to;
    e.before = part(line, from, begin);
    e.inside = part(line, begin, end);
    e.after = part(line, end, to);
    e.is_cut_before = from > 0;
    e.is_cut_after = to < line.size;
    return e;
}

/* Append the text as it is shown, tabs as they are. */
static void append_shown(text *out, slice s)
{
    while (s.size > 0) {
        slice sign = first_sign(s);
        if (sign.data[0] == '\t')
            text_append_char(out, '\t');
        else
            terminal_append_safe(out, sign);
        s = without(s, sign);
    }
}

/* How many columns the sign takes as it is shown; a tab is left to the caller. */
static size_t shown_width(slice sign)
{
    text shown;
    text_init(&shown);
    terminal_append_safe(&shown, sign);
    size_t width = utf8_width(shown.data, shown.size);
    text_done(&shown);
    return width;
}

/* Blanks as wide as the text; a tab for each tab, however wide the terminal shows it. */
static void append_padding(text *out, slice s)
{
    while (s.size > 0) {
        slice sign = first_sign(s);
        if (sign.data[0] == '\t')
            text_append_char(out, '\t');
        else
            text_append_repeat(out, " ", shown_width(sign));
        s = without(s, sign);
    }
}

/* Carets under the text, at least one. */
static void append_carets(text *out, slice s)
{
    size_t caret_count = 0;
    while (s.size > 0) {
        slice sign = first_sign(s);
        bool is_tab = sign.data[0] == '\t';
        size_t width = is_tab ? 1 : shown_width(sign);
        text_append_repeat(out, "^", width);
        caret_count += width;
        s = without(s, sign);
        if (is_tab && s.size > 0)
            text_append_char(out, '\t');
    }
    if (caret_count == 0)
        text_append_char(out, '^');
}

static void append_excerpt(text *out, span where, const char *colour, const char *plain)
{
    excerpt e = excerpt_of(where);
    size_t number_begin = out->size;
    text_append_format(out, "%5u |", (unsigned)e.line);
    size_t number_width = out->size - number_begin - 1;
    if (e.before.size + e.inside.size + e.after.size > 0)
        text_append_char(out, ' ');
    text_append(out, e.is_cut_before ? "..." : "");
    append_shown(out, e.before);
    append_shown(out, e.inside);
    append_shown(out, e.after);
    text_append(out, e.is_cut_after ? "...\n" : "\n");

    text_append_repeat(out, " ", number_width);
    text_append(out, "| ");
    text_append(out, e.is_cut_before ? "   " : "");
    append_padding(out, e.before);
    text_append(out, colour);
    append_carets(out, e.inside);
    text_append(out, plain);
    text_append_char(out, '\n');
}

static void append_place(text *out, span where, const palette *p)
{
    if (where.file == NULL)
        return;
    place at = source_place(where.file, where.begin);
    text_append(out, p->place);
    terminal_append_safe(out, slice_of(source_name(where.file)));
    text_append_format(out, ":%u:%u:%s ", (unsigned)at.line, (unsigned)at.column,
                       p->plain);
}

/* "rules/shop.seg:3:9: note: ...", with its line. */
static void append_note(text *out, const diag_note *note, const palette *p)
{
    append_place(out, note->where, p);
    text_append_format(out, "%snote:%s ", p->note, p->plain);
    terminal_append_safe(out, slice_of(note->message));
    text_append_char(out, '\n');
    if (note->where.file != NULL)
        append_excerpt(out, note->where, p->note, p->plain);
}

/* A rule of one line stands behind the word, a longer one below it. */
static void append_mended(text *out, const char *mended, const palette *p)
{
    const char *between = strchr(mended, '\n') != NULL ? "\n    " : " ";
    text_append_format(out, "%smended:%s", p->hint, p->plain);
    while (*mended != '\0') {
        size_t size = strcspn(mended, "\n");
        text_append(out, between);
        append_shown(out, (slice){mended, size});
        mended += size + (mended[size] == '\n');
    }
    text_append_char(out, '\n');
}

static void append_message(text *out, const diag *d, const palette *p)
{
    bool is_error = d->severity == DIAG_ERROR;
    const char *colour = is_error ? p->error : p->warning;
    append_place(out, d->where, p);
    text_append_format(out, "%s%s %s:%s ", colour, is_error ? "error" : "warning",
                       diag_code_text(d->code), p->plain);
    terminal_append_safe(out, slice_of(d->message));
    text_append_char(out, '\n');
    if (d->where.file != NULL)
        append_excerpt(out, d->where, colour, p->plain);
    for (size_t i = 0; i < d->note_count; i++)
        append_note(out, &d->notes[i], p);
    if (d->hint != NULL) {
        text_append_format(out, "%shint:%s ", p->hint, p->plain);
        terminal_append_safe(out, slice_of(d->hint));
        text_append_char(out, '\n');
    }
    if (d->mended != NULL)
        append_mended(out, d->mended, p);
}

static void write_place(json_writer *w, const char *line_key, const char *column_key,
                        span where, uint32_t offset)
{
    place at = {0, 0};
    if (where.file != NULL)
        at = source_place(where.file, offset);
    json_key(w, line_key);
    if (where.file != NULL)
        json_int(w, at.line);
    else
        json_null(w);
    json_key(w, column_key);
    if (where.file != NULL)
        json_int(w, at.column);
    else
        json_null(w);
}

static void write_span(json_writer *w, span where)
{
    json_key(w, "file");
    json_string(w, where.file == NULL ? NULL : source_name(where.file));
    write_place(w, "line", "column", where, where.begin);
    write_place(w, "end_line", "end_column", where, where.end);
}

static void write_notes(json_writer *w, const diag *d)
{
    json_array_begin(w);
    for (size_t i = 0; i < d->note_count; i++) {
        json_object_begin(w);
        write_span(w, d->notes[i].where);
        json_key(w, "message");
        json_string(w, d->notes[i].message);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_fix(json_writer *w, const diag *d, size_t fix)
{
    json_object_begin(w);
    json_key(w, "edits");
    json_array_begin(w);
    for (size_t i = 0; i < d->edit_count; i++) {
        if (d->edits[i].fix != fix)
            continue;
        json_object_begin(w);
        write_span(w, d->edits[i].where);
        json_key(w, "replacement");
        json_string(w, d->edits[i].replacement);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

static void write_fixes(json_writer *w, const diag *d)
{
    json_array_begin(w);
    for (size_t fix = 0; fix < d->fix_count; fix++)
        write_fix(w, d, fix);
    json_array_end(w);
}

static void write_message(json_writer *w, const diag *d)
{
    json_object_begin(w);
    json_key(w, "code");
    json_string(w, diag_code_text(d->code));
    json_key(w, "severity");
    json_string(w, d->severity == DIAG_ERROR ? "error" : "warning");
    write_span(w, d->where);
    json_key(w, "message");
    json_string(w, d->message);
    json_key(w, "hint");
    json_string(w, d->hint);
    json_key(w, "mended");
    json_string(w, d->mended);
    json_key(w, "notes");
    write_notes(w, d);
    json_key(w, "fixes");
    write_fixes(w, d);
    json_object_end(w);
}

/* How many more there are than were shown: errors, and warnings of each code. */
static void append_rest(const diags *d, text *out, const size_t shown[DIAG_CODE_COUNT])
{
    size_t errors = diags_error_count(d);
    if (errors > MOST_ERRORS)
        text_append_format(out, "and %zu more error%s\n", errors - MOST_ERRORS,
                           errors == MOST_ERRORS + 1 ? "" : "s");
    for (diag_code code = 0; code < DIAG_CODE_COUNT; code++) {
        bool is_warning = diag_code_text(code)[0] == 'W';
        size_t count = shown[code] + diags_unkept(d, code);
        if (is_warning && count > MOST_OF_A_WARNING)
            text_append_format(out, "and %zu more warnings %s: %s\n",
                               count - MOST_OF_A_WARNING, diag_code_text(code),
                               diag_code_summary(code));
    }
}

void diags_append(const diags *d, text *out, bool use_colour)
{
    size_t count[DIAG_CODE_COUNT] = {0}, error_count = 0;
    for (size_t i = 0; i < diags_count(d); i++) {
        const diag *message = diags_get(d, i);
        bool is_shown = message->severity == DIAG_WARNING
                            ? count[message->code]++ < MOST_OF_A_WARNING
                            : error_count++ < MOST_ERRORS;
        if (is_shown)
            append_message(out, message, use_colour ? &colours : &no_colours);
    }
    append_rest(d, out, count);
    if (diags_are_unread(d))
        text_append(out,
                    "Not all of these could be read as whole rules, for what they may "
                    "mean: mend some, and check again.\n");
}

void diags_print(const diags *d, FILE *out, bool use_colour)
{
    text all;
    text_init(&all);
    diags_append(d, &all, use_colour);
    fwrite(all.data, 1, all.size, out);
    text_done(&all);
}

void diags_append_json(const diags *d, text *out)
{
    json_writer w;
    json_begin(&w, out);
    json_array_begin(&w);
    for (size_t i = 0; i < diags_count(d); i++)
        write_message(&w, diags_get(d, i));
    json_array_end(&w);
    json_end(&w);
}
