/* SPDX-License-Identifier: MIT
 *
 * delivery_parts -- what the tables of outputs are made with; for delivery.c and
 * delivery_changes.c only.
 */
#ifndef ENGINE_DELIVERY_PARTS_H
#define ENGINE_DELIVERY_PARTS_H

#include "engine/deliveries.h"

struct delivery {
    const config_output *config;
    const run_result *result;
    result_table table;
    result_item *items;
    result_column *columns;
    carpel_column *told;
    uint64_t *everyone;    /* of a wide table */
    uint64_t *lost;        /* by column: values without the form that is asked for */
    uint64_t changed, had; /* of changes: how many, and of how many people before */
    uint64_t unfound;      /* people of whom nothing would have stood in the table */
    const engine *engine;
    const audience *audience;
    arena *memory;
};

void delivery_add_column(delivery *d, const char *name, result_column c, type t);

/* The columns of an output that names them all; false: it has others. */
bool delivery_add_named(delivery *d);

/* A column of texts, or of the instant. */
void delivery_add_fixed(delivery *d, const char *name, result_kind kind);

/* The scores and traits that the output names. */
void delivery_add_scores(delivery *d);
void delivery_add_traits(delivery *d);
const run_score *delivery_score(const delivery *d, size_t i);
const run_score *delivery_score_named(const run_score *scores, size_t count,
                                      const char *name);

void delivery_add_values(delivery *d, const char *name, const run_score *s);
void delivery_add_membership(delivery *d, const char *name, const run_segment *s);
void delivery_add_groups(delivery *d, const char *name, const run_groups *set);

/* The rows of one segment. */
void delivery_add_item(delivery *d, result_item item);

/* The same of those members whom the output may have, unless they are too few. */
void delivery_add_members(delivery *d, result_item item, const run_population *p);

/* Beside values of people no rows of accounts can stand, nor the other way round. */
bool delivery_goes_with(const delivery *d, bool are_accounts);

/* delivery_changes.c: a row a change. */
void delivery_add_changes(delivery *d, const told_changes *told);

#endif
