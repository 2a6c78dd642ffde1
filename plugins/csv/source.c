/* SPDX-License-Identifier: MIT
 *
 * The source `csv`: rows of delimited text files. reader.c splits them; this file knows
 * the options, finds the wanted columns in each file, and hands the fields to the host.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/files.h"
#include "common/memory.h"
#include "common/names.h"
#include "common/stream.h"
#include "csv/look.h"
#include "csv/reader.h"

#define NO_FIELD SIZE_MAX

enum { MOST_BLOCK_CELLS = 8192 }; /* that are handed to the host together */

typedef struct csv_options {
    carpel_texts files, columns;
    const char *delimiter, *quote, *encoding;
    bool header;
} csv_options;

static const char *const encodings[] = {"utf-8",    "latin-1",  "windows-1252",
                                        "utf-16le", "utf-16be", NULL};

/* What iconv calls them. Where a letter is a byte, fields are decoded once the rows are split. */
static const struct encoding {
    const char *name, *iconv_name;
    bool is_bytes;
} encoding_table[] = {{"latin-1", "ISO-8859-1", true},
                      {"windows-1252", "CP1252", true},
                      {"utf-16le", "UTF-16LE", false},
                      {"utf-16be", "UTF-16BE", false}};

static const carpel_option options_table[] = {
    {.name = "files",
     .type = CARPEL_OPTION_PATHS,
     .offset = offsetof(csv_options, files),
     .required = true,
     .help =
         "The files to read: a path or a list of them, * and ? allowed; gzip and zstd "
         "are known by their content."},
    {.name = "delimiter",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(csv_options, delimiter),
     .default_text = ",",
     .help =
         "What stands between two fields: one character, \"tab\", or \"blanks\" for a "
         "run of blanks and tabs."},
    {.name = "header",
     .type = CARPEL_OPTION_BOOLEAN,
     .offset = offsetof(csv_options, header),
     .default_text = "true",
     .help = "Does the first row of each file name the columns?"},
    {.name = "columns",
     .type = CARPEL_OPTION_TEXTS,
     .offset = offsetof(csv_options, columns),
     .help = "The names of the columns of files without a header; without it they are "
             "called 1, 2, 3."},
    {.name = "quote",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(csv_options, quote),
     .default_text = "\"",
     .help = "What stands around a field that holds a delimiter or a line end; \"\" for "
             "none."},
    {.name = "encoding",
     .type = CARPEL_OPTION_CHOICE,
     .offset = offsetof(csv_options, encoding),
     .default_text = "utf-8",
     .choices = encodings,
     .help = "How the files write letters beyond ASCII. A file with a byte order mark is "
             "read "
             "as that says."},
    {0}};

typedef struct csv_piece csv_piece;

/* One opened source. */
typedef struct csv_source {
    const carpel_host *host;
    const carpel_request *request;
    const csv_options *options;
    csv_format format;
    const struct encoding *encoding; /* NULL: UTF-8 */
    byte_table *bytes;               /* of letters that are bytes; NULL: no */

    size_t next_file; /* the file after the open one */
    size_t end_file;  /* and behind the last */
    csv_piece *piece; /* what is read is only this; NULL: all of the files */
    bool is_open;
    csv_reader reader;
    const char *name;     /* of the open file, for people */
    size_t *fields;       /* for each wanted column its field, or NO_FIELD; behind these
                             their other fields, column by column */
    bool is_lost;         /* no row begins where the piece was guessed to */
    size_t width;         /* fields of a row; 0: the first row will tell */
    uint64_t total_bytes; /* of all files */
    uint64_t done_bytes;  /* of the files before the open one */

    csv_block block;
    size_t merged_count; /* columns with several fields */
    carpel_cell
        *merged; /* the rows of the block, each with a cell more for each of these */
    size_t *merged_fields; /* where in these the cell of each column is */

    char *converted; /* a text of bytes as UTF-8 */
    size_t converted_capacity;
} csv_source;

/* The columns of a file that is cut, and which file it is. */
typedef struct csv_columns {
    size_t *fields;
    size_t width;
    uint64_t device, inode;
} csv_columns;

