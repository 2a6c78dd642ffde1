/* SPDX-License-Identifier: MIT
 *
 * Learning trees, and reading what XGBoost tells of them:
 *
 *     0:[f2<11.5] yes=1,no=2,missing=1,gain=3.25,cover=20
 *     	1:leaf=-0.25,cover=12
 */
#include "fit/trees.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "fit/xgboost_calls.h"

void fit_trees_done(fit_trees *t)
{
    memory_free(t->nodes);
}

static double value_of_tree(const fit_trees *t, size_t root, const double *values)
{
    const fit_tree_node *n = &t->nodes[root];
    while (!n->is_leaf) {
        double value = values[n->feature];
        bool is_below = isnan(value) ? n->is_missing_below : value < n->bound;
        n = &t->nodes[is_below ? n->below : n->above];
    }
    return n->value;
}

double fit_trees_chance(const fit_trees *t, const double *values)
{
    double sum = 0;
    for (size_t i = 0; i < FIT_TREE_COUNT; i++)
        sum += value_of_tree(t, t->roots[i], values);
    return 1 / (1 + exp(-sum));
}

#ifdef CARPEL_HAVE_XGBOOST

bool fit_trees_are_built(void)
{
    return true;
}

/* ---- reading ------------------------------------------------------------------- */

static fit_tree_node *node_at(fit_trees *t, size_t number)
{
    while (t->node_count <= number) {
        memory_grow((void **)&t->nodes, t->node_count, &t->node_capacity,
                    sizeof *t->nodes);
        t->nodes[t->node_count++] = (fit_tree_node){.is_leaf = true};
    }
    return &t->nodes[number];
}

/* A line of a tree whose nodes begin at `root`. */
static bool read_line(fit_trees *t, size_t root, size_t feature_count, const char *line)
{
    size_t number, feature, yes, no, missing;
    double bound, gain, value;
    if (sscanf(line, " %zu:leaf=%lf", &number, &value) == 2) {
        *node_at(t, root + number) = (fit_tree_node){.is_leaf = true, .value = value};
        return isfinite(value);
    }
    if (sscanf(line, " %zu:[f%zu<%lf] yes=%zu,no=%zu,missing=%zu,gain=%lf", &number,
               &feature, &bound, &yes, &no, &missing, &gain) != 7 ||
        feature >= feature_count || yes <= number || no <= number)
        return false;
    node_at(t, root + (yes > no ? yes : no));
    *node_at(t, root + number) = (fit_tree_node){.feature = feature,
                                                 .bound = bound,
                                                 .below = root + yes,
                                                 .above = root + no,
                                                 .is_missing_below = missing == yes};
    t->gains[feature] += gain;
    return true;
}

static bool read_tree(fit_trees *t, size_t tree, size_t feature_count, const char *lines)
{
    bool is_good = true;
    size_t root = t->node_count;
    t->roots[tree] = root;
    node_at(t, root);
    for (const char *at = lines; is_good && *at;) {
        is_good = read_line(t, root, feature_count, at);
        at += strcspn(at, "\n");
        at += strspn(at, "\n");
    }
    return is_good;
}

static void share_gains(fit_trees *t, size_t feature_count)
{
    double sum = 0;
    for (size_t i = 0; i < feature_count; i++)
        sum += t->gains[i];
    for (size_t i = 0; i < feature_count && sum > 0; i++)
        t->gains[i] /= sum;
}

/* ---- learning ------------------------------------------------------------------- */

typedef struct learning {
    xgboost_calls x;
    DMatrixHandle matrix;
    BoosterHandle booster;
} learning;

static bool fail(const learning *l, carpel_error *err)
{
    char line[160];
    snprintf(line, sizeof line, "%s", l->x.XGBGetLastError());
    line[strcspn(line, "\n")] = '\0';
    return carpel_fail(err, CARPEL_E_SYSTEM, "XGBoost gave up: %s", line);
}

static float narrow(double value)
{
    return isnan(value) ? NAN : (float)fmin(FLT_MAX, fmax(-FLT_MAX, value));
}

