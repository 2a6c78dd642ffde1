/* SPDX-License-Identifier: MIT
 *
 * deliveries -- what each output of the project takes of a run, as rows and columns.
 *
 *     segments only       segment, person, as_of
 *     long                the same, and each named score and trait of the person
 *     long, scores only   score, person, as_of, value, and each named trait
 *     wide                person, as_of, a truth value for each segment, the group for each
 *                         set, each named score and trait
 *     changes             segment, person, as_of, change, from, to, reason, since,
 *                         since_run, each named score and trait
 *     exact               of these rows just the columns that are named
 *
 * docs/project.md has examples of each.
 */
#ifndef ENGINE_DELIVERIES_H
#define ENGINE_DELIVERIES_H

#include "engine/audience.h"
#include "engine/engine.h"
#include "plugin/results.h"
#include "runs/run_changes.h"

/* Report names of outputs that nothing has, that stand for two columns of one table, or
 * that are about people in a table of accounts. Needs the compiled graph. */
void deliveries_check(const engine *e, diags *diags);

/* By trait of the schema: does an output write it? NULL: none is written. Needs no graph;
 * in the engine's memory. */
const bool *deliveries_traits(const engine *e);

/* Is it a table of memberships, or of values, one a row? Else it has a row a person. */
static inline bool delivers_values(const config_output *o)
{
    return !o->is_wide && !o->is_changes && o->segment_count == 0 && o->score_count > 0;
}

static inline bool delivers_memberships(const config_output *o)
{
    return !o->is_wide && !delivers_values(o);
}

/* The type of a column for values of both; false: there is none. */
bool deliveries_common_type(type a, type b, type *out);

/* What an output of changes tells. */
typedef struct told_changes {
    const run_changes *changes;
    const remembered_run *baseline; /* what they are told against; NULL: there is none */
} told_changes;

/* What an output is told of its rows: "all" changes, "additions", "removals"; NULL: they are no changes. */
const char *delivery_word_of_changes(const config_output *o);

/* The table of an output that was checked. The result and the audience outlive it, and so do
 * `changes`, which only an output of changes has. */
typedef struct delivery delivery;
delivery *delivery_new(const engine *e, const config_output *config,
                       const run_result *result, const audience *audience,
                       const told_changes *changes);
const result_table *delivery_table(const delivery *d);

/* Fail when more changes than `most_changes` allows. */
bool delivery_check_changes(const delivery *d, carpel_error *err);

/* Once its rows are written: append what could not be told of people, a line each, which begins
 * with `title`. */
void delivery_append_losses(const delivery *d, const char *title, text *out);
void delivery_free(delivery *d);

#endif
