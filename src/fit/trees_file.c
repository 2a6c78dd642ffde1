/* SPDX-License-Identifier: MIT
 *
 * Trees as a Lua function: each is one expression, "is it below? and this or that".
 */
#include "fit/trees.h"

static void append_node(const config_fit *f, const fit_trees *t, size_t number, text *out)
{
    const fit_tree_node *n = &t->nodes[number];
    if (n->is_leaf) {
        text_append_format(out, "%.9g", n->value);
        return;
    }
    const char *name = f->features[n->feature].name.text;
    text_append_format(out, "((x_%s %s x_%s < %.9g) and ", name,
                       n->is_missing_below ? "== nil or" : "~= nil and", name, n->bound);
    append_node(f, t, n->below, out);
    text_append(out, " or ");
    append_node(f, t, n->above, out);
    text_append(out, ")");
}

static void append_truths(const config_fit *f, const fit_feature_kind *kinds, text *out)
{
    for (size_t i = 0; i < f->feature_count; i++)
        if (kinds[i] == FIT_TRUTH) {
            const char *name = f->features[i].name.text;
            text_append_format(
                out,
                "        if x_%s ~= nil then\n            x_%s = x_%s and 1 "
                "or 0\n        end\n",
                name, name, name);
        }
}

void fit_trees_append(const config_fit *f, const fit_feature_kind *kinds,
                      const fit_trees *t, text *out)
{
    text_append(out,
                "\ncarpel.define {\n    name = \"chance\", help = \"How likely it is, "
                "by trees of the features.\",\n    args = {");
    for (size_t i = 0; i < f->feature_count; i++)
        text_append_format(out, "%s\"%s: %s?\"", i > 0 ? ", " : "",
                           f->features[i].name.text, fit_feature_declared(kinds[i]));
    text_append(out, "}, result = \"number(0..1)\",\n    call = function(");
    fit_parameters_append(f, ", ", out);
    text_append(out, ")\n");
    append_truths(f, kinds, out);
    text_append(out, "        local s = 0\n");
    for (size_t i = 0; i < FIT_TREE_COUNT; i++) {
        text_append(out, "        s = s + ");
        append_node(f, t, t->roots[i], out);
        text_append(out, "\n");
    }
    text_append(out, "        return 1 / (1 + math.exp(-s))\n    end\n}\n");
}
