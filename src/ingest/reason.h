/* SPDX-License-Identifier: MIT
 *
 * reason -- why a value of the data cannot be read, in the words that the list of refused rows has, and
 * where it can be told the line of carpel.yaml that would make it readable.
 */
#ifndef INGEST_REASON_H
#define INGEST_REASON_H

#include <carpel/plugin.h>

#include "base/text.h"
#include "ingest/quarantine.h"

/* The column that the value was read as. */
typedef struct reason_field {
    const char *name, *from;
    const char *const
        *others; /* fields that may hold the value, too, ended by NULL; or NULL */
    carpel_type type;
    unsigned scale; /* DECIMAL */
    bool has_format;
    const char
        *unit; /* what the numbers count, where cleaning says it: "cents"; or NULL */
} reason_field;

/* column "total": cannot read "12,5" as decimal(2): a comma is not allowed; ... */
void reason_append_unreadable(const reason_field *f, slice value, const char *why,
                              text *out);

#endif
