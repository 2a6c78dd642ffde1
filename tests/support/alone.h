/* SPDX-License-Identifier: MIT
 *
 * alone -- the rules of a test, judged person by person.
 */
#ifndef TESTS_ALONE_H
#define TESTS_ALONE_H

#include "support/world.h"

/* What run_plan says, but every answer is one that a judge gave about a person alone, or an
 * account. Sizes and troubles are those of judging everyone. Frees with run_result_free. */
run_result *world_run_alone(const world_rules *r, const store *s, int64_t now);

#endif
