/* SPDX-License-Identifier: MIT
 *
 * glance -- what the bytes of a file show before anybody knows what they are.
 */
#ifndef COMMON_GLANCE_H
#define COMMON_GLANCE_H

#include <carpel/plugin.h>

/* More of a file is not looked at: what shows there, shows here. */
#define GLANCE_LIMIT_BYTES (UINT64_C(256) * 1024 * 1024)

typedef struct glance {
    char first;           /* byte that is no blank; NUL: there is none */
    const char *encoding; /* for iconv; NULL: UTF-8 */
} glance;

/* Read the file. Fails when it is no text. */
bool glance_at(const carpel_host *host, const char *path, glance *out, carpel_error *err);

#endif
