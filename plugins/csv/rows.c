/* SPDX-License-Identifier: MIT
 *
 * Opens one file after the other, or a piece of one, and hands its rows to the host: many at once as long as
 * they are plain, else row by row.
 */
#include "csv/source.h"

#include <stdio.h>
#include <string.h>

#include "common/columns.h"
#include "common/files.h"

/* Open a piece of a file at its first row. */
static bool open_part(csv_source *s, const char *path, carpel_error *err)
{
    csv_piece *p = s->piece;
    bool is_found = true, is_asked = p->asked_begin != CARPEL_PIECE_GUESS,
         is_guess = !is_asked && !p->goes_on;
    s->width = p->columns->width;
    memcpy(s->fields, p->columns->fields,
           csv_count_fields(s->request) * sizeof *p->columns->fields);
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
    if (!is_part && !csv_begin_columns(s, err))
        return false;
    if (s->piece) {
        s->reader.in.limit = s->piece->end;
        s->piece->place.begin = input_first_place(&s->reader.in);
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
        if (chosen != CSV_NO_FIELD && s->reader.fields[chosen].size > 0)
            break;
        if (s->fields[other + i] != CSV_NO_FIELD)
            chosen = s->fields[other + i];
    }
    return chosen;
}

static void set_cell(csv_source *s, carpel_rows *rows, size_t index, size_t chosen)
{
    if (chosen == CSV_NO_FIELD)
        return;
    const csv_field *field = &s->reader.fields[chosen];
    if (field->size == 0 && !field->is_quoted)
        return; /* missing, as a cell is that nobody sets */
    const char *data = field->data;
    size_t size = field->size;
    if (csv_has_bytes(s)) {
        csv_convert(s, field, &size);
        data = s->converted;
    }
    s->host->row_set_text(rows, index, data, size, field->is_quoted);
}

static void set_cells(csv_source *s, carpel_rows *rows)
{
    size_t other = s->request->column_count;
    for (size_t i = 0; i < s->request->column_count; i++) {
        size_t count = columns_count_others(s->request, i);
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
    if (is_good && s->width == 0 && !csv_number_columns(s, s->reader.field_count, err))
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
    carpel_cell chosen = first == CSV_NO_FIELD ? (carpel_cell){0, 0} : row[first];
    for (size_t i = 0; i < count && (chosen.size & ~CARPEL_CELL_QUOTED) == 0; i++)
        if (others[i] != CSV_NO_FIELD)
            chosen = row[others[i]];
    return chosen;
}

/* Put the cell of a column with several fields into each row of the block, at `place`. */
static void merge_column(csv_source *s, size_t column, size_t other, size_t place)
{
    size_t width = s->width, count = columns_count_others(s->request, column);
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
        size_t count = columns_count_others(s->request, i);
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
    if (csv_has_bytes(s) || s->width == 0 ||
        s->width + s->merged_count > CSV_MOST_BLOCK_CELLS)
        return;
    b->width = s->width;
    b->capacity = CSV_MOST_BLOCK_CELLS / (s->width + s->merged_count);
    b->limit = s->piece ? s->piece->end : 0;
    csv_read_block(&s->reader, b);
    if (b->row_count == 0)
        return;
    carpel_text_rows texts = {.struct_size = sizeof texts,
                              .data = s->reader.in.data,
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

bool csv_fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
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
