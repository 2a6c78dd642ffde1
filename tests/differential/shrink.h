/* SPDX-License-Identifier: MIT
 *
 * shrink -- a case on which engine and reference differ, made as small as it goes while they
 * still do: without other declarations, parts of rules, people, events and values.
 */
#ifndef TESTS_DIFFERENTIAL_SHRINK_H
#define TESTS_DIFFERENTIAL_SHRINK_H

#include "differential/rules.h"

/* Changes the book and the world. */
void shrink_case(world *w, book *b, int64_t now, const char *declaration);

#endif
