/* SPDX-License-Identifier: MIT
 *
 * Reads `retry`.
 */
#include "config/retry.h"

#include <string.h>

static const shape_key retry_keys[] = {
    {"attempts", SHAPE_TEXT, false, "a whole number", "attempts: 4"},
    {"longest_wait", SHAPE_TEXT, false, "a number of seconds", "longest_wait: 60"},
    END_OF_KEYS,
};

enum {
    STANDARD_ATTEMPTS = 4,
    MOST_ATTEMPTS = 1000,
    STANDARD_WAIT = 60,
    MOST_WAIT = 86400
};

/* Seconds; 0: there is no wait. */
static int64_t read_wait(const reader *r, const yaml_node *node)
{
    if (node && strcmp(node->text, "0") == 0)
        return 0;
    return reader_number(r, node, STANDARD_WAIT, MOST_WAIT, "longest_wait: 60");
}

config_retry retry_read(const reader *r, const yaml_node *node)
{
    if (!node)
        return (config_retry){STANDARD_ATTEMPTS, STANDARD_WAIT};
    shape_check(node, retry_keys, "\"retry\"", SHAPE_CLOSED, r->diags);
    return (config_retry){reader_number(r, shape_get(node, retry_keys, "attempts"),
                                        STANDARD_ATTEMPTS, MOST_ATTEMPTS, "attempts: 4"),
                          read_wait(r, shape_get(node, retry_keys, "longest_wait"))};
}
