/* SPDX-License-Identifier: MIT
 *
 * test_coverage -- which conditions no scenario made true, or false, marked in the rules; and as
 * keys of a JSON document.
 */
#ifndef APP_TEST_COVERAGE_H
#define APP_TEST_COVERAGE_H

#include "engine/coverage.h"
#include "report/json.h"

void coverage_append(const coverage *c, text *out);

/* The key "coverage". */
void coverage_write(const coverage *c, json_writer *w);

#endif
