/* SPDX-License-Identifier: MIT
 *
 * A source that goes on where it was gives from each of its cursors the rows behind it, and no other.
 */
#include "kit/checks.h"

#include <string.h>

#include "base/memory.h"
#include "kit/reader.h"

enum { MOST_CURSORS = 30 };

/* Read what comes behind the cursor: is it what is left of `whole` from `begin`? */
static bool check_rest(kit_trial *t, const char *cursor, uint64_t batch,
                       const text *whole, size_t begin)
{
    text rest;
    carpel_error err;
    text_init(&rest);
    bool ok = kit_read_all(t, &(kit_how){.cursor = cursor}, &rest, &err) ||
              kit_fail(t, "from its cursor \"%.80s\": %s", cursor, err.message);
    size_t wanted = whole->size - begin;
    if (ok && (rest.size != wanted ||
               (wanted > 0 && memcmp(rest.data, whole->data + begin, wanted) != 0)))
        ok = kit_fail(t,
                      "from the cursor \"%.80s\", behind batch %llu, it gives other rows",
                      cursor, (unsigned long long)batch);
    text_done(&rest);
    return ok;
}

/* The cursor where the reader is now, and what comes behind it. */
static bool check_here(kit_trial *t, kit_reader *r, const text *whole, size_t begin)
{
    carpel_error err;
    char *cursor;
    kit_step(t, "cursor, behind batch %llu", (unsigned long long)r->batch_count);
    if (!guarded_cursor(r->host, t->subject->plugin, &r->stream, &cursor, &err))
        return kit_fail(t, "%s", err.message);
    bool ok = cursor[0] != '\0' || r->row_count == 0 ||
              kit_fail(t, "it has no cursor behind batch %llu",
                       (unsigned long long)r->batch_count);
    ok = ok && check_rest(t, cursor[0] ? cursor : NULL, r->batch_count, whole, begin);
    memory_free(cursor);
    return ok;
}

static void stop_everywhere(kit_trial *t, const text *whole)
{
    kit_reader r;
    text rows;
    carpel_error err;
    kit_got got = KIT_BATCH;
    text_init(&rows);
    bool ok = kit_reader_open(&r, t, &(kit_how){.batch_rows = 1}, &err);
    while (ok && got == KIT_BATCH && r.batch_count < MOST_CURSORS) {
        got = kit_reader_next(&r, &rows, &err);
        ok = got != KIT_FAILED && check_here(t, &r, whole, rows.size);
    }
    if (!ok && !kit_has_failed(t))
        kit_fail(t, "%s", err.message);
    (void)kit_reader_close(&r, &err);
    text_done(&rows);
}

void check_source_resumes(kit_trial *t)
{
    text whole;
    carpel_error err;
    if (!guarded_resumes(t->subject->plugin, t->subject->options)) {
        kit_skip(t, "it has no cursors");
        return;
    }
    text_init(&whole);
    if (kit_read_all(t, &(kit_how){0}, &whole, &err))
        stop_everywhere(t, &whole);
    else
        kit_fail(t, "%s", err.message);
    text_done(&whole);
}
