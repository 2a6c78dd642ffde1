/* SPDX-License-Identifier: MIT
 *
 * cells -- values that the server sent, given to the host's row builder.
 */
#ifndef POSTGRES_CELLS_H
#define POSTGRES_CELLS_H

#include <carpel/plugin.h>

#include "postgres/forms.h"

/* Set a cell of the row at hand. False when the bytes are not as the form says. */
bool cell_set(const carpel_host *host, carpel_rows *rows, size_t column,
              const carpel_column *wanted, const sent_column *sent);

#endif
