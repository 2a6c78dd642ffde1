/* SPDX-License-Identifier: MIT
 *
 * accepted -- a book of random rules, compiled without those that are refused.
 */
#ifndef TESTS_DIFFERENTIAL_ACCEPTED_H
#define TESTS_DIFFERENTIAL_ACCEPTED_H

#include "differential/rules.h"
#include "report/diags.h"

/* Told of each rule that is taken out, and why; `declaration` is not dropped yet. */
typedef void refusal(void *context, const declaration *d, diag_code code);

/* Take out what is refused, and what leans on it, until the rest is accepted. `told` may be
 * NULL. With `shows`, rules and messages are printed. */
world_rules *book_compile(const world *w, book *b, refusal *told, void *context,
                          bool shows);

size_t book_rule_count(const book *b);

#endif
