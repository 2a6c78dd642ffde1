/* SPDX-License-Identifier: MIT
 *
 * fits -- whether the columns of a statement have values that can be read as what is wanted, for a check.
 */
#ifndef SQLITE_FITS_H
#define SQLITE_FITS_H

#include <carpel/plugin.h>
#include <sqlite3.h>

#include "common/columns.h"

/* Tell of columns whose values cannot all be read so; fail when none can. The first rows of the statement are
 * looked at. `where` is for messages. */
bool fits_check(const carpel_host *host, const carpel_request *request,
                const found_columns *fields, sqlite3_stmt *statement, const char *where,
                carpel_error *err);

#endif
