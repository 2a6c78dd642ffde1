/* SPDX-License-Identifier: MIT
 *
 * read_files -- the files that rules name: functions of `use`, members of lists.
 *
 * Needs: parsed files. Gives: each script is in the book's set of scripts, each list that
 * stands in a file has its members, or it was reported why not.
 */
#ifndef LANG_READ_FILES_H
#define LANG_READ_FILES_H

#include "lang/rulebook.h"

void read_files(rulebook *book, diags *diags);

#endif
