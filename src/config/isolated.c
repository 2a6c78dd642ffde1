/* SPDX-License-Identifier: MIT
 *
 * Reads `isolation`.
 */
#include "config/isolated.h"

#include <string.h>

static const shape_key isolation_keys[] = {
    {"kind", SHAPE_TEXT, true, "process or none", "kind: process"},
    {"longest_silence", SHAPE_TEXT, false, "a number of seconds", "longest_silence: 300"},
    END_OF_KEYS,
};

enum { STANDARD_SILENCE = 300, MOST_SILENCE = 86400 };

static bool is_process(const reader *r, const yaml_node *node)
{
    config_text kind = reader_text(node);
    if (!kind.text || strcmp(kind.text, "none") == 0)
        return false;
    if (strcmp(kind.text, "process") == 0)
        return true;
    diag_error(r->diags, kind.where, E0305,
               "\"isolation\" is process or none, not \"%s\"", kind.text);
    diag_hint(r->diags, "Write \"isolation: process\", so that the plugin works in a "
                        "process of its own, or leave it out.");
    return false;
}

int64_t isolated_read(const reader *r, const yaml_node *node)
{
    if (!node || node->is_broken)
        return 0;
    if (node->kind != YAML_MAPPING)
        return is_process(r, node) ? STANDARD_SILENCE : 0;
    shape_check(node, isolation_keys, "\"isolation\"", SHAPE_CLOSED, r->diags);
    int64_t seconds =
        reader_number(r, shape_get(node, isolation_keys, "longest_silence"),
                      STANDARD_SILENCE, MOST_SILENCE, "longest_silence: 300");
    return is_process(r, shape_get(node, isolation_keys, "kind")) ? seconds : 0;
}
