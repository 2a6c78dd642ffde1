/* SPDX-License-Identifier: MIT
 *
 * cleaned -- the value that a text of a cleaned column stands for.
 */
#ifndef INGEST_CLEANED_H
#define INGEST_CLEANED_H

#include "ingest/mapping.h"

typedef struct cleaned_value {
    bool is_missing;
    const char *why;     /* the text cannot be read; or NULL */
    uint32_t changed_by; /* the bits of the steps */
    slice
        text; /* STRING, PERSON: in the memory of the work, or the text that was given */
    union {
        int64_t whole; /* BOOL, INT, DECIMAL, TIME, DATE, DURATION */
        double number; /* NUMBER */
    };
} cleaned_value;

/* What becomes of a text of such a column (NULL: it stays); empty when it is missing then. In the memory of the
 * work, or `s`. */
slice cleaned_text(const column_cleaning *c, slice s, clean_work *work);

cleaned_value cleaned_read(const column_cleaning *c, slice s, clean_work *work);

#endif
