/* SPDX-License-Identifier: MIT
 *
 * resolve -- names to what they stand for.
 *
 * Needs: parsed files, and the files that they name. Gives: every path, call, event and reference points at its
 * declaration, kind, property, trait or function, or was reported; declarations are in
 * an order in which each comes after those it uses; cycles are reported with their path.
 */
#ifndef LANG_RESOLVE_H
#define LANG_RESOLVE_H

#include "lang/rulebook.h"

void resolve_names(rulebook *book, diags *diags);

#endif
