/* SPDX-License-Identifier: MIT
 *
 * members -- which columns of an output's rows say who is in which set, or has which value in which
 * hash, and of changes, what became of somebody.
 */
#ifndef REDIS_MEMBERS_H
#define REDIS_MEMBERS_H

#include <carpel/plugin.h>

/* The columns that are looked at; NOWHERE: the rows have it not. */
#define NOWHERE SIZE_MAX

typedef struct member_columns {
    size_t name, person;
    size_t value; /* of scores */
    size_t change, from, to;
} member_columns;

/* By their names, else by what they hold. Fails when one is missing, or another would be lost. */
bool member_columns_find(member_columns *c, const carpel_delivery *d, carpel_error *err);

#endif
