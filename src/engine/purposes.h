/* SPDX-License-Identifier: MIT
 *
 * purposes -- what rules and outputs are for, and which consent a purpose needs.
 *
 *     segment spring purpose marketing when ...        outputs: [{purpose: marketing, ...}]
 */
#ifndef ENGINE_PURPOSES_H
#define ENGINE_PURPOSES_H

#include "engine/engine.h"

/* The name of the rule, of a group that of its set. */
const char *purposes_rule_name(const graph *g, const rule *r);

/* What the rules say that this segment, set or score is for; NULL: nothing. */
const char *purposes_of(const engine *e, const char *name);

/* Is it for another purpose than the output? */
bool purposes_differ(const engine *e, const config_output *o, const char *name);

/* The consent that the purpose of the output needs; NULL: the project asks for none. */
const config_consent *purposes_consent(const engine *e, const config_output *o);

/* Report what outputs may not have, and consents that cannot be asked for. */
void purposes_check(const engine *e, diags *diags);

#endif
