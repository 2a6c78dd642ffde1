/* SPDX-License-Identifier: MIT
 *
 * memberships -- a finished run as the Arrow stream that outputs take.
 */
#ifndef PLUGIN_MEMBERSHIPS_H
#define PLUGIN_MEMBERSHIPS_H

#include <carpel/plugin.h>

#include <stddef.h>
#include <stdint.h>

#include "base/dictionary.h"

/* One segment's members: a bitmap over the numbers of people, or of accounts. */
typedef struct membership {
    const char *segment; /* "vip" or "lifecycle.active" */
    const uint64_t *members;
    const dictionary *ids;
    const uint32_t *order; /* all numbers, sorted by id */
} membership;

/* The columns of the stream, ended by one without a name. */
extern const carpel_column membership_columns[];

/* Stream the members of `items`, batch by batch, with the columns that <carpel/plugin.h>
 * names. Everything outlives the stream. */
void memberships_stream(const membership *items, size_t count, int64_t as_of,
                        struct ArrowArrayStream *out);

#endif
