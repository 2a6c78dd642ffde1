/* SPDX-License-Identifier: MIT
 *
 * test_coverage -- which conditions no scenario made true, or false, marked in the rules; and as
 * keys of a JSON document.
 */
#ifndef APP_TEST_COVERAGE_H
#define APP_TEST_COVERAGE_H

#include "engine/coverage.h"
#include "report/json.h"

/* `left_out`: so many rules are none of the coverage's, since what was tried expects nothing of
 * them. */
void coverage_append(const coverage *c, size_t left_out, text *out);

/* The key "coverage". */
void coverage_write(const coverage *c, json_writer *w);

#endif
