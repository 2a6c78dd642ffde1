/* SPDX-License-Identifier: MIT
 *
 * The partitions of a source that goes on: all of them give what it gives as a whole, from each cursor of each
 * of them comes what is left, and none is in the way of another.
 */
#include <string.h>

#include "base/memory.h"
#include "kit/checks.h"
#include "kit/reader.h"

enum { MOST_PARTITIONS = 20, MOST_CURSORS = 10, MOST_TURNS = 1000 };

/* The source with its partitions, and what each gives. */
typedef struct opened {
    kit_trial *trial;
    kit_reader owner; /* has the host and the request */
    carpel_partitions partitions;
    text *rows;        /* by partition */
    char **cursors;    /* at its end */
    bool has_too_many; /* rows to compare all of them */
} opened;

static bool fail(kit_trial *t, const carpel_error *err)
{
    return kit_has_failed(t) ? false : kit_fail(t, "%s", err->message);
}

static bool open_all(opened *o, kit_trial *t, const char *cursor)
{
    carpel_error err;
    *o = (opened){.trial = t};
    kit_reader_begin(&o->owner, t, &(kit_how){.cursor = cursor});
    kit_step(t, "partitions.open");
    if (!guarded_open_partitions(o->owner.host, t->subject->plugin, &o->owner.request,
                                 &o->partitions, &err))
        return fail(t, &err);
    o->rows = memory_alloc_zero_array(o->partitions.count + 1, sizeof *o->rows);
    o->cursors = memory_alloc_zero_array(o->partitions.count + 1, sizeof *o->cursors);
    for (size_t i = 0; i < o->partitions.count; i++)
        text_init(&o->rows[i]);
    return true;
}

static void close_all(opened *o)
{
    carpel_error err;
    for (size_t i = 0; o->rows && i < o->partitions.count; i++) {
        text_done(&o->rows[i]);
        memory_free(o->cursors[i]);
    }
    if (o->rows) {
        kit_step(o->trial, "close");
        guarded_close_partitions(o->owner.host, o->trial->subject->plugin,
                                 o->partitions.state);
    }
    memory_free(o->rows);
    memory_free(o->cursors);
    if (!kit_reader_close(&o->owner, &err))
        fail(o->trial, &err);
}

/* ---- one partition --------------------------------------------------------------------- */

static bool open_one(const opened *o, kit_reader *r, size_t partition, const char *cursor,
                     size_t batch_rows, carpel_error *err)
{
    kit_reader_begin(r, o->trial, &(kit_how){.batch_rows = batch_rows});
    kit_step(o->trial, "open_partition, partition %zu", partition);
    return guarded_open_partition(r->host, o->trial->subject->plugin, o->partitions.state,
                                  partition, cursor, &r->stream, err);
}

static bool tell_cursor(const opened *o, const kit_reader *r, char **out,
                        carpel_error *err)
{
    kit_step(o->trial, "cursor, behind batch %llu", (unsigned long long)r->batch_count);
    return guarded_cursor(r->host, o->trial->subject->plugin, &r->stream, out, err);
}

/* Read a partition from a cursor on; *end, which may be NULL, is its cursor then. */
static bool read_one(opened *o, size_t partition, const char *cursor, text *rows,
                     char **end)
{
    kit_reader r;
    carpel_error err, late;
    kit_got got = KIT_FAILED;
    bool ok = open_one(o, &r, partition, cursor, 0, &err);
    if (ok)
        got = kit_reader_read(&r, rows, &err);
    o->has_too_many |= got == KIT_BATCH;
    ok = got != KIT_FAILED && (!end || tell_cursor(o, &r, end, &err));
    bool is_well = kit_reader_close(&r, &late);
    return (ok && is_well) || fail(o->trial, ok ? &late : &err);
}

static bool read_each(opened *o)
{
    for (size_t i = 0; i < o->partitions.count; i++)
        if (!read_one(o, i, NULL, &o->rows[i], &o->cursors[i]))
            return false;
    return true;
}

/* ---- all of them ----------------------------------------------------------------------- */

static void append_all(const opened *o, text *out)
{
    for (size_t i = 0; i < o->partitions.count; i++)
        text_append_bytes(out, o->rows[i].data, o->rows[i].size);
}

