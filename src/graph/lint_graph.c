/* SPDX-License-Identifier: MIT
 *
 * A rule whose node is a constant holds for everyone or for nobody; a group like that is
 * one that an earlier group always takes, or whose condition says so itself.
 */
#include "graph/lint_graph.h"

static void lint_segment(const rule *r, diags *diags)
{
    if (node_is_false(r->node))
        diag_warning(diags, r->where, W0202, "nobody can ever be in \"%s\"", r->path);
    else if (node_is_true(r->node))
        diag_warning(diags, r->where, W0202, "everyone is always in \"%s\"", r->path);
}

static void lint_group(const rule *r, diags *diags)
{
    if (node_is_false(r->node))
        diag_warning(diags, r->where, W0203,
                     "nobody can ever be in \"%s\": earlier groups take everyone it asks for",
                     r->path);
}

void lint_graph(const graph *g, diags *diags)
{
    for (size_t i = 0; i < g->rule_count; i++) {
        if (g->rules[i].kind == RULE_SEGMENT)
            lint_segment(&g->rules[i], diags);
        else if (g->rules[i].kind == RULE_GROUP)
            lint_group(&g->rules[i], diags);
    }
}
