/* SPDX-License-Identifier: MIT
 *
 * partitions -- partitions of topics that are read side by side. What the host calls a partition is one that has
 * much to read, or some that follow one another and have little. Its cursor is their offsets.
 */
#ifndef KAFKA_PARTITIONS_H
#define KAFKA_PARTITIONS_H

#include "kafka/reading.h"

extern const carpel_partitioning partitions;

/* Write the cursor of one of them. */
bool partition_tell(const reading *r, char *out, size_t capacity, carpel_error *err);

#endif
