/* SPDX-License-Identifier: MIT
 *
 * JSON lines in pieces. A line feed ends a line wherever it stands, so a piece that finds one knows
 * where its lines begin.
 */
#include "common/files.h"
#include "common/memory.h"
#include "jsonl/source.h"

/* A source that is read in pieces. */
typedef struct jsonl_pieces {
    const carpel_host *host;
    const carpel_request *request;
    jsonl_piece *pieces;
    size_t count, capacity;
} jsonl_pieces;

static void add_piece(jsonl_pieces *r, jsonl_piece piece)
{
    if (r->count == r->capacity) {
        r->capacity = r->capacity * 2 + 16;
        r->pieces = common_resize(r->pieces, r->capacity * sizeof *r->pieces);
    }
    r->pieces[r->count++] = piece;
}

/* Which file is it? False: it is packed, or cannot be read, of which reading it as a whole will
 * tell. */
static bool look_at_file(const jsonl_pieces *r, size_t file, jsonl_piece *out,
                         carpel_error *err)
{
    input in;
    const jsonl_options *options = r->request->options;
    const char *path = options->files.items[file];
    if (!input_open(&in, path, NULL, err))
        return false;
    bool is_plain = input_is_plain(&in);
    out->is_cut = true;
    out->device = in.device;
    out->inode = in.inode;
    input_close(&in);
    return is_plain || carpel_fail(err, CARPEL_E_INPUT, "\"%s\" cannot be read on",
                                   files_short_name(r->request, path));
}

/* Cut what comes behind `from` of a file. */
static void cut_lines(jsonl_pieces *r, jsonl_piece piece, uint64_t from, uint64_t size,
                      size_t piece_bytes)
{
    piece.goes_on = from > 0;
    for (uint64_t begin = from; piece.place.is_first || begin < size; begin = piece.end) {
        piece.begin = begin;
        piece.end = begin + piece_bytes < size ? begin + piece_bytes : size;
        add_piece(r, piece);
        piece.place.is_first = piece.goes_on = false;
    }
    r->pieces[r->count - 1].end = 0; /* also what is appended by now */
}

/* Cut a file that is long enough, or that goes on. */
static bool cut_file(jsonl_pieces *r, size_t file, uint64_t size, size_t piece_bytes,
                     carpel_error *err)
{
    uint64_t from = r->request->begins ? r->request->begins[file] : 0;
    jsonl_piece piece = {.file = file, .place.is_first = true};
    if ((from > 0 || size > piece_bytes) && look_at_file(r, file, &piece, err))
        cut_lines(r, piece, from, size, piece_bytes);
    else if (from > 0)
        return false;
    else
        add_piece(r, (jsonl_piece){.file = file, .place.is_first = true});
    return true;
}

/* Is all of each file read? */
static bool are_files_whole(const jsonl_pieces *r)
{
    const jsonl_options *options = r->request->options;
    for (size_t i = 0; r->request->begins && i < options->files.count; i++)
        if (r->request->begins[i] > 0)
            return false;
    return true;
}

/* Of a few lines at the end of a file nothing is said: a column may be in those before. */
static void warn_of_missing(const jsonl_pieces *r)
{
    const carpel_request *request = r->request;
    const jsonl_notes **notes = common_alloc(r->count, sizeof *notes);
    path_node *paths = paths_new(request->columns, request->column_count);
    for (size_t i = 0; i < r->count; i++)
        notes[i] = &r->pieces[i].notes;
    if (are_files_whole(r))
        jsonl_warn_of_missing(r->host, request, paths, notes, r->count);
    paths_free(paths);
    free(notes);
}

static void free_reading(jsonl_pieces *r)
{
    for (size_t i = 0; i < r->count; i++)
        jsonl_notes_done(&r->pieces[i].notes);
    free(r->pieces);
    free(r);
}

static void close_reading(void *state)
{
    warn_of_missing(state);
    free_reading(state);
}

static bool open_reading(const carpel_host *host, const carpel_request *request,
                         size_t piece_bytes, carpel_pieces *out, carpel_error *err)
{
    const jsonl_options *options = request->options;
    jsonl_pieces *r = common_alloc(1, sizeof *r);
    r->host = host;
    r->request = request;
    *out = (carpel_pieces){.state = r};
    for (size_t i = 0; i < options->files.count; i++) {
        uint64_t size = input_file_size(options->files.items[i]);
        out->total_bytes += size - (request->begins ? request->begins[i] : 0);
        if (!cut_file(r, i, size, piece_bytes, err)) {
            free_reading(r);
            *out = (carpel_pieces){0};
            return false;
        }
    }
    out->count = r->count;
    return true;
}

static bool open_piece(const carpel_host *host, void *state, size_t number,
                       uint64_t begin, struct ArrowArrayStream *out, carpel_error *err)
{
    jsonl_pieces *r = state;
    (void)err;
    r->pieces[number].asked_begin = begin;
    jsonl_source_open(host, r->request, &r->pieces[number], out);
    return true;
}

static void tell_place(void *state, size_t piece, carpel_piece_place *out)
{
    *out = ((jsonl_pieces *)state)->pieces[piece].place;
}

const carpel_reading jsonl_reading = {.struct_size = sizeof(carpel_reading),
                                      .open = open_reading,
                                      .open_piece = open_piece,
                                      .place = tell_place,
                                      .close = close_reading,
                                      .goes_on = true,
                                      .unpack = input_unpack};
