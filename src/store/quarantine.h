/* SPDX-License-Identifier: MIT
 *
 * quarantine -- the rows that did not fit, with their place and the reason.
 *
 * All are counted; all are written to a CSV file (file, line, reason), which appears
 * when it is closed and only when there are any.
 */
#ifndef STORE_QUARANTINE_H
#define STORE_QUARANTINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

typedef struct quarantine quarantine;

/* `path`: the list to write (NULL: only count). In strict mode the first row is an
 * error: quarantine_add returns false with "FILE:LINE: REASON". */
quarantine *quarantine_new(const char *path, bool is_strict);
bool quarantine_add(quarantine *q, const char *file, uint64_t line, const char *reason,
                    carpel_error *err);

uint64_t quarantine_count(const quarantine *q);

/* The most frequent reasons with their counts, most first; at most `limit`. The texts
 * live as long as the quarantine. Returns how many there are. */
typedef struct quarantine_reason {
    const char *reason;
    uint64_t count;
    const char *first_file;
    uint64_t first_line;
} quarantine_reason;
size_t quarantine_reasons(const quarantine *q, quarantine_reason *out, size_t limit);

/* Put the list in place; when there are no rows, remove an older list. */
bool quarantine_finish(quarantine *q, carpel_error *err);
const char *quarantine_path(const quarantine *q);
void quarantine_free(quarantine *q);

#endif
