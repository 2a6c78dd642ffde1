/* SPDX-License-Identifier: MIT
 *
 * entries -- an entry of a stream, as Redis answers it: its id, and its fields and their values in turn.
 */
#ifndef REDIS_ENTRIES_H
#define REDIS_ENTRIES_H

#include <hiredis.h>

#include "redis/places.h"

/* Is it an entry? Then its id; the fields are its second element. */
bool entry_read(const redisReply *entry, entry_id *id);

/* The value of a field; of one that is there twice, the last; NULL: it is not there. */
const redisReply *entry_field(const redisReply *fields, const char *name);

#endif
