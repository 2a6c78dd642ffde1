/* SPDX-License-Identifier: MIT
 *
 * lint -- good language that is probably not what was meant: warnings.
 *
 * Needs: checked types. Gives: nothing but warnings.
 */
#ifndef LANG_LINT_H
#define LANG_LINT_H

#include "lang/rulebook.h"

void lint_rules(const rulebook *book, diags *diags);

#endif
