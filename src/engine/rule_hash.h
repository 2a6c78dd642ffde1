/* SPDX-License-Identifier: MIT
 *
 * rule_hash -- what a rule means, as a text to compare: two of the same text mean the same
 * (graph/rule_digest.h).
 */
#ifndef ENGINE_RULE_HASH_H
#define ENGINE_RULE_HASH_H

#include "engine/engine.h"

/* Append that of some rules about people together, by their names; after engine_compile. Names that no
 * rule has are left out. */
void engine_append_rule_hash(const engine *e, const char *const *names, size_t count,
                             text *out);

#endif