/* A piece of a file, or a whole one that is not cut. */
struct csv_piece {
    size_t file;
    uint64_t begin, end;        /* its part of the file; end 0: the file's */
    const csv_columns *columns; /* NULL: it is not cut */
    bool goes_on;               /* it begins behind what was read of the file before */
    uint64_t asked_begin;       /* or CARPEL_PIECE_GUESS */
    carpel_piece_place place;
};

/* ---- options ------------------------------------------------------------ */

static bool is_usable_mark(const char *text)
{
    unsigned char c = (unsigned char)text[0];
    return c != '\0' && text[1] == '\0' && c < 0x80 && c != '\r' && c != '\n';
}

static const struct encoding *find_encoding(const char *name)
{
    for (size_t i = 0; i < sizeof encoding_table / sizeof *encoding_table; i++)
        if (strcmp(encoding_table[i].name, name) == 0)
            return &encoding_table[i];
    return NULL;
}

/* Can this system read the encoding, and whose is it to decode it? */
static bool read_encoding(const char *name, csv_format *out, carpel_error *err)
{
    byte_table tried;
    const struct encoding *encoding = find_encoding(name);
    out->encoding = encoding && !encoding->is_bytes ? encoding->iconv_name : NULL;
    return !encoding || !encoding->is_bytes ||
           byte_table_make(encoding->iconv_name, &tried, err);
}

static bool read_format(const csv_options *options, csv_format *out, carpel_error *err)
{
    const char *delimiter = options->delimiter, *quote = options->quote;
    if (strcmp(delimiter, "tab") == 0)
        out->delimiter = '\t';
    else if (strcmp(delimiter, "blanks") == 0)
        out->delimiter = CSV_BLANKS;
    else if (is_usable_mark(delimiter))
        out->delimiter = delimiter[0];
    else
        return carpel_fail(err, CARPEL_E_INPUT,
                           "delimiter \"%s\" is not one ASCII character, \"tab\" or "
                           "\"blanks\"",
                           delimiter);
    if (quote[0] != '\0' && !is_usable_mark(quote))
        return carpel_fail(err, CARPEL_E_INPUT, "quote \"%s\" is not one ASCII character",
                           quote);
    out->quote = quote[0] == '\0' ? CSV_NO_QUOTE : quote[0];
    if (out->quote == out->delimiter)
        return carpel_fail(err, CARPEL_E_INPUT, "delimiter and quote are both \"%s\"",
                           quote);
    if (options->header && options->columns.count > 0)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"columns\" names the columns of files without a header; "
                           "add \"header: false\"");
    return read_encoding(options->encoding, out, err);
}

/* ---- the columns of one file -------------------------------------------- */

/* Are the fields of the open file still to be decoded? */
static bool has_bytes(const csv_source *s)
{
    return s->bytes && !s->reader.in.encoding;
}

/* Write a text of letters that are bytes as UTF-8. One that stands for nothing stays, so that the
 * host refuses the row. */
static void convert(csv_source *s, const csv_field *field, size_t *size)
{
    const byte_table *table = s->bytes;
    size_t most = field->size * sizeof *table->bytes;
    if (s->converted_capacity < most) {
        s->converted_capacity = most;
        s->converted = common_resize(s->converted, most);
    }
    char *out = s->converted;
    for (size_t i = 0; i < field->size; i++) {
        unsigned char c = (unsigned char)field->data[i];
        memcpy(out, table->sizes[c] > 0 ? table->bytes[c] : &field->data[i],
               table->sizes[c] > 0 ? table->sizes[c] : 1);
        out += table->sizes[c] > 0 ? table->sizes[c] : 1;
    }
    *size = (size_t)(out - s->converted);
}

static char *copy_field(csv_source *s, const csv_field *field)
{
    size_t size = field->size;
    if (!has_bytes(s))
        return common_copy(field->data, size);
    convert(s, field, &size);
    return common_copy(s->converted, size);
}

/* A row of texts holds no lists. One that the user did not map stays empty. */
static bool refuse_lists(const carpel_request *request, carpel_error *err)
{
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *wanted = &request->columns[i];
        if (wanted->type == CARPEL_LIST && !wanted->is_optional)
            return carpel_fail(err, CARPEL_E_INPUT,
                               "\"%s\" is a list, which a CSV file cannot hold; leave it "
                               "out of the source, or read it from JSON lines",
                               wanted->name);
    }
    return true;
}

