/* SPDX-License-Identifier: MIT
 *
 * Files that are cut into pieces, each of which is a source that reads one.
 */
#include "csv/source.h"

#include "common/files.h"
#include "common/memory.h"
#include "common/stream.h"

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
           (result == CSV_ROW && csv_number_columns(s, s->reader.field_count, err));
}

/* Find out the columns of a plain file. False: it is packed, or cannot be read, of which
 * reading it as a whole will tell. */
static bool find_columns_ahead(csv_reading *reading, size_t file, csv_columns *out,
                               carpel_error *err)
{
    const csv_options *options = reading->request->options;
    csv_source *s = csv_source_new(NULL, reading->request, &reading->format);
    const char *path = options->files.items[file];
    s->name = files_short_name(reading->request, path);
    carpel_fail(err, CARPEL_E_INPUT, "\"%s\" cannot be read on", s->name);
    s->is_open = csv_reader_open(&s->reader, path, &s->format, err);
    bool ok = s->is_open && input_is_plain(&s->reader.in) && csv_begin_columns(s, err) &&
              find_width(s, err);
    if (ok) {
        *out =
            (csv_columns){s->fields, s->width, s->reader.in.device, s->reader.in.inode};
        s->fields = NULL;
    }
    csv_source_close(s);
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
    if (!csv_read_format(options, &format, err) || !csv_refuse_lists(request, err))
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

static bool open_piece(const carpel_host *host, void *state, size_t number,
                       uint64_t begin, struct ArrowArrayStream *out, carpel_error *err)
{
    csv_reading *reading = state;
    csv_piece *piece = &reading->pieces[number];
    (void)err;
    csv_source *s = csv_source_new(host, reading->request, &reading->format);
    piece->asked_begin = begin;
    s->piece = piece;
    s->next_file = piece->file;
    s->end_file = piece->file + 1;
    row_stream_open(host, reading->request,
                    (row_source){.state = s, .fill = csv_fill, .close = csv_source_close},
                    out);
    return true;
}

static void tell_place(void *state, size_t piece, carpel_piece_place *out)
{
    *out = ((csv_reading *)state)->pieces[piece].place;
}

const carpel_reading csv_reading_in_pieces = {.struct_size = sizeof(carpel_reading),
                                              .open = open_reading,
                                              .open_piece = open_piece,
                                              .place = tell_place,
                                              .close = close_reading,
                                              .goes_on = true,
                                              .unpack = input_unpack};
