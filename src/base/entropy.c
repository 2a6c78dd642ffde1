/* SPDX-License-Identifier: MIT */
#include "base/entropy.h"

#include <string.h>

#include "base/system.h"

bool entropy_fill(void *out, size_t size, carpel_error *err)
{
    char reason[128];
    if (system_getentropy(out, size) == 0)
        return true;
    return carpel_fail(err, CARPEL_E_SYSTEM, "cannot get random bytes: %s",
                       strerror_r(errno, reason, sizeof reason));
}