/* Append to the message. */
static void append(carpel_error *err, const char *more)
{
    size_t used = strlen(err->message);
    snprintf(err->message + used, sizeof err->message - used, "%s", more);
}

/* A header has names; how many of these are numbers, or times? */
static size_t count_values(const char *const *names, size_t count)
{
    size_t values = 0;
    for (size_t i = 0; i < count; i++)
        values += names[i][0] >= '0' && names[i][0] <= '9' &&
                  names[i][strspn(names[i], "0123456789.,:/- TZ")] == '\0';
    return values;
}

/* What the names of the columns tell: a spreadsheet, another delimiter, no header. */
static bool explain_columns(csv_source *s, const char *const *names, size_t count,
                            carpel_error *err)
{
    const char *sign = count == 1 ? strpbrk(names[0], ";\t|,") : NULL;
    char more[40];
    if (strncmp(names[0], "PK\x03\x04", 4) == 0)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"%s\" is a spreadsheet (.xlsx) or another zipped file, whatever "
            "its name: save it as CSV in UTF-8",
            s->name);
    if (sign != NULL) {
        snprintf(more, sizeof more, "; set delimiter: \"%c\"", *sign);
        append(err, *sign == '\t' ? "; set delimiter: tab" : more);
    } else if (s->options->header && count_values(names, count) > 0) {
        append(err,
               "; its first line looks like data: name the columns in a line above, or "
               "set header: false and columns: [...]");
    }
    return false;
}

/* How many other fields may hold a column's value. */
static size_t count_others(const carpel_request *request, size_t column)
{
    size_t count = 0;
    while (request->others && request->others[column] && request->others[column][count])
        count++;
    return count;
}

/* All fields that are looked for. */
static size_t count_fields(const carpel_request *request)
{
    size_t count = request->column_count;
    for (size_t i = 0; i < request->column_count; i++)
        count += count_others(request, i);
    return count;
}

/* The field of this name, of which there is one at most. */
static bool find_field(const csv_source *s, const char *from, const char *const *names,
                       size_t count, size_t *out, carpel_error *err)
{
    *out = NO_FIELD;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], from) != 0)
            continue;
        if (*out != NO_FIELD)
            return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" has two columns \"%s\"",
                               s->name, from);
        *out = i;
    }
    return true;
}

/* The fields of a column; those that are not its first stand from `other` on. */
static bool find_column(csv_source *s, size_t column, size_t other,
                        const char *const *names, size_t count, bool *is_found,
                        carpel_error *err)
{
    const carpel_request *request = s->request;
    const carpel_column *wanted = &request->columns[column];
    size_t *field = &s->fields[column];
    *field = NO_FIELD;
    if (wanted->type != CARPEL_LIST &&
        !find_field(s, wanted->from, names, count, field, err))
        return false;
    *is_found = *field != NO_FIELD;
    for (size_t i = 0; i < count_others(request, column); i++) {
        field = &s->fields[other + i];
        if (!find_field(s, request->others[column][i], names, count, field, err))
            return false;
        *is_found |= *field != NO_FIELD;
    }
    return true;
}

/* The fields for each wanted column, by the names of all fields. */
static bool find_columns(csv_source *s, const char *const *names, size_t count,
                         carpel_error *err)
{
    const carpel_request *request = s->request;
    size_t other = request->column_count;
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *wanted = &request->columns[i];
        bool is_found;
        if (!find_column(s, i, other, names, count, &is_found, err))
            return false;
        other += count_others(request, i);
        if (!is_found && !wanted->is_optional) {
            char where[300];
            snprintf(where, sizeof where, "\"%.290s\"", s->name);
            names_fail_missing(err, where, wanted->from, names, count);
            return explain_columns(s, names, count, err);
        }
    }
    return true;
}

