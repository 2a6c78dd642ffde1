/* SPDX-License-Identifier: MIT
 *
 * As many pieces of one row as its option says, with places that PLACE makes wrong. Each odd one is wrong when it guesses where it begins,
 * and is opened again. It fails when a piece is open twice at a time, and when threads that ended
 * leave their stacks behind.
 */
#include <carpel/plugin.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { PIECE_BYTES = 10, MOST_MORE_MAPPINGS = 300 };

typedef struct pieces_options {
    int64_t count;
    carpel_texts files;
} pieces_options;

static const carpel_option options_table[] = {
    {.name = "pieces",
     .type = CARPEL_OPTION_INTEGER,
     .offset = offsetof(pieces_options, count),
     .required = true,
     .help = "How many."},
    {.name = "files",
     .type = CARPEL_OPTION_PATHS,
     .offset = offsetof(pieces_options, files),
     .help = "What its places are said to be of."},
    {0}}; /* an option without a name ends the table */

typedef struct reading {
    const carpel_request *request;
    size_t mappings; /* of memory, when it began */
    struct piece {
        atomic_bool is_open;
        bool is_wrong;
    } of[];
} reading;

typedef struct row {
    const carpel_host *host;
    carpel_rows *rows;
    reading *reading;
    size_t piece;
    bool is_told;
} row;

static size_t count_mappings(void)
{
    size_t count = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    for (int c; f && (c = getc(f)) != EOF;)
        count += c == '\n';
    if (f)
        fclose(f);
    return count;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    row *r = stream->private_data;
    r->host->rows_schema(r->rows, out);
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    row *r = stream->private_data;
    const carpel_request *request = r->reading->request;
    *out = (struct ArrowArray){0};
    if (r->is_told)
        return 0;
    r->is_told = true;
    r->host->row_begin(r->rows, 1);
    for (size_t i = 0; i < request->column_count; i++)
        if (request->columns[i].type == CARPEL_PERSON)
            r->host->row_set_text(r->rows, i, "ann", 3, false);
        else
            r->host->row_set_text(r->rows, i, "2026-01-01", 10, false);
    r->host->row_end(r->rows);
    r->host->rows_take(r->rows, out);
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release(struct ArrowArrayStream *stream)
{
    row *r = stream->private_data;
    r->host->rows_free(r->rows);
    atomic_store(&r->reading->of[r->piece].is_open, false);
    free(r);
    stream->release = NULL;
}

static bool open_reading(const carpel_host *host, const carpel_request *request,
                         size_t piece_bytes, carpel_pieces *out, carpel_error *err)
{
    size_t count = (size_t)((const pieces_options *)request->options)->count;
    (void)host;
    (void)piece_bytes;
    reading *r = calloc(1, sizeof *r + count * sizeof *r->of);
    if (!r)
        return carpel_fail(err, CARPEL_E_SYSTEM, "no memory");
    r->request = request;
    r->mappings = count_mappings();
    *out = (carpel_pieces){r, count, 0};
    return true;
}

static bool open_piece(const carpel_host *host, void *state, size_t piece, uint64_t begin,
                       struct ArrowArrayStream *out, carpel_error *err)
{
    reading *r = state;
    if (atomic_exchange(&r->of[piece].is_open, true))
        return carpel_fail(err, CARPEL_E_SYSTEM, "piece %zu is open twice", piece);
    if (count_mappings() > r->mappings + MOST_MORE_MAPPINGS)
        return carpel_fail(err, CARPEL_E_SYSTEM, "stacks are left behind (piece %zu)",
                           piece);
    row *kept = malloc(sizeof *kept);
    r->of[piece].is_wrong = begin == CARPEL_PIECE_GUESS && piece % 2 == 1;
    *kept = (row){.host = host, .reading = r, .piece = piece};
    kept->rows = host->rows_new(host, r->request->columns, r->request->column_count);
    host->rows_begin_file(kept->rows, "pieces");
    *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release, kept};
    return true;
}

static void tell_place(void *state, size_t piece, carpel_piece_place *out)
{
    const reading *r = state;
    uint64_t begin = piece * PIECE_BYTES;
    *out = (carpel_piece_place){.is_first = piece == 0,
                                .begin = begin + r->of[piece].is_wrong,
                                .end = begin + PIECE_BYTES,
                                .line_count = 1,
                                .byte_count = PIECE_BYTES,
                                .is_settled = true};
#ifdef PLACE /* what it says then */
    PLACE;
#endif
}

static void close_reading(void *state)
{
    free(state);
}

static bool open_all(const carpel_host *host, const carpel_request *request,
                     struct ArrowArrayStream *out, carpel_error *err)
{
    (void)host;
    (void)request;
    (void)out;
    return carpel_fail(err, CARPEL_E_SYSTEM, "it is read in pieces");
}

static const carpel_reading in_pieces = {.struct_size = sizeof(carpel_reading),
                                         .open = open_reading,
                                         .open_piece = open_piece,
                                         .place = tell_place,
                                         .close = close_reading};
static const carpel_source source = {
    .struct_size = sizeof(carpel_source), .open = open_all, .reading = &in_pieces};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "pieces",
    .version = "1.0",
    .summary = "Pieces of one row.",
    .options_size = sizeof(pieces_options),
    .options = options_table,
    .source = &source,
};
