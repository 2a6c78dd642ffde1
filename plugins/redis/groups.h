/* SPDX-License-Identifier: MIT
 *
 * groups -- streams as the server tells of them, and the consumer group by which it knows what carpel
 * has. The group is carpel's alone: before each batch it is set to where the store says that reading
 * goes on, so what a run that ended early had been given comes again, and nothing else does.
 */
#ifndef REDIS_GROUPS_H
#define REDIS_GROUPS_H

#include "redis/places.h"
#include "redis/server.h"

#define GROUP_CONSUMER "carpel"

/* Find out the last entry of each stream, up to which it is read. A stream has to be there, and
 * reach as far as it was read. */
bool groups_find_ends(server *s, place *places, size_t count, carpel_error *err);

/* Make the group of each stream where it is missing, unless `only_looks`; fails when somebody else
 * reads by it. */
bool groups_make(server *s, const char *group, const place *places, size_t count,
                 bool only_looks, carpel_error *err);

/* Tell the group of each stream that the entries up to `read` are taken. */
bool groups_acknowledge(server *s, const char *group, const place *places, size_t count,
                        carpel_error *err);

#endif
