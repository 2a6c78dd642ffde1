/* SPDX-License-Identifier: MIT
 *
 * A handful of totals, looked through one after the other.
 */
#include "ingest/cleaned_totals.h"

#include "base/memory.h"

static cleaned_total *find(const cleaned_totals *t, const mapping *m, size_t column,
                           clean_step step)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->items[i].mapping == m && t->items[i].column == column &&
            t->items[i].step == step)
            return &t->items[i];
    return NULL;
}

static void add(cleaned_totals *t, batch *b, size_t column, clean_step step,
                uint64_t first_row, uint64_t lines_before)
{
    const clean_tally *tally = &batch_tallies(b, column)[step];
    cleaned_total *total = find(t, b->mapping, column, step);
    if (tally->count == 0)
        return;
    if (!total) {
        memory_grow((void **)&t->items, t->count, &t->capacity, sizeof *t->items);
        total = &t->items[t->count++];
        *total = (cleaned_total){b->mapping,
                                 column,
                                 step,
                                 0,
                                 lines_before + batch_line_of(b, tally->row, first_row),
                                 memory_copy_string(batch_file_of(b, tally->row))};
    }
    total->count += tally->count;
}

void cleaned_totals_add(cleaned_totals *t, batch *b, uint64_t first_row,
                        uint64_t lines_before)
{
    for (size_t i = 0; b->tallies && i < b->mapping->column_count; i++)
        for (int step = 0; step < CLEAN_STEP_COUNT; step++)
            add(t, b, i, (clean_step)step, first_row, lines_before);
}

/* The steps of a column, and where the first was done. */
static void append_column(const cleaned_totals *t, const mapping *m, size_t column,
                          text *out)
{
    const cleaned_total *first = NULL;
    for (int step = 0; step < CLEAN_STEP_COUNT; step++) {
        const cleaned_total *total = find(t, m, column, (clean_step)step);
        if (!total)
            continue;
        if (!first)
            text_append_format(out, "%s%s: ", out->size > 0 ? "; " : "",
                               m->columns[column].from);
        text_append_format(out, "%s%s %llu", first ? ", " : "", clean_steps[step].key,
                           (unsigned long long)total->count);
        first = first ? first : total;
    }
    if (first)
        text_append_format(out, " (first %s:%llu)", first->file,
                           (unsigned long long)first->line);
}

void cleaned_totals_append(const cleaned_totals *t, const mapping *m, text *out)
{
    for (size_t i = 0; t->count > 0 && i < m->column_count; i++)
        append_column(t, m, i, out);
}

void cleaned_totals_done(cleaned_totals *t)
{
    for (size_t i = 0; i < t->count; i++)
        memory_free(t->items[i].file);
    memory_free(t->items);
    *t = (cleaned_totals){0};
}
