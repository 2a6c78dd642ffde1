/* SPDX-License-Identifier: MIT
 *
 * test_reports -- what scenarios came to, in the words of other tools: JUnit's XML, which builds and
 * pages of pull requests show, and TAP (testanything.org).
 *
 *     junit j = junit_begin(&out);
 *     junit_add(&j, &trial, failures);
 *     junit_end(&j);
 */
#ifndef APP_TEST_REPORTS_H
#define APP_TEST_REPORTS_H

#include "engine/scenario.h"

/* One suite, one case a scenario. */
typedef struct junit {
    text cases;
    size_t count, failed;
} junit;

void junit_begin(junit *j);
void junit_add(junit *j, const trial *t, const diags *failures);

/* Append the document, and give back what it holds. */
void junit_end(junit *j, text *out);

/* A line a scenario, with what failed behind "#"; its plan comes last. */
void tap_append(size_t number, const trial *t, const diags *failures, text *out);
void tap_append_plan(size_t count, text *out);

#endif
