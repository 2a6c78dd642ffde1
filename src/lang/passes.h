/* SPDX-License-Identifier: MIT
 *
 * passes -- what lies between the parser and the graph, in this order. Each pass goes on
 * behind a mistake, so that all of them are told at once.
 */
#ifndef LANG_PASSES_H
#define LANG_PASSES_H

#include "lang/rulebook.h"

/* Needs: parsed files. Gives: each script that rules use is in the book's set of scripts,
 * each list that stands in a file has its members, or it was reported why not.
 *
 * Such a list has one text a line: the whole line, or its first field when there are commas; a
 * field may stand in double quotes, with "" for a quote. Blank lines and those that begin with
 * # do not count; blanks around an unquoted field are dropped. */
void read_files(rulebook *book, diags *diags);

/* Needs: the files that are named. Gives: every path, call, event and reference points at its
 * declaration, kind, property, trait or function, or was reported; declarations are in an
 * order in which each comes after those it uses; cycles are reported with their path. */
void resolve_names(rulebook *book, diags *diags);

/* Needs: resolved names. Gives: every expression has a type; those in error have TYPE_ERROR,
 * which later checks accept, so that one mistake is one message. What the grammar knows but
 * this version gives no meaning is refused with E0112. */
void check_types(rulebook *book, diags *diags);

/* Needs: checked types. Gives: warnings about good language that is probably not what was
 * meant. */
void lint_rules(const rulebook *book, diags *diags);

#endif
