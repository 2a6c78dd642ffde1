/* SPDX-License-Identifier: MIT
 *
 * error -- the public error record, for use inside the library.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <carpel/error.h>

/* Fail with CARPEL_E_SYSTEM and "WHAT \"PATH\": REASON", the reason from errno. */
bool fail_errno(carpel_error *err, const char *what, const char *path);

#endif