/* Read the header and find the wanted columns in it. */
static bool read_header(csv_source *s, carpel_error *err)
{
    csv_reader *r = &s->reader;
    switch (csv_read(r, err)) {
    case CSV_FAILED: return false;
    case CSV_BAD_ROW:
        return carpel_fail(err, CARPEL_E_INPUT, "cannot read the header of \"%s\": %s",
                           s->name, r->reason);
    case CSV_END: {
        char message[400];
        snprintf(message, sizeof message, "\"%s\" is empty", s->name);
        if (s->host)
            s->host->log(s->host, CARPEL_LOG_WARNING, message);
        return true;
    }
    case CSV_ROW: break;
    }
    size_t count = r->field_count;
    if (count > CSV_MAX_FIELDS)
        return carpel_fail(err, CARPEL_E_LIMIT, "\"%s\" has more than %d columns",
                           s->name, CSV_MAX_FIELDS);
    char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = copy_field(s, &r->fields[i]);
    s->width = count;
    bool ok = find_columns(s, (const char *const *)names, count, err);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return ok;
}

/* Without a header and names, `from` is the number of the field, from 1; how many there
 * are shows in the first row. */
static bool number_columns(csv_source *s, size_t count, carpel_error *err)
{
    char **names = common_alloc(count, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        char number[24];
        int size = snprintf(number, sizeof number, "%zu", i + 1);
        names[i] = common_copy(number, (size_t)size);
    }
    s->width = count;
    bool ok = find_columns(s, (const char *const *)names, count, err);
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return ok;
}

/* ---- rows --------------------------------------------------------------- */

/* Find out the columns of the file that was opened. */
static bool begin_columns(csv_source *s, carpel_error *err)
{
    s->width = 0;
    if (s->options->header)
        return read_header(s, err);
    carpel_texts columns = s->options->columns;
    s->width = columns.count;
    return columns.count == 0 || find_columns(s, columns.items, columns.count, err);
}

/* Open a piece of a file at its first row. */
static bool open_part(csv_source *s, const char *path, carpel_error *err)
{
    csv_piece *p = s->piece;
    bool is_found = true, is_asked = p->asked_begin != CARPEL_PIECE_GUESS,
         is_guess = !is_asked && !p->goes_on;
    s->width = p->columns->width;
    memcpy(s->fields, p->columns->fields,
           count_fields(s->request) * sizeof *p->columns->fields);
    if (!csv_reader_open_at(&s->reader, path, &s->format,
                            is_asked ? p->asked_begin : p->begin, is_guess, &is_found,
                            err))
        return false;
    s->is_lost = !is_found; /* the guess failed: there are no rows */
    return true;
}

/* Pieces of two files that had one name are not one file. */
static bool check_identity(const csv_source *s, carpel_error *err)
{
    const csv_columns *cut = s->piece ? s->piece->columns : NULL;
    const input *in = &s->reader.in;
    return !cut || (in->device == cut->device && in->inode == cut->inode) ||
           carpel_fail(err, CARPEL_E_INPUT, "\"%s\" was replaced while it was read",
                       s->name);
}

static bool open_next_file(csv_source *s, carpel_rows *rows, carpel_error *err)
{
    const char *path = s->options->files.items[s->next_file++];
    bool is_part = s->piece && (!s->piece->place.is_first || s->piece->goes_on);
    s->name = files_short_name(s->request, path);
    if (!(is_part ? open_part(s, path, err)
                  : csv_reader_open(&s->reader, path, &s->format, err)))
        return false;
    s->is_open = true;
    if (!check_identity(s, err))
        return false;
    s->host->rows_begin_file(rows, s->name);
    if (!is_part && !begin_columns(s, err))
        return false;
    if (s->piece) {
        s->reader.in.limit = s->piece->end;
        s->piece->place.begin = input_place(&s->reader.in);
    }
    return true;
}

/* Does no further row begin in the piece? */
static bool is_piece_over(const csv_source *s)
{
    return s->is_lost || (s->piece && s->piece->end != 0 &&
                          input_place(&s->reader.in) >= s->piece->end);
}

/* Would rows stay as they are, whatever were appended to the file? A file that is packed or
 * decoded cannot be read on, and behind a CR there may come an LF. */
