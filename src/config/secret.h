/* SPDX-License-Identifier: MIT
 *
 * secret -- passwords and the like that stand in a file of their own, which nobody else can read.
 */
#ifndef CONFIG_SECRET_H
#define CONFIG_SECRET_H

#include "base/error.h"
#include "base/text.h"

/* Append what the file has, without the end of its last line. The file is regular, belongs to the user
 * or to root, and gives no rights to others; else the message says what to do. */
bool secret_read(const char *path, text *out, carpel_error *err);

#endif
