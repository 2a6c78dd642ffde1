/* SPDX-License-Identifier: MIT
 *
 * The life of an output: its steps, where they end, and what may fail around them.
 */
#include "kit/checks.h"

#include <string.h>

#include "kit/writer.h"

enum { SOME_ROWS = 250, SOME_IN_A_BATCH = 100, LARGE_ROWS = 200000, MOST_FAULTS = 40 };

static bool fail_with(kit_trial *t, const carpel_error *err)
{
    return kit_has_failed(t) ? false : kit_fail(t, "%s", err->message);
}

static kit_feed some_rows(void)
{
    return (kit_feed){.row_count = SOME_ROWS, .batch_rows = SOME_IN_A_BATCH};
}

/* Write these rows as memberships; what its files got is appended. */
static bool write_rows(kit_trial *t, kit_feed feed, text *written)
{
    carpel_error err;
    return kit_write_all(t, &kit_memberships, &feed, NULL, written, &err) ||
           fail_with(t, &err);
}

void check_output_writes(kit_trial *t)
{
    text written;
    text_init(&written);
    (void)write_rows(t, some_rows(), &written);
    text_done(&written);
}

void check_output_empty(kit_trial *t)
{
    text written;
    text_init(&written);
    (void)write_rows(t, (kit_feed){0}, &written);
    text_done(&written);
}

void check_output_large_batches(kit_trial *t)
{
    text written;
    text_init(&written);
    (void)write_rows(t, (kit_feed){.row_count = LARGE_ROWS, .batch_rows = LARGE_ROWS},
                     &written);
    text_done(&written);
}

/* ---- the same again ---------------------------------------------------------------------- */

static void compare(kit_trial *t, const char *what, const text *one, const text *other)
{
    if (one->size != other->size ||
        (one->size > 0 && memcmp(one->data, other->data, one->size) != 0))
        kit_fail(t, "%s its files have something else", what);
}

static void compare_with(kit_trial *t, kit_feed feed, const char *what)
{
    text first, second;
    text_init(&first);
    text_init(&second);
    if (write_rows(t, some_rows(), &first) && write_rows(t, feed, &second))
        compare(t, what, &first, &second);
    text_done(&first);
    text_done(&second);
}

void check_output_repeats(kit_trial *t)
{
    compare_with(t, some_rows(), "the second time");
}

void check_output_small_batches(kit_trial *t)
{
    compare_with(
        t, (kit_feed){.row_count = SOME_ROWS, .batch_rows = 1, .has_empty_batches = true},
        "in batches of one row, and of none,");
}

/* Both begin before the first one writes. */
static bool write_by_turns(kit_trial *t, kit_writer w[2], carpel_error *err)
{
    bool ok = true;
    for (int i = 0; i < 2; i++)
        ok = kit_writer_begin(&w[i], t, &kit_memberships, NULL, 0, err) && ok;
    for (int i = 0; ok && i < 2; i++) {
        kit_feed feed = some_rows();
        ok = kit_writer_write(&w[i], &feed, err);
    }
    for (int i = 0; ok && i < 2; i++)
        ok = kit_writer_prepare(&w[i], err);
    for (int i = 0; ok && i < 2; i++)
        ok = kit_writer_commit(&w[i], err);
    return ok;
}

void check_output_side_by_side(kit_trial *t)
{
    kit_writer w[2];
    carpel_error err;
    bool ok = write_by_turns(t, w, &err);
    if (!ok)
        fail_with(t, &err);
    else
        compare(t, "of the second instance", &w[0].written, &w[1].written);
    for (int i = 0; i < 2; i++) {
        if (!ok)
            kit_writer_abort(&w[i]);
        if (!kit_writer_close(&w[i], &err))
            fail_with(t, &err);
    }
}

/* ---- aborting ----------------------------------------------------------------------------- */

static const char *const step_names[] = {"begin", "write", "prepare", "commit"};
enum { STEPS = 4 };

/* Take so many steps. */
static bool take_steps(kit_writer *w, size_t count, carpel_error *err)
{
    kit_feed feed = some_rows();
    return (count < 2 || kit_writer_write(w, &feed, err)) &&
           (count < 3 || kit_writer_prepare(w, err)) &&
           (count < 4 || kit_writer_commit(w, err));
}