static bool is_settled(const csv_source *s)
{
    const csv_reader *r = &s->reader;
    const input *in = &r->in;
    bool is_used_up = in->begin == in->end, is_empty = in->read_bytes == 0;
    bool is_cut = in->is_at_end &&
                  (is_used_up ? !is_empty && in->last_byte != '\n' : s->piece->end == 0);
    return input_is_plain(in) && !r->has_open_quote && !is_cut;
}

/* Tell where the rows of the piece were. */
static void note_place(csv_source *s)
{
    if (!s->piece)
        return;
    carpel_piece_place *place = &s->piece->place;
    place->is_settled = is_settled(s);
    place->end = s->is_lost ? CARPEL_PIECE_GUESS : input_place(&s->reader.in);
    place->begin = s->is_lost ? CARPEL_PIECE_GUESS : place->begin;
    place->line_count = s->reader.next_line - 1;
    place->byte_count = s->reader.in.read_bytes;
    if (s->reader.in.content)
        content_tell(s->reader.in.content, place);
}

static void close_file(csv_source *s)
{
    note_place(s);
    s->done_bytes += s->reader.in.read_bytes;
    csv_reader_close(&s->reader);
    s->is_open = false;
}

/* The field that has a column's value: the first that is not empty. */
static size_t choose_field(const csv_source *s, size_t column, size_t other, size_t count)
{
    size_t chosen = s->fields[column];
    for (size_t i = 0; i < count; i++) {
        if (chosen != NO_FIELD && s->reader.fields[chosen].size > 0)
            break;
        if (s->fields[other + i] != NO_FIELD)
            chosen = s->fields[other + i];
    }
    return chosen;
}

static void set_cell(csv_source *s, carpel_rows *rows, size_t index, size_t chosen)
{
    if (chosen == NO_FIELD)
        return;
    const csv_field *field = &s->reader.fields[chosen];
    if (field->size == 0 && !field->is_quoted)
        return; /* missing, as a cell is that nobody sets */
    const char *data = field->data;
    size_t size = field->size;
    if (has_bytes(s)) {
        convert(s, field, &size);
        data = s->converted;
    }
    s->host->row_set_text(rows, index, data, size, field->is_quoted);
}

static void set_cells(csv_source *s, carpel_rows *rows)
{
    size_t other = s->request->column_count;
    for (size_t i = 0; i < s->request->column_count; i++) {
        size_t count = count_others(s->request, i);
        set_cell(s, rows, i, choose_field(s, i, other, count));
        other += count;
    }
}

static bool is_digits(const csv_field *field, size_t least, size_t most)
{
    if (field->size < least || field->size > most)
        return false;
    for (size_t i = 0; i < field->size; i++)
        if (field->data[i] < '0' || field->data[i] > '9')
            return false;
    return true;
}

/* 149,90 without quotes, where a comma ends each field. */
static bool splits_a_number(const csv_source *s)
{
    const csv_reader *r = &s->reader;
    for (size_t i = 0; s->format.delimiter == ',' && i + 1 < r->field_count; i++)
        if (is_digits(&r->fields[i], 1, 15) && is_digits(&r->fields[i + 1], 2, 2))
            return r->field_count > s->width;
    return false;
}

static void refuse_width(const csv_source *s, carpel_rows *rows)
{
    char reason[200];
    snprintf(reason, sizeof reason, "%zu field%s where the %s has %zu%s",
             s->reader.field_count, s->reader.field_count == 1 ? "" : "s",
             s->options->header              ? "header"
             : s->options->columns.count > 0 ? "list of columns"
                                             : "first row",
             s->width,
             splits_a_number(s)
                 ? ": a number is split at its comma; write it with a point"
                 : "");
    s->host->row_refuse(rows, reason);
}

static bool add_row(csv_source *s, carpel_rows *rows, bool is_good, carpel_error *err)
{
    const carpel_host *host = s->host;
    if (is_good && s->width == 0 && !number_columns(s, s->reader.field_count, err))
        return false;
    host->row_begin(rows, s->reader.line);
    if (!is_good)
        host->row_refuse(rows, s->reader.reason);
    else if (s->reader.field_count != s->width)
        refuse_width(s, rows);
    else
        set_cells(s, rows);
    host->row_end(rows);
    return true;
}

