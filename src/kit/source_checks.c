/* SPDX-License-Identifier: MIT
 *
 * The life of a source: its order of calls, and the same rows whatever the host does.
 */
#include "kit/checks.h"

#include <string.h>

#include "kit/reader.h"

enum { MOST_CANCELS = 20, LARGE_ROWS = 1000000 };

static const kit_how as_told;

/* Say what went wrong where nothing should. */
static bool fail_with(kit_trial *t, const carpel_error *err)
{
    return kit_fail(t, "%s", err->message);
}

/* ---- the same rows -------------------------------------------------------------------- */

/* Of rows that were not read to the end one may have more. */
static bool check_same(kit_trial *t, const char *what, const text *one, const text *other)
{
    size_t least = one->size < other->size ? one->size : other->size;
    size_t line = 1;
    for (size_t i = 0; i < least; i++) {
        if (one->data[i] != other->data[i])
            return kit_fail(t, "%s, row %zu is another one", what, line);
        line += one->data[i] == '\n';
    }
    return true;
}

static bool read_same(kit_trial *t, const kit_how *how, const char *what,
                      const text *wanted)
{
    text rows;
    carpel_error err;
    text_init(&rows);
    bool ok = kit_read_all(t, how, &rows, &err) || fail_with(t, &err);
    ok = ok && check_same(t, what, wanted, &rows);
    if (ok && wanted->size != rows.size)
        ok = kit_fail(t, "%s there are %s rows", what,
                      rows.size < wanted->size ? "fewer" : "more");
    text_done(&rows);
    return ok;
}

/* Read twice, the second time so. */
static void compare_with(kit_trial *t, const kit_how *how, const char *what)
{
    text rows;
    carpel_error err;
    text_init(&rows);
    if (kit_read_all(t, &as_told, &rows, &err))
        (void)read_same(t, how, what, &rows);
    else
        fail_with(t, &err);
    text_done(&rows);
}

void check_source_repeats(kit_trial *t)
{
    compare_with(t, &as_told, "when it is opened again");
}

void check_source_small_batches(kit_trial *t)
{
    compare_with(t, &(kit_how){.batch_rows = 1}, "in batches of one row");
}

void check_source_large_batches(kit_trial *t)
{
    compare_with(t, &(kit_how){.batch_rows = LARGE_ROWS}, "in huge batches");
}

/* Read both by turns. */
static bool read_by_turns(kit_reader readers[2], text rows[2], carpel_error *err)
{
    kit_got got[2] = {KIT_BATCH, KIT_BATCH};
    while (got[0] == KIT_BATCH || got[1] == KIT_BATCH)
        for (int i = 0; i < 2; i++) {
            if (got[i] == KIT_BATCH)
                got[i] = kit_reader_next(&readers[i], &rows[i], err);
            if (got[i] == KIT_FAILED)
                return false;
            if (readers[i].batch_count > 1000)
                got[i] = KIT_END;
        }
    return true;
}

void check_source_side_by_side(kit_trial *t)
{
    const kit_how how = {.batch_rows = 2};
    kit_reader readers[2] = {0};
    text rows[2];
    carpel_error err, late;
    bool ok = true;
    for (int i = 0; i < 2; i++) {
        text_init(&rows[i]);
        ok = kit_reader_open(&readers[i], t, &how, &err) && ok;
    }
    ok = ok && read_by_turns(readers, rows, &err);
    for (int i = 0; i < 2; i++)
        if (!kit_reader_close(&readers[i], &late) && ok) {
            err = late;
            ok = false;
        }
    if (!ok)
        fail_with(t, &err);
    else if (rows[0].size != rows[1].size)
        kit_fail(t, "the two do not give the same number of rows");
    else
        check_same(t, "of the second instance", &rows[0], &rows[1]);
    text_done(&rows[0]);
    text_done(&rows[1]);
}

/* ---- order of calls ------------------------------------------------------------------- */

void check_source_reads(kit_trial *t)
{
    text rows;
    carpel_error err;
    text_init(&rows);
    if (!kit_read_all(t, &as_told, &rows, &err))
        fail_with(t, &err);
    else if (rows.size == 0)
        kit_fail(t, "it gives no row; choose options with which it has some");
    text_done(&rows);
}

