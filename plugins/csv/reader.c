/* SPDX-License-Identifier: MIT
 *
 * The splitting of rows. A row is parsed within the window of bytes at hand; when the
 * window ends too early, more is read and the row is parsed from its beginning again.
 * That keeps the parser free of states, and is rare: a window holds thousands of rows.
 */
#include "csv/reader.h"

#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "csv/marks.h"

/* How an attempt at a row came out. */
typedef enum outcome { GOOD, BAD, NEEDS_MORE } outcome;

/* One attempt: everything points into the window. */
typedef struct attempt {
    csv_reader *reader;
    char *begin, *end; /* of the window */
    char *at;          /* where the next field begins; in the end, the next row */
    uint64_t line_ends;
    bool is_last; /* the window reaches to the end of the file */
} attempt;

/* Mark chunk after chunk from `p` on until one has a mark. */
static char *find_mark_further(csv_reader *r, char *p, char *end)
{
    bool is_blanks = r->format.delimiter == CSV_BLANKS;
    char delimiter = is_blanks ? ' ' : (char)r->format.delimiter;
    for (; p < end; p += CHUNK) {
        r->marked = p;
        r->marks = find_marks(p, delimiter, is_blanks ? '\t' : delimiter);
        if (r->marks != 0) {
            p += __builtin_ctzll(r->marks);
            break;
        }
    }
    return p < end ? p : end;
}

/* The first delimiter, or other byte that may end a field or row, in [p, end), or
 * `end`. Fields are short, so the marks of a chunk serve several. Bytes behind `end`
 * may be read. */
static inline char *find_mark(csv_reader *r, char *p, char *end)
{
    uintptr_t from = (uintptr_t)p - (uintptr_t)r->marked;
    uint64_t left = from < CHUNK ? r->marks >> from : 0;
    if (left == 0)
        return find_mark_further(r, from < CHUNK ? r->marked + CHUNK : p, end);
    p += __builtin_ctzll(left);
    return p < end ? p : end;
}

/* More bytes: the window may move. */
static bool read_on(csv_reader *r, carpel_error *err)
{
    r->marked = NULL;
    return input_more(&r->in, err);
}

/* The first LF or CR in [p, end), or NULL. */
static char *find_line_end(char *p, const char *end)
{
    char *line_feed = memchr(p, '\n', (size_t)(end - p));
    char *carriage_return =
        memchr(p, '\r', (size_t)((line_feed != NULL ? line_feed : end) - p));
    return carriage_return != NULL ? carriage_return : line_feed;
}

/* LF, CR, and CR LF end one line each. */
static uint64_t count_line_ends(char *p, const char *end)
{
    uint64_t count = 0;
    while ((p = find_line_end(p, end)) != NULL) {
        p += *p == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1;
        count++;
    }
    return count;
}

static void grow_fields(csv_reader *r)
{
    r->capacity = r->capacity == 0 ? 32 : r->capacity * 2;
    r->fields = common_resize(r->fields, r->capacity * sizeof *r->fields);
}

static inline void add_field(csv_reader *r, csv_field field)
{
    if (r->field_count == r->capacity && r->capacity < CSV_MAX_FIELDS)
        grow_fields(r);
    if (r->field_count < r->capacity)
        r->fields[r->field_count] = field;
    r->field_count++;
}

/* Is there more than the longest row and its line end, so that reading on is of no use? */
static bool is_beyond_limit(const attempt *a)
{
    return (size_t)(a->end - a->begin) > INPUT_ROW_LIMIT + 2;
}

/* Is there a line end at `p`? A CR that is the window's last byte needs a look at more. */
static outcome look_for_line_end(const attempt *a, const char *p, size_t *size)
{
    *size = 0;
    if (p == a->end)
        return a->is_last ? GOOD : NEEDS_MORE;
    if (*p != '\n' && *p != '\r')
        return BAD;
    *size = 1;
    if (*p == '\n')
        return GOOD;
    if (p + 1 == a->end)
        return a->is_last ? GOOD : NEEDS_MORE;
    if (p[1] == '\n')
        *size = 2;
    return GOOD;
}

