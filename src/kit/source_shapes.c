/* SPDX-License-Identifier: MIT
 *
 * What a source is asked for: fields that it has and has not, types that fit and do not, pieces.
 */
#include "kit/checks.h"

#include <string.h>

#include "kit/reader.h"

static const kit_how as_told;

/* ---- a field that is not there ---------------------------------------------------------- */

static const char absent[] = "no_such_field_anywhere";

/* Asked for by name it is an error that tells the name, or, where it cannot be known which fields
 * there are, a warning. */
static void ask_for_absent(kit_trial *t)
{
    const carpel_column column = {.name = "x", .from = absent, .type = CARPEL_STRING};
    text rows, log;
    carpel_error err = {0};
    text_init(&rows);
    text_init(&log);
    const kit_how how = {.columns = &column, .column_count = 1, .log = &log};
    bool ok = kit_read_all(t, &how, &rows, &err);
    if (!ok && err.code == CARPEL_E_PLUGIN)
        kit_fail(t, "%s", err.message);
    else if (ok && (log.size == 0 || !strstr(log.data, absent)))
        kit_fail(t, "a field that it does not have is neither an error nor a warning");
    else if (!ok && !strstr(err.message, absent))
        kit_fail(t, "the message does not name the field that is not there: %s",
                 err.message);
    else if (!ok)
        kit_check_message(t, "a field that is not there", &err);
    text_done(&rows);
    text_done(&log);
}

/* Asked for as an optional one it is missing in all rows. */
static void offer_absent(kit_trial *t)
{
    const carpel_column column = {
        .name = "x", .from = absent, .type = CARPEL_STRING, .is_optional = true};
    const kit_how how = {.columns = &column, .column_count = 1};
    text rows;
    carpel_error err;
    text_init(&rows);
    if (!kit_read_all(t, &how, &rows, &err))
        kit_fail(t, "an optional field that it does not have is an error: %s",
                 err.message);
    for (size_t i = 0; i + 1 < rows.size; i += 2)
        if (memcmp(rows.data + i, "-\n", 2) != 0) {
            kit_fail(t, "an optional field that it does not have has values");
            break;
        }
    text_done(&rows);
}

void check_source_lacks_field(kit_trial *t)
{
    if (t->subject->plugin->source->brings_own_names) {
        kit_skip(t, "it is asked for the project's names only");
        return;
    }
    ask_for_absent(t);
    offer_absent(t);
}

/* ---- types -------------------------------------------------------------------------------- */

/* Each column as this type; what does not fit is set aside or an error. */
static void read_as(kit_trial *t, carpel_type type, bool is_strict)
{
    carpel_column columns[16];
    size_t count = t->subject->column_count < 16 ? t->subject->column_count : 16;
    for (size_t i = 0; i < count; i++) {
        columns[i] = t->subject->columns[i];
        columns[i].type = type;
        columns[i].scale = type == CARPEL_DECIMAL ? 2 : 0;
        columns[i].format = NULL;
    }
    const kit_how how = {
        .columns = columns, .column_count = count, .is_strict = is_strict};
    text rows;
    carpel_error err;
    text_init(&rows);
    if (!kit_read_all(t, &how, &rows, &err)) {
        if (err.code == CARPEL_E_PLUGIN)
            kit_fail(t, "as %s: %s", carpel_type_format(type), err.message);
        else if (!is_strict)
            kit_check_message(t, carpel_type_format(type), &err);
    }
    text_done(&rows);
}

void check_source_types(kit_trial *t)
{
    for (int type = CARPEL_BOOL; type < CARPEL_LIST; type++)
        read_as(t, (carpel_type)type, false);
}

void check_source_refused(kit_trial *t)
{
    for (int type = CARPEL_BOOL; type < CARPEL_LIST; type++)
        read_as(t, (carpel_type)type, true);
}

/* ---- pieces --------------------------------------------------------------------------------- */

enum { PIECE_BYTES = 64, MOST_PIECES = 2000 };

/* Read a piece from `begin`, with a host of its own, and tell where it was. */
static bool read_piece(kit_trial *t, void *state, size_t piece, uint64_t begin,
                       text *rows, carpel_piece_place *place, carpel_error *err)
{
    const carpel_plugin *p = t->subject->plugin;
    kit_reader r;
    carpel_error late;
    kit_reader_begin(&r, t, &as_told);
    kit_step(t, "open_piece, piece %zu", piece);
    bool ok = guarded_open_piece(r.host, p, state, piece, begin, &r.stream, err) &&
              kit_reader_read(&r, rows, err) != KIT_FAILED;
    kit_step(t, "place, piece %zu", piece);
    if (ok)
        guarded_place(r.host, p, state, piece, place);
    bool is_well = kit_reader_close(&r, &late);
    if (ok && !is_well)
        *err = late;
    return ok && is_well;
}

/* Each piece is read where it thinks that it begins, and again when that was wrong. */
static bool read_pieces(kit_trial *t, const carpel_pieces *pieces, text *rows,
                        carpel_error *err)
{
    uint64_t end = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        carpel_piece_place place;
        size_t before = rows->size;
        if (!read_piece(t, pieces->state, i, CARPEL_PIECE_GUESS, rows, &place, err))
            return false;
        if (!place.is_first && place.begin != end) {
            rows->size = before;
            if (!read_piece(t, pieces->state, i, end, rows, &place, err))
                return false;
        }
        if (place.end < place.begin)
            return kit_fail(t, "piece %zu ends before it begins", i);
        end = place.end;
    }
    return true;
}

static bool open_and_read(kit_trial *t, text *rows, carpel_error *err)
{
    kit_reader r;
    carpel_error ignored;
    carpel_pieces opened;
    kit_reader_begin(&r, t, &as_told);
    kit_step(t, "reading.open");
    bool ok = guarded_open_reading(r.host, t->subject->plugin, &r.request, PIECE_BYTES,
                                   &opened, err);
    if (ok && opened.count > MOST_PIECES)
        kit_skip(t, "its data are too long for pieces of %d bytes", PIECE_BYTES);
    else if (ok)
        ok = read_pieces(t, &opened, rows, err);
    if (opened.state) {
        kit_step(t, "close");
        guarded_close_reading(r.host, t->subject->plugin, opened.state);
    }
    (void)kit_reader_close(&r, &ignored);
    return ok;
}

static void compare_pieces(kit_trial *t, text *pieces, text *whole)
{
    carpel_error err;
    bool ok = open_and_read(t, pieces, &err);
    if (ok && !kit_has_failed(t) && !t->is_skipped)
        ok = kit_read_all(t, &as_told, whole, &err);
    if (!ok && !kit_has_failed(t))
        kit_fail(t, "in pieces: %s", err.message);
    else if (ok && whole->size > 0 &&
             (pieces->size != whole->size ||
              memcmp(pieces->data, whole->data, whole->size) != 0))
        kit_fail(t, "in pieces of %d bytes it gives other rows", PIECE_BYTES);
}

void check_source_pieces(kit_trial *t)
{
    text pieces, whole;
    if (!guarded_reading(t->subject->plugin)) {
        kit_skip(t, "it is not read in pieces");
        return;
    }
    text_init(&pieces);
    text_init(&whole);
    compare_pieces(t, &pieces, &whole);
    text_done(&pieces);
    text_done(&whole);
}
