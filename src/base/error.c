/* SPDX-License-Identifier: MIT
 *
 * The refusals of the system, in words.
 */
#include "base/error.h"

#include <errno.h>
#include <string.h>

bool fail_errno(carpel_error *err, const char *what, const char *path)
{
    char buffer[128];
    const char *reason = strerror_r(errno, buffer, sizeof buffer); /* GNU's form */
    return carpel_fail(err, CARPEL_E_SYSTEM, "%s \"%s\": %s", what, path, reason);
}
