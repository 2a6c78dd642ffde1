/* SPDX-License-Identifier: MIT
 *
 * delivery_parts -- what the tables of outputs are made with; for delivery.c and
 * delivery_changes.c only.
 */
#ifndef ENGINE_DELIVERY_PARTS_H
#define ENGINE_DELIVERY_PARTS_H

#include "base/name_index.h"
#include "engine/deliveries.h"

struct delivery {
    const config_output *config;
    const run_result *result;
    result_table table;
    result_item *items;
    result_column *columns;
    carpel_column *told;
    uint64_t *everyone; /* of a wide table */
    arena *memory;
};

void delivery_add_column(delivery *d, const char *name, result_column c, type t);

/* A column of texts, or of the instant. */
void delivery_add_fixed(delivery *d, const char *name, result_kind kind);

/* The scores and traits that the output names. */
void delivery_add_scores(delivery *d);
void delivery_add_traits(delivery *d);
const run_score *delivery_score(const delivery *d, size_t i);

/* The rows of one segment. */
void delivery_add_item(delivery *d, result_item item);

/* Does the output take the segment, group or set of this name? */
name_index delivery_index_wanted(delivery *d);
bool delivery_is_wanted(const delivery *d, const name_index *wanted, const char *name);

/* delivery_changes.c: a row a change. */
void delivery_add_changes(delivery *d, const told_changes *told);

#endif
