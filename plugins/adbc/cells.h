/* SPDX-License-Identifier: MIT
 *
 * cells -- values of Arrow arrays, given to the row builder.
 */
#ifndef ADBC_CELLS_H
#define ADBC_CELLS_H

#include <carpel/plugin.h>

#include "adbc/forms.h"

/* Set a cell of the row from value `at` of an array whose form suits the column. */
void cell_set(const carpel_host *host, carpel_rows *rows, size_t column,
              const carpel_column *wanted, const form *f,
              const struct ArrowSchema *schema, const struct ArrowArray *array,
              int64_t at);

#endif
