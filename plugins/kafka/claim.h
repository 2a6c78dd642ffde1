/* SPDX-License-Identifier: MIT
 *
 * claim -- a name for transactions that nobody else on this machine uses at the same time, and that
 * the next run uses again: so the brokers end what a run left that was killed, and two outputs, or
 * two runs, do not end each other's.
 */
#ifndef KAFKA_CLAIM_H
#define KAFKA_CLAIM_H

#include <carpel/plugin.h>

typedef struct claim {
    int socket; /* as long as it is open, the name is ours */
    char name[160];
} claim;

/* Claim `wanted`, or `wanted`-2, `wanted`-3, ..., the first that is free. */
bool claim_begin(claim *c, const char *wanted, carpel_error *err);
void claim_end(claim *c);

/* A number that stands for a text. */
unsigned long long claim_hash(const char *text);

#endif
