/* SPDX-License-Identifier: MIT
 *
 * listed_changes -- the values that cleaning makes others of, one by one, for whoever asks.
 */
#ifndef INGEST_LISTED_CHANGES_H
#define INGEST_LISTED_CHANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct batch;

/* Its texts live until the call returns. */
typedef struct listed_change {
    const char *file, *field;
    uint64_t line;
    slice before;
    const char *after; /* NULL: the value is missing, or it is refused */
    bool is_refused;   /* the text cannot be read, so the row is refused */
    uint32_t steps;    /* of cleaning, as bits */
} listed_change;
typedef void told_change(void *context, const listed_change *change);

/* Tell those of a batch that was judged, if anybody asks, in the order of rows and fields. */
void listed_changes_tell(struct batch *b, uint64_t first_row, uint64_t lines_before,
                         told_change *told, void *context);

#endif