/* Of the fields of a row that may have a column's value, the one that choose_field would take. */
static carpel_cell choose_cell(const carpel_cell *row, size_t first, const size_t *others,
                               size_t count)
{
    carpel_cell chosen = first == NO_FIELD ? (carpel_cell){0, 0} : row[first];
    for (size_t i = 0; i < count && (chosen.size & ~CARPEL_CELL_QUOTED) == 0; i++)
        if (others[i] != NO_FIELD)
            chosen = row[others[i]];
    return chosen;
}

/* Put the cell of a column with several fields into each row of the block, at `place`. */
static void merge_column(csv_source *s, size_t column, size_t other, size_t place)
{
    size_t width = s->width, count = count_others(s->request, column);
    const carpel_cell *row = s->block.cells;
    carpel_cell *to = s->merged + place;
    for (size_t i = 0; i < s->block.row_count; i++) {
        *to = choose_cell(row, s->fields[column], &s->fields[other], count);
        row += width;
        to += width + s->merged_count;
    }
}

/* The rows of the block, in which columns with several fields have cells of their own. */
static void merge_block(csv_source *s, carpel_text_rows *texts)
{
    size_t width = s->width, other = s->request->column_count, place = width;
    texts->cells = s->merged;
    texts->field_count = width + s->merged_count;
    texts->fields = s->merged_fields;
    for (size_t i = 0; i < s->block.row_count; i++)
        memcpy(s->merged + i * texts->field_count, s->block.cells + i * width,
               width * sizeof *s->merged);
    for (size_t i = 0; i < s->request->column_count; i++) {
        size_t count = count_others(s->request, i);
        s->merged_fields[i] = count > 0 ? place : s->fields[i];
        if (count > 0)
            merge_column(s, i, other, place++);
        other += count;
    }
}

/* Add as many rows together as lie ready, and are plain. */
static void add_block(csv_source *s, carpel_rows *rows)
{
    csv_block *b = &s->block;
    if (has_bytes(s) || s->width == 0 || s->width + s->merged_count > MOST_BLOCK_CELLS)
        return;
    b->width = s->width;
    b->capacity = MOST_BLOCK_CELLS / (s->width + s->merged_count);
    b->limit = s->piece ? s->piece->end : 0;
    csv_read_block(&s->reader, b);
    if (b->row_count == 0)
        return;
    carpel_text_rows texts = {.data = s->reader.in.data,
                              .size = s->reader.in.end,
                              .cells = b->cells,
                              .row_count = b->row_count,
                              .field_count = b->width,
                              .fields = s->fields,
                              .first_line = b->first_line};
    if (s->merged_count > 0)
        merge_block(s, &texts);
    s->host->rows_add(rows, &texts);
}

/* Add rows of the open file until the batch is full or the file is over. */
static bool fill_from_file(csv_source *s, carpel_rows *rows, carpel_error *err)
{
    while (!s->host->rows_is_full(rows)) {
        if (!is_piece_over(s))
            add_block(s, rows);
        if (is_piece_over(s)) {
            close_file(s);
            return true;
        }
        csv_result result = csv_read(&s->reader, err);
        if (result == CSV_FAILED)
            return false;
        if (result == CSV_END) {
            close_file(s);
            return true;
        }
        if (!add_row(s, rows, result == CSV_ROW, err))
            return false;
    }
    return true;
}

static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    csv_source *s = state;
    while (!s->host->rows_is_full(rows)) {
        if (!s->is_open && s->next_file == s->end_file) {
            *is_over = true;
            break;
        }
        if (!s->is_open && !open_next_file(s, rows, err))
            return false;
        if (!fill_from_file(s, rows, err))
            return false;
    }
    uint64_t in_this_file = s->is_open ? s->reader.in.read_bytes : 0;
    s->host->progress(s->host, s->done_bytes + in_this_file, s->total_bytes);
    return true;
}

static void close_source(void *state)
{
    csv_source *s = state;
    if (s->is_open)
        csv_reader_close(&s->reader);
    free(s->fields);
    free(s->block.cells);
    free(s->merged);
    free(s->merged_fields);
    free(s->bytes);
    free(s->converted);
    free(s);
}

