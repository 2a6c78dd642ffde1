/* SPDX-License-Identifier: MIT
 *
 * population -- values of all people at once: what passes leave for later ones, and
 * what is worked out between passes.
 */
#ifndef EXEC_POPULATION_H
#define EXEC_POPULATION_H

#include "exec/block.h"
#include "exec/run.h"

typedef struct population {
    const bound *bound;
    vector
        *kept; /* by node id: of all people, where plan.is_kept; `present` never NULL */
    findings series; /* what went wrong in series of judgements */
    arena *memory;
} population;

/* Memory for every kept node of a plan. */
population *population_new(const bound *b);
void population_free(population *p);

/* Keep a node's values of a block. Several workers may do so for different people at
 * once. */
void population_keep(population *p, block *b, const node *n);

/* Let a node of the block read what is kept of it. */
void population_load(const population *p, block *b, const node *n);

/* What is kept of a node, of all people. */
const vector *population_values(const population *p, const node *n);

/* dst[at .. at + count) |= bits. Safe for several workers. */
void bits_put(uint64_t *dst, size_t at, const uint64_t *bits, size_t count);

#endif
