/* SPDX-License-Identifier: MIT
 *
 * partitions -- streams of Redis that are read side by side, each over a connection of its own. The cursor of one
 * is the id of the last entry that was read of it.
 */
#ifndef REDIS_PARTITIONS_H
#define REDIS_PARTITIONS_H

#include "redis/reading.h"

extern const carpel_partitioning partitions;

/* Write the cursor of one of them. */
bool partition_tell(const reading *r, char *out, size_t capacity, carpel_error *err);

#endif