/* Has the reader an end, and does it stay? */
static void ask_again(kit_trial *t, kit_reader *r, text *rows)
{
    carpel_error err;
    kit_got got = kit_reader_read(r, rows, &err);
    if (got == KIT_BATCH)
        kit_skip(t, "it has too many rows to wait for the end");
    for (int again = 0; got == KIT_END && again < 2; again++)
        if (kit_reader_next(r, rows, &err) != KIT_END)
            kit_fail(t, "get_next after the end gives no end again");
    if (got == KIT_FAILED)
        fail_with(t, &err);
}

void check_source_ends(kit_trial *t)
{
    kit_reader r;
    text rows;
    carpel_error err;
    text_init(&rows);
    if (kit_reader_open(&r, t, &as_told, &err))
        ask_again(t, &r, &rows);
    else
        fail_with(t, &err);
    if (!kit_reader_close(&r, &err) && !kit_has_failed(t))
        fail_with(t, &err);
    text_done(&rows);
}

/* The release of a batch whose stream is gone. */
static void release_late(kit_trial *t)
{
    kit_reader r;
    carpel_error err;
    struct ArrowArray batch = {0};
    kit_reader_begin(&r, t, &as_told);
    kit_step(t, "open");
    struct ArrowArrayStream stream = {0};
    bool is_open = t->subject->plugin->source->open(host_interface(r.host), &r.request,
                                                    &stream, &err);
    if (!is_open || !stream.release || stream.get_next(&stream, &batch) != 0)
        kit_fail(t, "opened again it gives no batch");
    if (is_open && stream.release) {
        kit_step(t, "the release of its stream");
        stream.release(&stream);
    }
    kit_step(t, "the release of a batch behind that of its stream");
    if (batch.release)
        batch.release(&batch);
    if (batch.release)
        kit_fail(t, "the release of a batch did not reset it");
    (void)kit_reader_close(&r, &err);
}

void check_source_released_early(kit_trial *t)
{
    for (int read = 0; read < 2; read++) {
        kit_reader r;
        text rows;
        carpel_error err;
        text_init(&rows);
        bool ok = kit_reader_open(&r, t, &(kit_how){.batch_rows = 1}, &err);
        if (ok && read > 0)
            ok = kit_reader_next(&r, &rows, &err) != KIT_FAILED;
        bool is_well = kit_reader_close(&r, &err);
        if (!ok || !is_well)
            fail_with(t, &err);
        text_done(&rows);
    }
    if (!kit_has_failed(t))
        release_late(t);
}

/* ---- stopping --------------------------------------------------------------------------- */

/* Cancel before batch `at`. False: there are not so many. */
static bool cancel_before(kit_trial *t, uint64_t at)
{
    kit_reader r;
    text rows;
    carpel_error err;
    kit_got got = KIT_BATCH;
    text_init(&rows);
    bool ok = kit_reader_open(&r, t, &(kit_how){.batch_rows = 1}, &err);
    for (uint64_t i = 1; ok && i < at && got == KIT_BATCH; i++)
        got = kit_reader_next(&r, &rows, &err);
    bool is_there = ok && got == KIT_BATCH;
    if (is_there) {
        cancel_ask(&r.stop);
        got = kit_reader_next(&r, &rows, &err);
        if (got == KIT_BATCH)
            kit_fail(t, "get_next gives batch %llu although it is cancelled before",
                     (unsigned long long)at);
        else if (got == KIT_FAILED && err.code != CARPEL_E_CANCELLED)
            kit_fail(t, "cancelled before batch %llu it fails with something else: %s",
                     (unsigned long long)at, err.message);
        is_there = got == KIT_FAILED;
    } else if (!ok || got == KIT_FAILED) {
        fail_with(t, &err);
    }
    (void)kit_reader_close(&r, &err);
    text_done(&rows);
    return is_there && !kit_has_failed(t);
}

void check_source_cancelled(kit_trial *t)
{
    uint64_t at = 1;
    while (at <= MOST_CANCELS && cancel_before(t, at))
        at++;
    if (at == 1 && !kit_has_failed(t))
        kit_fail(t, "cancelled before its first batch it ends as if all were read");
}

/* ---- what stays behind ------------------------------------------------------------------ */

static bool read_once(kit_trial *t)
{
    text rows;
    carpel_error err;
    text_init(&rows);
    bool ok =
        kit_read_all(t, &(kit_how){.batch_rows = 5}, &rows, &err) || fail_with(t, &err);
    text_done(&rows);
    return ok;
}

void check_source_leaves_nothing(kit_trial *t)
{
    kit_check_growth(t, read_once);
}
