/* SPDX-License-Identifier: MIT
 *
 * driver -- a driver of ADBC, loaded from its shared object. It stays loaded until the process
 * ends: runtimes of other languages cannot be taken away again.
 */
#ifndef ADBC_DRIVER_H
#define ADBC_DRIVER_H

#include <carpel/error.h>
#include <stdbool.h>

#include "adbc/adbc.h"

/* Load `path`, or by a name without "/" what the system's linker finds, and fill the table by the
 * entry point; NULL: one of those that drivers usually have. What others could have written is
 * not loaded. */
bool driver_load(adbc_driver *out, const char *path, const char *entry,
                 carpel_error *err);

#endif
