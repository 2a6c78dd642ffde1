/* SPDX-License-Identifier: MIT
 *
 * withholdings -- what outputs did not get, or would not get, for programs.
 */
#ifndef APP_WITHHOLDINGS_H
#define APP_WITHHOLDINGS_H

#include "engine/withheld.h"
#include "report/json.h"

/* The key "withheld" with a list of objects. */
void withholdings_write(json_writer *w, const withheld *all, size_t count);

#endif
