/* SPDX-License-Identifier: MIT
 *
 * entropy -- random bytes of the machine, that nobody can guess.
 */
#ifndef BASE_ENTROPY_H
#define BASE_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* CARPEL_E_SYSTEM when the machine has none. */
bool entropy_fill(void *out, size_t size, carpel_error *err);

#endif