/* Give up the row: the next one begins behind the line on which `from` stands. */
static outcome spoil(attempt *a, char *from, const char *reason)
{
    char *line_end = find_line_end(from, a->end);
    size_t size;
    if (line_end == NULL)
        line_end = a->end;
    if (look_for_line_end(a, line_end, &size) == NEEDS_MORE)
        return NEEDS_MORE;
    a->at = line_end + size;
    a->line_ends = count_line_ends(a->begin, a->at);
    csv_reader *r = a->reader;
    uint64_t line = r->next_line + count_line_ends(a->begin, from);
    if (line == r->next_line)
        snprintf(r->reason, sizeof r->reason, "%s", reason);
    else
        snprintf(r->reason, sizeof r->reason, "%s (it opens %llu line%s further down)",
                 reason, (unsigned long long)(line - r->next_line),
                 line - r->next_line == 1 ? "" : "s");
    return BAD;
}

/* Find the quote that closes the field whose content begins at `content`. */
static outcome find_closing_quote(attempt *a, char *content, char **closing,
                                  bool *has_doubled)
{
    int quote = a->reader->format.quote;
    char *p = content;
    for (;;) {
        p = memchr(p, quote, (size_t)(a->end - p));
        if (p == NULL || (p + 1 == a->end && !a->is_last)) {
            if (!a->is_last && !is_beyond_limit(a))
                return NEEDS_MORE;
            if (p == NULL) {
                a->reader->has_open_quote |= a->is_last;
                return spoil(a, content - 1, "a quote opens here and never closes");
            }
        }
        if (p + 1 == a->end || p[1] != (char)quote)
            break;
        *has_doubled = true;
        p += 2;
    }
    *closing = p;
    return GOOD;
}

/* Take the quoted field at a->at and stop behind its closing quote. */
static outcome take_quoted(attempt *a)
{
    char *content = a->at + 1, *closing = NULL;
    bool has_doubled = false;
    outcome result = find_closing_quote(a, content, &closing, &has_doubled);
    if (result != GOOD)
        return result;
    a->line_ends += count_line_ends(content, closing);
    add_field(a->reader,
              (csv_field){content, (size_t)(closing - content), true, has_doubled});
    a->at = closing + 1;
    return GOOD;
}

static void end_row(attempt *a, size_t line_end_size)
{
    a->at += line_end_size;
    a->line_ends += line_end_size > 0 ? 1 : 0;
}

/* What stands behind a field: a delimiter, or the end of the row. */
typedef enum stop { AT_DELIMITER, AT_ROW_END } stop;

/* Take the quoted field at a->at with what ends it. */
static outcome take_quoted_and_stop(attempt *a, stop *out)
{
    char *field = a->at;
    size_t size;
    outcome result = take_quoted(a);
    if (result != GOOD)
        return result;
    if (a->at < a->end && *a->at == (char)a->reader->format.delimiter) {
        *out = AT_DELIMITER;
        a->at++;
        return GOOD;
    }
    result = look_for_line_end(a, a->at, &size);
    if (result == BAD)
        return spoil(a, field, "there is text behind a closing quote");
    *out = AT_ROW_END;
    end_row(a, size);
    return result;
}

/* Take the row's last field, which has no quotes and ends at `end`. */
static outcome take_last_plain(attempt *a, char *end)
{
    size_t size;
    outcome result = look_for_line_end(a, end, &size);
    if (result != GOOD)
        return result;
    add_field(a->reader, (csv_field){a->at, (size_t)(end - a->at), false, false});
    a->at = end;
    end_row(a, size);
    return GOOD;
}

/* The row at a->at of fields between single delimiters. */
static outcome take_row(attempt *a)
{
    csv_reader *r = a->reader;
    const int quote = r->format.quote;
    for (;;) {
        char *field = a->at;
        if (field < a->end && (unsigned char)*field == quote) {
            stop what = AT_ROW_END;
            outcome result = take_quoted_and_stop(a, &what);
            if (result != GOOD || what == AT_ROW_END)
                return result;
            continue;
        }
        char *end = find_mark(r, field, a->end);
        if (end == a->end && !a->is_last)
            return NEEDS_MORE;
        if (end == a->end || *end == '\n' || *end == '\r')
            return take_last_plain(a, end);
        add_field(r, (csv_field){field, (size_t)(end - field), false, false});
        a->at = end + 1;
    }
}