void check_output_aborts(kit_trial *t)
{
    for (size_t count = 1; count <= STEPS && !kit_has_failed(t); count++) {
        kit_writer w;
        carpel_error err;
        bool ok = kit_writer_begin(&w, t, &kit_memberships, NULL, 0, &err) &&
                  take_steps(&w, count, &err);
        kit_writer_abort(&w);
        if (!kit_writer_close(&w, &err) || !ok)
            fail_with(t, &err);
        if (kit_has_failed(t))
            kit_fail(t, "(aborted after %s)", step_names[count - 1]);
    }
}

/* ---- types ---------------------------------------------------------------------------------- */

/* Columns that it has no use for it may refuse in begin. */
void check_output_types(kit_trial *t)
{
    kit_writer w;
    carpel_error err;
    kit_feed feed = some_rows();
    bool is_begun = kit_writer_begin(&w, t, &kit_every_type, NULL, 0, &err);
    if (!is_begun && err.code == CARPEL_E_PLUGIN)
        fail_with(t, &err);
    else if (!is_begun)
        kit_check_message(t, "begin", &err);
    else if (!kit_writer_write(&w, &feed, &err) || !kit_writer_prepare(&w, &err))
        kit_fail(t, "columns that begin took are refused later: %s", err.message);
    kit_writer_abort(&w);
    if (!kit_writer_close(&w, &err))
        fail_with(t, &err);
}

/* ---- faults ----------------------------------------------------------------------------------- */

/* Write such rows, and give up. Has write answered true? */
static bool write_faulty(kit_trial *t, kit_feed feed, carpel_error *err)
{
    kit_writer w;
    carpel_error late;
    bool is_begun = kit_writer_begin(&w, t, &kit_memberships, NULL, 0, err);
    bool ok = is_begun && kit_writer_write(&w, &feed, err);
    if (!is_begun)
        fail_with(t, err);
    kit_writer_abort(&w);
    if (!kit_writer_close(&w, &late))
        fail_with(t, &late);
    return ok;
}

void check_output_cancelled(kit_trial *t)
{
    for (size_t at = 1; at <= 3 && !kit_has_failed(t); at++) {
        carpel_error err;
        kit_feed feed = some_rows();
        feed.batch_rows = 10;
        feed.cancel_before = at;
        if (write_faulty(t, feed, &err))
            kit_fail(t, "write takes all rows although it is cancelled at batch %zu", at);
        else if (!kit_has_failed(t) && err.code != CARPEL_E_CANCELLED)
            kit_fail(t, "cancelled at batch %zu it fails with something else: %s", at,
                     err.message);
    }
}

void check_output_stream_fails(kit_trial *t)
{
    for (size_t at = 1; at <= 3 && !kit_has_failed(t); at++) {
        carpel_error err;
        kit_feed feed = some_rows();
        feed.fail_before = at;
        if (write_faulty(t, feed, &err))
            kit_fail(t, "write answers true although batch %zu could not be had", at);
        else if (!kit_has_failed(t) && !strstr(err.message, "cannot be read"))
            kit_fail(t, "the message is not that of the stream: %s", err.message);
    }
}

/* Let the files fail at one call. False: there are not so many. */
static bool fail_file(kit_trial *t, size_t at)
{
    kit_writer w;
    carpel_error err;
    kit_feed feed = some_rows();
    bool ok = kit_writer_begin(&w, t, &kit_memberships, NULL, at, &err);
    if (ok && at == 1 && w.file_calls > 0)
        kit_fail(t, "begin answers true although its file could not be opened");
    (void)(ok && kit_writer_write(&w, &feed, &err) && kit_writer_prepare(&w, &err));
    bool has_failed = w.file_calls >= at;
    kit_writer_abort(&w);
    if (!kit_writer_close(&w, &err))
        fail_with(t, &err);
    return has_failed;
}

void check_output_files_fail(kit_trial *t)
{
    size_t at = 1;
    while (at <= MOST_FAULTS && !kit_has_failed(t) && fail_file(t, at))
        at++;
    if (at == 1 && !kit_has_failed(t))
        kit_skip(t, "it writes no files of the host");
}

/* ---- what stays behind ---------------------------------------------------------------------- */

static bool write_once(kit_trial *t)
{
    text written;
    text_init(&written);
    bool ok = write_rows(t, some_rows(), &written);
    text_done(&written);
    return ok;
}

void check_output_leaves_nothing(kit_trial *t)
{
    kit_check_growth(t, write_once);
}