/* Are these rows those that are wanted? Of rows that are too many the first ones. */
static bool check_rows(const opened *o, const text *wanted, const text *got,
                       const char *where)
{
    bool is_same =
        o->has_too_many ? got->size <= wanted->size : got->size == wanted->size;
    return (is_same &&
            (got->size == 0 || memcmp(got->data, wanted->data, got->size) == 0)) ||
           kit_fail(o->trial, "%s", where);
}

/* What open() gives from a cursor. */
static bool read_whole(const opened *o, const char *cursor, text *out)
{
    carpel_error err;
    return kit_read_all(o->trial, &(kit_how){.cursor = cursor}, out, &err) ||
           fail(o->trial, &err);
}

static bool compare_whole(opened *o)
{
    text all, whole;
    text_init(&all);
    text_init(&whole);
    append_all(o, &all);
    bool ok = read_whole(o, NULL, &whole) &&
              check_rows(o, &all, &whole,
                         "the rows of its partitions, in their order, are not those that "
                         "open gives");
    text_done(&all);
    text_done(&whole);
    return ok;
}

/* ---- cursors --------------------------------------------------------------------------- */

/* From the cursor of the source, read both ways, come these rows. */
static bool check_joined(const opened *o, const char *cursor, const text *wanted)
{
    opened again;
    text whole, parts;
    text_init(&whole);
    text_init(&parts);
    bool ok = read_whole(o, cursor, &whole) &&
              check_rows(o, wanted, &whole,
                         "from a cursor that was joined, open gives other rows");
    if (ok) {
        ok = open_all(&again, o->trial, cursor) && read_each(&again);
        if (ok)
            append_all(&again, &parts);
        close_all(&again);
        ok =
            ok && check_rows(o, wanted, &parts,
                             "from a cursor that was joined, partitions give other rows");
    }
    text_done(&whole);
    text_done(&parts);
    return ok;
}

/* Join these cursors: from there come these rows. */
static bool check_join(const opened *o, char *const *cursors, const text *wanted)
{
    char *joined;
    carpel_error err;
    kit_step(o->trial, "join");
    if (!guarded_join(o->owner.host, o->trial->subject->plugin, o->partitions.state,
                      (const char *const *)cursors, o->partitions.count, &joined, &err))
        return fail(o->trial, &err);
    bool ok = check_joined(o, joined[0] != '\0' ? joined : NULL, wanted);
    memory_free(joined);
    return ok;
}

/* The first `begin` bytes of a partition's rows were read: from there comes the rest, of it and of all. */
static bool check_cursor(opened *o, size_t partition, char *cursor, size_t begin)
{
    const text *mine = &o->rows[partition];
    text rest, wanted;
    char **cursors = memory_alloc_zero_array(o->partitions.count, sizeof *cursors);
    text_init(&rest);
    text_init(&wanted);
    text_append_bytes(&wanted, mine->data + begin, mine->size - begin);
    cursors[partition] = cursor;
    bool ok = read_one(o, partition, cursor, &rest, NULL) &&
              check_rows(o, &wanted, &rest,
                         "a partition that is opened from its cursor gives other rows");
    text_clear(&wanted);
    for (size_t i = 0; i < o->partitions.count; i++)
        text_append_bytes(&wanted, o->rows[i].data + (i == partition ? begin : 0),
                          o->rows[i].size - (i == partition ? begin : 0));
    ok = ok && (o->has_too_many || check_join(o, cursors, &wanted));
    text_done(&rest);
    text_done(&wanted);
    memory_free(cursors);
    return ok;
}

/* Read so many batches of one row; *cursor is behind them. KIT_END: there are not so many. */
static kit_got read_some(opened *o, size_t partition, uint64_t count, text *rows,
                         char **cursor)
{
    kit_reader r;
    carpel_error err, late;
    kit_got got = KIT_BATCH;
    bool ok = open_one(o, &r, partition, NULL, 1, &err);
    while (ok && got == KIT_BATCH && r.batch_count < count) {
        got = kit_reader_next(&r, rows, &err);
        ok = got != KIT_FAILED;
    }
    ok = (ok && tell_cursor(o, &r, cursor, &err)) || fail(o->trial, &err);
    if (!kit_reader_close(&r, &late))
        ok = fail(o->trial, &late);
    return ok ? got : KIT_FAILED;
}

