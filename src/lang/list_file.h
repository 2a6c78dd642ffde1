/* SPDX-License-Identifier: MIT
 *
 * list_file -- the members of a list that stands in a file.
 *
 * One text a line: the whole line, or its first field when there are commas; a field
 * may stand in double quotes, with "" for a quote. Blank lines and those that begin
 * with # do not count; blanks around an unquoted field are dropped.
 */
#ifndef LANG_LIST_FILE_H
#define LANG_LIST_FILE_H

#include "base/dictionary.h"
#include "base/error.h"

/* Read a file of at most 256 MiB; the caller frees *out. */
bool list_file_read(const char *path, dictionary **out, carpel_error *err);

#endif