/* A source that reads nothing yet. */
static csv_source *source_new(const carpel_host *host, const carpel_request *request,
                              const csv_format *format)
{
    const csv_options *options = request->options;
    csv_source *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->options = options;
    s->format = *format;
    s->encoding = find_encoding(options->encoding);
    if (s->encoding && s->encoding->is_bytes) {
        carpel_error err;
        s->bytes = common_alloc(1, sizeof *s->bytes);
        byte_table_make(s->encoding->iconv_name, s->bytes,
                        &err); /* read_format tried it */
    }
    s->end_file = options->files.count;
    s->fields = common_alloc(count_fields(request), sizeof *s->fields);
    s->block.cells = common_alloc(MOST_BLOCK_CELLS, sizeof *s->block.cells);
    for (size_t i = 0; i < request->column_count; i++)
        s->merged_count += count_others(request, i) > 0;
    if (s->merged_count > 0) {
        s->merged = common_alloc(MOST_BLOCK_CELLS, sizeof *s->merged);
        s->merged_fields = common_alloc(request->column_count, sizeof *s->merged_fields);
    }
    return s;
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    const csv_options *options = request->options;
    csv_format format;
    if (!read_format(options, &format, err) || !refuse_lists(request, err))
        return false;
    csv_source *s = source_new(host, request, &format);
    s->total_bytes = files_total_bytes(options->files);
    row_stream_open(host, request, (row_source){s, fill, close_source}, out);
    return true;
}

/* ---- pieces --------------------------------------------------------------------------- */

/* A source that is read in pieces. */
typedef struct csv_reading {
    const carpel_request *request;
    csv_format format;
    csv_columns *columns; /* of each file */
    csv_piece *pieces;
    size_t count, capacity;
} csv_reading;

/* How many fields a row has, when neither a header nor a list of columns says so. */
static bool find_width(csv_source *s, carpel_error *err)
{
    csv_result result = CSV_BAD_ROW;
    while (s->width == 0 && result == CSV_BAD_ROW)
        result = csv_read(&s->reader, err);
    return s->width > 0 ||
           (result == CSV_ROW && number_columns(s, s->reader.field_count, err));
}

/* Find out the columns of a plain file. False: it is packed, or cannot be read, of which
 * reading it as a whole will tell. */
static bool find_columns_ahead(csv_reading *reading, size_t file, csv_columns *out,
                               carpel_error *err)
{
    const csv_options *options = reading->request->options;
    csv_source *s = source_new(NULL, reading->request, &reading->format);
    const char *path = options->files.items[file];
    s->name = files_short_name(reading->request, path);
    carpel_fail(err, CARPEL_E_INPUT, "\"%s\" cannot be read on", s->name);
    s->is_open = csv_reader_open(&s->reader, path, &s->format, err);
    bool ok = s->is_open && input_is_plain(&s->reader.in) && begin_columns(s, err) &&
              find_width(s, err);
    if (ok) {
        *out =
            (csv_columns){s->fields, s->width, s->reader.in.device, s->reader.in.inode};
        s->fields = NULL;
    }
    close_source(s);
    return ok;
}

static void add_piece(csv_reading *reading, csv_piece piece)
{
    if (reading->count == reading->capacity) {
        reading->capacity = reading->capacity * 2 + 16;
        reading->pieces =
            common_resize(reading->pieces, reading->capacity * sizeof *reading->pieces);
    }
    reading->pieces[reading->count++] = piece;
}

/* Cut what comes behind `from` of a file of which the columns are known. */
static void cut_rows(csv_reading *reading, size_t file, uint64_t from, uint64_t size,
                     size_t piece_bytes)
{
    csv_piece piece = {.file = file,
                       .columns = &reading->columns[file],
                       .place.is_first = true,
                       .goes_on = from > 0};
    for (uint64_t begin = from; piece.place.is_first || begin < size; begin = piece.end) {
        piece.begin = begin;
        piece.end = begin + piece_bytes < size ? begin + piece_bytes : size;
        add_piece(reading, piece);
        piece.place.is_first = piece.goes_on = false;
    }
    reading->pieces[reading->count - 1].end = 0; /* also what is appended by now */
}

