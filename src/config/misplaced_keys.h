/* SPDX-License-Identifier: MIT
 *
 * misplaced_keys -- keys that sources and outputs of other tools have, and that stand elsewhere or in
 * another form here.
 */
#ifndef CONFIG_MISPLACED_KEYS_H
#define CONFIG_MISPLACED_KEYS_H

#include "config/options.h"

/* Report the key of `value`, one of `mapping`, with the line to write; false: it is no such key. */
bool misplaced_key_report(const yaml_node *value, const yaml_node *mapping,
                          const options_context *context, diags *diags);

#endif
