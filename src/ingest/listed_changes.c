/* SPDX-License-Identifier: MIT
 *
 * Batches list them column by column.
 */
#include "ingest/listed_changes.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/batch.h"

/* Changes of one field stand in the order of its items. */
static int compare(const void *left, const void *right)
{
    const value_change *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    int by_field = strcmp(a->field, b->field);
    return by_field != 0 ? by_field : (a->number > b->number) - (a->number < b->number);
}

void listed_changes_tell(batch *b, uint64_t first_row, uint64_t lines_before,
                         told_change *told, void *context)
{
    if (!told || b->change_count == 0)
        return;
    qsort(b->changes, b->change_count, sizeof *b->changes, compare);
    for (size_t i = 0; i < b->change_count; i++) {
        const value_change *c = &b->changes[i];
        listed_change change = {.file = batch_file_of(b, c->row),
                                .field = c->field,
                                .line =
                                    lines_before + batch_line_of(b, c->row, first_row),
                                .before = c->before,
                                .after = c->after,
                                .is_refused = c->is_refused,
                                .steps = c->steps};
        told(context, &change);
    }
}