/* Stop a partition behind each of its first batches. */
static bool check_cursors(opened *o, size_t partition)
{
    kit_got got = KIT_BATCH;
    for (uint64_t stop = 1; got == KIT_BATCH && stop <= MOST_CURSORS; stop++) {
        text rows;
        char *cursor = NULL;
        text_init(&rows);
        got = read_some(o, partition, stop, &rows, &cursor);
        if (got != KIT_FAILED && !check_cursor(o, partition, cursor, rows.size))
            got = KIT_FAILED;
        memory_free(cursor);
        text_done(&rows);
    }
    return got != KIT_FAILED;
}

static bool check_all_cursors(opened *o)
{
    const text nothing = {0};
    for (size_t i = 0; i < o->partitions.count && i < MOST_PARTITIONS; i++)
        if (!check_cursors(o, i))
            return false;
    return o->has_too_many || check_join(o, o->cursors, &nothing);
}

/* ---- side by side ---------------------------------------------------------------------- */

/* Read two partitions by turns; before the second batch the first one is stopped, or not. */
static bool read_by_turns(kit_reader readers[2], text rows[2], bool is_stopped,
                          carpel_error *err)
{
    kit_got got[2] = {KIT_BATCH, KIT_BATCH};
    for (int turn = 0; got[0] == KIT_BATCH || got[1] == KIT_BATCH; turn++) {
        if (is_stopped && turn == 1)
            cancel_ask(&readers[0].stop);
        for (int i = 0; i < 2; i++) {
            if (got[i] == KIT_BATCH)
                got[i] = kit_reader_next(&readers[i], &rows[i], err);
            if (readers[i].batch_count > MOST_TURNS)
                got[i] = KIT_END;
        }
        if (got[1] == KIT_FAILED || (got[0] == KIT_FAILED && !is_stopped))
            return false;
    }
    return true;
}

/* What a partition gave beside another one is what it gives alone. */
static bool check_given(const opened *o, size_t partition, const kit_reader *r,
                        const text *rows, bool is_stopped)
{
    const text *alone = &o->rows[partition];
    size_t least = rows->size < alone->size ? rows->size : alone->size;
    bool has_all =
        rows->size == alone->size || o->has_too_many || r->batch_count > MOST_TURNS;
    if (has_all && (least == 0 || memcmp(rows->data, alone->data, least) == 0))
        return true;
    return kit_fail(
        o->trial, is_stopped ? "a partition gives other rows when another one is stopped"
                             : "a partition gives other rows beside another one");
}

static bool check_beside(const opened *o, size_t first, size_t second, bool is_stopped)
{
    const size_t which[2] = {first, second};
    kit_reader readers[2] = {0};
    text rows[2];
    carpel_error err, late;
    bool ok = true;
    for (int i = 0; i < 2; i++) {
        text_init(&rows[i]);
        ok = open_one(o, &readers[i], which[i], NULL, 2, &err) && ok;
    }
    if (ok && !read_by_turns(readers, rows, is_stopped, &err))
        ok = kit_fail(o->trial, "a partition fails when another one is %s: %s",
                      is_stopped ? "stopped" : "read, too", err.message);
    else if (!ok)
        fail(o->trial, &err);
    for (int i = 0; i < 2; i++)
        if (!kit_reader_close(&readers[i], &late))
            ok = fail(o->trial, &late);
    for (int i = is_stopped ? 1 : 0; ok && i < 2; i++)
        ok = check_given(o, which[i], &readers[i], &rows[i], is_stopped);
    text_done(&rows[0]);
    text_done(&rows[1]);
    return ok;
}

static bool check_all_beside(const opened *o)
{
    for (size_t i = 1; i < o->partitions.count && i < MOST_PARTITIONS; i++)
        if (!check_beside(o, i - 1, i, false) || !check_beside(o, i - 1, i, true) ||
            !check_beside(o, i, i - 1, true))
            return false;
    return true;
}

void check_source_partitions(kit_trial *t)
{
    opened o;
    if (!guarded_partitioning(t->subject->plugin, t->subject->options)) {
        kit_skip(t, "it has no partitions");
        return;
    }
    if (open_all(&o, t, NULL) && read_each(&o) && compare_whole(&o))
        (void)(check_all_cursors(&o) && check_all_beside(&o));
    close_all(&o);
}

static bool read_once(kit_trial *t)
{
    opened o;
    bool ok = open_all(&o, t, NULL) && read_each(&o);
    close_all(&o);
    return ok;
}

void check_source_partitions_leave_nothing(kit_trial *t)
{
    if (guarded_partitioning(t->subject->plugin, t->subject->options))
        kit_check_growth(t, read_once);
    else
        kit_skip(t, "it has no partitions");
}