/* Cut a file that is long enough, or that goes on. */
static bool cut_file(csv_reading *reading, size_t file, uint64_t size, size_t piece_bytes,
                     carpel_error *err)
{
    const uint64_t *begins = reading->request->begins;
    uint64_t from = begins ? begins[file] : 0;
    if ((from > 0 || size > piece_bytes) &&
        find_columns_ahead(reading, file, &reading->columns[file], err))
        cut_rows(reading, file, from, size, piece_bytes);
    else if (from > 0)
        return false;
    else
        add_piece(reading, (csv_piece){.file = file, .place.is_first = true});
    return true;
}

static void close_reading(void *state)
{
    csv_reading *reading = state;
    const csv_options *options = reading->request->options;
    for (size_t i = 0; i < options->files.count; i++)
        free(reading->columns[i].fields);
    free(reading->columns);
    free(reading->pieces);
    free(reading);
}

static bool open_reading(const carpel_host *host, const carpel_request *request,
                         size_t piece_bytes, carpel_pieces *out, carpel_error *err)
{
    const csv_options *options = request->options;
    csv_format format;
    (void)host;
    if (!read_format(options, &format, err) || !refuse_lists(request, err))
        return false;
    csv_reading *reading = common_alloc(1, sizeof *reading);
    reading->request = request;
    reading->format = format;
    reading->columns = common_alloc(options->files.count, sizeof *reading->columns);
    *out = (carpel_pieces){.state = reading};
    for (size_t i = 0; i < options->files.count; i++) {
        uint64_t size = input_file_size(options->files.items[i]);
        out->total_bytes += size - (request->begins ? request->begins[i] : 0);
        if (!cut_file(reading, i, size, piece_bytes, err)) {
            close_reading(reading);
            *out = (carpel_pieces){0};
            return false;
        }
    }
    out->count = reading->count;
    return true;
}

static bool open_piece(void *state, size_t number, uint64_t begin,
                       const carpel_host *host, struct ArrowArrayStream *out,
                       carpel_error *err)
{
    csv_reading *reading = state;
    csv_piece *piece = &reading->pieces[number];
    (void)err;
    csv_source *s = source_new(host, reading->request, &reading->format);
    piece->asked_begin = begin;
    s->piece = piece;
    s->next_file = piece->file;
    s->end_file = piece->file + 1;
    row_stream_open(host, reading->request, (row_source){s, fill, close_source}, out);
    return true;
}

static void tell_place(void *state, size_t piece, carpel_piece_place *out)
{
    *out = ((csv_reading *)state)->pieces[piece].place;
}

static const carpel_reading reading_in_pieces = {.open = open_reading,
                                                 .open_piece = open_piece,
                                                 .place = tell_place,
                                                 .close = close_reading,
                                                 .goes_on = true,
                                                 .unpack = input_unpack};

static const carpel_source source = {
    .open = open_source, .reading = &reading_in_pieces, .look = csv_look};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "csv",
    .version = "1.0",
    .summary = "Rows of delimited text files, plain or packed with gzip or zstd.",
    .manual =
        "sources:\n"
        "  - plugin: csv\n"
        "    files: data/orders-*.csv.gz\n"
        "    delimiter: \";\"\n"
        "    event: purchase\n"
        "    person: customer_id\n"
        "    time: {from: date, format: \"%d.%m.%Y\"}\n"
        "    properties: {amount: total}\n"
        "\n"
        "The first row names the columns; `from` is such a name. Without a header give\n"
        "`header: false` and either the names in `columns`, or the number of a column, "
        "from\n"
        "1, as `from`. Fields may be quoted as in RFC 4180; lines end in LF, CRLF or "
        "CR;\n"
        "empty lines are passed over. An empty field is a missing value; \"\" is an "
        "empty "
        "text.\n"
        "\n"
        "A row with too few or too many fields, or with a value that does not fit its "
        "type,\n"
        "is set aside with its file, line and reason, and so is one with a quote that "
        "never\n"
        "closes or with text behind a closing quote; reading goes on behind the line on\n"
        "which that quote stands. A row may be at most 16 MiB long.\n",
    .options_size = sizeof(csv_options),
    .options = options_table,
    .source = &source,
};
