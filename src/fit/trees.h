/* SPDX-License-Identifier: MIT
 *
 * trees -- the chance that something happens, as a logistic function of a sum over small decision trees, each of
 * which mends what those before got wrong (gradient boosting: Friedman 2001), learned by XGBoost.
 *
 *     fit_trees t;
 *     if (fit_trees_train(&t, examples, 1, NULL, &err)) ...
 *     double chance = fit_trees_chance(&t, values);
 *     fit_trees_done(&t);
 *
 * Work on one thread and without chance, so the same examples give the same trees.
 */
#ifndef FIT_TREES_H
#define FIT_TREES_H

#include "base/cancel.h"
#include "base/error.h"
#include "config/fits.h"
#include "fit/parts.h"

enum { FIT_TREE_COUNT = 100, FIT_TREE_DEPTH = 3 };

/* A question, or what a tree says. */
typedef struct fit_tree_node {
    bool is_leaf,
        is_missing_below; /* which way somebody goes of whom the feature is missing */
    size_t feature, below, above; /* "is it below the bound?": numbers of nodes */
    double bound, value;          /* of a question; of a leaf, in log-odds */
} fit_tree_node;

typedef struct fit_trees {
    fit_tree_node *nodes; /* of all trees */
    size_t node_count, node_capacity;
    size_t roots[FIT_TREE_COUNT];
    double gains
        [FIT_MOST_FEATURES]; /* by feature: what its questions were worth, together 1 */
} fit_trees;

/* Was this carpel built with XGBoost? */
bool fit_trees_are_built(void);

/* `penalty` holds values of leaves back, by half of it times their squares. False: *err is filled, and there is
 * nothing to release. */
bool fit_trees_train(fit_trees *t, const fit_examples *e, double penalty, const cancel *c,
                     carpel_error *err);
void fit_trees_done(fit_trees *t);

double fit_trees_chance(const fit_trees *t, const double *values);

/* A Lua function `chance` of the features as they are. */
void fit_trees_append(const config_fit *f, const fit_feature_kind *kinds,
                      const fit_trees *t, text *out);

#endif
