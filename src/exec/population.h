/* SPDX-License-Identifier: MIT
 *
 * population -- values of all people at once: what passes leave for later ones, and
 * what is worked out between passes.
 */
#ifndef EXEC_POPULATION_H
#define EXEC_POPULATION_H

#include "exec/block.h"
#include "exec/run.h"

#define READ_TO_THE_END UINT32_MAX

typedef struct population {
    const bound *bound;
    vector *kept; /* by node id: of all people, where plan.is_kept; `present` is not NULL.
                     Rankings, which count people, as uint32 */
    uint32_t *reads_left; /* by node id: by so many rankings, then it is let go; or
                             READ_TO_THE_END */
    findings series;      /* what went wrong in series of judgements */
} population;

population *population_new(const bound *b);
void population_free(population *p);

/* Memory for the values of a node, zero and missing; for all that a pass works out. */
vector *population_take(population *p, const node *n);
void population_begin_pass(population *p, size_t pass_index);

/* A ranking has read its operand. */
void population_was_read(population *p, const node *n);

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
