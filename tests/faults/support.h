/* SPDX-License-Identifier: MIT
 *
 * support -- what the walks and the power cuts share: files, and carpel as a child.
 */
#ifndef FAULTS_SUPPORT_H
#define FAULTS_SUPPORT_H

#include <stdbool.h>

#include "base/text.h"

/* End the test when what it stands on is not so. */
void insist(bool holds, const char *what);

/* Write or read a whole file; `out` is initialised here. */
void put_file(const char *name, const char *data);
void get_file(const char *name, text *out);

/* Is there no file in a store that its manifest does not name? */
bool has_only_named(const char *store);

/* Run carpel with the `nth` call for files failing (0: none); its exit code, or 1000 and the
 * signal. What it says is in the files "../out" and "../said". Its changes of files are appended
 * to the file `record` (record.h), unless that is NULL. */
int run_carpel(const char *const *arguments, unsigned long long nth, const char *record);

#endif