static char *skip_blanks(char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* The row at a->at of fields between runs of blanks. */
static outcome take_blanks_row(attempt *a)
{
    const int quote = a->reader->format.quote;
    for (;;) {
        size_t size;
        a->at = skip_blanks(a->at, a->end);
        outcome result = look_for_line_end(a, a->at, &size);
        if (result == GOOD)
            end_row(a, size);
        if (result != BAD)
            return result;
        char *field = a->at;
        if ((unsigned char)*field == quote) {
            result = take_quoted(a);
            if (result != GOOD)
                return result;
            if (a->at < a->end && *a->at != ' ' && *a->at != '\t' &&
                look_for_line_end(a, a->at, &size) == BAD)
                return spoil(a, field, "there is text behind a closing quote");
            continue;
        }
        a->at = find_mark(a->reader, field, a->end);
        if (a->at == a->end && !a->is_last)
            return NEEDS_MORE;
        add_field(a->reader, (csv_field){field, (size_t)(a->at - field), false, false});
    }
}

/* Make one of every two quotes; the window is the reader's own. */
static void undouble(csv_field *field, int quote)
{
    char *out = memchr(field->data, quote, field->size);
    const char *end = field->data + field->size;
    for (const char *in = out; in < end; in++) {
        *out++ = *in;
        if ((unsigned char)*in == quote)
            in++;
    }
    field->size = (size_t)(out - field->data);
    field->has_doubled_quotes = false;
}

static void finish_fields(csv_reader *r)
{
    size_t count = r->field_count < CSV_MAX_FIELDS ? r->field_count : CSV_MAX_FIELDS;
    for (size_t i = 0; i < count; i++)
        if (r->fields[i].has_doubled_quotes)
            undouble(&r->fields[i], r->format.quote);
}

/* Drop the bytes of a line that is too long, with its end. */
static bool skip_line(csv_reader *r, carpel_error *err)
{
    for (;;) {
        attempt a = {.reader = r,
                     .begin = r->in.data + r->in.begin,
                     .end = r->in.data + r->in.end,
                     .is_last = r->in.is_at_end};
        char *line_end = find_line_end(a.begin, a.end);
        size_t size;
        if (line_end == NULL)
            line_end = a.end;
        bool is_found = look_for_line_end(&a, line_end, &size) == GOOD;
        r->in.begin = (size_t)(line_end + size - r->in.data);
        if (is_found) {
            r->next_line += size > 0 ? 1 : 0;
            return true;
        }
        r->in.begin = (size_t)(line_end - r->in.data); /* a CR waits for what follows */
        if (!read_on(r, err))
            return false;
    }
}

/* Pass over lines with nothing on them. False in *is_row: the file is over. */
static bool find_row(csv_reader *r, bool *is_row, carpel_error *err)
{
    for (;;) {
        attempt a = {.reader = r,
                     .begin = r->in.data + r->in.begin,
                     .end = r->in.data + r->in.end,
                     .is_last = r->in.is_at_end};
        char *p = a.begin;
        size_t size;
        if (r->format.delimiter == CSV_BLANKS)
            p = skip_blanks(p, a.end);
        outcome result = look_for_line_end(&a, p, &size);
        if (result == NEEDS_MORE) {
            r->in.begin = (size_t)(p - r->in.data);
            if (!read_on(r, err))
                return false;
            continue;
        }
        *is_row = result == BAD;
        if (*is_row || p + size == a.begin)
            return true;
        r->in.begin = (size_t)(p + size - r->in.data);
        r->next_line++;
    }
}

static void say_too_long(csv_reader *r)
{
    snprintf(r->reason, sizeof r->reason, "the row is longer than %zu MiB",
             INPUT_ROW_LIMIT / (1024 * 1024));
}

/* A row of which all was there at once may be too long all the same. */
static outcome check_length(const attempt *a)
{
    const char *end = a->at;
    while (end > a->begin && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    if ((size_t)(end - a->begin) <= INPUT_ROW_LIMIT)
        return GOOD;
    say_too_long(a->reader);
    return BAD;
}

/* No more of the window is looked at than a row may be long, with its end, so that what becomes
 * of a row does not depend on how much is there by chance. */
static outcome try_row(csv_reader *r)
{
    const size_t most = INPUT_ROW_LIMIT + 3;
    size_t size = r->in.end - r->in.begin;
    attempt a = {.reader = r,
                 .begin = r->in.data + r->in.begin,
                 .is_last = r->in.is_at_end && size <= most};
    a.end = a.begin + (size < most ? size : most);
    a.at = a.begin;
    r->field_count = 0;
    outcome result =
        r->format.delimiter == CSV_BLANKS ? take_blanks_row(&a) : take_row(&a);
    if (result == NEEDS_MORE)
        return is_beyond_limit(&a) ? BAD : NEEDS_MORE;
    r->in.begin += (size_t)(a.at - a.begin);
    r->next_line += a.line_ends;
    return result == GOOD ? check_length(&a) : result;
}

/* Pass over what stands before the first row that begins in the window. */
static bool pass_line(csv_reader *r)
{
    char *end = r->in.data + r->in.end;
    char *found = find_line_end(r->in.data + r->in.begin, end);
    if (!found || (found + 1 == end && !r->in.is_at_end && *found == '\r'))
        return false;
    found += *found == '\r' && found + 1 < end && found[1] == '\n' ? 2 : 1;
    r->in.begin = (size_t)(found - r->in.data);
    return true;
}

void csv_reader_close(csv_reader *r)
{
    input_close(&r->in);
    free(r->fields);
    r->fields = NULL;
}

/* "sep=;" on the first line tells Excel of the delimiter, and is no row. */
static bool pass_separator(csv_reader *r, carpel_error *err)
{
    static const char begin[] = "sep=";
    enum { SIGNS = sizeof begin - 1, LONGEST = SIGNS + 3 }; /* a delimiter, CR, LF */
    input *in = &r->in;
    while (in->end - in->begin < LONGEST && !in->is_at_end)
        if (!read_on(r, err))
            return false;
    const char *line = in->data + in->begin;
    if (in->end - in->begin <= SIGNS + 1 || memcmp(line, begin, SIGNS) != 0 ||
        (line[SIGNS + 1] != '\n' && line[SIGNS + 1] != '\r'))
        return true;
    r->separator = (unsigned char)line[SIGNS];
    r->next_line++;
    pass_line(r);
    return true;
}

bool csv_reader_open(csv_reader *r, const char *path, const csv_format *format,
                     carpel_error *err)
{
    *r = (csv_reader){.format = *format, .next_line = 1};
    if (!input_open(&r->in, path, format->encoding, err))
        return false;
    if (pass_separator(r, err))
        return true;
    csv_reader_close(r);
    return false;
}

bool csv_reader_open_at(csv_reader *r, const char *path, const csv_format *format,
                        uint64_t place, bool is_guess, bool *is_found, carpel_error *err)
{
    *r = (csv_reader){.format = *format, .next_line = 1};
    if (!input_open_at(&r->in, path, is_guess ? place - 1 : place, err))
        return false;
    *is_found = !is_guess || pass_line(r);
    return true;
}

csv_result csv_read(csv_reader *r, carpel_error *err)
{
    bool is_row = false;
    if (!find_row(r, &is_row, err))
        return CSV_FAILED;
    if (!is_row)
        return CSV_END;
    r->line = r->next_line;
    r->reason[0] = '\0';
    outcome result;
    while ((result = try_row(r)) == NEEDS_MORE)
        if (!read_on(r, err))
            return CSV_FAILED;
    if (result == GOOD) {
        finish_fields(r);
        return CSV_ROW;
    }
    if (r->reason[0] == '\0') {
        say_too_long(r);
        if (!skip_line(r, err))
            return CSV_FAILED;
    }
    return CSV_BAD_ROW;
}
