/* SPDX-License-Identifier: MIT
 *
 * The delimiter is the one with which most of the first rows are as wide as the first one. The
 * first row names the fields unless one of its own is a number or a time.
 */
#include "csv/look.h"

#include <stdio.h>
#include <string.h>

#include "common/glance.h"
#include "common/memory.h"
#include "csv/reader.h"

enum { TRIED_ROWS = 200 };

/* What is looked at, and how it is read. */
typedef struct csv_looking {
    const carpel_host *host;
    const carpel_view *view;
    const char *path;
    csv_format format;
    csv_reader reader;
    char **names; /* of the fields; NULL: none, or one that another before has, too */
    size_t width;
} csv_looking;

/* ---- the delimiter ----------------------------------------------------------------- */

static const struct delimiter {
    int sign;
    const char *name; /* in the project; NULL: it is the default */
} delimiters[] = {
    {',', NULL}, {';', ";"}, {'\t', "tab"}, {'|', "|"}, {CSV_BLANKS, "blanks"}};

/* How many of the first rows have as many fields as the first one, which has several. */
static bool try_delimiter(const csv_looking *l, int sign, size_t *rows, size_t *width,
                          carpel_error *err)
{
    csv_reader r;
    csv_format format = l->format;
    csv_result result;
    format.delimiter = sign;
    *rows = *width = 0;
    if (!csv_reader_open(&r, l->path, &format, err))
        return false;
    bool is_named = r.separator == sign;
    for (size_t i = 0; i < TRIED_ROWS; i++) {
        result = csv_read(&r, err);
        if (result != CSV_ROW)
            break;
        *width = i == 0 ? r.field_count : *width;
        *rows += r.field_count == *width;
    }
    csv_reader_close(&r);
    *rows += is_named ? TRIED_ROWS : 0; /* the file says so itself */
    return result != CSV_FAILED;
}

/* Runs of blanks split most texts somehow, so they only count when nothing else does. */
static bool find_delimiter(csv_looking *l, carpel_error *err)
{
    size_t most_rows = 0, most_width = 1;
    const struct delimiter *best = &delimiters[0];
    for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++) {
        size_t rows, width;
        if (delimiters[i].sign == CSV_BLANKS && most_width > 1)
            break;
        if (!try_delimiter(l, delimiters[i].sign, &rows, &width, err))
            return false;
        bool is_better = rows > most_rows || (rows == most_rows && width > most_width);
        if (width > 1 && (is_better || most_width == 1)) {
            best = &delimiters[i];
            most_rows = rows;
            most_width = width;
        }
    }
    l->format.delimiter = best->sign;
    if (best->name)
        l->view->option(l->view->context, "delimiter", best->name);
    return true;
}

/* ---- the header ---------------------------------------------------------------------- */

/* Is it a number, or does it have the digits and signs of a time? */
static bool is_value(const csv_field *field)
{
    size_t digits = 0;
    for (size_t i = 0; i < field->size; i++) {
        bool is_digit = field->data[i] >= '0' && field->data[i] <= '9';
        digits += is_digit;
        if (!is_digit && !strchr("-+.,:/ TZ", field->data[i]))
            return false;
    }
    return digits > 0;
}

static bool names_fields(const csv_reader *r)
{
    for (size_t i = 0; i < r->field_count; i++)
        if (is_value(&r->fields[i]) || r->field_count > CSV_MAX_FIELDS)
            return false;
    return r->field_count > 0;
}

static bool is_new_name(const csv_looking *l, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (l->names[i] && strcmp(l->names[i], name) == 0)
            return false;
    return true;
}

static void name_fields(csv_looking *l, bool has_header)
{
    const csv_reader *r = &l->reader;
    l->width = r->field_count;
    l->names = common_alloc(l->width, sizeof *l->names);
    for (size_t i = 0; i < l->width; i++) {
        char number[24];
        int size = snprintf(number, sizeof number, "%zu", i + 1);
        char *name = has_header ? common_copy(r->fields[i].data, r->fields[i].size)
                                : common_copy(number, (size_t)size);
        bool is_new = name[0] != '\0' && is_new_name(l, i, name);
        l->names[i] = is_new ? name : NULL;
        if (name[0] != '\0') /* one that comes again is told, so that it is known */
            l->view->field(l->view->context, name);
        if (!is_new)
            free(name);
    }
}

/* ---- rows ------------------------------------------------------------------------------ */

static void tell_row(csv_looking *l, csv_result result)
{
    const carpel_view *view = l->view;
    const csv_reader *r = &l->reader;
    char reason[80];
    if (result == CSV_BAD_ROW) {
        view->row_refuse(view->context, r->reason);
    } else if (r->field_count != l->width) {
        snprintf(reason, sizeof reason, "%zu field%s where the first row has %zu",
                 r->field_count, r->field_count == 1 ? "" : "s", l->width);
        view->row_refuse(view->context, reason);
    } else {
        for (size_t i = 0; i < l->width; i++)
            if (l->names[i] && (r->fields[i].size > 0 || r->fields[i].is_quoted))
                view->row_field(view->context, l->names[i], r->fields[i].data,
                                r->fields[i].size, r->fields[i].is_quoted);
    }
}

/* Tell of the row that was read, and of those behind it. */
static bool tell_rows(csv_looking *l, csv_result result, carpel_error *err)
{
    const carpel_view *view = l->view;
    for (uint64_t count = 0; result == CSV_ROW || result == CSV_BAD_ROW; count++) {
        if (count % 4096 == 0 && l->host->is_cancelled(l->host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        if (!view->row_begin(view->context, l->reader.line))
            return true;
        tell_row(l, result);
        view->row_end(view->context);
        result = csv_read(&l->reader, err);
    }
    return result != CSV_FAILED;
}

static bool look_at_rows(csv_looking *l, carpel_error *err)
{
    if (!csv_reader_open(&l->reader, l->path, &l->format, err))
        return false;
    csv_result result = csv_read(&l->reader, err);
    while (result == CSV_BAD_ROW) /* in front of all others: no header, and no width */
        result = csv_read(&l->reader, err);
    bool has_header = result == CSV_ROW && names_fields(&l->reader);
    if (result == CSV_ROW && !has_header)
        l->view->option(l->view->context, "header", "false");
    if (result == CSV_ROW)
        name_fields(l, has_header);
    if (has_header)
        result = csv_read(&l->reader, err);
    bool ok = tell_rows(l, result, err);
    csv_reader_close(&l->reader);
    for (size_t i = 0; i < l->width; i++)
        free(l->names[i]);
    free(l->names);
    return ok;
}

/* What the project calls an encoding of iconv. */
static void tell_encoding(const carpel_view *view, const char *encoding)
{
    static const struct {
        const char *iconv_name, *name;
    } names[] = {{"CP1252", "windows-1252"},
                 {"ISO-8859-1", "latin-1"},
                 {"UTF-16LE", "utf-16le"},
                 {"UTF-16BE", "utf-16be"}};
    for (size_t i = 0; encoding && i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].iconv_name, encoding) == 0)
            view->option(view->context, "encoding", names[i].name);
}

bool csv_look(const carpel_host *host, const char *path, const carpel_view *view,
              bool *is_mine, carpel_error *err)
{
    glance seen;
    if (!glance_at(host, path, &seen, err))
        return false;
    *is_mine = seen.first != '{' && seen.first != '[';
    if (!*is_mine)
        return true;
    csv_looking l = {
        .host = host, .view = view, .path = path, .format = {',', '"', seen.encoding}};
    tell_encoding(view, seen.encoding);
    return find_delimiter(&l, err) && look_at_rows(&l, err);
}