static bool put_examples(learning *l, const fit_examples *e, carpel_error *err)
{
    size_t cells = e->count * e->feature_count;
    float *values = memory_alloc_array(cells + 1, sizeof *values);
    float *labels = memory_alloc_array(e->count + 1, sizeof *labels);
    for (size_t i = 0; i < cells; i++)
        values[i] = narrow(e->values[i]);
    for (size_t i = 0; i < e->count; i++)
        labels[i] = e->labels[i] ? 1 : 0;
    bool is_good = l->x.XGDMatrixCreateFromMat(values, e->count, e->feature_count, NAN,
                                               &l->matrix) == 0 &&
                   l->x.XGDMatrixSetFloatInfo(l->matrix, "label", labels, e->count) == 0;
    memory_free(values);
    memory_free(labels);
    return is_good || fail(l, err);
}

static bool set_up(learning *l, double penalty, carpel_error *err)
{
    char depth[12], lambda[32];
    snprintf(depth, sizeof depth, "%d", FIT_TREE_DEPTH);
    snprintf(lambda, sizeof lambda, "%.17g", penalty);
    const char *const settings[][2] = {{"objective", "binary:logistic"},
                                       {"tree_method", "exact"},
                                       {"max_depth", depth},
                                       {"eta", "0.1"},
                                       {"lambda", lambda},
                                       {"nthread", "1"},
                                       {"seed", "0"},
                                       {"base_score", "0.5"},
                                       {"verbosity", "0"},
                                       {"disable_default_eval_metric", "1"}};
    bool is_good = l->x.XGBoosterCreate(&l->matrix, 1, &l->booster) == 0;
    for (size_t i = 0; is_good && i < sizeof settings / sizeof *settings; i++)
        is_good = l->x.XGBoosterSetParam(l->booster, settings[i][0], settings[i][1]) == 0;
    return is_good || fail(l, err);
}

static bool grow(learning *l, const cancel *c, carpel_error *err)
{
    for (int i = 0; i < FIT_TREE_COUNT; i++) {
        if (cancel_is_asked(c))
            return carpel_fail(err, CARPEL_E_SYSTEM, "the work was stopped");
        if (l->x.XGBoosterUpdateOneIter(l->booster, i, l->matrix) != 0)
            return fail(l, err);
    }
    return true;
}

static bool read_trees(const learning *l, fit_trees *t, size_t feature_count,
                       carpel_error *err)
{
    bst_ulong count;
    const char **lines;
    if (l->x.XGBoosterDumpModel(l->booster, "", 1, &count, &lines) != 0)
        return fail(l, err);
    bool is_good = count == FIT_TREE_COUNT;
    for (size_t i = 0; is_good && i < count; i++)
        is_good = read_tree(t, i, feature_count, lines[i]);
    share_gains(t, feature_count);
    return is_good || carpel_fail(err, CARPEL_E_SYSTEM,
                                  "what this XGBoost tells of its trees cannot be read");
}

bool fit_trees_train(fit_trees *t, const fit_examples *e, double penalty, const cancel *c,
                     carpel_error *err)
{
    learning l = {.matrix = NULL};
    *t = (fit_trees){.nodes = NULL};
    bool is_good = xgboost_calls_load(&l.x, err) && put_examples(&l, e, err) &&
                   set_up(&l, penalty, err) && grow(&l, c, err) &&
                   read_trees(&l, t, e->feature_count, err);
    if (!is_good)
        fit_trees_done(t);
    if (l.booster)
        l.x.XGBoosterFree(l.booster);
    if (l.matrix)
        l.x.XGDMatrixFree(l.matrix);
    return is_good;
}

#else

bool fit_trees_are_built(void)
{
    return false;
}

bool fit_trees_train(fit_trees *t, const fit_examples *e, double penalty, const cancel *c,
                     carpel_error *err)
{
    (void)t;
    (void)e;
    (void)penalty;
    (void)c;
    return carpel_fail(err, CARPEL_E_SYSTEM, "this carpel was built without XGBoost");
}

#endif
