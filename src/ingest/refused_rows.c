/* SPDX-License-Identifier: MIT
 *
 * A list that is sorted when it is handed over: the host's row builder and the judging of
 * batches find bad rows at different times.
 */
#include "ingest/refused_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void refused_rows_init(refused_rows *r)
{
    *r = (refused_rows){.texts = arena_new()};
}

void refused_rows_done(refused_rows *r)
{
    arena_free(r->texts);
    memory_free(r->rows);
    *r = (refused_rows){0};
}

void refused_rows_clear(refused_rows *r)
{
    arena_free(r->texts);
    r->texts = arena_new();
    r->count = 0;
}

void refused_rows_add(refused_rows *r, slice person, const char *file, uint64_t line,
                      const char *reason)
{
    const char *before = r->count > 0 ? r->rows[r->count - 1].file : NULL;
    bool is_same = before && strcmp(before, file) == 0;
    memory_grow((void **)&r->rows, r->count, &r->capacity, sizeof *r->rows);
    r->rows[r->count] = (refused_row){
        .line = line,
        .number = r->count,
        .person = {arena_copy_text(r->texts, person.data, person.size), person.size},
        .file = is_same ? before : arena_copy_text(r->texts, file, strlen(file)),
        .reason = arena_copy_text(r->texts, reason, strlen(reason))};
    r->count++;
}

static int compare_rows(const void *left, const void *right)
{
    const refused_row *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

bool refused_rows_hand_over(refused_rows *r, quarantine *q, uint64_t lines_before,
                            carpel_error *err)
{
    if (r->count > 1)
        qsort(r->rows, r->count, sizeof *r->rows, compare_rows);
    for (size_t i = 0; i < r->count; i++) {
        const refused_row *row = &r->rows[i];
        if (!quarantine_add_of(q, row->person, row->file, lines_before + row->line,
                               row->reason, err))
            return false;
    }
    return true;
}
