/* SPDX-License-Identifier: MIT
 *
 * one_expression -- expressions that somebody gives, of which rules are made.
 *
 *     if (!check_one_expression(line->value))
 *         return EXIT_FAULT;
 */
#ifndef APP_ONE_EXPRESSION_H
#define APP_ONE_EXPRESSION_H

#include <stdbool.h>

/* False, which was told, when the text goes on with another declaration. Whatever else is wrong
 * with it the compiler tells. */
bool check_one_expression(const char *expression);

#endif
