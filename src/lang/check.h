/* SPDX-License-Identifier: MIT
 *
 * check -- the type of every expression.
 *
 * Needs: resolved names. Gives: every expression has a type; those in error have
 * TYPE_ERROR, which later checks accept, so that one mistake is one message. What the
 * grammar knows but this version gives no meaning is refused with E0112.
 */
#ifndef LANG_CHECK_H
#define LANG_CHECK_H

#include "lang/rulebook.h"

void check_types(rulebook *book, diags *diags);

#endif
