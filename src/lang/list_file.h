/* SPDX-License-Identifier: MIT
 *
 * list_file -- a file with a member a line, as lists of the rules have it: blanks at the ends
 * of lines go, what begins with # and what is empty is left out; of a line with commas the
 * first field counts, which may stand in quotes.
 */
#ifndef LANG_LIST_FILE_H
#define LANG_LIST_FILE_H

#include "base/dictionary.h"
#include "base/error.h"

/* The members; the caller frees *out. */
bool list_file_read(const char *path, dictionary **out, carpel_error *err);

#endif
